"""Runs a regular expression over a text: every step of it at most once per place, so no pattern can explode.

Only patterns that refer back to groups may try a place again; for them the budget of the evaluation is the limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from consular.rules.feel.pattern_syntax import Program, Step
from consular.rules.scope import Budget

START = 5
"""Steps of beginning to try a pattern at a place."""
Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched: start and end of the whole and of every group, -1 for a group left out."""

    text: str
    places: Places

    @property
    def start(self) -> int:
        """Where the match begins."""
        return self.places[0]

    @property
    def end(self) -> int:
        """Where the match ends."""
        return self.places[1]

    def group(self, number: int) -> str:
        """The text of a group, empty when it took no part."""
        start, end = self.places[2 * number : 2 * number + 2]
        return self.text[start:end] if start >= 0 and end >= 0 else ""


def search(program: Program, text: str, begin: int, budget: Budget) -> Match | None:
    """The first match at or after a place."""
    seen: set[int] = set()
    for start in range(begin, len(text) + 1):
        found = _Attempt(program, text, budget, seen).run(start)
        if found:
            return Match(text, found)
    return None


def find_all(program: Program, text: str, budget: Budget) -> Iterator[Match]:
    """Every match that does not overlap an earlier one, from the left."""
    place = 0
    while place <= len(text) and (found := search(program, text, place, budget)):
        yield found
        place = max(found.end, found.start + 1)


class _Attempt:
    """Tries a program at one place, alternatives in their order of preference."""

    def __init__(self, program: Program, text: str, budget: Budget, seen: set[int]) -> None:
        self.program = program
        self.text = text
        self.budget = budget
        self.seen = seen
        self.waiting: list[tuple[int, int, Places]] = []

    def run(self, start: int) -> Places | None:
        """The places of the match that begins here, if any."""
        self.budget.spend(START)
        nowhere = (start, -1) + (-1, -1) * self.program.groups
        self.waiting = [(0, start, nowhere)]
        while self.waiting:
            found = self._follow(*self.waiting.pop())
            if found:
                return found
        return None

    def _follow(self, step: int, place: int, places: Places) -> Places | None:
        """Go on until the end of the program or until a step fails."""
        steps, text = self.program.steps, self.text
        while steps[step][0] != "done":
            if not self._is_fresh(step, place):
                return None
            operation = steps[step]
            if operation[0] == "one":
                if place >= len(text) or not operation[1](text[place]):
                    return None
                step, place = step + 1, place + 1
            elif operation[0] == "try":
                self.waiting.append((step + operation[2], place, places))
                step += operation[1]
            elif operation[0] == "go":
                step += operation[1]
            else:
                length = self._zero_width(operation, place, places)
                if length is None:
                    return None
                places = _noted(operation, place, places)
                step, place = step + 1, place + length
        return (places[0], place, *places[2:])

    def _is_fresh(self, step: int, place: int) -> bool:
        """Whether a step was not yet tried at a place; tried again only where earlier groups may differ."""
        self.budget.spend(1)
        if self.program.again:
            return True
        key = step * (len(self.text) + 1) + place
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def _zero_width(self, operation: Step, place: int, places: Places) -> int | None:
        """How many characters an anchor or a reference covers here; None when it does not hold."""
        text = self.text
        if operation[0] == "save":
            return 0
        if operation[0] == "start":
            held = place == 0 or (self.program.multiline and text[place - 1] == "\n")
        elif operation[0] == "end":
            held = place == len(text) or (self.program.multiline and text[place] == "\n")
        else:
            wanted = Match(text, places).group(operation[1])
            here = text[place : place + len(wanted)]
            same = here == wanted or (self.program.folds and here.casefold() == wanted.casefold())
            return len(wanted) if same else None
        return 0 if held else None


def _noted(operation: Step, place: int, places: Places) -> Places:
    """The places with the start or end of a group."""
    if operation[0] != "save":
        return places
    return (*places[: operation[1]], place, *places[operation[1] + 1 :])
