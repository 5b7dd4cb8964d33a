"""The values of FEEL as Python values (DMN 1.5, 10.3.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from consular.rules.scope import Scope

Value = Any
"""None, bool, Decimal, str, list, dict, date, datetime, time, timedelta, Months, Far, Range or Function."""

NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
"""Decimal128 arithmetic (IEEE 754-2008); impossible results are infinite or not a number, never an exception."""


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, counted in months."""

    count: int

    @property
    def years(self) -> int:
        """Whole years, towards zero."""
        whole = abs(self.count) // 12
        return -whole if self.count < 0 else whole

    @property
    def months(self) -> int:
        """Months beyond the whole years, with the sign of the duration."""
        return self.count - self.years * 12


@dataclass(frozen=True, slots=True)
class Far:
    """A date, time or date-time that Python has no value for; see `feel.far`, which alone makes them.

    `near` lies in the years 2000 to 2399 and `eras` are spans of 400 years after it; `nanos` count beyond microseconds.
    """

    near: date | time
    eras: int
    nanos: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; a bound of None is open to that side."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Function:
    """Something callable: a built-in, a function literal or a business knowledge model."""

    parameters: tuple[str, ...]
    call: Callable[[Scope, list[Value], tuple[str, ...]], Value]
    """Takes the caller's scope, the arguments, and their names when they are given by name."""
    name: str = ""
    types: tuple[Any, ...] = ()
    """The types its text declares for the parameters, null where it says nothing; none for built-ins."""


PLAIN = frozenset((type(None), bool, str, date, time, datetime, timedelta))
"""What FEEL takes as it comes."""


def from_python(value: object, depth: int = 0) -> Value:
    """A value handed in from outside as a FEEL value; what FEEL does not know becomes null."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, Decimal):
        return NUMBERS.plus(value) if value.is_finite() else None
    if isinstance(value, int):
        return NUMBERS.create_decimal(value)
    if isinstance(value, str | Months | Far | Range | Function):
        return value
    if isinstance(value, float):
        return from_python(Decimal(repr(value)))
    if isinstance(value, date | time | timedelta):
        return value
    return _nested(value, depth)


def _nested(value: object, depth: int) -> Value:
    if depth > 100:
        return None
    if isinstance(value, Mapping):
        return {str(key): from_python(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [from_python(entry, depth + 1) for entry in value]
    return None


KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (Decimal, "number"),
    (str, "string"),
    (datetime, "date and time"),
    (date, "date"),
    (time, "time"),
    (timedelta, "days and time duration"),
    (Months, "years and months duration"),
    (list, "list"),
    (dict, "context"),
    (Range, "range"),
    (Function, "function"),
)


def kind(value: Value) -> str:
    """The FEEL name of a value's type."""
    if value is None:
        return "null"
    if isinstance(value, Far):
        return kind(value.near)
    for python, name in KINDS:
        if isinstance(value, python):
            return name
    return "unknown"


def finite(number: Decimal) -> Decimal | None:
    """A number, or null where arithmetic left the numbers."""
    return number if number.is_finite() else None


def whole(number: Decimal) -> int:
    """A number cut to a Python one. Raises ValueError for a huge one, which would be slow to make."""
    if abs(number) > 10**9:
        raise ValueError("too large a number")
    return int(number)
