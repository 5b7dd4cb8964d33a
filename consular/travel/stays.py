"""At most 90 days in any period of 180 days (Schengen Borders Code art. 6(1); Visa Code art. 21(4)).

For every day of a stay one looks back over 180 days, that day included. The days of entry and of exit count. Days
on a residence permit or a national visa do not count: leave them out. Days are calendar days.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ALLOWED = 90
PERIOD = 180
LAST_DAY = date.max.toordinal()


@dataclass(frozen=True, order=True)
class Stay:
    """From the day of entry to the day of exit, both included. Raises ValueError when the exit comes first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the stay ends before it begins")

    @classmethod
    def of(cls, first: str, last: str) -> "Stay":
        """A stay from two ISO 8601 dates, as answers have them. Raises ValueError for anything else."""
        return cls(date.fromisoformat(first), date.fromisoformat(last))

    @property
    def days(self) -> int:
        """Its length; one day when somebody leaves on the day they came."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Trip:
    """A planned stay, judged: days used on its last day, the first day too many, its days outside the visa."""

    fits: bool
    used: int
    overstay: date | None
    outside: int = 0


@dataclass(frozen=True)
class Examination:
    """What an officer examines (Visa Code art. 21(4)): earlier stays, and what they leave for a journey.

    `used` and `left` are those of the day before arrival; `longest` is how long a stay may last that begins on the
    day of arrival, `possible_from` the first day from then on which one as long as planned may begin.
    """

    stays: tuple[Stay, ...]
    used: int
    left: int
    longest: int
    possible_from: date | None
    trip: Trip


def merged(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """The stays in order; those that overlap or follow each other without a gap are one."""
    joined: list[Stay] = []
    for stay in sorted(stays):
        if joined and stay.first.toordinal() <= joined[-1].last.toordinal() + 1:
            joined[-1] = Stay(joined[-1].first, max(joined[-1].last, stay.last))
        else:
            joined.append(stay)
    return tuple(joined)


class History:
    """Stays as known, to ask about days. Overlaps count once."""

    def __init__(self, stays: Iterable[Stay]) -> None:
        self.stays = merged(stays)
        self._firsts = [stay.first.toordinal() for stay in self.stays]
        self._before = [0]
        for stay in self.stays:
            self._before.append(self._before[-1] + stay.days)

    def used(self, on: date) -> int:
        """Days of presence in the 180 days that end on this day."""
        return self._between(on.toordinal() - PERIOD + 1, on.toordinal())

    def left(self, on: date) -> int:
        """What is left of the 90 in the 180 days that end on this day, never less than 0."""
        return max(0, ALLOWED - self.used(on))

    def longest(self, first: date) -> int:
        """The most days that a stay without a break may last from this day on, 0 to 90; days drop out as it goes
        on."""
        return next((days for days in range(ALLOWED, 0, -1) if self._fits(first.toordinal(), days)), 0)

    def first_possible(self, days: int, on: date) -> date | None:
        """The first day, from `on`, on which a stay of so many days may begin; None when the calendar ends before.

        Raises ValueError unless `days` is 1 to 90.
        """
        if not 1 <= days <= ALLOWED:
            raise ValueError("a stay lasts 1 to 90 days")
        first = on.toordinal()
        while first + days - 1 <= LAST_DAY:
            excess = self._excess(first, days)
            if excess <= 0:
                return date.fromordinal(first)
            first += excess
        return None

    def judge(self, trip: Stay, validity: Stay | None = None) -> Trip:
        """Whether a planned stay keeps to the 90 days, and to the validity of a visa where one is given."""
        most = self.longest(trip.first)
        overstay = trip.first + timedelta(days=most) if trip.days > most else None
        outside = trip.days - _common(trip, validity) if validity else 0
        used = History([*self.stays, trip]).used(trip.last)
        return Trip(overstay is None and not outside, used, overstay, outside)

    def _fits(self, first: int, days: int) -> bool:
        """Whether the stay is allowed on its last day; then it is on every other one, as the count never falls."""
        return self._excess(first, days) <= 0

    def _excess(self, first: int, days: int) -> int:
        """How many days too many there are on the last day of such a stay: it falls by one a day at most."""
        return self._between(first + days - PERIOD, first - 1) + days - ALLOWED

    def _between(self, first: int, last: int) -> int:
        return self._until(last) - self._until(first - 1)

    def _until(self, day: int) -> int:
        """Days of presence up to and including this one."""
        number = bisect_right(self._firsts, day)
        if not number:
            return 0
        stay = self.stays[number - 1]
        return self._before[number - 1] + min(day, stay.last.toordinal()) - stay.first.toordinal() + 1


def examine(earlier: Iterable[Stay], planned: Stay, validity: Stay | None = None) -> Examination:
    """Earlier stays beside a planned one, and beside the validity of the visa where it is known."""
    history = History(earlier)
    eve = date.fromordinal(max(1, planned.first.toordinal() - 1))
    fits_at_all = planned.days <= ALLOWED
    return Examination(
        stays=history.stays,
        used=history.used(eve),
        left=history.left(eve),
        longest=history.longest(planned.first),
        possible_from=history.first_possible(planned.days, planned.first) if fits_at_all else None,
        trip=history.judge(planned, validity),
    )


def _common(one: Stay, other: Stay) -> int:
    """Days that two stays share."""
    first, last = max(one.first, other.first), min(one.last, other.last)
    return max(0, (last - first).days + 1)
