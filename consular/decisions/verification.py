"""Is this letter genuine, and does it still stand? Answers for anybody, with nothing about a person in them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consular.core import references
from consular.decisions import seal, seal_code, signature
from consular.decisions.choices import End
from consular.decisions.letter import CODE_LENGTH
from consular.decisions.models import Kind, Letter, LetterQuerySet, Supersession
from consular.decisions.source import day_at, issued_on

CODE_IN_FILE = re.compile(rb"verify(?:/|\\057)([0-9A-Z]{4}(?:(?:-|\\055)[0-9A-Z]{4}){5})")
"""The code in the address that the signature of a letter carries; PDF may write signs by their number."""


LONGEST_TYPED = 100
"""Signs with which somebody may type a code, spaces and dashes included."""


class Status(StrEnum):
    """What can be said about a code or a file."""

    VALID = "valid"
    CHANGED = "changed"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """The answer. `kind` and the days are those of the genuine letter, where there is one."""

    status: Status
    kind: str = ""
    issued_on: date | None = None
    ended_on: date | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the letter is genuine and still stands."""
        return self.status == Status.VALID

    @property
    def name(self) -> str:
        """The kind of letter in words, in the active language."""
        return str(Kind(self.kind).label) if self.kind else ""


UNKNOWN = Verdict(Status.UNKNOWN)


def tidy(code: str) -> str | None:
    """The code that was meant, however it was typed; None when it cannot be one of ours."""
    tidied = references.tidy(code) if len(code) <= LONGEST_TYPED else None
    return tidied if tidied and len(tidied.replace("-", "")) == CODE_LENGTH + 1 else None


def look_up(code: str) -> Verdict:
    """What is known of the letter with this code, however it was typed."""
    tidied = tidy(code)
    letter = _letters().filter(code=tidied).first() if tidied else None
    return _standing(letter) if letter else UNKNOWN


def check_file(pdf: bytes) -> Verdict:
    """What is known of a file: valid only if it is, to the last byte, a letter we issued that still stands.

    The bytes are compared by hash with what was issued, and a signature must hold over them besides: neither another
    hash in our register nor a stolen key alone makes a file valid. By whom they are signed does not count here,
    because a letter outlives the certificate and the authority behind its signature. A file that carries the code of
    a letter and differs is changed.

    Only bytes of the register are opened as a PDF. Everything else stays a string: five megabytes from a stranger can
    keep a reader of PDF files busy for minutes.
    """
    letter = _letters().filter(sha256=hashlib.sha256(pdf).hexdigest()).first()
    if letter is None:
        return Verdict(Status.CHANGED) if _names_a_letter(pdf) else UNKNOWN
    return _standing(letter) if signature.check(pdf).intact else Verdict(Status.CHANGED)


def check_seal(text: str) -> Verdict:
    """What is known of a letter by its digital seal, as digits or base64: proven with our certificates, then looked up.

    A seal says less than the file: the paper around it may say something else.
    """
    content = seal_code.typed(text)
    try:
        proven = seal.prove(content or b"", seal.own_certificates())
    except seal.NotProven:
        return UNKNOWN
    letter = (
        Letter.objects.select_related("supersession", "mission", "case__mission")
        .filter(number=proven.number)
        .first()
    )
    if letter is None or content is None:
        return UNKNOWN
    is_its = letter.values.get("seal") == content.hex()
    return _standing(letter) if is_its else Verdict(Status.CHANGED)


def _letters() -> LetterQuerySet:
    """The letters, with what tells their days and without their bytes."""
    return Letter.objects.listed().select_related("mission", "case__mission")


def _standing(letter: Letter) -> Verdict:
    """Whether an issued letter still stands; the days are those at the mission, as the letter prints them."""
    end: Supersession | None = getattr(letter, "supersession", None)
    issued = issued_on(letter)
    if end is None:
        return Verdict(Status.VALID, letter.kind, issued)
    status = Status.REVOKED if end.end in {End.ANNULLED, End.REVOKED} else Status.SUPERSEDED
    return Verdict(status, letter.kind, issued, day_at(letter, end.at))


def _names_a_letter(pdf: bytes) -> bool:
    """Whether the file carries the code of a letter we issued."""
    codes = {match.decode().replace("\\055", "-") for match in CODE_IN_FILE.findall(pdf)[:10]}
    return Letter.objects.filter(code__in=codes).exists()
