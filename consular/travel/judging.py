"""What is wrong with the lines of a zone, and in which place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from consular.travel import dates, states, wording
from consular.travel.checksum import DIGITS, FILLER, LETTERS
from consular.travel.layouts import Layout, Span
from consular.travel.wording import LABELS, Sentence

Lines = tuple[str, ...]
LETTERED = ("document_code", "issuing_state", "name", "nationality")
DATED: dict[str, Callable[[str, date], str | None]] = {
    "birth_date": dates.read_birth,
    "expiry_date": dates.read_expiry,
}


@dataclass(frozen=True)
class Problem:
    """Something wrong, or (`is_error` false) only unusual. Line and position count from 1, 0 where there is
    none."""

    code: str
    message: Sentence
    field: str = ""
    line: int = 0
    position: int = 0
    is_error: bool = True


@dataclass(frozen=True)
class CheckDigit:
    """One check digit of the document: what the characters give, and what stands there."""

    name: str
    expected: str
    found: str
    ok: bool
    line: int
    position: int


def check_digits(layout: Layout, lines: Lines) -> tuple[CheckDigit, ...]:
    """Every check digit of the zone, in its order there."""
    return tuple(
        CheckDigit(
            digit.name,
            digit.expected(lines),
            digit.place.of(lines),
            digit.fits(lines),
            digit.place.line + 1,
            digit.place.start + 1,
        )
        for digit in layout.digits(lines)
    )


def problems(layout: Layout, lines: Lines, today: date) -> Iterator[Problem]:
    """Everything that is wrong, by place; dates are judged only when they have digits."""
    yield from _code(layout, lines)
    outside = tuple(misplaced(layout, lines))
    yield from outside
    yield from _sex(layout, lines)
    yield from _dates(layout, lines, today)
    yield from _name(layout, lines)
    yield from _digits(layout, lines, {problem.field for problem in outside})
    yield from _states(layout, lines)


def misplaced(layout: Layout, lines: Lines) -> Iterator[Problem]:
    """Digits where only letters can stand, and letters where only digits can."""
    for field, span in layout.spans.items():
        wanted = LETTERS if field in LETTERED else DIGITS if field in DATED else None
        if wanted is not None:
            yield from _outside(field, span, lines, wanted)
    for digit in layout.digits(lines):
        yield from _outside(digit.name, digit.place, lines, DIGITS)


def _outside(field: str, span: Span, lines: Lines, wanted: frozenset[str]) -> Iterator[Problem]:
    for line, place in span.places():
        found = lines[line][place]
        if found not in wanted and found != FILLER:
            text = wording.NOT_A_LETTER if wanted is LETTERS else wording.NOT_A_DIGIT
            values = {"line": line + 1, "position": place + 1, "found": found, "field": LABELS[field]}
            code = "not_a_letter" if wanted is LETTERS else "not_a_digit"
            yield Problem(code, Sentence(text, values), field, line + 1, place + 1)


def _code(layout: Layout, lines: Lines) -> Iterator[Problem]:
    if lines[0][0] not in layout.codes:
        letters = ", ".join(layout.codes)
        values = {"line": 1, "position": 1, "letters": letters}
        yield Problem("document_code", Sentence(wording.CODE, values), "document_code", 1, 1)


def _sex(layout: Layout, lines: Lines) -> Iterator[Problem]:
    """An X belongs into the other half of the page; issuers who print it here mean what a filler says."""
    span = layout.spans["sex"]
    found = span.of(lines)
    if found not in ("F", "M", FILLER):
        values = {"line": span.line + 1, "position": span.start + 1}
        sentence = Sentence(wording.SEX, values)
        yield Problem("sex", sentence, "sex", span.line + 1, span.start + 1, is_error=found != "X")


def _dates(layout: Layout, lines: Lines, today: date) -> Iterator[Problem]:
    for field, read in DATED.items():
        span = layout.spans[field]
        six = span.of(lines)
        if read(six, today) is None and not set(six) & LETTERS:
            values = {
                "line": span.line + 1,
                "first": span.start + 1,
                "last": span.end,
                "field": LABELS[field],
            }
            yield Problem(
                "not_a_date", Sentence(wording.NOT_A_DATE, values), field, span.line + 1, span.start + 1
            )


def _name(layout: Layout, lines: Lines) -> Iterator[Problem]:
    span = layout.spans["name"]
    if span.of(lines)[0] == FILLER:
        values = {"line": span.line + 1}
        yield Problem("no_name", Sentence(wording.NO_NAME, values), "name", span.line + 1, span.start + 1)


def _digits(layout: Layout, lines: Lines, told: set[str]) -> Iterator[Problem]:
    """Wrong check digits, but for fields already told of; the composite one only when nothing else is wrong."""
    wrong = [digit for digit in check_digits(layout, lines) if not digit.ok]
    for digit in wrong:
        if digit.name not in told and (digit.name != "composite" or not (told or len(wrong) > 1)):
            values = {
                "field": LABELS[digit.name],
                "line": digit.line,
                "position": digit.position,
                "found": digit.found,
                "expected": digit.expected,
            }
            yield Problem(
                "check_digit", Sentence(wording.DIGIT, values), digit.name, digit.line, digit.position
            )


def _states(layout: Layout, lines: Lines) -> Iterator[Problem]:
    """Codes nobody knows: no check digit guards them, so only a person can tell."""
    for field in ("issuing_state", "nationality"):
        span = layout.spans[field]
        code = span.of(lines).rstrip(FILLER)
        if not states.is_known(code) and not set(code) & DIGITS:
            values = {"line": span.line + 1, "position": span.start + 1, "found": code}
            yield Problem(
                "unknown_state",
                Sentence(wording.UNKNOWN_STATE, values),
                field,
                span.line + 1,
                span.start + 1,
                is_error=False,
            )
