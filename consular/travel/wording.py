"""The sentences about a machine-readable zone, in the reader's language when they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sentence:
    """A translatable sentence with what is put into it; `str()` gives it in the active language."""

    text: str | Promise
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = {name: in_line(value) for name, value in self.values.items()}
        return str(self.text) % shown if shown else str(self.text)


def in_line(value: object) -> object:
    """Characters of a zone as they stand in a sentence: from left to right also within one from right to left."""
    return f"\u2066{value}\u2069" if isinstance(value, str) and get_language_bidi() else value


LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "document_code": _("Kind of document"),
        "issuing_state": _("Issued by (country)"),
        "name": _("Name"),
        "document_number": _("Number of travel document"),
        "nationality": _("Nationality"),
        "birth_date": _("Date of birth"),
        "sex": _("Sex"),
        "expiry_date": _("Valid until"),
        "optional_data": _("Further data"),
        "optional_data_2": _("Further data (second part)"),
        "composite": _("All lines together"),
    }
)
"""What officers and applicants call the fields of a zone."""

TOO_LONG = _("This is too long for a machine-readable zone. Please enter only its two or three lines.")
EMPTY = _(
    "Please enter the two or three lines with < signs: at the bottom of the page with the photograph, or on a card."
)
NOT_A_ZONE = _(
    "This is not a machine-readable zone. It has two lines of 44 or of 36 characters, or three of 30."
)
LENGTH = _(
    "Line %(line)s has %(found)s characters, but it needs %(needed)s. Please compare it with your document."
)
STRANGE = _("Line %(line)s, position %(position)s: only the letters A to Z, digits and < can stand here.")
NOT_A_LETTER = _(
    "Line %(line)s, position %(position)s: “%(found)s” cannot stand in “%(field)s”, only letters can."
)
NOT_A_DIGIT = _(
    "Line %(line)s, position %(position)s: “%(found)s” cannot stand in “%(field)s”, only digits can."
)
CODE = _(
    "Line %(line)s, position %(position)s: a document of this size begins with one of these letters: %(letters)s."
)
SEX = _("Line %(line)s, position %(position)s: only F, M or < can stand here.")
NOT_A_DATE = _("Line %(line)s, positions %(first)s to %(last)s: “%(field)s” is not a date.")
NO_NAME = _("Line %(line)s: the name is missing.")
DIGIT = _(
    "The check digit of “%(field)s” (line %(line)s, position %(position)s) is %(found)s, but the characters"
    " before it give %(expected)s. One of these characters was misread."
)
UNKNOWN_STATE = _("Line %(line)s, position %(position)s: we do not know the code “%(found)s” for a state.")
ONE_OF = _("Line %(line)s, position %(position)s: is the “%(found)s” perhaps “%(candidates)s”?")
NOTHING = _("The lines of your document have no name here. Please compare both with the document.")
OUTCOMES: Mapping[str, Promise] = MappingProxyType(
    {
        "agrees after transliteration": _("In your document this is spelt %(in_zone)s."),
        "truncated": _("Your document has only room for %(in_zone)s here."),
        "differs": _(
            "The lines of your document say %(in_zone)s here. Please compare both with the document."
        ),
        "unknown": _(
            "Your document says %(in_zone)s here. We cannot compare this writing; please do so yourself."
        ),
    }
)
"""What to tell about an answer that is not letter by letter what the zone says."""
