"""A place in FEEL text that moves forward token by token."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from consular.rules import limits
from consular.rules.feel.lexer import Lexer, Token, tidy
from consular.rules.problems import SyntaxProblem


class Cursor:
    """The current token, with the moves a parser needs."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.depth = 0
        self.now: Token = lexer.token(0)

    def go(self, position: int) -> None:
        """Read again from a position."""
        self.now = self.lexer.token(position)

    def take(self) -> Token:
        """The current token; moves behind it."""
        taken = self.now
        self.now = self.lexer.token(taken.end)
        return taken

    def sees(self, *values: str) -> bool:
        """Whether the current token is one of some operators or keywords."""
        return self.now.kind in ("operator", "keyword") and self.now.value in values

    def accept(self, *values: str) -> str | None:
        """Take the current token when it is one of some operators or keywords."""
        return self.take().value if self.sees(*values) else None

    def expect(self, *values: str) -> str:
        """Take one of some operators or keywords, or refuse."""
        if not self.sees(*values):
            self.fail(f"expected {' or '.join(values)}")
        return self.take().value

    def until(self, end: str) -> Iterator[None]:
        """Once for each element up to a bracket, with commas between them and none behind the last."""
        if self.accept(end):
            return
        yield
        while self.expect(end, ",") == ",":
            yield

    def name(self) -> str:
        """Take a name, or refuse."""
        if self.now.kind != "name":
            self.fail("expected a name")
        return tidy(self.take().value)

    def fail(self, message: str) -> NoReturn:
        """Refuse the text at the current token."""
        found = repr(self.now.value) if self.now.kind != "end" else "the end"
        raise SyntaxProblem(f"{message}, found {found}", text=self.lexer.text, position=self.now.start)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level of nesting more; too many are refused."""
        self.depth += 1
        if self.depth > limits.DEPTH:
            self.fail(f"more than {limits.DEPTH} levels of nesting")
        yield
        self.depth -= 1
