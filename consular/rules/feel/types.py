"""Types after `instance of` and on parameters (DMN 1.5, 10.3.2.9)."""

from collections.abc import Callable
from datetime import UTC, time

from consular.rules.feel import far
from consular.rules.feel.syntax import Type
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


def conforms(value: Value, wanted: Type) -> bool:
    """Whether a value is of a type; null is only of type Null."""
    if value is None:
        return wanted.name == "Null"
    if wanted.name == "Any":
        return True
    if kind(value) != ALIASES.get(wanted.name, wanted.name):
        return False
    check = INSIDES.get(wanted.name)
    return check is None or (not wanted.arguments and wanted.result is None) or check(value, wanted)


def _list(value: list[Value], wanted: Type) -> bool:
    return all(conforms(item, wanted.arguments[0][1]) for item in value)


def _context(value: dict[str, Value], wanted: Type) -> bool:
    return all(key in value and conforms(value[key], inner) for key, inner in wanted.arguments)


def _range(value: Range, wanted: Type) -> bool:
    return all(end is None or conforms(end, wanted.arguments[0][1]) for end in (value.start, value.end))


def _function(value: Function, wanted: Type) -> bool:
    return len(value.parameters) == len(wanted.arguments)


INSIDES: dict[str, Callable[[Value, Type], bool]] = {
    "list": _list,
    "context": _context,
    "range": _range,
    "function": _function,
}


def coerced(value: Value, wanted: Type | None) -> Value:
    """A value as an argument of a type: the item of a list of one, or the reverse; midnight UTC for a date where a
    moment is wanted; null when it does not fit.
    """
    if wanted is None or value is None or wanted.name not in SIMPLE_TYPES or conforms(value, wanted):
        return value
    if ALIASES.get(wanted.name, wanted.name) == "date and time" and kind(value) == "date":
        return far.joined(value, time(tzinfo=UTC))
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], wanted):
        return value[0]
    if wanted.name == "list" and conforms([value], wanted):
        return [value]
    return None
