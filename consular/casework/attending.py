"""The day of the appointment: who has come, is called, was served, did not come; and what is entered afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.appointments import attendance, booking
from consular.appointments.attendance import Entry
from consular.appointments.models import Booking
from consular.appointments.visits import Act, Standing, Visit, VisitEntry
from consular.cases.models import Case
from consular.casework import record
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import duties

ATTENDANTS = frozenset({Role.INTAKE_CLERK, Role.SLOT_MANAGER, Role.HEAD_OF_SECTION})
"""The officers of a mission who write down what happens on the day."""

ENDS = {Act.SERVE: Standing.SERVED, Act.MISS: Standing.ABSENT, Act.CHECK_IN: Standing.HERE}
"""What can be entered afterwards, and where the appointment stands then."""


@dataclass(frozen=True)
class Line:
    """What a sheet says about one appointment: how it ended and when; `seen` is the last entry its writer knew of."""

    reference: str
    act: Act
    seen: int
    came_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True)
class Conflict:
    """A line that was not entered, and why."""

    reference: str
    sentence: str


@verb
def attend(reference: str, wanted: Entry, *, actor: User) -> VisitEntry:
    """Write down one thing about an appointment of today. Refused as `attendance.enter` is, and (404) for strangers."""
    found = _locked(reference, actor)
    return _entered(found, wanted, actor, clock.now())


@verb
def check_in_together(seen: Mapping[str, int], *, actor: User) -> list[VisitEntry]:
    """Write down that these people have come, all or none: the reference of each, and the last entry one knew of.

    Refused as `attend` is. Locked in this order: the cases by their ids.
    """
    now = clock.now()
    cases = Case.objects.select_for_update(of=("self",)).filter(bookings__reference__in=list(seen))
    list(cases.order_by("pk"))
    return [
        _entered(_locked(reference, actor), Entry(Act.CHECK_IN, number, now), actor, now)
        for reference, number in seen.items()
    ]


def reconcile(lines: Sequence[Line], *, actor: User) -> list[Conflict]:
    """Enter afterwards what a day sheet says, each line in a transaction of its own; returns what was not entered."""
    conflicts = []
    for line in lines:
        try:
            _reconcile(line, actor=actor)
        except Refused as refusal:
            conflicts.append(Conflict(line.reference, str(refusal.message)))
    return conflicts


@verb
def _reconcile(line: Line, *, actor: User) -> None:
    """Write the entries of one line; none where the appointment stands there already."""
    found, now = _locked(line.reference, actor), clock.now()
    visit = attendance.of(found)
    if ENDS.get(line.act) == visit.standing:
        return
    for wanted in _entries(line, found, visit):
        _entered(found, wanted, actor, now)


def _entries(line: Line, found: Booking, visit: Visit) -> list[Entry]:
    """What a line means as entries: who was served has come before."""
    if line.act == Act.MISS:
        return [Entry(Act.MISS, line.seen, line.done_at or found.ends_at)]
    if line.act not in ENDS or line.came_at is None or (line.act == Act.SERVE and line.done_at is None):
        raise Refused(_("A time is missing."), code="invalid", field="at", status=422)
    entries, seen = [], line.seen
    if visit.standing not in {Standing.HERE, Standing.CALLED}:
        entries.append(Entry(Act.CHECK_IN, seen, line.came_at))
        seen += 1
    if line.act == Act.SERVE and line.done_at is not None:
        entries.append(Entry(Act.SERVE, seen, line.done_at))
    return entries


def _entered(found: Booking, wanted: Entry, actor: User, now: datetime) -> VisitEntry:
    entry = attendance.enter(found, wanted, by=actor, now=now)
    if found.case is not None:
        facts = {"booking": found.reference, "standing": entry.standing, "happened_at": entry.at.isoformat()}
        record.event(found.case, f"visit_{entry.act}", actor=actor, at=now, **facts)
    return entry


def _locked(reference: str, actor: User) -> Booking:
    """The booking with its case locked; Refused (404) unless the actor attends at its mission."""
    Case.objects.select_for_update(of=("self",)).filter(bookings__reference=reference).first()
    found = booking.get(reference)
    held = duties(actor)
    if found.part or not any(held.has(role, found.slot.calendar.mission_id) for role in ATTENDANTS):
        raise Refused(_("There is no such appointment."), code="not_found", status=404)
    return found
