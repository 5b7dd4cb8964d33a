"""Reads regular expressions (XPath functions 3.1, 5.6.1) into programs for the matcher.

A program is a list of steps: ("one", accepts), ("go", step), ("try", step, else step), ("save", place),
("start",), ("end",), ("again", group), ("done",). It has no loops that its text does not have, and its size is bounded.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from consular.rules import limits
from consular.rules.feel import pattern_classes as classes
from consular.rules.feel.pattern_classes import Accepts, PatternProblem

Step = tuple[Any, ...]
MOST_STEPS = 2000
DEEPEST = 30
FLAGS = frozenset("smixq")


@dataclass(frozen=True, slots=True)
class Program:
    """A regular expression ready to match."""

    steps: tuple[Step, ...]
    groups: int
    multiline: bool
    folds: bool
    again: bool


class _Reader:
    """Compiles while reading; every method gives relative steps that can be copied for repetitions."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.at = 0
        self.flags = flags
        self.groups = 0
        self.depth = 0
        self.in_class = 0
        self.again = False
        self.closed: set[int] = set()

    def peek(self) -> str:
        """The next character, or nothing at the end; skips blanks under the flag x, but not in classes."""
        while (
            "x" in self.flags
            and not self.in_class
            and self.at < len(self.text)
            and self.text[self.at] in " \t\r\n"
        ):
            self.at += 1
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self) -> str:
        """The next character, which must be there."""
        character = self.peek()
        if not character:
            raise PatternProblem("the pattern ends too early")
        self.at += 1
        return character

    def accept(self, expected: str) -> bool:
        """Skip what is expected when it comes next."""
        if self.peek() and self.text.startswith(expected, self.at):
            self.at += len(expected)
            return True
        return False

    def alternatives(self) -> list[Step]:
        """Branches separated by bars."""
        branches = [self.branch()]
        while self.accept("|"):
            branches.append(self.branch())
        steps = branches.pop()
        while branches:
            branch = branches.pop()
            steps = [("try", 1, len(branch) + 2), *branch, ("go", len(steps) + 1), *steps]
        return sized(steps)

    def branch(self) -> list[Step]:
        """Pieces in a row."""
        steps: list[Step] = []
        while self.peek() not in ("", "|", ")"):
            steps += self.piece()
        return sized(steps)

    def piece(self) -> list[Step]:
        """An atom with its quantifier."""
        atom = self.atom()
        least, most = self.quantifier()
        if (least, most) == (1, 1):
            return atom
        greedy = not self.accept("?")
        if self.peek() and self.peek() in "?*+{":
            raise PatternProblem("a quantifier follows a quantifier")
        return repeated(atom, least, most, greedy=greedy)

    def quantifier(self) -> tuple[int, int | None]:
        """How often an atom may occur; None is without end."""
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.accept(sign):
                return bounds
        if not self.accept("{"):
            return 1, 1
        inside, closed, _ = self.text[self.at :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not (least.isascii() and least.isdigit()) or len(inside) > 9:
            raise PatternProblem("a quantity cannot be read")
        self.at += len(inside) + 1
        if not comma or not most:
            return int(least), None if comma else int(least)
        if not (most.isascii() and most.isdigit()) or int(most) < int(least):
            raise PatternProblem("a quantity cannot be read")
        return int(least), int(most)

    def atom(self) -> list[Step]:
        """One character, class, anchor, group or reference."""
        character = self.take()
        if character == "(":
            return self.group()
        if character == "[":
            return self.single(self.char_class())
        if character == ".":
            return self.single(
                (lambda tested: True) if "s" in self.flags else (lambda tested: tested not in "\n\r")
            )
        if character in "^$":
            return [("start",) if character == "^" else ("end",)]
        if character == "\\":
            return self.escape()
        if character in "?*+{}]":
            raise PatternProblem(f"{character} stands alone")
        return self.single(self.literal(character))

    def single(self, accepts: Accepts) -> list[Step]:
        """A step over one character."""
        return [("one", classes.remembered(accepts))]

    def literal(self, first: str, last: str = "") -> Accepts:
        """A character or a span; under the flag i in capitals and in small letters."""
        accepts = classes.span(first, last) if last else classes.one(first)
        return classes.folded(accepts) if "i" in self.flags else accepts

    def group(self) -> list[Step]:
        """Parentheses, remembered unless they begin with ?:."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise PatternProblem("groups nest too deeply")
        plain = self.accept("?:")
        if not plain:
            self.groups += 1
        number = self.groups
        steps = self.alternatives()
        if not self.accept(")"):
            raise PatternProblem("a group is not closed")
        self.depth -= 1
        self.closed.add(number)
        return steps if plain else [("save", 2 * number), *steps, ("save", 2 * number + 1)]

    def escape(self) -> list[Step]:
        """What follows a backslash."""
        if self.peek() in tuple("123456789"):
            number = int(self.take())
            if number not in self.closed:
                raise PatternProblem("a reference to a group that is not complete")
            self.again = True
            return [("again", number)]
        return self.single(self.escaped())

    def escaped(self) -> Accepts:
        """The characters an escape stands for."""
        letter = self.take()
        if letter in classes.SINGLE:
            return self.literal(classes.SINGLE[letter])
        if letter.lower() in classes.SHORT:
            accepts = classes.SHORT[letter.lower()]
            return accepts if letter.islower() else classes.inverted(accepts)
        if letter not in "pP" or not self.accept("{"):
            raise PatternProblem(f"\\{letter} has no meaning")
        name, closed, _ = self.text[self.at :].partition("}")
        if not closed:
            raise PatternProblem("a category is not closed")
        self.at += len(name) + 1
        accepts = classes.category(name)
        return accepts if letter == "p" else classes.inverted(accepts)

    def char_class(self) -> Accepts:
        """The inside of brackets."""
        self.in_class += 1
        if self.in_class > DEEPEST:
            raise PatternProblem("classes nest too deeply")
        negative = self.accept("^")
        parts: list[Accepts] = []
        taken: Accepts | None = None
        while taken is None and not self.accept("]"):
            if parts and self.accept("-["):
                taken = self._taken_away()
            else:
                parts.append(self.class_part())
        self.in_class -= 1
        if not parts:
            raise PatternProblem("a class is empty")
        accepts = classes.inverted(classes.union(parts)) if negative else classes.union(parts)
        return classes.without(accepts, taken) if taken else accepts

    def _taken_away(self) -> Accepts:
        taken = self.char_class()
        if not self.accept("]"):
            raise PatternProblem("nothing may follow a subtraction")
        return taken

    def _escaped_end(self) -> str:
        letter = self.take()
        if letter not in classes.SINGLE:
            raise PatternProblem(f"a span cannot end with \\{letter}")
        return classes.SINGLE[letter]

    def class_part(self) -> Accepts:
        """A character, a span or an escape inside brackets."""
        first = self.take()
        if first == "[":
            raise PatternProblem("a bracket stands alone in a class")
        if first == "\\":
            if self.peek() not in classes.SINGLE:
                return self.escaped()
            first = classes.SINGLE[self.take()]
        following = self.text[self.at + 1 : self.at + 2]
        if self.peek() != "-" or following in ("]", "[", ""):
            return self.literal(first)
        self.take()
        last = self.take()
        return self.literal(first, self._escaped_end() if last == "\\" else last)


def sized(steps: list[Step]) -> list[Step]:
    """The steps, unless they are too many."""
    if len(steps) > MOST_STEPS:
        raise PatternProblem("the pattern grows too large")
    return steps


def repeated(atom: list[Step], least: int, most: int | None, *, greedy: bool) -> list[Step]:
    """An atom as often as its quantifier says, written out."""
    if (len(atom) + 1) * (most or least + 1) > MOST_STEPS:
        raise PatternProblem("the pattern grows too large")
    steps = atom * least
    size = len(atom)
    if most is None:
        skip = ("try", 1, size + 2) if greedy else ("try", size + 2, 1)
        return [*steps, skip, *atom, ("go", -size - 1)]
    for left in range(most - least, 0, -1):
        behind = left * (size + 1)
        steps += [("try", 1, behind) if greedy else ("try", behind, 1), *atom]
    return steps


@lru_cache(maxsize=256)
def program(pattern: str, flags: str) -> Program:
    """The program of a pattern. Raises PatternProblem."""
    if len(pattern) > limits.PATTERN or set(flags) - FLAGS:
        raise PatternProblem("the pattern is too long or has unknown flags")
    reader = _Reader(pattern, flags)
    if "q" in flags:
        steps = sized([step for character in pattern for step in reader.single(reader.literal(character))])
    else:
        steps = reader.alternatives()
        if reader.peek():
            raise PatternProblem("a group is not opened")
    return Program((*steps, ("done",)), reader.groups, "m" in flags, "i" in flags, reader.again)
