"""Who waits for a place, since when, what was offered to them, and who changed the order why."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from consular.missions.models import ServiceGroup


class Waits(models.TextChoices):
    """What has become of somebody who waited."""

    WAITING = "waiting", _("Waits")
    SERVED = "served", _("Has an appointment")
    LEFT = "left", _("Waits no longer")
    NOT_DRAWN = "not_drawn", _("Was not drawn")


_ACTIVE = Q(state="waiting")


class Waiting(models.Model):
    """One person who waits for a place of a calendar; those who come along have rows of their own, behind `head`.

    Who has waited longest is first. `since` belongs to the person: it stays when the entry moves to another mission.
    `passes` counts the offers that were declined or not answered. Where places are drawn, `turn` is the place in the
    order of the draw, 0 before it, and `ticket` the name on its list: random, and about nobody.
    """

    calendar = models.ForeignKey("appointments.Calendar", on_delete=models.PROTECT, related_name="waiting")
    draw = models.ForeignKey("appointments.Draw", null=True, on_delete=models.PROTECT, related_name="entries")
    turn = models.PositiveIntegerField(default=0)
    ticket = models.CharField(max_length=32, blank=True, default="")
    head = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="companions")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="waiting")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identity = models.BinaryField()
    category = models.CharField(max_length=20, choices=ServiceGroup.choices)
    people = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=Waits.choices, default=Waits.WAITING)
    since = models.DateTimeField()
    passes = models.PositiveSmallIntegerField(default=0)
    joined_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "category"],
                condition=_ACTIVE,
                name="one_person_waits_once_in_a_category",
            ),
            models.UniqueConstraint(fields=["case"], condition=_ACTIVE, name="one_case_waits_once"),
            models.UniqueConstraint(
                fields=["draw", "ticket"], condition=~Q(ticket=""), name="a_ticket_is_on_a_list_once"
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func("identity", function="octet_length", output_field=models.IntegerField()), 32
                ),
                name="who_waits_is_a_hash",
            ),
        ]
        indexes = [
            models.Index(
                fields=["calendar", "draw", "turn", "since", "id"],
                condition=Q(state="waiting", head=None),
                name="waiting_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"waiting {self.pk}"


class Answer(models.TextChoices):
    """What became of an offer."""

    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Not answered in time")


class Offer(models.Model):
    """A place, or several side by side, that is kept for somebody on the list until `until`.

    The places are held by bookings; `booking` is that of the first person.
    """

    entry = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="offers")
    booking = models.OneToOneField("appointments.Booking", on_delete=models.PROTECT, related_name="offer")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(answer=""), name="one_open_offer_for_an_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class Reordering(models.Model):
    """Somebody is to count as waiting since another moment: one officer says why, another one agrees.

    `reason` is shown to the person. Without a second officer nothing changes.
    """

    entry = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="reorderings")
    since = models.DateTimeField()
    before = models.DateTimeField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_change_of_order_has_a_reason"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="two_officers_change_the_order",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(approved_by=None), name="one_open_change_of_order"
            ),
        ]

    def __str__(self) -> str:
        return f"reordering {self.pk}"
