"""Lines of a zone out of what people type or paste.

Spaces, line breaks in the wrong place, small letters and invisible marks are tolerated. Everything else that cannot
stand in a zone is kept in mind as strange, together with what it probably is, and never corrected silently.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from consular.travel import layouts
from consular.travel.checksum import ALPHABET, FILLER
from consular.travel.layouts import Layout

LONGEST = 1000
"""Characters anybody looks at; a zone has 90 at most."""
BY_LENGTH = {90: (3, 30, "ACI"), 72: (2, 36, "ACIV"), 88: (2, 44, "PV")}
"""Height and width of the zones of so many characters, and what they begin with."""
NEAR = 4
"""Rows that have fewer than this many characters too many or too few are taken for a layout; layouts differ by 6."""
WAYS = 6
"""Gaps of one line that are tried when it has the wrong length."""
CAPITALS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u00ad\u2066\u2069")
PROBABLY = {
    **dict.fromkeys("«≪《", FILLER * 2),
    **dict.fromkeys("‹〈⟨＜˂", FILLER),
    **dict(zip("АВЕЅІЈКМНОРСТУХАЁ", "ABESIJKMHOPCTYXAE", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("ÅÄÖØÜÇÑ", "AAOOUCN", strict=True)),
    "€": "C",
    "$": "S",
    "|": "I",
    "!": "I",
    "£": "E",
}
"""Quotation marks that readers take fillers for, and letters of other scripts and with marks that look like
ours."""


@dataclass(frozen=True)
class Strange:
    """A character that cannot stand in a zone; line and place count from 0. `probably` is "" when nobody knows."""

    line: int
    place: int
    found: str
    probably: str


@dataclass(frozen=True)
class Typed:
    """What was typed as rows of the alphabet of zones; in place of a strange character stands what it probably
    is."""

    rows: tuple[str, ...]
    strange: tuple[Strange, ...] = ()
    is_too_long: bool = False


def read(text: str) -> Typed:
    """The rows of a text, whatever it is."""
    if len(text) > LONGEST:
        return Typed((), is_too_long=True)
    rows: list[str] = []
    strange: list[Strange] = []
    for raw in text.translate(CAPITALS).splitlines():
        row = ""
        for character in raw:
            meant = "" if character.isspace() or character in INVISIBLE else character
            if meant and meant not in ALPHABET:
                probably = _probably(character)
                strange.append(Strange(len(rows), len(row), character, probably))
                meant = probably or FILLER
            row += meant
        if row:
            rows.append(row)
    return _broken_again(tuple(rows), strange)


def _probably(character: str) -> str:
    guess = PROBABLY.get(character) or PROBABLY.get(character.upper())
    if guess is None and character.isdecimal():
        guess = str(unicodedata.decimal(character))
    if guess is None:
        guess = unicodedata.normalize("NFKC", character).translate(CAPITALS)
    return guess if guess and set(guess) <= ALPHABET and len(guess) <= 2 else ""


def _broken_again(rows: tuple[str, ...], strange: list[Strange]) -> Typed:
    """The rows, broken where a zone of so many characters has its line breaks when they fit nowhere as they are."""
    joined = "".join(rows)
    meant = BY_LENGTH.get(len(joined))
    if layouts.of(rows) or not meant or (len(rows) > 1 and joined[0] not in meant[2]):
        return Typed(rows, tuple(strange))
    height, width, _codes = meant
    before = [sum(map(len, rows[:line])) for line in range(len(rows))]
    moved = tuple(
        Strange(*divmod(before[each.line] + each.place, width), each.found, each.probably) for each in strange
    )
    return Typed(tuple(joined[start : start + width] for start in range(0, height * width, width)), moved)


def nearest(rows: tuple[str, ...]) -> Layout | None:
    """The layout meant by rows of wrong lengths, by their number, the longest one and the first letter."""
    longest = max(map(len, rows))
    near = [
        layout
        for layout in layouts.LAYOUTS.values()
        if len(rows) == layout.height
        and abs(longest - layout.width) < NEAR
        and (layout.codes == "V") == (rows[0][0] == "V")
    ]
    return near[0] if near else None


def within(rows: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Neighbouring rows that have the lengths of a zone, among others that do not belong to it."""
    for height in (2, 3):
        for first in range(len(rows) - height + 1):
            if layouts.of(rows[first : first + height]):
                yield rows[first : first + height]


def mended(rows: tuple[str, ...], layout: Layout) -> Iterator[tuple[str, ...]]:
    """Rows of the right length, when fillers too many or too few explain the wrong one; the likeliest first."""
    return product(*(_fitted(row, layout.width)[:WAYS] for row in rows))


def _fitted(row: str, width: int) -> list[str]:
    """The ways to give a row its width by fillers alone, at its end or within one of its gaps."""
    if len(row) == width:
        return [row]
    missing = width - len(row)
    ways = []
    if row.endswith(FILLER) and len(row.rstrip(FILLER)) <= width:
        ways.append(row.rstrip(FILLER).ljust(width, FILLER))
    for start, end in _gaps(row):
        if end - start + missing > 0:
            ways.append(row[:start] + FILLER * (end - start + missing) + row[end:])
    return list(dict.fromkeys(ways))


def _gaps(row: str) -> list[tuple[int, int]]:
    """The runs of fillers, the longest first."""
    runs, start = [], None
    for place, character in enumerate(row + "."):
        if character == FILLER and start is None:
            start = place
        elif character != FILLER and start is not None:
            runs.append((start, place))
            start = None
    return sorted(runs, key=lambda run: run[0] - run[1])
