"""Dates and times beyond Python's own: years outside 1 to 9999, up to 999,999,999, and nanoseconds.

The calendar repeats every 400 years to the day of the week, so a far value is a near one of the years 2000 to 2399
and a number of such eras. Whatever Python can hold is always a plain Python value, never a `Far`.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consular.rules.values import Far, Value

ERA = 400
ERA_DAYS = 146_097
BASE = 2000
LATEST_YEAR = 999_999_999
DAY = 86_400_000_000_000
"""Nanoseconds of a day."""
EPOCH = datetime(1, 1, 1)  # noqa: DTZ001  local moments have no zone

Near = date | time


def made(near: Value, eras: int = 0, nanos: int = 0) -> Value:
    """A near value, some eras later, as a plain value if Python can hold it; null beyond the last year."""
    if isinstance(near, time):
        return Far(near, 0, nanos) if nanos else near
    year = near.year + ERA * eras
    if abs(year) > LATEST_YEAR:
        return None
    if 1 <= year <= 9999 and not nanos:
        return near.replace(year=year)
    return Far(near.replace(year=year % ERA + BASE), (year - BASE) // ERA, nanos)


def parts(value: Near | Far) -> tuple[Value, int, int]:
    """A value as a near one, eras and nanoseconds; a plain value is as near as it is."""
    return (value.near, value.eras, value.nanos) if isinstance(value, Far) else (value, 0, 0)


def day(year: int, month: int, number: int) -> date | Far | None:
    """The day of a year of any size, if there is one."""
    if abs(year) > LATEST_YEAR:
        return None
    try:
        near = date(year % ERA + BASE, month, number)
    except (ValueError, OverflowError):
        return None
    found: date | Far | None = made(near, (year - BASE) // ERA)
    return found


def joined(on: date | Far, at: time | Far) -> datetime | Far | None:
    """A moment from a day and a time."""
    near_day, eras, _ = parts(on)
    clock, _, nanos = parts(at)
    found: datetime | Far | None = made(datetime.combine(near_day, clock), eras, nanos)
    return found


def year(value: date | Far) -> int:
    """The year of a date or moment, negative before the year 0."""
    near, eras, _ = parts(value)
    return int(near.year + ERA * eras)


def date_part(value: date | Far) -> date | Far | None:
    """The day of a date or moment."""
    near, eras, _ = parts(value)
    found: date | Far | None = made(near.date() if isinstance(near, datetime) else near, eras)
    return found


def time_part(value: Near | Far) -> time | Far:
    """The time of day of a moment; a date begins at midnight UTC."""
    near, _, nanos = parts(value)
    if isinstance(near, datetime):
        near = near.timetz()
    return made(near, 0, nanos) if isinstance(near, time) else time(tzinfo=UTC)


def position(value: Near | Far) -> tuple[str, int]:
    """What a value may be compared with, and its place there in nanoseconds."""
    near, eras, nanos = parts(value)
    nanos += eras * ERA_DAYS * DAY
    if isinstance(near, time):
        line, clock = _clock(near)
        return line, nanos + _count(clock)
    if not isinstance(near, datetime):
        return "date", nanos + near.toordinal() * DAY
    offset = near.utcoffset()
    line = "local date and time" if offset is None else "date and time"
    return line, nanos + _count(near.replace(tzinfo=None) - EPOCH - (offset or timedelta(0)))


def _clock(at: time) -> tuple[str, timedelta]:
    """A time of day: in UTC where its zone has one offset, else on a line of its own."""
    clock = datetime.combine(EPOCH, at.replace(tzinfo=None)) - EPOCH
    offset = at.utcoffset()
    if offset is not None:
        return "time", clock - offset
    return at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else "local time", clock


def _count(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * 1000


def between(left: Near | Far, right: Near | Far) -> timedelta | None:
    """The time from right to left, to the microsecond."""
    (line, end), (other, start) = position(left), position(right)
    return timedelta(microseconds=(end - start) // 1000) if line == other else None


def moved(value: Near | Far, by: timedelta) -> Value:
    """A value later or earlier by a duration; a date stays a date, a time goes round the clock."""
    near, eras, nanos = parts(value)
    if isinstance(near, time):
        clock = datetime.combine(date(BASE, 1, 1), near.replace(tzinfo=None)) + by % timedelta(days=1)
        return made(clock.time().replace(tzinfo=near.tzinfo), 0, nanos)
    try:
        return made(_near_moved(near, by), eras, nanos)
    except OverflowError:
        eras += (near.year - BASE) // ERA
        near = near.replace(year=near.year % ERA + BASE)
        more, days = divmod(by.days, ERA_DAYS)
        rest = timedelta(days=days, seconds=by.seconds, microseconds=by.microseconds)
        return made(_near_moved(near, rest), eras + more, nanos)


def _near_moved(near: date, by: timedelta) -> date:
    if not isinstance(near, datetime):
        return (datetime.combine(near, time()) + by).date()
    if near.tzinfo is None:
        return near + by
    return (near.astimezone(UTC) + by).astimezone(near.tzinfo)


def moved_months(value: date | Far, months: int) -> Value:
    """The same day of another month, or its last day when the month is shorter."""
    near, eras, nanos = parts(value)
    years, month = divmod(near.month - 1 + months, 12)
    more, rest = divmod(near.year - BASE + years, ERA)
    last = calendar.monthrange(rest + BASE, month + 1)[1]
    there = near.replace(year=rest + BASE, month=month + 1, day=min(near.day, last))
    return made(there, eras + more, nanos)
