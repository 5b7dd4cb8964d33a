"""How many places more than can be served a slot may offer, learnt from how many did not come. Never beyond the cap.

The cap is `Calendar.overbooking`: 0, unless the mission sets it. Within it, as many are added as keep the chance that
more come than can be served at or below one in ten. Who came is believed only from a hundred appointments on, and then
with the lower end of what the figure may be, so that a calendar that was lucky is not overfilled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import comb, sqrt

from consular.appointments.models import Calendar
from consular.appointments.outlooks import Wanted
from consular.core.prepared import first_row

ENOUGH = 100
"""Appointments of which it was written down whether somebody came."""

PERIOD = timedelta(days=180)
RISK = 0.1
"""The highest chance that more come than can be served."""

_SURE = 1.645
"""One-sided, 95 of 100."""

_KNOWN = """
SELECT count(*) FILTER (WHERE day.standing IN ('here', 'called', 'served')),
    count(*) FILTER (WHERE day.standing = 'absent')
FROM appointments_slot s
JOIN appointments_place p ON p.slot_id = s.id
JOIN appointments_booking b ON b.place_id = p.id AND b.state IN ('confirmed', 'past')
JOIN LATERAL (
    SELECT v.standing FROM appointments_visitentry v WHERE v.booking_id = b.id ORDER BY v.number DESC LIMIT 1
) AS day ON true
WHERE s.calendar_id = %(calendar)s AND s.starts_at >= %(first)s::timestamptz AND s.starts_at < %(end)s::timestamptz
"""


@dataclass(frozen=True)
class Learnt:
    """What was counted for one calendar, and what may be added at most."""

    came: int
    missed: int
    cap: int

    def added(self, served: int) -> int:
        """How many places to add to a slot in which `served` people can be served."""
        return added(served, self.cap, sure_rate(self.came, self.missed))


def learnt(calendar: Calendar, *, now: datetime) -> Learnt:
    """What was counted for a calendar; no statement where nothing may be added."""
    if not calendar.overbooking:
        return Learnt(0, 0, 0)
    row = first_row(_KNOWN, {"calendar": calendar.pk, "first": now - PERIOD, "end": now})
    came, missed = row or (0, 0)
    return Learnt(came, missed, calendar.overbooking)


def sure_rate(came: int, missed: int) -> float:
    """The share of people who do not come, at the lower end of what it may be (Wilson); 0 where too few are known."""
    known = came + missed
    if known < ENOUGH:
        return 0.0
    share, square = missed / known, _SURE * _SURE
    middle = share + square / (2 * known)
    spread = _SURE * sqrt(share * (1 - share) / known + square / (4 * known * known))
    return max(0.0, (middle - spread) / (1 + square / known))


def added(served: int, cap: int, rate: float) -> int:
    """The most places, up to `cap`, with which more than `served` people come in at most one slot of ten."""
    more = 0
    while served and more < cap and _too_many(served + more + 1, served, rate) <= RISK:
        more += 1
    return more


def _too_many(booked: int, served: int, rate: float) -> float:
    """The chance that of those booked more come than can be served, each coming by chance and for themselves."""
    come = 1 - rate
    return sum(comb(booked, n) * come**n * rate ** (booked - n) for n in range(served + 1, booked + 1))


def widened(wanted: Sequence[Wanted], what: Learnt) -> list[Wanted]:
    """The slots with the places that are added: public ones, that open with the last of the slot."""
    if not what.cap:
        return list(wanted)
    return [_wider(slot, what.added(slot.capacity)) for slot in wanted]


def _wider(slot: Wanted, more: int) -> Wanted:
    if not more or not slot.opens:
        return slot
    return replace(slot, capacity=slot.capacity + more, opens=(*slot.opens, *slot.opens[-1:] * more))
