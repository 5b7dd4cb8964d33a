"""When something is due: ISO 8601 durations and moments, written out or computed in FEEL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from consular.rules.feel import Expression
from consular.rules.values import Months

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """Calendar months and days, which follow the clock on the wall, and exact seconds, which do not."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    def after(self, moment: datetime) -> datetime:
        """The moment this long after `moment`, in UTC; months and days count in the time zone of `moment`.

        31 January plus one month is the last day of February.
        """
        year, month = divmod(moment.year * 12 + moment.month - 1 + self.months, 12)
        first = moment.replace(year=year, month=month + 1, day=1)
        day = min(moment.day, ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day)
        local = first.replace(day=day) + timedelta(days=self.days)
        return local.astimezone(UTC) + timedelta(seconds=self.seconds)


@lru_cache(maxsize=1024)
def duration(text: str) -> Duration:
    """Read an ISO 8601 duration such as P2D, P3W, P1M or PT36H. Raises ValueError for anything else."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not an ISO 8601 duration: {text[:40]}")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return Duration(years * 12 + months, weeks * 7 + days, (hours * 60 + minutes) * 60 + seconds)


def moment(text: str, zone: tzinfo | None) -> datetime:
    """Read an ISO 8601 day or moment, in UTC; a day begins, and a time without an offset counts, in `zone`."""
    read = datetime.fromisoformat(text.strip())
    return (read if read.tzinfo else read.replace(tzinfo=zone or UTC)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """A duration, or with `absolute` a moment; either written in the model or the result of an expression."""

    written: str = ""
    computed: Expression | None = None
    absolute: bool = False

    def due(self, now: datetime, context: Mapping[str, object]) -> datetime:
        """When it is due, counted from `now` in its time zone. Raises ValueError when nothing sensible
        results.
        """
        value = self.written if self.computed is None else self.computed.evaluate(context)
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=now.tzinfo)).astimezone(UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), now.tzinfo).astimezone(UTC)
        if isinstance(value, str):
            return moment(value, now.tzinfo) if self.absolute else duration(value).after(now)
        return _of_feel(value).after(now)


def _of_feel(value: object) -> Duration:
    """The duration meant by a FEEL value (days and time, or years and months)."""
    if isinstance(value, timedelta):
        return Duration(days=value.days, seconds=value.seconds)
    if isinstance(value, Months):
        return Duration(months=value.count)
    raise ValueError("a timer needs a duration or a moment")
