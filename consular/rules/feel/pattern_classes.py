"""Sets of characters in regular expressions (XML Schema 1.1 part 2, appendix G)."""

import re
import unicodedata
from collections.abc import Callable

Accepts = Callable[[str], bool]

CATEGORIES = frozenset(
    re.findall(
        r"\w+",
        "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn",
    )
)
BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "Georgian": (0x10A0, 0x10FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}


class PatternProblem(Exception):
    """A regular expression that cannot be read or grows too large."""


def one(character: str) -> Accepts:
    """That character."""
    return lambda tested: tested == character


def span(first: str, last: str) -> Accepts:
    """Every character from one to another."""
    if first > last:
        raise PatternProblem(f"the range {first}-{last} is empty")
    return lambda tested: first <= tested <= last


def union(parts: list[Accepts]) -> Accepts:
    """What any part accepts."""
    return parts[0] if len(parts) == 1 else lambda tested: any(part(tested) for part in parts)


def without(accepted: Accepts, refused: Accepts) -> Accepts:
    """What the first accepts and the second does not."""
    return lambda tested: accepted(tested) and not refused(tested)


def inverted(accepted: Accepts) -> Accepts:
    """What is not accepted."""
    return lambda tested: not accepted(tested)


def folded(accepted: Accepts) -> Accepts:
    """What is accepted in capitals or in small letters; the Kelvin sign is a k, too."""

    def test(tested: str) -> bool:
        low, up = tested.lower(), tested.upper()
        return any(accepted(form) for form in (tested, low, up, low.upper(), up.lower()))

    return test


def remembered(accepted: Accepts) -> Accepts:
    """The same, deciding each character once."""
    known: dict[str, bool] = {}

    def test(tested: str) -> bool:
        found = known.get(tested)
        if found is None:
            found = accepted(tested)
            if len(known) < 4096:
                known[tested] = found
        return found

    return test


def category(name: str) -> Accepts:
    """The characters of a Unicode category such as Lu, or of a block such as IsGreek."""
    if name.startswith("Is") and name[2:] in BLOCKS:
        low, high = BLOCKS[name[2:]]
        return lambda tested: low <= ord(tested) <= high
    if name not in CATEGORIES:
        raise PatternProblem(f"there is no category {name}")
    return lambda tested: unicodedata.category(tested).startswith(name)


def _word(tested: str) -> bool:
    return unicodedata.category(tested)[0] not in "PZC"


def _name_start(tested: str) -> bool:
    return tested in ":_" or unicodedata.category(tested)[0] == "L" or unicodedata.category(tested) == "Nl"


def _name(tested: str) -> bool:
    return (
        _name_start(tested)
        or tested in "-.\u00b7"
        or unicodedata.category(tested) in ("Nd", "Mc", "Mn", "Lm")
    )


SHORT: dict[str, Accepts] = {
    "s": lambda tested: tested in " \t\n\r",
    "d": category("Nd"),
    "w": _word,
    "i": _name_start,
    "c": _name,
}
SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {character: character for character in "\\|.?*+(){}[]-^$"}
