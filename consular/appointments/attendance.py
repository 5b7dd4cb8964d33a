"""Writing down what happens on the day of an appointment: what may follow what, and within which times.

The caller holds the transaction and the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import visits
from consular.appointments.models import Booking, State
from consular.appointments.visits import Act, Standing, Visit, VisitEntry
from consular.core.errors import Refused

UNDO = timedelta(minutes=15)
"""How long after it was written an entry can be undone."""

AFTERWARDS = timedelta(days=14)
"""How long after the day of the appointment it can be entered what happened on it."""

_WAY: Mapping[Act, tuple[frozenset[Standing], Standing]] = {
    Act.LATE: (frozenset({Standing.EXPECTED}), Standing.LATE),
    Act.CHECK_IN: (frozenset({Standing.EXPECTED, Standing.LATE, Standing.ABSENT}), Standing.HERE),
    Act.CALL: (frozenset({Standing.HERE, Standing.CALLED}), Standing.CALLED),
    Act.SERVE: (frozenset({Standing.HERE, Standing.CALLED}), Standing.SERVED),
    Act.MISS: (
        frozenset({Standing.EXPECTED, Standing.LATE, Standing.HERE, Standing.CALLED}),
        Standing.ABSENT,
    ),
}
"""What may be written where an appointment stands, and where it stands then."""


@dataclass(frozen=True)
class Entry:
    """What somebody wants to write: the act, the number of the last entry they saw, when it happened, and where."""

    act: Act
    seen: int
    at: datetime
    counter: int | None = None


def possible(visit: Visit, *, starts_at: datetime, now: datetime) -> tuple[Act, ...]:
    """What can be written now, in the order in which a day goes; an undo comes last."""
    acts = [act for act, (before, _after) in _WAY.items() if visit.standing in before]
    if now < starts_at:
        acts = [act for act in acts if act != Act.MISS]
    return (*acts, Act.UNDO) if _can_undo(visit, now) else tuple(acts)


def of(booking: Booking) -> Visit:
    """The visit of one booking."""
    return visits.of_bookings([booking.pk]).get(booking.pk, Visit())


def enter(booking: Booking, wanted: Entry, *, by: User, now: datetime) -> VisitEntry:
    """Write one entry.

    Refused (409): `no_appointment` when the booking is none any more, `changed` when somebody else wrote meanwhile,
    `not_now` when it cannot follow, `too_late` when there is nothing to undo; (422) `invalid` for an impossible time.
    """
    if booking.state not in {State.CONFIRMED, State.PAST}:
        raise _no_appointment()
    visit = of(booking)
    if visit.seen != wanted.seen:
        raise _changed(visit)
    standing = _after(visit, wanted, booking, now)
    entry = VisitEntry(
        booking=booking,
        number=wanted.seen + 1,
        act=wanted.act,
        standing=standing,
        counter=wanted.counter,
        at=wanted.at,
        entered_at=now,
        by=by,
    )
    return _written(entry)


def _after(visit: Visit, wanted: Entry, booking: Booking, now: datetime) -> Standing:
    """Where the appointment stands after the act; Refused when the act cannot be now."""
    if wanted.act == Act.UNDO:
        if not _can_undo(visit, now):
            raise Refused(_("This was entered too long ago to be undone."), code="too_late")
        return Standing(visit.entries[-2].standing) if len(visit.entries) > 1 else Standing.EXPECTED
    _require_the_day(wanted, visit, booking, now)
    before, after = _WAY[wanted.act]
    too_early = wanted.act == Act.MISS and wanted.at < booking.slot.starts_at
    if visit.standing not in before or too_early:
        raise Refused(_("This cannot be entered where the appointment stands."), code="not_now")
    return after


def _require_the_day(wanted: Entry, visit: Visit, booking: Booking, now: datetime) -> None:
    """On the local day of the appointment, not before what was written last, not in the time to come."""
    zone = ZoneInfo(booking.slot.calendar.mission.time_zone)
    day = booking.slot.starts_at.astimezone(zone).date()
    is_of_the_day = wanted.at.astimezone(zone).date() == day and wanted.at <= now
    if not is_of_the_day or (visit.last and wanted.at < visit.last.at):
        raise Refused(
            _("This time is not on the day of the appointment, or before what was entered last."),
            code="invalid",
            field="at",
            status=422,
        )
    if now.astimezone(zone).date() - day > AFTERWARDS:
        raise Refused(_("The day is too long ago for entries."), code="too_late")


def _can_undo(visit: Visit, now: datetime) -> bool:
    return visit.last is not None and now - visit.last.entered_at <= UNDO


def _written(entry: VisitEntry) -> VisitEntry:
    """Write it; what the database refuses is told as a refusal, and the caller's transaction goes on."""
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name == "entries_of_a_visit_are_numbered":
            raise Refused(
                _("Somebody else entered something meanwhile. Look again."), code="changed"
            ) from error
        if name == "of_an_appointment":
            raise _no_appointment() from error
        raise
    return entry


def _no_appointment() -> Refused:
    return Refused(_("This appointment was cancelled."), code="no_appointment")


def _changed(visit: Visit) -> Refused:
    """Who was faster, and what they wrote."""
    last = visit.last
    if last is None:
        return Refused(_("Somebody else undid an entry meanwhile. Look again."), code="changed")
    sentence = _("%(who)s was faster: %(what)s. Look again before you go on.")
    return Refused(sentence % {"who": last.by.name, "what": Act(last.act).label}, code="changed")
