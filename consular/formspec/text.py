"""Which text a person may type: every real word and name, nothing that deceives or breaks."""

import re
import unicodedata

from django.utils.translation import gettext as _

_DROPPED = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u061c\ufeff\u00ad\u2060"))
"""Invisible marks that come along when text is copied and carry no meaning."""

_JOINERS = frozenset("\u200c\u200d")
"""Part of the spelling in Persian and Indian languages."""

_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, formats (among them all that change the direction of writing), halves of characters, unknown ones."""

_LOST = "\ufffd"
"""Stands where a character could not be kept."""

_NAME_MARKS = frozenset("'’‘`´.,·・־׳״་፡/")
_NAME_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nl", "Zs", "Pd"})
MARKS_IN_A_ROW = 6
"""Real spelling stacks fewer marks on one letter."""


class Wrong(Exception):
    """The answer cannot be taken; the text says why and what to do, in the active language."""


def line(value: object, max_length: int) -> str:
    """One line of text: NFC, single spaces, trimmed. Raises Wrong."""
    return " ".join(_checked(value, max_length, allowed="\t").split())


def lines(value: object, max_length: int) -> str:
    """Text of several lines: NFC, plain line ends, trimmed. Raises Wrong."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(
        part.rstrip() for part in _checked(value, max_length, allowed="\n\t").split("\n")
    ).strip()


def name(value: object, max_length: int) -> str:
    """A name in any script: letters, marks, spaces, hyphens, apostrophes (DIN 91379 and beyond)."""
    text = line(value, max_length)
    for character in text:
        if not _is_in_names(character):
            raise Wrong(_("A name cannot contain “%(character)s”.") % {"character": character})
    if text and not any(_category(character).startswith(("L", "N")) for character in text):
        raise Wrong(_("A name needs at least one letter."))
    return text


def is_latin(name: str) -> bool:
    """Whether a name has letters of the Latin script only."""
    letters = [character for character in name if _category(character).startswith("L")]
    return all(unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER")) for letter in letters)


def ascii_digits(text: str) -> str:
    """The text with the digits of every script written as 0-9."""
    return "".join(
        str(unicodedata.digit(character)) if character.isdecimal() else character for character in text
    )


def _is_in_names(character: str) -> bool:
    return character in _NAME_MARKS or character in _JOINERS or _category(character) in _NAME_CATEGORIES


def _checked(value: object, max_length: int, *, allowed: str) -> str:
    if not isinstance(value, str):
        raise Wrong(_("Please enter text."))
    if len(value) > 4 * max_length + 100:
        raise _too_long(max_length)
    text = value.translate(_DROPPED)
    for character in text:
        if character not in allowed and _is_refused(character):
            raise Wrong(
                _("The text contains an invisible or forbidden character (%(code)s). Please type it again.")
                % {"code": f"U+{ord(character):04X}"}
            )
    text = unicodedata.normalize("NFC", text)
    if _piles_up_marks(text):
        raise Wrong(_("The text has too many marks on one letter. Please type it again."))
    if len(text.strip()) > max_length:
        raise _too_long(max_length)
    return text


def _too_long(max_length: int) -> Wrong:
    return Wrong(_("Please use no more than %(count)s characters.") % {"count": max_length})


def _is_refused(character: str) -> bool:
    return character == _LOST or (character not in _JOINERS and _category(character) in _REFUSED)


def _category(character: str) -> str:
    """The Unicode category; Chinese characters that are newer than our tables count as letters."""
    category = unicodedata.category(character)
    code = ord(character)
    is_new_chinese = category == "Cn" and 0x20000 <= code <= 0x3FFFD and code & 0xFFFE != 0xFFFE
    return "Lo" if is_new_chinese else category


def _piles_up_marks(text: str) -> bool:
    row = 0
    for character in text:
        row = row + 1 if unicodedata.category(character) == "Mn" else 0
        if row > MARKS_IN_A_ROW:
            return True
    return False


DOCUMENT_NUMBER = re.compile(r"[A-Z0-9]+(?:[-/.][A-Z0-9]+)*")
PHONE = re.compile(r"\+?[0-9(][0-9 ()/.\-]*")


def document_number(value: object, max_length: int) -> str:
    """The number of a document in capitals and digits, as in its machine-readable zone (ICAO Doc 9303)."""
    text = ascii_digits(unicodedata.normalize("NFKC", line(value, max_length))).upper().replace(" ", "")
    if text and not DOCUMENT_NUMBER.fullmatch(text):
        raise Wrong(_("Please use only the letters A to Z and digits, as in the document."))
    return text
