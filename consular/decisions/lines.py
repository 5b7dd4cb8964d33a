"""The parts that the texts of letters are made of: lines, what somebody typed, what a mission says besides."""

import unicodedata
from dataclasses import dataclass

_STRONG = frozenset({"L", "R", "AL"})
"""Bidirectional classes (Unicode) of characters with a direction of their own."""


@dataclass(frozen=True)
class Entry:
    """One line: a label and what was answered, as it was shown."""

    label: str
    value: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, after the answer itself."""
        return direction(self.value)


@dataclass(frozen=True)
class Typed:
    """What an officer typed, in whatever language: printed as it is."""

    text: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, after the text itself."""
        return direction(self.text)


@dataclass(frozen=True)
class Block:
    """What the mission says besides, in a language it has written it in."""

    title: str
    text: str
    language: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, after the text itself."""
        return direction(self.text)


def direction(text: str) -> str:
    """`ltr` or `rtl`, after the first letter of `text` that has a direction; `ltr` when none has, as in a number.

    This is what `dir="auto"` means in HTML. The printer does not know it, and would turn an address or a telephone
    number in an Arabic letter around.
    """
    first = next((way for way in map(unicodedata.bidirectional, text) if way in _STRONG), "L")
    return "ltr" if first == "L" else "rtl"
