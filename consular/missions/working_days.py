"""The working days of a mission: no weekend of its country, no holiday of either country, and it is not closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic

from consular.missions.closed import is_holiday, is_weekend
from consular.missions.models import Closure, Mission

REMEMBERED = 60.0
"""Seconds for which a process relies on the closures it has read: a transition costs no statement for them."""
LONGEST_CLOSURE = timedelta(days=90)
"""A mission that is closed for longer has moved its work elsewhere; no deadline waits for it."""

_read: dict[int, tuple[float, tuple[tuple[date, date], ...]]] = {}


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of one mission; its closures are read when the first working day is asked for."""

    mission_id: int
    country: str

    def is_working(self, day: date) -> bool:
        """Whether the mission works on this day of its own calendar."""
        return (
            not is_weekend(self.country, day)
            and not is_holiday(self.country, day)
            and not any(first <= day <= last for first, last in _closures(self.mission_id))
        )


def of(mission: Mission) -> WorkingDays:
    """The working days of a mission."""
    return WorkingDays(mission.pk, mission.country)


def forget() -> None:
    """Read the closures anew when they are asked for next."""
    _read.clear()


def _closures(mission_id: int) -> tuple[tuple[date, date], ...]:
    known = _read.get(mission_id)
    if known is None or monotonic() - known[0] > REMEMBERED:
        rows = Closure.objects.filter(mission=mission_id).values_list("first_day", "last_day")
        closures = tuple((first, last) for first, last in rows if last - first < LONGEST_CLOSURE)
        known = _read[mission_id] = (monotonic(), closures)
    return known[1]
