"""Built-in functions over dates and times (DMN 1.5, 10.3.4.1 and 10.3.4.7)."""

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import ROUND_FLOOR, Decimal

from consular.rules.feel import far, temporal
from consular.rules.feel.registry import builtin
from consular.rules.scope import Scope
from consular.rules.values import Far, Months, Value, whole

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def exactly(number: Decimal) -> int:
    """A number that must be whole."""
    if whole(number) != number:
        raise ValueError("not whole")
    return int(number)


@builtin("date", "from:string")
def date_from_text(text: str) -> date | Far | None:
    """A date from its text."""
    return temporal.read_date(text)


@builtin("date", "from:date/datetime")
def date_of(moment: date | Far) -> date | Far | None:
    """The day of a moment."""
    return far.date_part(moment)


@builtin("date", "year:number, month:number, day:number")
def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> date | Far | None:
    """A date from year, month and day."""
    return far.day(exactly(year), exactly(month), exactly(day))


@builtin("date and time", "from:string")
def datetime_from_text(text: str) -> datetime | Far | None:
    """A moment from its text; a date alone is its midnight."""
    day = temporal.read_date(text)
    return far.joined(day, time()) if day else temporal.read_datetime(text)


@builtin("date and time", "from:datetime")
def datetime_itself(moment: datetime | Far) -> datetime | Far:
    """The moment itself."""
    return moment


@builtin("date and time", "date:date/datetime, time:time")
def datetime_from_both(day: date | Far, at: time | Far) -> datetime | Far | None:
    """A moment from a day and a time."""
    on = far.date_part(day)
    return far.joined(on, at) if on else None


MOMENT = "year:number, month:number, day:number, hour:number, minute:number, second:number"


@builtin("date and time", f"{MOMENT}, offset:days?~")
def datetime_from_parts(*parts: Value) -> datetime | Far | None:
    """A moment from its parts, with an offset if given."""
    return _moment(parts[:6], _offset(parts[6]))


@builtin("date and time", f"{MOMENT}, timezone:string")
def datetime_in_zone(*parts: Value) -> datetime | Far | None:
    """A moment from its parts, in a zone by name."""
    zone = temporal.named_zone(parts[6])
    return _moment(parts[:6], zone) if zone else None


def _moment(parts: tuple[Value, ...], zone: tzinfo | None) -> datetime | Far | None:
    year, month, day, hour, minute, second = parts
    on, at = date_from_parts(year, month, day), _clock(hour, minute, second, zone)
    return far.joined(on, at) if on else None


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: tzinfo | None) -> time | Far:
    full = second.to_integral_value(ROUND_FLOOR)
    micros, nanos = divmod(int((second - full) * 1_000_000_000), 1000)
    at = time(exactly(hour), exactly(minute), exactly(full), micros, zone)
    return Far(at, 0, nanos) if nanos else at


def _offset(offset: timedelta | None) -> tzinfo | None:
    if offset is None:
        return None
    if abs(offset) > timedelta(minutes=temporal.LATEST_OFFSET):
        raise ValueError("no such offset")
    return temporal.offset_zone(offset)


@builtin("time", "from:string")
def time_from_text(text: str) -> time | Far | None:
    """A time from its text; of a date and time, the time."""
    at = temporal.read_time(text.removeprefix("T"))
    if at is None and (moment := temporal.read_datetime(text)):
        return far.time_part(moment)
    return at


@builtin("time", "from:time/datetime/date")
def time_of(moment: date | time | Far) -> time | Far:
    """The time of a moment; a date begins at midnight UTC."""
    return far.time_part(moment)


@builtin("time", "hour:number, minute:number, second:number, offset:days?~")
def time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None) -> time | Far:
    """A time from its parts, with an offset if given."""
    return _clock(hour, minute, second, _offset(offset))


@builtin("duration", "from:string")
def duration(text: str) -> timedelta | Months | None:
    """A duration from its text."""
    return temporal.read_duration(text)


@builtin("duration", "from:duration")
def duration_itself(value: Value) -> Value:
    """The duration itself."""
    return value


@builtin("years and months duration", "from:date/datetime, to:date/datetime")
def years_and_months(start: date | Far, end: date | Far) -> Months:
    """The whole months from one day to another, negative when backwards."""
    first, last = (_calendar(moment) for moment in (start, end))
    if first > last:
        return Months(-years_and_months(end, start).count)
    months = (last[0] - first[0]) * 12 + last[1] - first[1]
    return Months(months - 1 if last[2] < first[2] else months)


def _calendar(moment: date | Far) -> tuple[int, int, int]:
    near = _near(moment)
    return far.year(moment), near.month, near.day


def _near(moment: date | Far) -> date:
    """A day with the same place in its month, week and year."""
    near: date = far.parts(moment)[0]
    return near


@builtin("now", scoped=True)
def now(scope: Scope) -> datetime:
    """The moment of the evaluation, the same throughout."""
    return scope.budget.now()


@builtin("today", scoped=True)
def today(scope: Scope) -> date:
    """The day of that moment where its time zone is."""
    return scope.budget.now().date()


@builtin("day of year", "date:date/datetime")
def day_of_year(moment: date | Far) -> Decimal:
    """The number of the day in its year, from 1."""
    return Decimal(_near(moment).timetuple().tm_yday)


@builtin("day of week", "date:date/datetime")
def day_of_week(moment: date | Far) -> str:
    """The English name of the weekday."""
    return WEEKDAYS[_near(moment).weekday()]


@builtin("month of year", "date:date/datetime")
def month_of_year(moment: date | Far) -> str:
    """The English name of the month."""
    return MONTH_NAMES[_near(moment).month - 1]


@builtin("week of year", "date:date/datetime")
def week_of_year(moment: date | Far) -> Decimal:
    """The number of the week by ISO 8601."""
    return Decimal(_near(moment).isocalendar().week)
