"""Routing variables are JSON; what FEEL computes becomes JSON here.

Dates, times and durations become the text that `date(...)`, `time(...)` and `duration(...)` read back in FEEL; timers
take that text as it is.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite

from consular.rules.feel import writing


def to_json(value: object) -> object:
    """A FEEL value as JSON: whole decimals as integers, dates, times and durations in ISO 8601, ranges as FEEL text."""
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal | float):
        return _number(Decimal(value))
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [to_json(element) for element in value]
    if isinstance(value, Mapping):
        return {str(key): to_json(element) for key, element in value.items()}
    return writing.plain(value)


def _number(value: Decimal) -> int | float | None:
    """JSON has no infinity and no "not a number": both become null, as do numbers too large for it."""
    if not value.is_finite():
        return None
    if value == value.to_integral_value() and abs(value) < 10**30:
        return int(value)
    number = float(value)
    return number if isfinite(number) else None
