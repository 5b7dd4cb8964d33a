"""What was changed about calendars, by whom; whom it displaced; which absences leave a counter empty; what is blocked.

Every row stays: a history that can be shown, and undone, and a claim that nobody loses.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consular.missions.models import Absence, Mission


class Subject(models.TextChoices):
    """What a change is about."""

    SETUP = "setup", _("Settings and opening hours")
    CLOSURES = "closures", _("Closed days")
    ABSENCES = "absences", _("Counters without staff")


class Change(models.Model):
    """One change: what was so `before`, and is so `after`; with no calendar it is about the whole mission."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(
        "appointments.Calendar", null=True, on_delete=models.PROTECT, related_name="changes"
    )
    subject = models.CharField(max_length=10, choices=Subject.choices)
    before = models.JSONField()
    after = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(calendar=None, subject="closures")
                | Q(calendar__isnull=False) & ~Q(subject="closures"),
                name="a_change_is_of_a_calendar_or_of_closed_days",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.made_at}"


class AtCounter(models.Model):
    """Nobody stands in at one counter of this calendar for somebody who is away: it serves one less on these days."""

    calendar = models.ForeignKey(
        "appointments.Calendar", on_delete=models.CASCADE, related_name="without_staff"
    )
    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="at_counters")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "absence"], name="an_absence_empties_a_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.absence_id}"


class Outcome(models.TextChoices):
    """How it ended for somebody whose appointment could not stay."""

    MOVED = "moved", _("Another time was chosen")
    CANCELLED = "cancelled", _("The appointment was cancelled")
    STANDS = "stands", _("The appointment can stay after all")
    BOOKED = "booked", _("Another appointment was booked")


class Displacement(models.Model):
    """An appointment that cannot take place at its time. Its person chooses another one before everybody else.

    `place` is kept for them until `kept_until`; the right to choose stays until it is `settled_at`.
    """

    booking = models.ForeignKey(
        "appointments.Booking", on_delete=models.PROTECT, related_name="displacements", db_index=False
    )
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="displaced")
    place = models.ForeignKey(
        "appointments.Place", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kept_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(settled_at=None), name="displaced_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["place"], condition=Q(settled_at=None), name="a_place_is_kept_for_one"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="") | Q(settled_at__isnull=False) & ~Q(outcome=""),
                name="settled_with_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["booking"], name="displacements_of_a_booking")]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.outcome}"


class Block(models.Model):
    """So many places of these times are not given out until the block ends; bookings that are there stay.

    It needs a reason and a moment at which it ends by itself. Nothing of it is ever deleted: it is listed for the head
    of section and the auditor.
    """

    calendar = models.ForeignKey("appointments.Calendar", on_delete=models.PROTECT, related_name="blocks")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_block_has_a_reason"),
            models.CheckConstraint(
                condition=Q(until__gt=F("made_at"), ends_at__gt=F("starts_at")), name="a_block_ends"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_block_is_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.reason}"
