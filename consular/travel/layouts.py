"""Where everything stands in the five kinds of machine-readable zone (ICAO Doc 9303 parts 4 to 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from consular.travel import checksum
from consular.travel.checksum import FILLER


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters of one line; lines and characters count from 0, the end is the first one after it."""

    line: int
    start: int
    end: int

    def of(self, lines: Sequence[str]) -> str:
        """The characters that stand there."""
        return lines[self.line][self.start : self.end]

    def places(self) -> list[tuple[int, int]]:
        """Each (line, character) of it."""
        return [(self.line, place) for place in range(self.start, self.end)]


@dataclass(frozen=True, slots=True)
class Digit:
    """A check digit: where it stands, and what it is computed over."""

    name: str
    place: Span
    over: tuple[Span, ...]
    may_be_filler: bool = False
    """Allowed instead of 0 when there is nothing to compute it over."""

    def expected(self, lines: Sequence[str]) -> str:
        """What it should be."""
        return checksum.digit("".join(span.of(lines) for span in self.over))

    def fits(self, lines: Sequence[str]) -> bool:
        """Whether it is what it should be."""
        found = self.place.of(lines)
        if found == FILLER and self.may_be_filler:
            return not "".join(span.of(lines) for span in self.over).strip(FILLER)
        return found == self.expected(lines)


@dataclass(frozen=True)
class Layout:
    """One kind of zone. `codes` are the letters a document code may begin with."""

    name: str
    height: int
    width: int
    codes: str
    spans: Mapping[str, Span]
    fixed: tuple[Digit, ...]
    takes_long_numbers: bool = False

    def digits(self, lines: Sequence[str]) -> tuple[Digit, ...]:
        """The check digits of these lines; that of a long document number stands behind its last character."""
        rest = self.rest_of_number(lines)
        if not rest:
            return self.fixed
        number, more = self.spans["document_number"], self.spans["optional_data"]
        place = more.start + len(rest) - 1
        long = Digit(
            "document_number",
            Span(more.line, place, place + 1),
            (number, Span(more.line, more.start, place)),
        )
        return (long, *self.fixed[1:])

    def rest_of_number(self, lines: Sequence[str]) -> str:
        """What continues a document number of more than nine characters, its check digit last.

        A filler in place of the check digit says that the number goes on in the optional data (part 5, 4.2.2 note
        j).
        """
        if not self.takes_long_numbers or self.fixed[0].place.of(lines) != FILLER:
            return ""
        return self.spans["optional_data"].of(lines).partition(FILLER)[0]


def _two_lines(width: int) -> dict[str, Span]:
    """What all zones of two lines have in common; positions as the standard counts them are one higher."""
    return {
        "document_code": Span(0, 0, 2),
        "issuing_state": Span(0, 2, 5),
        "name": Span(0, 5, width),
        "document_number": Span(1, 0, 9),
        "nationality": Span(1, 10, 13),
        "birth_date": Span(1, 13, 19),
        "sex": Span(1, 20, 21),
        "expiry_date": Span(1, 21, 27),
    }


_NUMBER = Digit("document_number", Span(1, 9, 10), (Span(1, 0, 9),))
_BIRTH = Digit("birth_date", Span(1, 19, 20), (Span(1, 13, 19),))
_EXPIRY = Digit("expiry_date", Span(1, 27, 28), (Span(1, 21, 27),))


def _composite(end: int) -> Digit:
    spans = (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, end))
    return Digit("composite", Span(1, end, end + 1), spans)


TD3 = Layout(
    "TD3",
    2,
    44,
    "P",
    {**_two_lines(44), "optional_data": Span(1, 28, 42)},
    (
        _NUMBER,
        _BIRTH,
        _EXPIRY,
        Digit("optional_data", Span(1, 42, 43), (Span(1, 28, 42),), may_be_filler=True),
        _composite(43),
    ),
)
TD2 = Layout(
    "TD2",
    2,
    36,
    "ACI",
    {**_two_lines(36), "optional_data": Span(1, 28, 35)},
    (_NUMBER, _BIRTH, _EXPIRY, _composite(35)),
    takes_long_numbers=True,
)
TD1 = Layout(
    "TD1",
    3,
    30,
    "ACI",
    {
        "document_code": Span(0, 0, 2),
        "issuing_state": Span(0, 2, 5),
        "document_number": Span(0, 5, 14),
        "optional_data": Span(0, 15, 30),
        "birth_date": Span(1, 0, 6),
        "sex": Span(1, 7, 8),
        "expiry_date": Span(1, 8, 14),
        "nationality": Span(1, 15, 18),
        "optional_data_2": Span(1, 18, 29),
        "name": Span(2, 0, 30),
    },
    (
        Digit("document_number", Span(0, 14, 15), (Span(0, 5, 14),)),
        Digit("birth_date", Span(1, 6, 7), (Span(1, 0, 6),)),
        Digit("expiry_date", Span(1, 14, 15), (Span(1, 8, 14),)),
        Digit("composite", Span(1, 29, 30), (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29))),
    ),
    takes_long_numbers=True,
)
MRV_A = Layout(
    "MRV-A", 2, 44, "V", {**_two_lines(44), "optional_data": Span(1, 28, 44)}, (_NUMBER, _BIRTH, _EXPIRY)
)
MRV_B = Layout(
    "MRV-B", 2, 36, "V", {**_two_lines(36), "optional_data": Span(1, 28, 36)}, (_NUMBER, _BIRTH, _EXPIRY)
)
LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {layout.name: layout for layout in (TD1, TD2, TD3, MRV_A, MRV_B)}
)


def of(lines: Sequence[str]) -> Layout | None:
    """The layout of lines of the right lengths; visas begin with V. None for anything else."""
    widths = {len(line) for line in lines}
    for layout in LAYOUTS.values():
        is_visa = lines[:1] and lines[0][:1] == "V"
        if (
            len(lines) == layout.height
            and widths == {layout.width}
            and (layout.codes == "V") == bool(is_visa)
        ):
            return layout
    return None
