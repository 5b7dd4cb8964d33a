"""Dates, times and durations: read from text, written as text (DMN 1.5, 10.3.2.3; XML Schema; ISO 8601)."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from consular.rules.feel import far
from consular.rules.values import Far, Months

Temporal = date | time | datetime | timedelta | Months | Far

DATE = re.compile(r"(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-([0-9]{2})-([0-9]{2})")
TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@.+)?"
)
DURATION = re.compile(
    r"(-)?P(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?"
    r"(?:([0-9]{1,12})D)?(T(?:([0-9]{1,12})H)?(?:([0-9]{1,12})M)?(?:([0-9]{1,12})(?:\.([0-9]{1,18}))?S)?)?"
)
ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
LATEST_OFFSET = 18 * 60


def parse(text: str) -> Temporal | None:
    """Whatever kind of date, time or duration a text is; None when it is none."""
    return read_date(text) or _first(text)


def _first(text: str) -> Temporal | None:
    for read in (read_datetime, read_time, read_duration):
        if (value := read(text)) is not None:
            return value
    return None


def read_date(text: str) -> date | Far | None:
    """A date such as 2026-01-31; years from -999999999 to 999999999."""
    match = DATE.fullmatch(text)
    return far.day(*(int(part) for part in match.groups())) if match else None


def read_time(text: str) -> time | Far | None:
    """A time of day such as 10:30:00, with an offset, Z or @ and a zone's name; fractions to the nanosecond."""
    match = TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second, fraction, zone = match.groups()
    where = read_zone(zone) if zone else None
    if zone and where is None:
        return None
    try:
        at = time(int(hour), int(minute), int(second), _micro(fraction), where)
    except ValueError:
        return None
    return far.made(at, 0, int(fraction.ljust(9, "0")[6:9])) if fraction else at


def _micro(fraction: str | None) -> int:
    return int((fraction or "0").ljust(6, "0")[:6])


def read_zone(text: str) -> tzinfo | None:
    """A time zone from Z, an offset of at most 18 hours, or @ and an IANA name."""
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        return named_zone(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if minutes > 59 or hours * 60 + minutes > LATEST_OFFSET:
        return None
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    return offset_zone(-offset if text[0] == "-" else offset)


def offset_zone(offset: timedelta) -> tzinfo:
    """A zone with a fixed offset."""
    return timezone(offset) if offset else UTC


@lru_cache(maxsize=1024)
def named_zone(name: str) -> tzinfo | None:
    """An IANA zone, if there is one of that name."""
    if len(name) > 64 or not ZONE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def read_datetime(text: str) -> datetime | Far | None:
    """A date, T, and a time."""
    day, separator, clock = text.partition("T")
    if not separator or (on := read_date(day)) is None:
        return None
    at = read_time(clock)
    return far.joined(on, at) if at else None


def read_duration(text: str) -> timedelta | Months | None:
    """A duration of years and months, or of days and time; never both."""
    match = DURATION.fullmatch(text)
    if not match or text.endswith(("P", "T")):
        return None
    sign, years, months, days, clock, hours, minutes, seconds, fraction = match.groups()
    factor = -1 if sign else 1
    if years or months:
        if days or clock:
            return None
        return Months(factor * (int(years or 0) * 12 + int(months or 0)))
    try:
        return factor * timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=_micro(fraction),
        )
    except OverflowError:
        return None


def write(value: Temporal) -> str:
    """The canonical text of a date, time or duration."""
    if isinstance(value, Months):
        return write_months(value)
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, Far):
        return _write_far(value)
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{write_clock(value.timetz())}"
    return write_clock(value) if isinstance(value, time) else value.isoformat()


def _write_far(value: Far) -> str:
    if isinstance(value.near, time):
        return write_clock(value.near, value.nanos)
    number = far.year(value)
    day = f"{'-' if number < 0 else ''}{abs(number):04d}-{value.near.month:02d}-{value.near.day:02d}"
    if not isinstance(value.near, datetime):
        return day
    return f"{day}T{write_clock(value.near.timetz(), value.nanos)}"


def write_clock(value: time, nanos: int = 0) -> str:
    """Hours, minutes, seconds, the fraction without trailing zeros, and the zone as it was given."""
    rest = value.microsecond * 1000 + nanos
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}{write_zone(value.tzinfo)}"


def write_zone(zone: tzinfo | None) -> str:
    """Nothing, Z, an offset, or @ and a name."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None)
    return _offset(offset) if offset else "Z"


def _offset(offset: timedelta) -> str:
    seconds = round(offset.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def write_months(value: Months) -> str:
    """Such as P1Y2M, -P3M, P0M."""
    years, months = divmod(abs(value.count), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if value.count < 0 else ''}P{text or '0M'}"


def write_duration(value: timedelta) -> str:
    """Such as P1DT2H, -PT0.5S, PT0S."""
    size = abs(value)
    hours, rest = divmod(size.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{size.days}D" if size.days else ""
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}P{days}T{clock}" if clock else f"{sign}P{days}" if days else "PT0S"
