"""Local days: which of them are worked, when one is over, and how they are counted.

A moment is never moved by adding hours to a day: days are counted as dates and put back on the clock of the time zone,
which may skip or repeat an hour, and once skipped a whole day (Apia, 30 December 2011).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol

MOST_WORKING_DAYS = 2_500
"""About ten years: who needs more counts in months."""
LONGEST_REST = 400
"""After so many days in a row without work, nobody works there any more and working days cannot be counted."""

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""What is due before or after is due then: at the ends of the calendar no time zone could show it any more."""

_DAY = timedelta(days=1)
_NOON = time(12)


class Calendar(Protocol):
    """Knows the working days of a place."""

    def is_working(self, day: date) -> bool:
        """Whether people work there on this local day."""


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar written out: the days of the week that are free (1 Monday to 7 Sunday), and the holidays."""

    weekend: frozenset[int] = frozenset({6, 7})
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day.isoweekday() not in self.weekend and day not in self.holidays


MONDAY_TO_FRIDAY = Week()
"""What counts where no calendar is given."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment, in the time zone in which days are counted, and the calendar that hangs beside the clock."""

    now: datetime
    calendar: Calendar = MONDAY_TO_FRIDAY

    @property
    def zone(self) -> tzinfo:
        return self.now.tzinfo or UTC

    def local(self, moment: datetime) -> datetime:
        """A moment as the clock on the wall shows it."""
        return moment.astimezone(UTC).astimezone(self.zone)

    def exists(self, day: date) -> bool:
        """Whether the time zone has this day; where the date line moved, it may not."""
        return _exists(day, self.zone)


@lru_cache(maxsize=8192)
def _exists(day: date, zone: tzinfo) -> bool:
    return datetime.combine(day, _NOON, zone).astimezone(UTC).astimezone(zone).date() == day


def clock(now: datetime | Clock) -> Clock:
    """A moment alone becomes a clock beside which only Saturdays and Sundays are free."""
    return now if isinstance(now, Clock) else Clock(now)


def working_after(day: date, count: int, clock: Clock) -> date:
    """The working day so many working days after a local day; that day itself is not counted, 0 leaves it as it is.

    The day of the event does not count (Regulation 1182/71 art. 3(1), section 187(1) of the German Civil Code).
    Raises ValueError when nobody ever works there, or for more days than anybody counts.
    """
    if count > MOST_WORKING_DAYS:
        raise ValueError(f"more than {MOST_WORKING_DAYS} working days")
    days = _working_days(day, clock)
    for _number in range(count):
        day = next(days)
    return day


def working_from(day: date, clock: Clock) -> date:
    """This local day when it is worked, else the first one after it that is."""
    return day if clock.calendar.is_working(day) and clock.exists(day) else working_after(day, 1, clock)


def working_between(first: date, last: date, clock: Clock) -> int:
    """How many working days lie after `first` up to and with `last`."""
    days = (first + n * _DAY for n in range(1, (last - first).days + 1))
    return sum(clock.calendar.is_working(day) and clock.exists(day) for day in days)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The moment a local day is over: the first one of the next day, in UTC.

    Where the clock skips midnight it is the moment it does; where it shows midnight twice the first time, unless
    the day comes back after it.
    """
    midnight = datetime.combine(day + _DAY, time(), zone)
    first, second = sorted((midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)))
    return second if first < second and last_day(second, zone) == day else first


def last_day(due: datetime, zone: tzinfo) -> date:
    """The local day on which something must be done to be in time: what is due at midnight is due the day before."""
    return (due.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone).date()


def within(due: datetime) -> datetime:
    """A moment that every time zone can show."""
    return due if FIRST <= due <= LAST else max(FIRST, min(due, LAST))


def put(day: date, shown: timedelta, zone: tzinfo) -> datetime:
    """The moment, in UTC, at which the clock shows so much since midnight on a local day.

    The first time where it shows it twice; where it skips it, the moment when it would have.
    """
    return (datetime.combine(day, time(), zone) + shown).astimezone(UTC)


def shown(local: datetime) -> timedelta:
    """What the clock shows since midnight."""
    return local - local.replace(hour=0, minute=0, second=0, microsecond=0)


def _working_days(day: date, clock: Clock) -> Iterator[date]:
    """The working days after a day, one after the other."""
    rest = 0
    while rest <= LONGEST_REST:
        day += _DAY
        rest += 1
        if clock.calendar.is_working(day) and clock.exists(day):
            yield day
            rest = 0
    raise ValueError(f"no working day in {LONGEST_REST} days")
