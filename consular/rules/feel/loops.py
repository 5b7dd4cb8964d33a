"""Closures of what goes over lists: filters, `for`, `some`, `every`."""

from collections.abc import Iterable
from collections.abc import Iterator as PythonIterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from consular.rules import limits
from consular.rules.feel.comparison import order
from consular.rules.feel.compiler import Run, build, compiles
from consular.rules.feel.names import mentions
from consular.rules.feel.registry import size
from consular.rules.feel.syntax import Filter, Loop, Negation, Node, children
from consular.rules.feel.syntax import Literal as LiteralNode
from consular.rules.problems import LimitReached
from consular.rules.scope import Scope
from consular.rules.values import Range, Value, kind

COPIED = 20
"""Items that can be copied for the price of one step."""


def weight(node: Node) -> int:
    """How many nodes a tree has: the price of one evaluation."""
    return 1 + sum(weight(child) for child in children(node))


@compiles(Filter)
def _filter(node: Filter) -> Run:
    literal = node.condition.operand if isinstance(node.condition, Negation) else node.condition
    constant = isinstance(literal, LiteralNode) and isinstance(literal.value, Decimal)
    return filtered(build(node.base), build(node.condition), weight(node.condition), constant=constant)


def filtered(base: Run, condition: Run, price: int, *, constant: bool) -> Run:
    """The items of a list for which a condition holds, or the one at a place when the condition is a number."""

    def run(scope: Scope) -> Value:
        value = base(scope)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        if constant or not items:
            found = condition(scope)
            return _at(items, found) if isinstance(found, Decimal) else []
        return _kept(items, condition, scope, price)

    return run


def _kept(items: list[Value], condition: Run, scope: Scope, price: int) -> Value:
    kept = []
    scope.budget.spend(price * len(items))
    for item in items:
        found = condition(scope.inside(_seen(item, scope)))
        if isinstance(found, Decimal):
            return _at(items, found)
        if found is True:
            kept.append(item)
        elif found is not False and found is not None:
            scope.budget.error(f"a filter must be boolean or a number, not {kind(found)}")
            return None
    return kept


def _seen(item: Value, scope: Scope) -> dict[str, Value]:
    """The names a filter sees: the item and, of a context, its entries."""
    if not isinstance(item, dict):
        return {"item": item}
    scope.budget.spend(size(item))
    return {"item": item, **item}


def _at(items: list[Value], index: Decimal) -> Value:
    """The item at a place counted from 1, or from the end when negative; null beyond the list."""
    place = int(index) if abs(index) <= len(items) else 0
    if place == 0 or place != index:
        return None
    return items[place - 1 if place > 0 else place]


@compiles(Loop)
def _loop(node: Loop) -> Run:
    iterators = [
        (iterator.name, build(iterator.domain), build(iterator.end) if iterator.end else None)
        for iterator in node.iterators
    ]
    partial = any(mentions(child, "partial") for child in children(node))
    return looped(node.word, iterators, build(node.body), weight(node.body), partial=partial)


Sources = list[tuple[str, Run, Run | None]]


def looped(word: str, iterators: Sources, body: Run, price: int, *, partial: bool) -> Run:
    """What `for`, `some` or `every` makes of a body evaluated for every combination; `partial` says whether the body
    may look at the results of the rounds before.
    """
    finish = {"for": _collect, "some": _some, "every": _every}[word]

    def run(scope: Scope) -> Value:
        rounds = _rounds(iterators, scope.inside({}), {})
        if word == "for" and partial:
            return _collect_with_partial(rounds, body, price)
        return finish(rounds, body, price)

    return run


class _NoDomain(Exception):
    """Something that cannot be gone over."""


def _rounds(sources: Sources, scope: Scope, values: dict[str, Value]) -> PythonIterator[Scope]:
    """The scope of every round; later domains see earlier names."""
    if not sources:
        yield scope
        return
    (name, domain, end), rest = sources[0], sources[1:]
    for value in _domain(domain(scope), end(scope) if end else None, scope, span=end is not None):
        scope.budget.spend(1)
        inner = {**values, name: value}
        yield from _rounds(rest, Scope(inner, scope.outer, scope.budget), inner)


def _domain(start: Value, end: Value, scope: Scope, *, span: bool) -> Iterable[Value]:
    if not span and isinstance(start, Range):
        return _steps(start, scope)
    if span:
        return _steps(Range(start, end, True, True), scope)
    if start is None:
        raise _NoDomain
    return start if isinstance(start, list) else [start]


def _steps(span: Range, scope: Scope) -> Iterable[Value]:
    """The whole numbers or days of a range, upwards or downwards."""
    start, end = span.start, span.end
    direction = order(start, end)
    if direction is None or isinstance(start, datetime) or not isinstance(start, Decimal | date):
        scope.budget.error(f"cannot go from {kind(start)} to {kind(end)}")
        raise _NoDomain
    one: Value = Decimal(1) if isinstance(start, Decimal) else timedelta(days=1)
    length = abs((end - start) / one)
    if length >= limits.ITEMS:
        raise LimitReached(f"more than {limits.ITEMS} items")
    step = one if direction <= 0 else -one
    count = int(length) + 1
    past = int(not span.end_included and start + step * int(length) == end)
    return (start + step * place for place in range(0 if span.start_included else 1, count - past))


def _collect(rounds: PythonIterator[Scope], body: Run, price: int) -> Value:
    results: list[Value] = []
    try:
        for scope in rounds:
            scope.budget.spend(price)
            results.append(body(scope))
    except _NoDomain:
        return None
    return results


def _collect_with_partial(rounds: PythonIterator[Scope], body: Run, price: int) -> Value:
    """The same, every round seeing a list of the results so far; a copy, or a list might come to hold itself."""
    results: list[Value] = []
    try:
        for scope in rounds:
            scope.budget.spend(price + len(results) // COPIED)
            results.append(body(scope.inside({"partial": results.copy()})))
    except _NoDomain:
        return None
    return results


def _some(rounds: PythonIterator[Scope], body: Run, price: int) -> Value:
    return _decide(rounds, body, price, decisive=True)


def _every(rounds: PythonIterator[Scope], body: Run, price: int) -> Value:
    return _decide(rounds, body, price, decisive=False)


def _decide(rounds: PythonIterator[Scope], body: Run, price: int, *, decisive: bool) -> Value:
    unknown = False
    try:
        for scope in rounds:
            scope.budget.spend(price)
            value = body(scope)
            if value is decisive:
                return decisive
            unknown = unknown or value is not (not decisive)
    except _NoDomain:
        return None
    return None if unknown else not decisive
