"""A letter as frozen plain values. Templates see a Letter and nothing else, and so does the archive."""

import json
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from consular.decisions import barcode
from consular.decisions.bodies import Body, direction
from consular.decisions.lines import Block

CODE_LENGTH = 23
"""Random characters of a verification code: 115 bits, so that nobody finds a letter by trying."""

_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of the text after them: they could make a letter read otherwise."""

_SILENT = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Categories (Unicode) of characters without an agreed picture."""


@dataclass(frozen=True)
class Version:
    """The letter's text in one language. `replaces` says which letter it takes the place of, if any, `blocks` what the
    mission says besides.
    """

    language: str
    direction: str
    title: str
    office: str
    issued_on: str
    body: Body
    replaces: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Letter:
    """One letter before it is printed. `code` is what the public verification page is asked for.

    `name` is that of the letter in the processes: the kind, and which of its texts where it has several. `last_day`
    (ISO 8601) is the day until which it asks for something. `seal` is its visible digital seal in hexadecimal digits.
    `representative` acts for the applicant, if anybody does.
    `about` is which appointment, fee, consultation or concern it is about, where it was asked for.
    """

    kind: str
    number: str
    reference: str
    code: str
    applicant: str
    versions: tuple[Version, ...]
    name: str = ""
    last_day: str = ""
    representative: str = ""
    seal: str = ""
    about: str = ""

    @property
    def template(self) -> str:
        """The template that prints it."""
        return f"letters/{(self.name or self.kind).replace('.', '_')}.html"

    @property
    def language(self) -> str:
        """The language of the document: that of its first version."""
        return self.versions[0].language

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, after the first version."""
        return self.versions[0].direction

    @property
    def representative_direction(self) -> str:
        """`ltr` or `rtl`, after the name of who acts for the applicant."""
        return direction(self.representative)

    @property
    def applicant_direction(self) -> str:
        """`ltr` or `rtl`, after the name itself."""
        return direction(self.applicant)

    @property
    def title(self) -> str:
        """The title of the document."""
        return self.versions[0].title

    @property
    def verify_address(self) -> str:
        """Where anybody can check the letter."""
        return f"{settings.PUBLIC_URL}/verify/{self.code}/"

    @property
    def verify_page(self) -> str:
        """Where anybody can type the code or hand in the file; ends with a letter, for the sake of right-to-left."""
        return f"{settings.PUBLIC_URL}/verify"

    @property
    def qr(self) -> SafeString:
        """The address as a QR code (ISO/IEC 18004), drawn inline because letters fetch nothing."""
        code = segno.make(self.verify_address, error="m")
        drawing = code.svg_inline(title=self.verify_address, omitsize=True)
        return mark_safe(drawing)  # noqa: S308  only our own address and code are in it

    @property
    def seal_modules(self) -> int:
        """How many modules the picture of the seal has on each side."""
        return len(self._modules())

    @property
    def seal_path(self) -> str:
        """The picture of the seal (DataMatrix), as the path of an SVG."""
        return barcode.path(self._modules())

    def _modules(self) -> tuple[str, ...]:
        return barcode.rows(bytes.fromhex(self.seal))

    def facts(self) -> bytes:
        """All that the letter says but its seal, as JSON written in one way only: the seal carries its hash."""
        said = {name: value for name, value in self.as_values().items() if name != "seal"}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def as_values(self) -> dict[str, Any]:
        """Everything the letter says, ready for JSON."""
        return asdict(self)


def plain(text: str) -> str:
    """`text` without characters that print nothing or turn the direction of what follows.

    Joiners stay: Persian and Devanagari need them.
    """
    return "".join(
        character
        for character in text
        if character in "\n\t"
        or not (character in _DIRECTION_MARKS or unicodedata.category(character) in _SILENT)
    )
