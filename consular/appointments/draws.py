"""A draw among those who registered: what was published before, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Draw(models.Model):
    """One draw for the places of a calendar.

    Registered is from `opens_at` to `closes_at`. Then `listed` is published: the tickets, and their hash as
    `commitment`. The order follows from the drand round `round` of the chain `chain`, which lies after that and was
    named when the draw was made. `signature` is the round's, and is kept only when it is right.
    """

    calendar = models.ForeignKey("appointments.Calendar", on_delete=models.PROTECT, related_name="draws")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    winners = models.PositiveIntegerField()
    chain = models.CharField(max_length=64)
    public_key = models.CharField(max_length=200)
    genesis = models.BigIntegerField()
    period = models.PositiveIntegerField()
    round = models.PositiveBigIntegerField()
    round_at = models.DateTimeField()
    listed = models.JSONField(null=True)
    commitment = models.CharField(max_length=64, blank=True, default="")
    published_at = models.DateTimeField(null=True)
    signature = models.CharField(max_length=200, blank=True, default="")
    drawn_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at"), round_at__gt=F("closes_at")),
                name="a_draw_opens_closes_and_is_drawn",
            ),
            models.CheckConstraint(condition=Q(winners__gte=1), name="a_draw_has_winners"),
            models.CheckConstraint(
                condition=Q(published_at=None, commitment="")
                | Q(published_at__lt=F("round_at")) & ~Q(commitment=""),
                name="a_list_is_published_before_its_round",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None, signature="")
                | Q(drawn_at__gte=F("round_at")) & ~Q(commitment="") & ~Q(signature=""),
                name="nothing_is_drawn_without_list_and_round",
            ),
        ]

    def __str__(self) -> str:
        return f"draw {self.pk}"


class Hardship(models.Model):
    """A registered person who is drawn before all others: one officer says why, another one agrees, and both before the
    list is published.
    """

    entry = models.OneToOneField("appointments.Waiting", on_delete=models.CASCADE, related_name="hardship")
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_hardship_has_a_reason"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="two_officers_see_a_hardship",
            ),
        ]

    def __str__(self) -> str:
        return f"hardship {self.pk}"
