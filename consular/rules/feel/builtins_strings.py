"""Built-in functions over strings (DMN 1.5, 10.3.4.3)."""

from decimal import Decimal

from consular.rules import limits
from consular.rules.feel.registry import builtin
from consular.rules.values import Value, whole

MOST = Decimal(limits.STRING)


@builtin("substring", "string:string, start position:number, length:number?")
def substring(string: str, start: Decimal, length: Decimal | None) -> str | None:
    """Characters from a place counted from 1, or from the end when negative."""
    place = whole(start)
    if place == 0 or abs(place) > len(string):
        return None
    first = place - 1 if place > 0 else len(string) + place
    if length is None:
        return string[first:]
    return string[first : first + whole(min(length, MOST))] if length >= 1 else None


@builtin("string length", "string:string")
def string_length(string: str) -> Decimal:
    """How many characters."""
    return Decimal(len(string))


@builtin("upper case", "string:string")
def upper_case(string: str) -> str:
    """In capitals."""
    return string.upper()


@builtin("lower case", "string:string")
def lower_case(string: str) -> str:
    """In small letters."""
    return string.lower()


@builtin("substring before", "string:string, match:string")
def substring_before(string: str, match: str) -> str:
    """What stands before the first occurrence, or nothing."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string:string, match:string")
def substring_after(string: str, match: str) -> str:
    """What stands after the first occurrence, or nothing."""
    return string.partition(match)[2] if match else string


@builtin("contains", "string:string, match:string")
def contains(string: str, match: str) -> bool:
    """Whether one string lies in another."""
    return match in string


@builtin("starts with", "string:string, match:string")
def starts_with(string: str, match: str) -> bool:
    """Whether a string begins with another."""
    return string.startswith(match)


@builtin("ends with", "string:string, match:string")
def ends_with(string: str, match: str) -> bool:
    """Whether a string ends with another."""
    return string.endswith(match)


@builtin("string join", "list:list, delimiter:string?~")
def string_join(items: list[Value], delimiter: str | None) -> str | None:
    """The strings of a list in one, nulls left out."""
    texts = [item for item in items if item is not None]
    return (delimiter or "").join(texts) if all(isinstance(text, str) for text in texts) else None
