"""Closures of calls, function literals and unary tests."""

from collections.abc import Callable

from consular.rules import limits
from consular.rules.feel import comparison
from consular.rules.feel.compiler import Run, build, call, compiles, look_up
from consular.rules.feel.loops import weight
from consular.rules.feel.names import mentions
from consular.rules.feel.registry import BUILTINS
from consular.rules.feel.syntax import (
    Call,
    Interval,
    Items,
    Lambda,
    Literal,
    Name,
    Node,
    OneSided,
    Tests,
    Type,
)
from consular.rules.feel.types import coerced
from consular.rules.problems import LimitReached
from consular.rules.scope import Budget, Scope
from consular.rules.values import Function, Range, Value

Test = Callable[[Scope, Value], bool | None]
INPUT = Name("?")
CONSTRUCTORS = frozenset(("date", "time", "date and time", "duration"))


@compiles(Call)
def _call(node: Call) -> Run:
    function, names = _callee(node.function), node.names
    arguments = [build(argument) for argument in node.arguments]
    if isinstance(node.function, Name) and node.function.name in CONSTRUCTORS:
        return _constructed(node.function.name, node, arguments)
    return lambda scope: call(function(scope), scope, [argument(scope) for argument in arguments], names)


def _constructed(name: str, node: Call, arguments: list[Run]) -> Run:
    """A date, time or duration of literals is made once, unless a variable turns out to be a function of that name."""
    builtin, names = BUILTINS[name], node.names
    budget = Budget()
    scope = Scope({}, None, budget)
    literal = all(isinstance(argument, Literal) for argument in node.arguments)
    known = builtin.call(scope, [argument(scope) for argument in arguments], names) if literal else None

    def run(scope: Scope) -> Value:
        found, value = look_up(scope, name)
        function = value if found and isinstance(value, Function) else builtin
        if known is not None and function is builtin:
            return known
        return function.call(scope, [argument(scope) for argument in arguments], names)

    return run


def _callee(node: Node) -> Run:
    """What is called; a variable that is no function does not hide a built-in of its name."""
    plain = build(node)
    if not isinstance(node, Name) or node.name not in BUILTINS:
        return plain
    name, builtin = node.name, BUILTINS[node.name]

    def run(scope: Scope) -> Value:
        found, value = look_up(scope, name)
        return value if found and isinstance(value, Function) else builtin

    return run


@compiles(Lambda)
def _lambda(node: Lambda) -> Run:
    body = build(node.body)
    return lambda scope: closure(
        "function", tuple(zip(node.parameters, node.types, strict=True)), body, scope, weight(node)
    )


def closure(
    name: str, parameters: tuple[tuple[str, Type | None], ...], body: Run, around: Scope, price: int
) -> Function:
    """A function value whose body sees its parameters and the scope it was written in."""
    names = tuple(parameter for parameter, _ in parameters)
    types = tuple(wanted for _, wanted in parameters)

    def run(scope: Scope, arguments: list[Value], given: tuple[str, ...]) -> Value:
        ordered = _ordered(names, arguments, given)
        if ordered is None:
            scope.budget.error(f"{name} takes ({', '.join(names)})")
            return None
        budget = scope.budget
        budget.spend(price)
        budget.calls += 1
        if budget.calls > limits.CALLS:
            raise LimitReached(f"more than {limits.CALLS} calls inside each other")
        values = {
            parameter: coerced(value, wanted, around)
            for (parameter, wanted), value in zip(parameters, ordered, strict=True)
        }
        result = body(Scope(values, around, budget))
        budget.calls -= 1
        return result

    return Function(names, run, name, types)


def _ordered(names: tuple[str, ...], arguments: list[Value], given: tuple[str, ...]) -> list[Value] | None:
    if not given:
        return arguments if len(arguments) == len(names) else None
    if set(given) != set(names) or len(given) != len(names):
        return None
    by_name = dict(zip(given, arguments, strict=True))
    return [by_name[name] for name in names]


@compiles(Tests)
def _tests(node: Tests) -> Run:
    """True when a test holds, null when none holds but one is unknown."""
    value, negated = build(node.value), node.negated
    tests = [_test(test, in_cell=node.value == INPUT) for test in node.tests]
    if not tests:
        return lambda scope: True

    def run(scope: Scope) -> Value:
        subject = value(scope)
        unknown = False
        for test in tests:
            found = test(scope, subject)
            if found is True:
                return not negated
            unknown = unknown or found is None
        return None if unknown else negated

    return run


def _test(node: Node, *, in_cell: bool) -> Test:
    """One test as a function of the subject."""
    if isinstance(node, OneSided):
        operator, bound = node.operator, build(node.bound)
        return lambda scope, subject: comparison.compare(operator, subject, bound(scope), scope.budget)
    if isinstance(node, Literal):
        value = node.value
        return lambda scope, subject: comparison.equal(subject, value, scope.budget)
    if isinstance(node, Items) and in_cell:
        tests = [_test(item, in_cell=False) for item in node.items]
        return _any(tests, build(node))
    run = build(node)
    if mentions(node, "?"):
        return lambda scope, subject: _holds(run(scope.inside({"?": subject})), subject, scope, boolean=True)
    if isinstance(node, Interval):
        return lambda scope, subject: _lies(subject, run(scope), scope)
    return lambda scope, subject: _holds(
        run(scope), subject, scope, boolean=in_cell and not isinstance(subject, bool)
    )


def _lies(subject: Value, span: Value, scope: Scope) -> bool | None:
    """Whether a value lies in a range, or is that range."""
    if isinstance(span, Range) and type(subject) is not Range:
        return comparison.within(subject, span)
    return comparison.equal(subject, span, scope.budget)


def _any(tests: list[Test], whole: Run) -> Test:
    def run(scope: Scope, subject: Value) -> bool | None:
        if isinstance(subject, list):
            return _holds(whole(scope), subject, scope, boolean=False)
        return any(test(scope, subject) is True for test in tests)

    return run


def _holds(value: Value, subject: Value, scope: Scope, *, boolean: bool) -> bool | None:
    """Whether a test's value admits the subject: a truth, a range around it, a list with it, or its equal."""
    if boolean and isinstance(value, bool):
        return value
    if isinstance(value, Range) and not isinstance(subject, Range):
        return comparison.within(subject, value)
    if isinstance(value, list):
        return _among(value, subject, scope)
    return comparison.equal(subject, value, scope.budget)


def _among(values: list[Value], subject: Value, scope: Scope) -> bool:
    scope.budget.spend(len(values))
    if isinstance(subject, list) and comparison.equal(subject, values, scope.budget) is True:
        return True
    return any(
        comparison.within(subject, value) is True
        if isinstance(value, Range) and not isinstance(subject, Range)
        else comparison.equal(subject, value, scope.budget) is True
        for value in values
    )
