"""What the rules of a table cover together: overlaps, gaps, rules that can never decide."""

from collections.abc import Iterator, Sequence

from consular.rules import limits
from consular.rules.dmn.regions import Column, TooManyRegions
from consular.rules.values import Value

Example = tuple[tuple[str, Value], ...]
MOST_STEPS = 50_000
MANY = 10
"""Pairs of rules that are compared in the time of one cell."""


def overlaps(columns: Sequence[Column], rules: int) -> Iterator[tuple[int, int, Example]]:
    """Pairs of rules that both match some input, with one."""
    clear = [rule for rule in range(rules) if not any(rule in column.opaque for column in columns)]
    if len(clear) ** 2 * len(columns) > 2 * limits.CHECK * MANY:
        raise TooManyRegions
    for place, first in enumerate(clear):
        for second in clear[place + 1 :]:
            shared = [column.covered[first] & column.covered[second] for column in columns]
            if all(shared):
                yield first, second, example(columns, shared)


def example(columns: Sequence[Column], bits: Sequence[int]) -> Example:
    """The first sample of the regions in each column."""
    lowest = [(region & -region).bit_length() - 1 for region in bits]
    return tuple((column.label, column.samples[place]) for column, place in zip(columns, lowest, strict=True))


def never(columns: Sequence[Column], rule: int) -> bool:
    """Whether no input at all matches a rule."""
    return any(not column.covered[rule] for column in columns)


def uncovered(
    columns: Sequence[Column], within: Sequence[int], rules: Sequence[int], most: int = 3
) -> list[Example]:
    """Inputs inside some regions that none of the rules matches; at most so many. Raises TooManyRegions."""
    return _Search(columns, within, most).run(rules)


class _Search:
    """Goes column by column, keeping the rules still possible; equal situations are looked at once."""

    def __init__(self, columns: Sequence[Column], within: Sequence[int], most: int) -> None:
        self.columns = columns
        self.within = within
        self.most = most
        self.steps = 0
        self.full: set[tuple[int, frozenset[int]]] = set()
        self.found: list[Example] = []

    def run(self, rules: Sequence[int]) -> list[Example]:
        """The inputs that no rule matches."""
        self._look(0, frozenset(rules), ())
        return self.found

    def _look(self, place: int, rules: frozenset[int], chosen: tuple[int, ...]) -> None:
        if len(self.found) >= self.most or (place, rules) in self.full:
            return
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManyRegions
        if not rules:
            rest = [bits & -bits for bits in self.within[place:]]
            self.found.append(example(self.columns, [*chosen, *rest]))
            return
        if place == len(self.columns):
            return
        before = len(self.found)
        for bit, remaining in self._branches(place, rules):
            self._look(place + 1, remaining, (*chosen, bit))
        if len(self.found) == before:
            self.full.add((place, rules))

    def _branches(self, place: int, rules: frozenset[int]) -> list[tuple[int, frozenset[int]]]:
        """Every different set of rules that some region of a column leaves possible, with one such region."""
        covered = self.columns[place].covered
        found: dict[frozenset[int], int] = {}
        for region in range(len(self.columns[place].samples)):
            bit = 1 << region
            if self.within[place] & bit:
                remaining = frozenset(rule for rule in rules if covered[rule] & bit)
                found.setdefault(remaining, bit)
        return [(bit, remaining) for remaining, bit in found.items()]
