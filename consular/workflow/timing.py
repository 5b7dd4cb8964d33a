"""When something is due: ISO 8601 durations and moments, written out or computed in FEEL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

from consular.rules.feel import Expression
from consular.rules.values import Months
from consular.workflow import days as counting
from consular.workflow.days import Clock, clock

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?",
    re.ASCII,
)


class Ends(StrEnum):
    """When a deadline is over: at its very moment, with its local day, or with the first working day from it on."""

    MOMENT = "moment"
    DAY = "day"
    WORKING_DAY = "working_day"


@dataclass(frozen=True, slots=True)
class Duration:
    """Calendar months and days, which follow the clock on the wall, and exact seconds, which do not."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    plain: timedelta | None = field(init=False, compare=False)
    """Where it is nothing but days, what the clock on the wall is put forward by."""

    def __post_init__(self) -> None:
        plain = timedelta(days=self.days) if self.days and not (self.months or self.seconds) else None
        object.__setattr__(self, "plain", plain)

    def after(self, moment: datetime | Clock, *, working: bool = False) -> datetime:
        """The moment this long after `moment`, in UTC; months and days count in the time zone of `moment`.

        31 January plus one month is the last day of February. `working` counts working days only.
        """
        start = clock(moment)
        local = start.now
        if self.plain is not None and not working:
            return (local + self.plain).astimezone(UTC)
        if self.days and not (self.months or working):
            local += timedelta(days=self.days)  # the clock on the wall shows the same then
        elif self.months or self.days:
            day = _months_after(local.date(), self.months)
            if working:
                day = counting.working_after(day, self.days, start)
            else:
                day += timedelta(days=self.days)
            local = counting.put(day, counting.shown(local), start.zone)
        return local.astimezone(UTC) + timedelta(seconds=self.seconds)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


@lru_cache(maxsize=1024)
def duration(text: str) -> Duration:
    """Read an ISO 8601 duration such as P2D, P3W, P1M or PT36H. Raises ValueError for anything else."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not an ISO 8601 duration: {text[:40]}")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return Duration(years * 12 + months, weeks * 7 + days, (hours * 60 + minutes) * 60 + seconds)


def _read(text: str) -> Duration | None:
    try:
        return duration(text)
    except ValueError:
        return None


def moment(text: str, zone: tzinfo | None) -> datetime:
    """Read an ISO 8601 day or moment, in UTC; a day begins, and a time without an offset counts, in `zone`."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError as problem:
        raise ValueError(f"not an ISO 8601 day or moment: {text[:40]}") from problem
    return (read if read.tzinfo else read.replace(tzinfo=zone or UTC)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """A duration, or with `absolute` a moment; either written in the model or the result of an expression.

    `working` counts the days of a duration in working days, `ends` says when the last one is over, `pauses` names the
    phases of the case in which the clock stands still.
    """

    written: str = ""
    computed: Expression | None = None
    absolute: bool = False
    working: bool = False
    ends: Ends = Ends.MOMENT
    pauses: frozenset[str] = frozenset()
    fixed: Duration | None = field(init=False, compare=False)
    """The duration that is written, so that it is read once; None for what is computed, a moment, or no duration."""

    def __post_init__(self) -> None:
        plain = self.computed is None and not self.absolute and not (self.working and "W" in self.written)
        object.__setattr__(self, "fixed", _read(self.written) if plain else None)

    def due(self, now: datetime | Clock, context: Mapping[str, object]) -> datetime:
        """When it is due, in UTC, counted from `now` in its time zone and calendar.

        Raises ValueError, or OverflowError at the end of the calendar, when nothing sensible results.
        """
        start = clock(now)
        exact = counting.within(self._exact(start, context))
        return exact if self.ends is Ends.MOMENT else self._over(exact, start)

    def _exact(self, start: Clock, context: Mapping[str, object]) -> datetime:
        if self.fixed is not None:
            return self.fixed.after(start, working=self.working)
        value = self.written if self.computed is None else self.computed.evaluate(context, now=start.now)
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=start.zone)).astimezone(UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), start.zone).astimezone(UTC)
        if isinstance(value, str):
            return (
                moment(value, start.zone)
                if self.absolute
                else self._length(value).after(start, working=self.working)
            )
        return _of_feel(value).after(start, working=self.working)

    def _length(self, text: str) -> Duration:
        if self.working and "W" in text:
            raise ValueError("weeks are no working days: write their number")
        return duration(text)

    def _over(self, exact: datetime, clock: Clock) -> datetime:
        """When the day of an exact moment is over."""
        day = clock.local(exact).date()
        if self.ends is Ends.WORKING_DAY:
            day = counting.working_from(day, clock)
        return counting.end_of(day, clock.zone)

    def check(self) -> None:
        """Raises ValueError when what is written can never be counted."""
        if self.computed is None and self.absolute:
            moment(self.written, None)
            if self.working:
                raise ValueError("a moment has no days to count")
        elif (
            self.computed is None
            and self.working
            and self._length(self.written).days > counting.MOST_WORKING_DAYS
        ):
            raise ValueError(f"more than {counting.MOST_WORKING_DAYS} working days")
        elif self.computed is None:
            self._length(self.written)


def _of_feel(value: object) -> Duration:
    """The duration meant by a FEEL value (days and time, or years and months)."""
    if isinstance(value, timedelta) and value.days < 0:
        return Duration(seconds=int(value.total_seconds()))
    if isinstance(value, timedelta):
        return Duration(days=value.days, seconds=value.seconds)
    if isinstance(value, Months):
        return Duration(months=value.count)
    raise ValueError("a timer needs a duration or a moment")
