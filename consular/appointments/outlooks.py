"""What a calendar will offer: its setup, and the days on which it is closed or short of staff. Pure once it is read.

Generation writes what an outlook wants, and a preview compares two of them: so what was previewed is what is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from consular.appointments import release, rhythm, setups
from consular.appointments.changes import AtCounter
from consular.appointments.models import ALWAYS, Calendar
from consular.appointments.rhythm import Window
from consular.appointments.setups import Setup
from consular.missions.closed import closed_days

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """A slot the rules want: from when to when (UTC), for how many people, `internal` of them booked by staff."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    internal: int
    opens: tuple[datetime, ...] = ()
    """From when each place of the public share, by its number, can be taken."""


@dataclass(frozen=True)
class Days:
    """Days from one to another, both included."""

    first: date
    last: date

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Outlook:
    """A calendar as it would be: `closed` holds for the days that were asked for when it was read."""

    calendar: int
    zone: ZoneInfo
    setup: Setup
    closed: frozenset[date]
    absent: tuple[Days, ...] = ()

    def slots(self, first: date, last: date) -> Iterator[Wanted]:
        """The slots of these local days, in order."""
        length = timedelta(minutes=self.setup.slot_minutes)
        for day in self._open_days(first, last):
            counters = self.counters_on(day)
            found = rhythm.day_spans(day, self.setup.rules, length, self.zone)
            for nth, (span, rule) in enumerate(found):
                seats = min(rule.capacity, counters)
                internal = min(rule.internal, seats)
                opens = tuple(
                    self._opens_at(day, nth + len(found) * number) for number in range(seats - internal)
                )
                if seats:
                    yield Wanted(span.starts_at, span.ends_at, seats, internal, opens)

    def windows(self, first: date, last: date) -> Iterator[Window]:
        """The open times of these local days, and how many people can be served in them."""
        for day in self._open_days(first, last):
            counters = self.counters_on(day)
            for window in rhythm.windows(day, self.setup.rules, self.zone):
                yield Window(window.starts_at, window.ends_at, min(window.capacity, counters), 0)

    def counters_on(self, day: date) -> int:
        """How many people can be served at once on a day, for want of staff or counters."""
        return max(0, self.setup.counters - sum(days.has(day) for days in self.absent))

    def _open_days(self, first: date, last: date) -> Iterator[date]:
        days = (first + n * DAY for n in range((last - first).days + 1))
        return (day for day in days if day not in self.closed)

    def _opens_at(self, day: date, which: int) -> datetime:
        return release.opens_at(self.setup.policy, self.calendar, day, which, self.zone) or ALWAYS


def of(calendar: Calendar, first: date, last: date) -> Outlook:
    """How a calendar stands, for these days."""
    closed = closed_days(calendar.mission, first, last)
    return Outlook(calendar.pk, zone_of(calendar), setups.of(calendar), closed, absent(calendar, first))


def zone_of(calendar: Calendar) -> ZoneInfo:
    """The time zone in which a calendar's rules are read."""
    return ZoneInfo(calendar.mission.time_zone)


def absent(calendar: Calendar, first: date) -> tuple[Days, ...]:
    """The absences that leave a counter of the calendar without staff, from a day on."""
    rows = AtCounter.objects.filter(calendar=calendar, absence__ends_on__gte=first).order_by("absence")
    return tuple(Days(*row) for row in rows.values_list("absence__starts_on", "absence__ends_on"))
