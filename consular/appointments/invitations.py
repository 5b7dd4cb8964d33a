"""What a mission gives out by hand: times offered to one case, and emergencies that somebody looks at.

Programs cannot drain either: a person has one open request, and an officer decides about each.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _


class Ended(models.TextChoices):
    """What became of times that were offered to a case."""

    TAKEN = "taken", _("One was taken")
    DECLINED = "declined", _("None was suitable")
    REPLACED = "replaced", _("Other times were offered")
    LAPSED = "lapsed", _("Not answered in time")


class Invitation(models.Model):
    """One to three times that are kept for a case until `until`; its person takes one of them, or none.

    Each has `slots_each` places that follow one another, as many as the service took when they were offered.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="invitations")
    places = models.ManyToManyField("appointments.Place", related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Ended.choices, blank=True, default="")
    slots_each = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome=""), name="one_open_invitation_of_a_case"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("made_at")), name="an_invitation_ends_later"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Verdict(models.TextChoices):
    """What an officer said to somebody in an emergency."""

    GIVEN = "given", _("Times were offered")
    REFUSED = "refused", _("Refused")
    ENDED = "ended", _("The application has ended")


class Emergency(models.Model):
    """Somebody asks for an appointment that cannot wait, and says why. `identity` is that of their bookings."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="emergencies")
    identity = models.BinaryField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(verdict=""), name="one_open_emergency_of_a_person"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_emergency_has_a_reason"),
            models.CheckConstraint(
                condition=Q(verdict="", answered_at=None) | ~Q(verdict="") & Q(answered_at__isnull=False),
                name="an_emergency_is_answered_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func("identity", function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="who_is_in_an_emergency_is_a_hash",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(verdict=""), name="open_emergencies")]

    def __str__(self) -> str:
        return f"emergency {self.pk}"
