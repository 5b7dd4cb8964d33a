"""Built-in functions over lists (DMN 1.5, 10.3.4.4)."""

from decimal import Decimal

from consular.rules.feel.comparison import equal
from consular.rules.feel.registry import builtin
from consular.rules.scope import Scope
from consular.rules.values import Function, Value, whole


@builtin("list contains", "list:list, element:any", scoped=True)
def list_contains(scope: Scope, items: list[Value], element: Value) -> bool:
    """Whether an item equals the element; null is found too."""
    return any(equal(item, element, scope.budget) is True for item in items)


@builtin("count", "list:list")
def count(items: list[Value]) -> Decimal:
    """How many items."""
    return Decimal(len(items))


@builtin("all", "list:any*")
@builtin("all", "list:list")
def every(items: list[Value]) -> bool | None:
    """Whether all are true; null when that is unknown."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list:any*")
@builtin("any", "list:list")
def some(items: list[Value]) -> bool | None:
    """Whether one is true; null when that is unknown."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("append", "list:list, item:any*")
def append(items: list[Value], added: list[Value]) -> list[Value]:
    """The list with more items at its end."""
    return [*items, *added]


@builtin("concatenate", "list:any*")
def concatenate(lists: list[Value]) -> list[Value] | None:
    """Several lists as one."""
    return None if any(part is None for part in lists) else [item for part in lists for item in _listed(part)]


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def index(position: Decimal, size: int) -> int | None:
    """The Python index of a place counted from 1, or from the end when negative."""
    place = whole(position)
    if place != position or not 1 <= abs(place) <= size:
        return None
    return place - 1 if place > 0 else size + place


@builtin("sublist", "list:list, start position:number, length:number?")
def sublist(items: list[Value], start: Decimal, length: Decimal | None) -> list[Value] | None:
    """Items from a place on, all or so many."""
    first = index(start, len(items))
    if first is None or (length is not None and length < 1):
        return None
    if length is None:
        return items[first:]
    return items[first : first + whole(length)] if first + length <= len(items) else None


@builtin("insert before", "list:list, position:number, newItem:any")
def insert_before(items: list[Value], position: Decimal, new: Value) -> list[Value] | None:
    """The list with an item in front of a place."""
    place = index(position, len(items))
    return None if place is None else [*items[:place], new, *items[place:]]


@builtin("remove", "list:list, position:number")
def remove(items: list[Value], position: Decimal) -> list[Value] | None:
    """The list without the item at a place."""
    place = index(position, len(items))
    return None if place is None else [*items[:place], *items[place + 1 :]]


@builtin("list replace", "list:list, position:number, newItem:any")
def list_replace(items: list[Value], position: Decimal, new: Value) -> list[Value] | None:
    """The list with another item at a place."""
    place = index(position, len(items))
    return None if place is None else [*items[:place], new, *items[place + 1 :]]


@builtin("list replace", "list:list, match:function, newItem:any", scoped=True)
def list_replace_matching(
    scope: Scope, items: list[Value], match: Function, new: Value
) -> list[Value] | None:
    """The list with another item wherever match(item, newItem) is true."""
    answers = [match.call(scope, [item, new], ()) for item in items]
    if not all(isinstance(answer, bool) for answer in answers):
        return None
    return [new if answer else item for item, answer in zip(items, answers, strict=True)]


@builtin("reverse", "list:list")
def reverse(items: list[Value]) -> list[Value]:
    """The other way round."""
    return items[::-1]


@builtin("index of", "list:list, match:any", scoped=True)
def index_of(scope: Scope, items: list[Value], match: Value) -> list[Value]:
    """Every place, counted from 1, of an item."""
    places = enumerate(items, start=1)
    return [Decimal(place) for place, item in places if equal(item, match, scope.budget) is True]


@builtin("union", "list:any*", scoped=True)
def union(scope: Scope, lists: list[Value]) -> list[Value] | None:
    """Several lists as one, every value once."""
    if any(part is None for part in lists):
        return None
    return _distinct(scope, [item for part in lists for item in _listed(part)])


@builtin("distinct values", "list:list", scoped=True)
def distinct_values(scope: Scope, items: list[Value]) -> list[Value]:
    """Every value once, in the order of first occurrence."""
    return _distinct(scope, items)


def _distinct(scope: Scope, items: list[Value]) -> list[Value]:
    seen: set[tuple[type, Value]] = set()
    found: list[Value] = []
    for item in items:
        if isinstance(item, str | Decimal | bool):
            if (type(item), item) not in seen:
                seen.add((type(item), item))
                found.append(item)
            continue
        scope.budget.spend(len(found))
        if not any(equal(item, other, scope.budget) is True for other in found):
            found.append(item)
    return found


@builtin("flatten", "list:list", scoped=True)
def flatten(scope: Scope, items: list[Value]) -> list[Value]:
    """The items of all lists inside each other."""
    found: list[Value] = []
    waiting = items[::-1]
    while waiting:
        scope.budget.spend(1)
        item = waiting.pop()
        if isinstance(item, list):
            scope.budget.spend(len(item))
            waiting += item[::-1]
        else:
            found.append(item)
    return found
