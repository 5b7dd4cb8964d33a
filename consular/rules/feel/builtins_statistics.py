"""Built-in functions that make one value of many, and sorting (DMN 1.5, 10.3.4.4 and 10.3.4.8)."""

from collections import Counter
from decimal import Decimal
from functools import cmp_to_key, reduce

from consular.rules.feel.comparison import order
from consular.rules.feel.registry import builtin
from consular.rules.scope import Scope
from consular.rules.values import NUMBERS, Function, Value


def numbers(items: list[Value]) -> list[Decimal]:
    """The items, all of which must be numbers, at least one."""
    if not items or not all(isinstance(item, Decimal) for item in items):
        raise ValueError("numbers only")
    return items


def _extreme(items: list[Value], direction: int) -> Value:
    best: Value = None
    for place, item in enumerate(items):
        found = direction if place == 0 and order(item, item) == 0 else order(item, best)
        if found is None:
            return None
        best = item if found == direction else best
    return best


@builtin("min", "list:any*")
@builtin("min", "list:list")
def minimum(items: list[Value]) -> Value:
    """The least; null for nothing and for values without a common order."""
    return _extreme(items, -1)


@builtin("max", "list:any*")
@builtin("max", "list:list")
def maximum(items: list[Value]) -> Value:
    """The greatest; null for nothing and for values without a common order."""
    return _extreme(items, 1)


@builtin("sum", "list:any*")
@builtin("sum", "list:list")
def total(items: list[Value]) -> Decimal:
    """The sum of numbers; null for none."""
    return reduce(NUMBERS.add, numbers(items))


@builtin("mean", "list:any*")
@builtin("mean", "list:list")
def mean(items: list[Value]) -> Decimal:
    """The arithmetic mean."""
    return NUMBERS.divide(total(items), Decimal(len(items)))


@builtin("product", "list:any*")
@builtin("product", "list:list")
def product(items: list[Value]) -> Decimal:
    """The product of numbers; null for none."""
    return reduce(NUMBERS.multiply, numbers(items))


@builtin("median", "list:any*")
@builtin("median", "list:list")
def median(items: list[Value]) -> Decimal:
    """The middle number, or the mean of the two in the middle."""
    ordered = sorted(numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev", "list:any*")
@builtin("stddev", "list:list")
def standard_deviation(items: list[Value]) -> Decimal | None:
    """The sample standard deviation of at least two numbers."""
    if len(numbers(items)) < 2:
        return None
    centre = mean(items)
    squares = [NUMBERS.power(NUMBERS.subtract(item, centre), Decimal(2)) for item in items]
    return NUMBERS.sqrt(NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(items) - 1)))


@builtin("mode", "list:any*")
@builtin("mode", "list:list")
def mode(items: list[Value]) -> list[Decimal]:
    """The most frequent numbers, in ascending order."""
    if not items:
        return []
    counted = Counter(numbers(items))
    most = max(counted.values())
    return sorted(number for number, times in counted.items() if times == most)


@builtin("sort", "list:list, precedes:function?", scoped=True)
def sort(scope: Scope, items: list[Value], precedes: Function | None) -> list[Value]:
    """The items in order: precedes(a, b) says whether a comes first; without it, ascending."""

    def before(left: Value, right: Value) -> bool:
        if precedes is None:
            found = order(left, right)
            if found is None:
                raise ValueError("no common order")
            return found < 0
        return precedes.call(scope, [left, right], ()) is True

    def rank(left: Value, right: Value) -> int:
        scope.budget.spend(1)
        return -1 if before(left, right) else 1 if before(right, left) else 0

    return sorted(items, key=cmp_to_key(rank))
