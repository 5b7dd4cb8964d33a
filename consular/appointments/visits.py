"""What became of an appointment on its day: who came, was called, was served, did not come. Every entry stays.

An entry carries the number after the last one that its writer saw, so of two officers who write at once one is refused.
An undone entry stays as well; it only stops counting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Act(models.TextChoices):
    """What an officer writes down."""

    CHECK_IN = "check_in", _("Has come")
    CALL = "call", _("Called")
    SERVE = "serve", _("Served")
    MISS = "miss", _("Did not come")
    LATE = "late", _("Says to be late")
    UNDO = "undo", _("Undone")


class Standing(models.TextChoices):
    """Where an appointment stands on its day."""

    EXPECTED = "expected", _("Expected")
    LATE = "late", _("Comes later")
    HERE = "here", _("Waits")
    CALLED = "called", _("At the counter")
    SERVED = "served", _("Has been served")
    ABSENT = "absent", _("Has not come")


class VisitEntry(models.Model):
    """One thing that was written down about one appointment: when it happened (`at`), when and by whom it was written.

    `standing` is where the appointment stands after it. Append-only: the database refuses changes.
    """

    booking = models.ForeignKey(
        "appointments.Booking", on_delete=models.PROTECT, related_name="visit_entries", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=10, choices=Act.choices)
    standing = models.CharField(max_length=10, choices=Standing.choices)
    counter = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "number"], name="entries_of_a_visit_are_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entries_are_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(at__lte=F("entered_at")), name="an_entry_is_written_after_it_happened"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_an_appointment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "PERFORM FROM appointments_booking WHERE id = NEW.booking_id AND state IN ('confirmed', 'past') "
                    "FOR SHARE; IF NOT FOUND THEN RAISE EXCEPTION 'only who has an appointment comes to it' "
                    "USING ERRCODE = 'check_violation', CONSTRAINT = 'of_an_appointment'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.at}"


STAYS = (
    "IF (SELECT standing FROM appointments_visitentry WHERE booking_id = NEW.id ORDER BY number DESC LIMIT 1) "
    "IN ('here', 'called', 'served') THEN RAISE EXCEPTION 'whoever has come keeps the appointment' "
    "USING ERRCODE = 'check_violation', CONSTRAINT = 'whoever_has_come_stays'; END IF; RETURN NEW;"
)
"""Judged when a booking is moved or cancelled, which counts its `sequence` up."""


@dataclass(frozen=True)
class Visit:
    """Where one appointment stands: the entries that count, the oldest first, and the number of the last entry."""

    entries: tuple[VisitEntry, ...] = ()
    seen: int = 0

    @property
    def standing(self) -> Standing:
        """Where it stands now."""
        return Standing(self.entries[-1].standing) if self.entries else Standing.EXPECTED

    @property
    def last(self) -> VisitEntry | None:
        """The last entry that counts."""
        return self.entries[-1] if self.entries else None

    @property
    def counter(self) -> int | None:
        """The counter somebody was called to last."""
        return next((entry.counter for entry in reversed(self.entries) if entry.counter), None)

    def at(self, act: Act) -> datetime | None:
        """When something happened last; None when it did not."""
        return next((entry.at for entry in reversed(self.entries) if entry.act == act), None)


def fold(entries: Iterable[VisitEntry]) -> Visit:
    """The visit that the entries of one booking tell, in the order of their numbers: an undo takes the last away."""
    standing: list[VisitEntry] = []
    seen = 0
    for entry in entries:
        seen = entry.number
        if entry.act != Act.UNDO:
            standing.append(entry)
        elif standing:
            standing.pop()
    return Visit(tuple(standing), seen)


def of_bookings(bookings: Iterable[int]) -> dict[int, Visit]:
    """The visits of bookings by their numbers, in one query; a booking without an entry has none here."""
    grouped: dict[int, list[VisitEntry]] = {}
    rows = VisitEntry.objects.filter(booking__in=list(bookings)).select_related("by")
    for entry in rows.order_by("booking_id", "number"):
        grouped.setdefault(entry.booking_id, []).append(entry)
    return {booking: fold(entries) for booking, entries in grouped.items()}
