"""FEEL values as FEEL text, and as JSON."""

import json
from datetime import date, time, timedelta
from decimal import Decimal
from math import isfinite

from consular.rules import limits
from consular.rules.feel import temporal
from consular.rules.feel.lexer import KEYWORDS, WORD
from consular.rules.problems import LimitReached
from consular.rules.values import NUMBERS, Far, Function, Months, Range, Value

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
PLAIN_EXPONENT = 40
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def number(value: Decimal) -> str:
    """A number without needless zeros; with an exponent only when it would be very long."""
    if not value:
        return "0"
    sign, digits, exponent = value.as_tuple()
    plain = (
        format(value, "f")
        if isinstance(exponent, int) and abs(exponent) <= PLAIN_EXPONENT
        else f"{value.normalize(NUMBERS):E}"
    )
    if "E" in plain:
        return plain
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def quoted(text: str) -> str:
    """A string literal."""
    return '"' + "".join(ESCAPES.get(character, character) for character in text) + '"'


def write(value: Value) -> str:
    """The canonical FEEL text of a value: reading it gives the value again (functions excepted)."""
    pieces: list[str] = []
    _write(value, pieces, 0)
    return "".join(pieces)


def _write(value: Value, pieces: list[str], depth: int) -> None:
    if len(pieces) > limits.STRING or depth > limits.TREE:
        raise LimitReached("a value too large to write")
    if isinstance(value, list):
        _sequence("[", [("", item) for item in value], "]", pieces, depth)
    elif isinstance(value, dict):
        _sequence("{", [(f"{_key(key)}: ", entry) for key, entry in value.items()], "}", pieces, depth)
    else:
        pieces.append(_scalar(value))


def _sequence(start: str, parts: list[tuple[str, Value]], end: str, pieces: list[str], depth: int) -> None:
    pieces.append(start)
    for place, (label, value) in enumerate(parts):
        pieces.append((", " if place else "") + label)
        _write(value, pieces, depth + 1)
    pieces.append(end)


def _key(key: str) -> str:
    words = key.split(" ")
    plain = all(WORD.fullmatch(word) and word not in KEYWORDS for word in words)
    return key if plain else quoted(key)


def _scalar(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, date | time | timedelta | Months | Far):
        return f'@"{temporal.write(value)}"'
    return _range(value) if isinstance(value, Range) else _function(value)


def _range(value: Range) -> str:
    if value.start is None and not value.start_included and value.end is not None:
        return f"(<{'=' if value.end_included else ''} {write(value.end)})"
    if value.end is None and not value.end_included and value.start is not None:
        return f"(>{'=' if value.start_included else ''} {write(value.start)})"
    left, right = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{left}{write(value.start)}..{write(value.end)}{right}"


def _function(value: Function) -> str:
    return f"function({', '.join(value.parameters)})"


def plain(value: Value) -> str | None:
    """The result of the built-in `string`: as `write`, but strings, dates and durations without quotation marks."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date | time | timedelta | Months | Far):
        return temporal.write(value)
    return write(value)


def as_json(value: Value) -> Json:
    """A value for JSON: numbers as numbers, dates and durations as their text, ranges and functions as FEEL text."""
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(entry) for key, entry in value.items()}
    if isinstance(value, Decimal):
        return _json_number(value)
    return value if value is None or isinstance(value, bool) else plain(value)


def _json_number(value: Decimal) -> int | float | str:
    """An integer or the nearest double; text for what is beyond every double."""
    if value == value.to_integral_value() and abs(value) < 10**30:
        return int(value)
    nearest = float(value)
    return nearest if isfinite(nearest) else number(value)


def json_line(value: object) -> str:
    """One line of JSON; halves of characters, which no file can hold, become question marks."""
    line = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return line.encode("utf-8", "replace").decode()
