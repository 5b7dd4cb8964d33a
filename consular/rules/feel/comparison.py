"""Equality and order of FEEL values (DMN 1.5, 10.3.2.13); null where values cannot be compared."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from consular.rules.feel import far
from consular.rules.scope import Budget
from consular.rules.values import Far, Months, Range, Value, kind

ORDERED = (Decimal, str, timedelta, Months, date)
MOMENTS = (datetime, time, Far)


def equal(left: Value, right: Value, budget: Budget) -> bool | None:
    """Whether two values are equal; null for values of different kinds. Null equals only itself."""
    if left is None or right is None:
        return left is right
    sort = type(left)
    if sort is type(right) and sort in (Decimal, str, bool):
        return bool(left == right)
    if kind(left) != kind(right):
        return None
    if isinstance(left, list):
        return _equal_lists(left, right, budget)
    if isinstance(left, dict):
        return _equal_contexts(left, right, budget)
    if isinstance(left, Range):
        return _equal_ranges(left, right, budget)
    return _equal_moments(left, right)


def _equal_moments(left: Value, right: Value) -> bool:
    if isinstance(left, MOMENTS) or isinstance(right, MOMENTS):
        return far.position(left) == far.position(right)
    return bool(left == right)


def _equal_lists(left: list[Value], right: list[Value], budget: Budget) -> bool:
    budget.spend(2 * len(left) + 1)
    return len(left) == len(right) and all(
        equal(a, b, budget) is True for a, b in zip(left, right, strict=True)
    )


def _equal_contexts(left: dict[str, Value], right: dict[str, Value], budget: Budget) -> bool:
    budget.spend(2 * len(left) + 1)
    return left.keys() == right.keys() and all(equal(left[key], right[key], budget) is True for key in left)


def _equal_ranges(left: Range, right: Range, budget: Budget) -> bool:
    ends = left.start_included == right.start_included and left.end_included == right.end_included
    return ends and all(
        equal(a, b, budget) is True for a, b in ((left.start, right.start), (left.end, right.end))
    )


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 as left comes before, with or after right; null when they have no common order."""
    sort = type(left)
    if sort is type(right) and sort in ORDERED:
        return bool(left > right) - bool(left < right)
    if isinstance(left, date | time | Far) and isinstance(right, date | time | Far):
        (line, before), (other_line, after) = far.position(left), far.position(right)
        return (before > after) - (before < after) if line == other_line else None
    return None


def compare(operator: str, left: Value, right: Value, budget: Budget) -> bool | None:
    """The result of `=`, `!=`, `<`, `<=`, `>` or `>=`."""
    if operator in ("=", "!="):
        same = equal(left, right, budget)
        return same if same is None or operator == "=" else not same
    found = order(left, right)
    if found is None:
        if left is not None and right is not None:
            budget.error(f"{kind(left)} {operator} {kind(right)} cannot be compared")
        return None
    return {"<": found < 0, "<=": found <= 0, ">": found > 0, ">=": found >= 0}[operator]


def within(value: Value, span: Range) -> bool | None:
    """Whether a value lies in a range, an excluded end of null being no end; null when that is unknown."""
    after = span.start is None and not span.start_included and span.end is not None
    before = span.end is None and not span.end_included and span.start is not None
    low = True if after else _follows(span.start, value, included=span.start_included)
    if low is False:
        return False
    high = True if before else _follows(value, span.end, included=span.end_included)
    if high is False:
        return False
    return None if low is None or high is None else True


def _follows(low: Value, high: Value, *, included: bool) -> bool | None:
    found = order(low, high)
    return None if found is None else found < 0 or (included and found == 0)
