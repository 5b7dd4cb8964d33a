"""Which characters were probably misread, and what would make everything right.

Only characters that look alike and neighbours that changed places are tried, and nothing is corrected: a person
compares with the document. Check digits cannot tell all of them apart: G and 6, L and 1, K and the filler count the
same modulo 10.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from consular.travel import judging, wording
from consular.travel.judging import Lines
from consular.travel.layouts import Layout
from consular.travel.wording import Sentence

ALIKE = ("O0", "I1", "S5", "B8", "Z2", "D0", "Q0")
"""Pairs that readers and people take for each other, and that a check digit tells apart."""
AS_DIGIT = dict(zip("OQDILSBZG", "000115826", strict=True))
"""Where only one kind can stand there is no doubt, so here are those too that check digits cannot tell apart."""
AS_LETTER = dict(zip("015862", "OISBGZ", strict=True))
MOST = 60
"""Places tried two at a time; a zone has fewer that look like another."""


@dataclass(frozen=True)
class Doubt:
    """A doubtful character; line and position count from 1. `candidates` is empty where nobody can tell."""

    line: int
    position: int
    found: str
    candidates: tuple[str, ...]
    field: str = ""

    @property
    def message(self) -> Sentence | None:
        """The question to a person who can look at the document; None without a candidate."""
        if not self.candidates:
            return None
        found = self.found if self.found.isprintable() else f"U+{ord(self.found):04X}"
        values = {"line": self.line, "position": self.position, "found": found}
        return Sentence(wording.ONE_OF, values | {"candidates": ", ".join(self.candidates)})


Change = tuple[int, int, str]
"""(line, place, character) to put there; counted from 0."""
Way = tuple[Change, ...]


def find(layout: Layout, lines: Lines, today: date) -> tuple[tuple[Doubt, ...], Lines | None]:
    """The doubtful characters, and the lines put right when there is exactly one way to do so."""
    certain = tuple(_certain(layout, lines))
    repaired = _with(lines, certain)
    if is_right(layout, repaired, today):
        ways = [certain] if certain else []
    else:
        ways = [certain + way for way in _ways(layout, repaired, today)]
    doubts = _doubts(layout, lines, ways or [certain])
    return doubts, _with(lines, ways[0]) if len(ways) == 1 else None


def is_right(layout: Layout, lines: Lines, today: date) -> bool:
    """Whether nothing is wrong with these lines."""
    digits = layout.digits(lines)
    return all(digit.fits(lines) for digit in digits) and not any(
        problem.is_error for problem in judging.problems(layout, lines, today)
    )


def _certain(layout: Layout, lines: Lines) -> Iterator[Change]:
    """Letters among digits and digits among letters, where they look like the right kind."""
    for problem in judging.misplaced(layout, lines):
        line, place = problem.line - 1, problem.position - 1
        table = AS_LETTER if problem.code == "not_a_letter" else AS_DIGIT
        meant = table.get(lines[line][place])
        if meant:
            yield line, place, meant


def _ways(layout: Layout, lines: Lines, today: date) -> list[Way]:
    """Ways to make everything right: one character, else two neighbours that changed places, else two characters."""
    changes = list(_changes(layout, lines))[:MOST]
    for tried in ([(change,) for change in changes], _swaps(layout, lines), combinations(changes, 2)):
        ways = [
            way
            for way in tried
            if len({change[:2] for change in way}) == len(way) and is_right(layout, _with(lines, way), today)
        ]
        if ways:
            return ways
    return []


def _swaps(layout: Layout, lines: Lines) -> Iterator[Way]:
    """Neighbours under a wrong check digit in each other's place: the usual slip of those who type."""
    suspects = _suspects(layout, lines)
    for (line, place), (next_line, following) in pairwise(suspects):
        left, right = lines[line][place], lines[next_line][following]
        if next_line == line and following == place + 1 and left != right:
            yield (line, place, right), (line, following, left)


def _changes(layout: Layout, lines: Lines) -> Iterator[Change]:
    """Look-alikes of what stands under wrong check digits, and of the digits themselves."""
    for line, place in _suspects(layout, lines):
        found = lines[line][place]
        for pair in ALIKE:
            if found in pair:
                yield line, place, pair[1 - pair.index(found)]


def _suspects(layout: Layout, lines: Lines) -> list[tuple[int, int]]:
    """The places under the wrong check digits, and where these stand."""
    wrong = [digit for digit in layout.digits(lines) if not digit.fits(lines)]
    places = [place for digit in wrong for span in (*digit.over, digit.place) for place in span.places()]
    return sorted(set(places))


def _with(lines: Lines, changes: Way) -> Lines:
    rows = [list(line) for line in lines]
    for line, place, character in changes:
        rows[line][place] = character
    return tuple("".join(row) for row in rows)


def _doubts(layout: Layout, lines: Lines, ways: list[Way]) -> tuple[Doubt, ...]:
    candidates: dict[tuple[int, int], list[str]] = {}
    for way in ways:
        for line, place, character in way:
            known = candidates.setdefault((line, place), [])
            if character not in known:
                known.append(character)
    return tuple(
        Doubt(line + 1, place + 1, lines[line][place], tuple(found), field_at(layout, line, place))
        for (line, place), found in sorted(candidates.items())
    )


def field_at(layout: Layout, line: int, place: int) -> str:
    """The field, or the check digit of the field, that this place belongs to."""
    for field, span in layout.spans.items():
        if (line, place) in span.places():
            return field
    for digit in layout.fixed:
        if (line, place) in digit.place.places():
            return digit.name
    return ""
