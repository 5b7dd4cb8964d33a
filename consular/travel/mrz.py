"""Machine-readable zones of passports, cards and visas, read from any text (ICAO Doc 9303 parts 3 to 7).

`read` takes any text and never raises; `write` is its inverse. Nothing is corrected silently: what looks misread is
named, and `suggestion` holds the lines put right where there is exactly one way to do so.
"""

from dataclasses import dataclass
from datetime import date

from consular.travel import dates, doubts, judging, layouts, names, pasting, wording
from consular.travel.checksum import FILLER
from consular.travel.doubts import Doubt
from consular.travel.fields import Fields
from consular.travel.judging import CheckDigit, Problem
from consular.travel.layouts import Layout
from consular.travel.pasting import Strange, Typed
from consular.travel.wording import Sentence
from consular.travel.writing import write

__all__ = ["CheckDigit", "Doubt", "Fields", "Problem", "Reading", "read", "write"]


@dataclass(frozen=True)
class Reading:
    """What a zone says, and what is wrong with it.

    `format` is TD1, TD2, TD3, MRV-A or MRV-B, "" when it is none of them; then there are no fields.
    `name_may_be_cut` when the name fills its field. `lines` are the ones that were read.
    """

    format: str = ""
    lines: tuple[str, ...] = ()
    fields: Fields | None = None
    digits: tuple[CheckDigit, ...] = ()
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    suggestion: tuple[str, ...] | None = None
    name_may_be_cut: bool = False

    @property
    def valid(self) -> bool:
        """Whether it is a zone with nothing wrong; unusual things do no harm."""
        return self.fields is not None and not any(problem.is_error for problem in self.problems)


def read(text: str, today: date) -> Reading:
    """Read a zone out of any text; `today` decides which century two digits of a year belong to."""
    typed = pasting.read(text)
    if typed.is_too_long or not typed.rows:
        sentence = wording.TOO_LONG if typed.is_too_long else wording.EMPTY
        return Reading(problems=(Problem("too_long" if typed.is_too_long else "empty", Sentence(sentence)),))
    layout = layouts.of(typed.rows)
    if layout is None:
        return _of_wrong_length(typed, today)
    return _zone(layout, typed, today)


def _zone(layout: Layout, typed: Typed, today: date) -> Reading:
    """The reading of lines of the right lengths."""
    lines = typed.rows
    strange = tuple(map(_strange, typed.strange))
    wrong = (*strange, *judging.problems(layout, lines, today))
    odd = tuple(_doubt(layout, each) for each in typed.strange)
    found: tuple[Doubt, ...] = ()
    better: tuple[str, ...] | None = None
    if any(problem.is_error for problem in wrong[len(strange) :]):
        found, better = doubts.find(layout, lines, today)
    elif odd and all(each.candidates for each in odd):
        better = lines
    span = layout.spans["name"]
    return Reading(
        format=layout.name,
        lines=lines,
        fields=_fields(layout, lines, today),
        digits=judging.check_digits(layout, lines),
        problems=wrong,
        doubts=odd + found,
        suggestion=better,
        name_may_be_cut=names.is_full(span.of(lines)),
    )


def _of_wrong_length(typed: Typed, today: date) -> Reading:
    """Rows that are no zone as they are; where only the number of fillers is wrong, a suggestion."""
    strange = tuple(map(_strange, typed.strange))
    layout = pasting.nearest(typed.rows)
    if layout is None:
        wrong = (Problem("format", Sentence(wording.NOT_A_ZONE)), *strange)
        return Reading(lines=typed.rows, problems=wrong, suggestion=_within(typed.rows, today))
    lengths = tuple(
        Problem(
            "length",
            Sentence(wording.LENGTH, {"line": line + 1, "found": len(row), "needed": layout.width}),
            line=line + 1,
        )
        for line, row in enumerate(typed.rows)
        if len(row) != layout.width
    )
    ways = pasting.mended(typed.rows, layout)
    right = next((rows for rows in ways if doubts.is_right(layout, rows, today)), None)
    return Reading(lines=typed.rows, problems=(*lengths, *strange), suggestion=right)


def _within(rows: tuple[str, ...], today: date) -> tuple[str, ...] | None:
    """A zone without a mistake among other lines, as when the whole page was copied."""
    for lines in pasting.within(rows):
        layout = layouts.of(lines)
        if layout and doubts.is_right(layout, lines, today):
            return lines
    return None


def _fields(layout: Layout, lines: tuple[str, ...], today: date) -> Fields:
    """The fields as they stand there; a date that is none is ""."""
    texts = {field: span.of(lines) for field, span in layout.spans.items()}
    surname, given_names = names.read(texts["name"])
    number, optional = texts["document_number"], texts["optional_data"]
    rest = layout.rest_of_number(lines)
    if rest:
        number, optional = number + rest[:-1], optional[len(rest) + 1 :]
    return Fields(
        format=layout.name,
        document_code=texts["document_code"].rstrip(FILLER),
        issuing_state=texts["issuing_state"].rstrip(FILLER),
        surname=surname,
        given_names=given_names,
        document_number=_spaced(number),
        nationality=texts["nationality"].rstrip(FILLER),
        birth_date=dates.read_birth(texts["birth_date"], today) or "",
        sex=texts["sex"].replace(FILLER, "X"),
        expiry_date=dates.read_expiry(texts["expiry_date"], today) or "",
        optional_data=_spaced(optional),
        optional_data_2=_spaced(texts.get("optional_data_2", "")),
    )


def _spaced(text: str) -> str:
    return text.rstrip(FILLER).replace(FILLER, " ")


def _strange(each: Strange) -> Problem:
    values = {"line": each.line + 1, "position": each.place + 1}
    return Problem("strange", Sentence(wording.STRANGE, values), "", each.line + 1, each.place + 1)


def _doubt(layout: Layout, each: Strange) -> Doubt:
    candidates = (each.probably,) if each.probably else ()
    field = doubts.field_at(layout, each.line, each.place)
    return Doubt(each.line + 1, each.place + 1, each.found, candidates, field)
