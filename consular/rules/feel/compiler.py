"""Turns a tree into one Python closure per node, once; running it needs only a scope."""

from collections.abc import Callable
from typing import Any

from consular.rules.feel import arithmetic, comparison
from consular.rules.feel.properties import member
from consular.rules.feel.registry import BUILTINS
from consular.rules.feel.syntax import (
    Between,
    Chain,
    Choice,
    Comparison,
    Entries,
    InstanceOf,
    Interval,
    Items,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    OneSided,
    Path,
)
from consular.rules.feel.types import conforms
from consular.rules.scope import Budget, Scope
from consular.rules.values import Function, Range, Value, kind

POWER = 100
"""Steps of raising a number to a power, the slowest thing numbers can do."""
Run = Callable[[Scope], Value]
COMPILERS: dict[type, Callable[[Any], Run]] = {}


def compiles(node_type: type) -> Callable[[Callable[[Any], Run]], Callable[[Any], Run]]:
    """Register the compiler of one kind of node."""

    def register(compiler: Callable[[Any], Run]) -> Callable[[Any], Run]:
        COMPILERS[node_type] = compiler
        return compiler

    return register


def build(node: Node) -> Run:
    """The closure of a node."""
    return COMPILERS[type(node)](node)


def look_up(scope: Scope, name: str) -> tuple[bool, Value]:
    """Whether a name is bound, and to what."""
    around: Scope | None = scope
    while around is not None:
        if name in around.values:
            return True, around.values[name]
        around = around.outer
    return False, None


@compiles(Literal)
def _literal(node: Literal) -> Run:
    value = node.value
    return lambda scope: value


@compiles(Name)
def _name(node: Name) -> Run:
    name, builtin = node.name, BUILTINS.get(node.name)

    def run(scope: Scope) -> Value:
        around: Scope | None = scope
        while around is not None:
            if name in around.values:
                return around.values[name]
            around = around.outer
        if builtin is None:
            scope.budget.error(f"nothing is called {name!r}")
        return builtin

    return run


@compiles(Negation)
def _negation(node: Negation) -> Run:
    operand = build(node.operand)

    def run(scope: Scope) -> Value:
        value = operand(scope)
        found = arithmetic.negate(value)
        if found is None and value is not None:
            scope.budget.error(f"-{kind(value)} has no result")
        return found

    return run


@compiles(Chain)
def _chain(node: Chain) -> Run:
    first = build(node.first)
    rest = [(operator, build(operand)) for operator, operand in node.rest]

    def run(scope: Scope) -> Value:
        value = first(scope)
        for operator, operand in rest:
            value, reason = arithmetic.calculate(operator, value, operand(scope))
            if reason:
                scope.budget.error(reason)
            elif operator == "**":
                scope.budget.spend(POWER)
            elif type(value) is str:
                scope.budget.spend(len(value) // 64)
        return value

    return run


@compiles(Logic)
def _logic(node: Logic) -> Run:
    """Three-valued: what is not boolean counts as null."""
    operands = [build(operand) for operand in node.operands]
    decisive = node.operator == "or"

    def run(scope: Scope) -> Value:
        unknown = False
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            unknown = unknown or value is not (not decisive)
        return None if unknown else not decisive

    return run


@compiles(Comparison)
def _comparison(node: Comparison) -> Run:
    operator, left, right = node.operator, build(node.left), build(node.right)
    compare = comparison.compare
    return lambda scope: compare(operator, left(scope), right(scope), scope.budget)


@compiles(Between)
def _between(node: Between) -> Run:
    value, low, high = build(node.value), build(node.low), build(node.high)
    return lambda scope: comparison.within(value(scope), Range(low(scope), high(scope), True, True))


@compiles(Choice)
def _choice(node: Choice) -> Run:
    condition, yes, no = build(node.condition), build(node.yes), build(node.no)
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


@compiles(InstanceOf)
def _instance_of(node: InstanceOf) -> Run:
    value, wanted = build(node.value), node.type
    return lambda scope: conforms(value(scope), wanted, scope)


@compiles(Path)
def _path(node: Path) -> Run:
    base, name = build(node.base), node.name

    def run(scope: Scope) -> Value:
        value = base(scope)
        if type(value) is dict and name in value:
            return value[name]
        return member(value, name, scope.budget)

    return run


@compiles(Items)
def _items(node: Items) -> Run:
    items = [build(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


@compiles(Entries)
def _entries(node: Entries) -> Run:
    entries = [(name, build(value)) for name, value in node.entries]

    def run(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = scope.inside(values)
        for name, value in entries:
            values[name] = value(inner)
        return values

    return run


@compiles(Interval)
def _interval(node: Interval) -> Run:
    """A range of literals is made once."""
    run = _ranging(node)
    if not (isinstance(node.start, Literal) and isinstance(node.end, Literal)):
        return run
    budget = Budget()
    span = run(Scope({}, None, budget))
    return run if budget.errors else lambda scope: span


def _ranging(node: Interval) -> Run:
    start, end = build(node.start), build(node.end)

    def run(scope: Scope) -> Value:
        low, high = start(scope), end(scope)
        found = None if low is None or high is None else comparison.order(low, high)
        if low is not None and high is not None and (found is None or found > 0):
            scope.budget.error(f"no range from {kind(low)} to {kind(high)} in this order")
            return None
        return Range(low, high, node.start_included, node.end_included)

    return run


@compiles(OneSided)
def _one_sided(node: OneSided) -> Run:
    """As a value, `< 5` is the range without a start."""
    operator, bound = node.operator, build(node.bound)

    def run(scope: Scope) -> Value:
        value = bound(scope)
        if operator in ("<", "<="):
            return Range(None, value, False, operator == "<=")
        if operator in (">", ">="):
            return Range(value, None, operator == ">=", False)
        return Range(value, value, True, True) if operator == "=" else None

    return run


def call(function: Value, scope: Scope, arguments: list[Value], names: tuple[str, ...] = ()) -> Value:
    """The result of calling a function value; null and an error when it is none."""
    if isinstance(function, Function):
        return function.call(scope, arguments, names)
    scope.budget.error(f"{kind(function)} cannot be called")
    return None
