"""From opening times on the wall to moments: pure, for every time zone.

A local time means the first moment at which the clock on the wall shows it or a later time. So nothing happens in the
hour that does not exist, the hour that happens twice is served twice by a rule that covers it, and rules that do not
overlap on the wall never overlap in time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Span:
    """A time from `starts_at` to before `ends_at`, in UTC."""

    starts_at: datetime
    ends_at: datetime


def moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first moment (UTC, whole seconds) at which the clock in `zone` shows `wall` on `day`, or later."""
    local = datetime.combine(day, wall, zone)
    first = local.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return first
    return _end_of_gap(local, zone)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The moment the clock jumps over `local`: between its readings by the earlier and the later offset (PEP 495)."""
    before, after = local.replace(fold=1).astimezone(UTC), local.replace(fold=0).astimezone(UTC)
    wanted = local.replace(tzinfo=None)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // (2 * _SECOND))
        if middle.astimezone(zone).replace(tzinfo=None) >= wanted:
            after = middle
        else:
            before = middle
    return after


def spans(day: date, opens: time, closes: time, length: timedelta, zone: ZoneInfo) -> tuple[Span, ...]:
    """Spans of `length`, one after the other, that fit between two local times of a day."""
    start, end = moment(day, opens, zone), moment(day, closes, zone)
    count = max(0, (end - start) // length)
    return tuple(Span(start + n * length, start + (n + 1) * length) for n in range(count))
