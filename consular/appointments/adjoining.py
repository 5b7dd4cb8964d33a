"""Where people find places side by side: in one slot, or in slots of one calendar each of which begins when the one
before ends. Where each of them stays through several slots, the row of slots is cut into blocks of so many.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from consular.appointments import slots
from consular.appointments.models import Calendar
from consular.appointments.opening import moment
from consular.appointments.slots import FreeDay, FreeSlot

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """For how many people times are wanted, and how many slots each of them stays."""

    people: int = 1
    slots_each: int = 1


def starts(free: Sequence[FreeSlot], people: int, slots_each: int = 1) -> tuple[FreeSlot, ...]:
    """Those of a calendar's free slots, earliest first, from which so many people find places side by side, each for so
    many slots that follow one another: then until when the first of them stays, and how many can at once.
    """
    if people == slots_each == 1:
        return tuple(free)
    found = ((slot, blocks(free, n, people, slots_each)) for n, slot in enumerate(free))
    return tuple(
        replace(slot, ends_at=there[0][-1].ends_at, places=seats(there[0])) for slot, there in found if there
    )


def times(
    calendar: Calendar, asked: tuple[date, date], wish: Wish, *, now: datetime, before_others: bool = False
) -> tuple[FreeSlot, ...]:
    """The times from one local day to another, both included, from which so many people find such places, also beyond
    midnight.
    """
    first, last = asked
    free = slots.free(calendar, first, last, now=now, before_others=before_others)
    end = moment(last + DAY, time(0), ZoneInfo(calendar.mission.time_zone))
    if wish != Wish() and free and free[-1].ends_at >= end:
        free += slots.free(calendar, last + DAY, last + DAY, now=now, before_others=before_others)
    return tuple(one for one in starts(free, wish.people, wish.slots_each) if one.starts_at < end)


def days(
    calendar: Calendar, people: int, slots_each: int, *, now: datetime, before_others: bool = False
) -> tuple[FreeDay, ...]:
    """The local days on which so many people find such places, each with how many times there are; for one person in
    one slot, with how many places.
    """
    if people == slots_each == 1:
        return slots.days(calendar, now=now, before_others=before_others)
    fitting = starts(_all(calendar, now, before_others=before_others), people, slots_each)
    return _by_day(calendar, [(slot, 1) for slot in fitting])


def days_to_stay(calendar: Calendar, slots_each: int, *, now: datetime) -> tuple[FreeDay, ...]:
    """The local days on which somebody can stay so long, each with how many people can, none of them in another's
    place.
    """
    if slots_each == 1:
        return slots.days(calendar, now=now)
    return _by_day(calendar, stays(_all(calendar, now), slots_each))


def stays(free: Sequence[FreeSlot], slots_each: int) -> list[tuple[FreeSlot, int]]:
    """From which slots how many people stay, when all come as early as they can."""
    left, found = list(free), []
    for n in range(len(left)):
        there = blocks(left, n, 1, slots_each)
        if there and (number := seats(there[0])) > 0:
            found.append((free[n], number))
            left[n : n + slots_each] = [replace(slot, places=slot.places - number) for slot in there[0]]
    return found


def blocks(free: Sequence[FreeSlot], first: int, people: int, slots_each: int) -> list[Sequence[FreeSlot]]:
    """The slots from the `first` on in which so many people sit, so many at a time as stay together; none where there
    is no room.
    """
    found: list[Sequence[FreeSlot]] = []
    at = first
    while people > 0:
        block = free[at : at + slots_each]
        before = free[max(at - 1, first) : at + slots_each]
        has_gap = any(one.ends_at != other.starts_at for one, other in zip(before, before[1:], strict=False))
        if len(block) < slots_each or has_gap:
            return []
        found.append(block)
        people -= seats(block)
        at += slots_each
    return found


def seats(block: Sequence[FreeSlot]) -> int:
    """How many people can stay through all of these slots."""
    return min(slot.places for slot in block)


def _all(calendar: Calendar, now: datetime, *, before_others: bool = False) -> tuple[FreeSlot, ...]:
    first = now.astimezone(ZoneInfo(calendar.mission.time_zone)).date()
    last = first + timedelta(days=calendar.horizon_days + 1)
    return slots.free(calendar, first, last, now=now, before_others=before_others)


def _by_day(calendar: Calendar, found: Sequence[tuple[FreeSlot, int]]) -> tuple[FreeDay, ...]:
    zone = ZoneInfo(calendar.mission.time_zone)
    by_day = groupby(found, key=lambda one: one[0].starts_at.astimezone(zone).date())
    return tuple(FreeDay(day, sum(number for _slot, number in of_day)) for day, of_day in by_day)
