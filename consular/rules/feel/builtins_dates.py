"""Built-in functions over dates and times (DMN 1.5, 10.3.4.1 and 10.3.4.7)."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_FLOOR, Decimal

from consular.core import clock
from consular.rules.feel import temporal
from consular.rules.feel.registry import builtin
from consular.rules.values import Months, Value

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def whole(number: Decimal) -> int:
    """A number that must be whole."""
    if number != number.to_integral_value() or abs(number) > 10**9:
        raise ValueError("not whole")
    return int(number)


@builtin("date", "from:string")
def date_from_text(text: str) -> date | None:
    """A date from its text."""
    return temporal.read_date(text)


@builtin("date", "from:date/datetime")
def date_of(moment: date) -> date:
    """The day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


@builtin("date", "year:number, month:number, day:number")
def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> date | None:
    """A date from year, month and day."""
    return temporal.make_date(whole(year), whole(month), whole(day))


@builtin("date and time", "from:string")
def datetime_from_text(text: str) -> datetime | None:
    """A moment from its text; a date alone is its midnight."""
    day = temporal.read_date(text)
    return datetime.combine(day, time()) if day else temporal.read_datetime(text)


@builtin("date and time", "from:datetime")
def datetime_itself(moment: datetime) -> datetime:
    """The moment itself."""
    return moment


@builtin("date and time", "date:date/datetime, time:time")
def datetime_from_both(day: date, at: time) -> datetime:
    """A moment from a day and a time."""
    return datetime.combine(date_of(day), at)


MOMENT = "year:number, month:number, day:number, hour:number, minute:number, second:number"


@builtin("date and time", f"{MOMENT}, offset:days?~")
def datetime_from_parts(*parts: Value) -> datetime | None:
    """A moment from its parts, with an offset if given."""
    return _moment(parts[:6], _offset(parts[6]))


@builtin("date and time", f"{MOMENT}, timezone:string")
def datetime_in_zone(*parts: Value) -> datetime | None:
    """A moment from its parts, in a zone by name."""
    zone = temporal.named_zone(parts[6])
    return _moment(parts[:6], zone) if zone else None


def _moment(parts: tuple[Value, ...], zone: tzinfo | None) -> datetime | None:
    year, month, day, hour, minute, second = parts
    on, at = date_from_parts(year, month, day), _clock(hour, minute, second, zone)
    return datetime.combine(on, at) if on else None


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: tzinfo | None) -> time:
    full = second.to_integral_value(ROUND_FLOOR)
    return time(whole(hour), whole(minute), whole(full), int((second - full) * 1_000_000), zone)


def _offset(offset: timedelta | None) -> tzinfo | None:
    if offset is None:
        return None
    if abs(offset) > timedelta(minutes=temporal.LATEST_OFFSET):
        raise ValueError("no such offset")
    return temporal.offset_zone(offset)


@builtin("time", "from:string")
def time_from_text(text: str) -> time | None:
    """A time from its text; of a date and time, the time."""
    at = temporal.read_time(text.removeprefix("T"))
    if at is None and (moment := temporal.read_datetime(text)):
        return moment.timetz()
    return at


@builtin("time", "from:time/datetime/date")
def time_of(moment: Value) -> time:
    """The time of a moment; a date begins at midnight UTC."""
    if isinstance(moment, datetime):
        return moment.timetz()
    return moment if isinstance(moment, time) else time(tzinfo=UTC)


@builtin("time", "hour:number, minute:number, second:number, offset:days?~")
def time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None) -> time:
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
def years_and_months(start: date, end: date) -> Months:
    """The whole months from one day to another, negative when backwards."""
    first, last = date_of(start), date_of(end)
    if first > last:
        return Months(-years_and_months(last, first).count)
    months = (last.year - first.year) * 12 + last.month - first.month
    return Months(months - 1 if last.day < first.day else months)


@builtin("now")
def now() -> datetime:
    """The current moment."""
    return clock.now()


@builtin("today")
def today() -> date:
    """The current day."""
    return clock.today()


@builtin("day of year", "date:date/datetime")
def day_of_year(moment: date) -> Decimal:
    """The number of the day in its year, from 1."""
    return Decimal(moment.timetuple().tm_yday)


@builtin("day of week", "date:date/datetime")
def day_of_week(moment: date) -> str:
    """The English name of the weekday."""
    return WEEKDAYS[moment.weekday()]


@builtin("month of year", "date:date/datetime")
def month_of_year(moment: date) -> str:
    """The English name of the month."""
    return MONTH_NAMES[moment.month - 1]


@builtin("week of year", "date:date/datetime")
def week_of_year(moment: date) -> Decimal:
    """The number of the week by ISO 8601."""
    return Decimal(moment.isocalendar().week)
