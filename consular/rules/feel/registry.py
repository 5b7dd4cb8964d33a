"""The built-in functions by name: their parameters are declared in one line each and checked in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from consular.rules import limits
from consular.rules.problems import LimitReached
from consular.rules.scope import Scope
from consular.rules.values import Far, Function, Months, Range, Value, kind

BUILTINS: dict[str, Function] = {}
_SIGNATURES: dict[str, list["Signature"]] = {}

KINDS: dict[str, Callable[[Value], bool]] = {
    "any": lambda value: True,
    "number": lambda value: isinstance(value, Decimal),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: kind(value) == "date",
    "datetime": lambda value: kind(value) == "date and time",
    "time": lambda value: kind(value) == "time",
    "duration": lambda value: isinstance(value, timedelta | Months),
    "days": lambda value: isinstance(value, timedelta),
    "list": lambda value: isinstance(value, list),
    "context": lambda value: isinstance(value, dict),
    "range": lambda value: isinstance(value, Range),
    "point": lambda value: isinstance(value, Decimal | str | date | time | timedelta | Months | Far),
    "function": lambda value: isinstance(value, Function),
}
WRONG = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its kinds, whether it may be left out, may be null, or takes all the rest."""

    name: str
    kinds: tuple[str, ...]
    optional: bool
    nullable: bool
    rest: bool

    def admit(self, value: Value) -> Value:
        """The value as this parameter takes it: a list of one stands for its item and the reverse; else WRONG."""
        if value is None:
            return None if self.nullable or "any" in self.kinds else WRONG
        if self._takes(value):
            return value
        if "list" in self.kinds:
            return [value]
        if isinstance(value, list) and len(value) == 1 and self._takes(value[0]):
            return value[0]
        return WRONG

    def admit_named(self, value: Value) -> Value:
        """The same for an argument given by name, which is one even where all the rest may be taken."""
        return [value] if self.rest else self.admit(value)

    def _takes(self, value: Value) -> bool:
        for name in self.kinds:  # noqa: SIM110  twice as fast as any(), in the hottest line of every call
            if KINDS[name](value):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    function: Callable[..., Value]
    scoped: bool
    price: int

    def bind(self, arguments: list[Value], names: tuple[str, ...]) -> list[Value] | None:
        """The arguments in the order of the parameters, missing ones null; None when they do not fit."""
        if names:
            return self._bind_names(dict(zip(names, arguments, strict=True)))
        if self.parameters and self.parameters[-1].rest:
            fixed = len(self.parameters) - 1
            if len(arguments) <= fixed:
                return None
            return self._admitted([*arguments[:fixed], arguments[fixed:]])
        required = sum(not parameter.optional for parameter in self.parameters)
        if not required <= len(arguments) <= len(self.parameters):
            return None
        return self._admitted(arguments)

    def _bind_names(self, given: dict[str, Value]) -> list[Value] | None:
        wanted = {parameter.name for parameter in self.parameters}
        required = {parameter.name for parameter in self.parameters if not parameter.optional}
        if not required <= given.keys() <= wanted:
            return None
        values = [
            parameter.admit_named(given[parameter.name]) if parameter.name in given else None
            for parameter in self.parameters
        ]
        return None if any(value is WRONG for value in values) else values

    def _admitted(self, arguments: list[Value]) -> list[Value] | None:
        values = [
            value if parameter.rest else parameter.admit(value)
            for parameter, value in zip(self.parameters, arguments, strict=False)
        ]
        if any(value is WRONG for value in values):
            return None
        return values + [None] * (len(self.parameters) - len(values))


def builtin(
    name: str, parameters: str = "", *, scoped: bool = False, price: int = 1
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register a function under a FEEL name; the first registered signature that fits a call is used.

    `parameters` reads "string:string, start position:number, length:number?": `/` between kinds means either, `?` may
    be left out, `~` may be null, `*` takes all remaining arguments. A `scoped` function gets the scope first; `price`
    are the steps of a call beyond those for the size of its arguments.
    """

    def register(function: Callable[..., Value]) -> Callable[..., Value]:
        declared = tuple(_parameter(text) for text in parameters.split(",") if text)
        _SIGNATURES.setdefault(name, []).append(Signature(declared, function, scoped, price))
        if name not in BUILTINS:
            names = tuple(parameter.name for parameter in declared)
            BUILTINS[name] = Function(names, _caller(name, _SIGNATURES[name]), name)
        return function

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.strip().partition(":")
    plain = kinds.rstrip("?~*")
    return Parameter(name, tuple(plain.split("/")), "?" in kinds, "~" in kinds, "*" in kinds)


def _caller(name: str, signatures: list[Signature]) -> Callable[[Scope, list[Value], tuple[str, ...]], Value]:
    def call(scope: Scope, arguments: list[Value], names: tuple[str, ...]) -> Value:
        scope.budget.spend(sum(map(size, arguments)))
        for signature in _in_order(signatures, names):
            bound = signature.bind(arguments, names)
            if bound is not None:
                return _result(name, signature, scope, bound)
        given = ", ".join(kind(value) for value in arguments)
        scope.budget.error(f"{name} does not take ({given})")
        return None

    return call


def size(value: Value) -> int:
    """The steps that it costs to go through a value once."""
    if isinstance(value, str):
        return len(value) // 64
    if isinstance(value, list):
        return len(value)
    return len(value) // 4 if isinstance(value, dict) else 0


def _in_order(signatures: list[Signature], names: tuple[str, ...]) -> list[Signature]:
    """Signatures that name their parameters in the given order come first."""
    if not names:
        return signatures
    return sorted(signatures, key=lambda one: tuple(parameter.name for parameter in one.parameters) != names)


def _result(name: str, signature: Signature, scope: Scope, bound: list[Value]) -> Value:
    extra: list[Any] = [scope] if signature.scoped else []
    scope.budget.spend(signature.price)
    try:
        value = signature.function(*extra, *bound)
    except (ValueError, OverflowError, ArithmeticError):
        value = None
    if isinstance(value, list) and len(value) > limits.ITEMS:
        raise LimitReached(f"a list of more than {limits.ITEMS} items")
    if isinstance(value, str):
        scope.budget.spend(len(value) // 64)
        if len(value) > limits.STRING:
            raise LimitReached(f"a string of more than {limits.STRING} characters")
    if isinstance(value, Decimal) and not value.is_finite():
        value = None
    if value is None:
        scope.budget.error(f"{name} has no result for these arguments")
    return value
