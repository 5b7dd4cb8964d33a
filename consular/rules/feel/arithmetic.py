"""Sums, products and powers of numbers, texts, dates and durations (DMN 1.5, 10.3.2.15)."""

from collections.abc import Callable
from datetime import UTC, date, time, timedelta
from decimal import Decimal

from consular.rules import limits
from consular.rules.feel import far
from consular.rules.problems import LimitReached
from consular.rules.values import NUMBERS, Far, Months, Value, finite, kind


def add(left: Value, right: Value) -> Value:
    """`left + right`; null when the two cannot be added."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.add(left, right))
    if isinstance(left, str) and isinstance(right, str):
        return _joined(left, right)
    if isinstance(left, Months) and isinstance(right, Months):
        return Months(left.count + right.count)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left + right
    if isinstance(left, timedelta | Months):
        left, right = right, left
    return _moved(left, right) if isinstance(right, timedelta | Months) else None


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > limits.STRING:
        raise LimitReached(f"a string longer than {limits.STRING} characters")
    return left + right


def _moved(moment: Value, by: timedelta | Months) -> Value:
    """A date, date-time or time moved by a duration; time goes round the clock."""
    if isinstance(by, Months):
        return far.moved_months(moment, by.count) if kind(moment) in ("date", "date and time") else None
    return far.moved(moment, by) if isinstance(moment, date | time | Far) else None


def subtract(left: Value, right: Value) -> Value:
    """`left - right`: a number, a duration between two moments, or a moment before."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.subtract(left, right))
    if isinstance(right, timedelta | Months):
        if isinstance(left, timedelta | Months):
            return add(left, negate(right)) if type(left) is type(right) else None
        return _moved(left, negate(right))
    if isinstance(left, date | time | Far) and isinstance(right, date | time | Far):
        return far.between(_moment(left, right), _moment(right, left))
    return None


def _moment(value: Value, beside: Value) -> Value:
    """A date beside a moment is its own midnight, in UTC when the moment has a zone."""
    if kind(value) != "date" or kind(beside) != "date and time":
        return value
    zoned = far.parts(beside)[0].tzinfo is not None
    return far.joined(value, time(tzinfo=UTC if zoned else None)) or value


def multiply(left: Value, right: Value) -> Value:
    """`left * right`: numbers, or a duration and a number."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.multiply(left, right))
    if isinstance(left, Decimal):
        left, right = right, left
    return _scaled(left, lambda size: NUMBERS.multiply(size, right)) if isinstance(right, Decimal) else None


def divide(left: Value, right: Value) -> Value:
    """`left / right`; null when right is zero."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.divide(left, right))
    if isinstance(right, Decimal):
        return _scaled(left, lambda size: NUMBERS.divide(size, right))
    if isinstance(left, Months) and isinstance(right, Months):
        return finite(NUMBERS.divide(Decimal(left.count), Decimal(right.count)))
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return finite(NUMBERS.divide(microseconds(left), microseconds(right)))
    return None


def microseconds(duration: timedelta) -> Decimal:
    """A duration as a count of microseconds."""
    return Decimal(duration // timedelta(microseconds=1))


def _scaled(duration: Value, by: Callable[[Decimal], Decimal]) -> Value:
    if isinstance(duration, Months):
        months = finite(by(Decimal(duration.count)))
        return None if months is None or abs(months) > limits.MONTHS else Months(int(months))
    if isinstance(duration, timedelta):
        size = finite(by(microseconds(duration)))
        return None if size is None or abs(size) > 10**21 else timedelta(microseconds=int(size))
    return None


def power(left: Value, right: Value) -> Value:
    """`left ** right` of numbers; anything to the power of zero is one, zero as well (IEEE 754, section 9.2.1)."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(NUMBERS.power(left, right)) if right else Decimal(1)
    return None


def negate(value: Value) -> Value:
    """`-value` of a number or a duration."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, Months):
        return Months(-value.count)
    return -value if isinstance(value, timedelta) else None


OPERATIONS: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def calculate(operator: str, left: Value, right: Value) -> tuple[Value, str]:
    """The result of an operator, and the reason when it is null."""
    try:
        result = OPERATIONS[operator](left, right)
    except (OverflowError, ValueError):
        result = None
    if isinstance(result, Months) and abs(result.count) > limits.MONTHS:
        result = None
    if result is None and left is not None and right is not None:
        return None, f"{kind(left)} {operator} {kind(right)} has no result"
    return result, ""
