"""Types after `instance of` and on parameters (DMN 1.5, 10.3.2.9)."""

from collections.abc import Callable
from datetime import UTC, time
from typing import Any

from consular.rules.feel import far
from consular.rules.feel.syntax import Type
from consular.rules.scope import Scope
from consular.rules.values import Function, Range, Value, kind

ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
SIMPLE_TYPES = frozenset(
    (
        "Any", "Null", "number", "string", "boolean", "date", "time", "date and time", "dateTime",
        "days and time duration", "dayTimeDuration", "years and months duration", "yearMonthDuration",
        "list", "context", "range", "function",
    )
)  # fmt: skip


def conforms(value: Value, wanted: Type, scope: Scope) -> bool | None:
    """Whether a value is of a type; null is only of type Null. Null for a type that nobody defines."""
    if value is None:
        return wanted.name == "Null"
    if wanted.name == "Any":
        return True
    if wanted.name not in SIMPLE_TYPES:
        types = scope.types()
        if types is not None:
            return types.is_of(value, wanted.name, scope.budget)
        scope.budget.error(f"there is no type {wanted.name!r}")
        return None
    if kind(value) != _name(wanted):
        return False
    check = INSIDES.get(wanted.name)
    return check is None or (not wanted.arguments and wanted.result is None) or check(value, wanted, scope)


def _name(wanted: Type) -> str:
    return ALIASES.get(wanted.name, wanted.name)


def _holds(value: Value, wanted: Type, scope: Scope) -> bool:
    """Whether a part of a value is of a type; there null, the least of all types, is of every one."""
    return value is None or conforms(value, wanted, scope) is True


def _list(value: list[Value], wanted: Type, scope: Scope) -> bool:
    scope.budget.spend(2 * len(value) + 1)
    return all(_holds(item, wanted.arguments[0][1], scope) for item in value)


def _context(value: dict[str, Value], wanted: Type, scope: Scope) -> bool:
    return all(key in value and _holds(value[key], inner, scope) for key, inner in wanted.arguments)


def _range(value: Range, wanted: Type, scope: Scope) -> bool:
    return all(_holds(end, wanted.arguments[0][1], scope) for end in (value.start, value.end))


def _function(value: Function, wanted: Type, scope: Scope) -> bool:
    """Whether a function takes what one of the type is given; what a function gives is not known before."""
    given = [asked for _, asked in wanted.arguments]
    declared = value.types or (None,) * len(value.parameters)
    return len(given) == len(declared) and all(
        takes is None or covers(takes, asked) for takes, asked in zip(declared, given, strict=True)
    )


def covers(general: Type, special: Type) -> bool:
    """Whether whatever is of the special type is of the general one too; types of a file are taken on trust."""
    if general.name == "Any" or special.name == "Null" or not {general.name, special.name} <= SIMPLE_TYPES:
        return True
    if _name(general) != _name(special):
        return False
    if general.result and special.result:
        return (
            len(general.arguments) == len(special.arguments)
            and covers(general.result, special.result)
            and all(covers(b, a) for (_, a), (_, b) in zip(general.arguments, special.arguments, strict=True))
        )
    parts = dict(special.arguments)
    return all(key in parts and covers(inner, parts[key]) for key, inner in general.arguments)


INSIDES: dict[str, Callable[[Any, Type, Scope], bool]] = {
    "list": _list,
    "context": _context,
    "range": _range,
    "function": _function,
}


def coerced(value: Value, wanted: Type | None, scope: Scope) -> Value:
    """A value as an argument of a type: the item of a list of one, or the reverse; midnight UTC for a date where a
    moment is wanted; null when it does not fit.
    """
    if wanted is None or value is None:
        return value
    if wanted.name not in SIMPLE_TYPES:
        types = scope.types()
        return value if types is None else types.fitting(value, wanted.name, scope.budget)
    if conforms(value, wanted, scope):
        return value
    if _name(wanted) == "date and time" and kind(value) == "date":
        return far.joined(value, time(tzinfo=UTC))
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], wanted, scope):
        return value[0]
    if wanted.name == "list" and conforms([value], wanted, scope):
        return [value]
    return None
