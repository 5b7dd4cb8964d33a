"""The only source of the current time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The current moment in UTC."""
    return _set_to.get() or datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """The current day in a time zone, by IANA name."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stand at `moment` (with a time zone) inside the block: for replays, what-if runs and tests."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
