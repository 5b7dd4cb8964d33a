"""What stands after a dot (DMN 1.5, 10.3.2.5 and table 65)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from consular.rules.feel import far
from consular.rules.feel.lexer import tidy
from consular.rules.scope import Budget
from consular.rules.values import Far, Months, Range, Value, kind

MISSING = object()
Properties = dict[str, Callable[[Value], Value]]


def _second(value: Value) -> Decimal:
    return Decimal(value.second)


def _zone(value: Value) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


DAY: Properties = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
CLOCK: Properties = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _second,
    "time offset": lambda value: value.utcoffset(),
    "timezone": _zone,
}
MONTHS: Properties = {
    "years": lambda value: Decimal(value.years),
    "months": lambda value: Decimal(value.months),
}


def _part(size: int, cycle: int) -> Callable[[Value], Value]:
    """A component of a duration, with the duration's sign."""

    def read(value: timedelta) -> Decimal:
        whole = abs(value) // timedelta(seconds=size)
        part = whole % cycle if cycle else whole
        return Decimal(-part if value < timedelta(0) else part)

    return read


SPAN: Properties = {
    "days": _part(86400, 0),
    "hours": _part(3600, 24),
    "minutes": _part(60, 60),
    "seconds": _part(1, 60),
}
INTERVAL: Properties = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}
OF: tuple[tuple[type, Properties], ...] = (
    (datetime, {**DAY, **CLOCK}),
    (date, DAY),
    (time, CLOCK),
    (timedelta, SPAN),
    (Months, MONTHS),
    (Range, INTERVAL),
)


def member(value: Value, name: str, budget: Budget) -> Value:
    """The entry or property of a value by name; of a list, those of its items."""
    if isinstance(value, dict):
        found = value.get(name, MISSING)
        return found if found is not MISSING else _spelled(value, name, budget)
    if isinstance(value, list):
        budget.spend(len(value))
        return [member(item, name, budget) for item in value]
    if isinstance(value, Far):
        return Decimal(far.year(value)) if name == "year" else member(value.near, name, budget)
    for python, properties in OF:
        if isinstance(value, python):
            if name in properties:
                return properties[name](value)
            break
    if value is not None:
        budget.error(f"{kind(value)} has no property {name!r}")
    return None


def _spelled(value: dict[str, Value], name: str, budget: Budget) -> Value:
    """An entry whose key is spelled with other spaces than the name."""
    for key in value:
        if tidy(key) == name:
            return value[key]
    budget.error(f"the context has no entry {name!r}")
    return None
