"""The smallest FEEL expressions: literals, names, lists, contexts, ranges, functions, types."""

from abc import ABC, abstractmethod
from itertools import count

from consular.rules.feel import temporal
from consular.rules.feel.cursor import Cursor
from consular.rules.feel.lexer import tidy
from consular.rules.feel.syntax import (
    Entries,
    Interval,
    Items,
    Lambda,
    Literal,
    Name,
    Node,
    Type,
)
from consular.rules.values import NUMBERS, finite

WORDS = {"true": True, "false": False, "null": None}


class Primaries(Cursor, ABC):
    """Reads what stands between operators."""

    @abstractmethod
    def expression(self) -> Node:
        """A whole expression; the operators are read by the parser built on this."""

    @abstractmethod
    def bound(self) -> Node:
        """An expression that may end a range: no comparison, no filter bracket of its own."""

    def primary(self) -> Node:
        """One literal, name or bracketed expression."""
        token = self.now
        if token.kind == "number":
            return Literal(finite(NUMBERS.create_decimal(self.take().value)))
        if token.kind == "string":
            return Literal(self.take().value)
        if token.kind == "name":
            return Name(self.name(), token.start)
        if token.kind == "keyword" and token.value in WORDS:
            return Literal(WORDS[self.take().value])
        return self._bracketed()

    def _bracketed(self) -> Node:
        if self.accept("@"):
            return self._temporal()
        if self.sees("[", "]"):
            return self._list_or_range()
        if self.accept("("):
            return self._group()
        if self.accept("{"):
            return self._context()
        if self.accept("function"):
            return self._lambda()
        return self.fail("expected an expression")

    def _temporal(self) -> Node:
        token = self.now
        value = temporal.parse(token.value) if token.kind == "string" else None
        if value is None:
            self.fail("expected a date, time or duration in quotation marks after @")
        self.take()
        return Literal(value)

    def _group(self) -> Node:
        first = self.expression()
        if self.accept(".."):
            return self._range(first, included=False)
        self.expect(")")
        return first

    def _list_or_range(self) -> Node:
        included = self.take().value == "["
        if not included:
            start = self.expression()
            self.expect("..")
            return self._range(start, included=False)
        if self.accept("]"):
            return Items(())
        items = [self.expression()]
        if self.accept(".."):
            return self._range(items[0], included=True)
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return Items(tuple(items))

    def _range(self, start: Node, *, included: bool) -> Node:
        end = self.bound()
        return Interval(start, end, included, self.expect("]", ")", "[") == "]")

    def _context(self) -> Node:
        entries: list[tuple[str, Node]] = []
        if self.accept("}"):
            return Entries(())
        while True:
            key = self._key()
            self.lexer.learn(key)
            self.expect(":")
            if any(key == earlier for earlier, _ in entries):
                self.fail(f"the key {key!r} occurs twice")
            entries.append((key, self.expression()))
            if not self.accept(","):
                break
        self.expect("}")
        return Entries(tuple(entries))

    def _key(self) -> str:
        if self.now.kind == "string":
            return self.take().value
        return self._long_name(":")

    def _long_name(self, *ends: str) -> str:
        """A name being introduced: everything up to what must follow it."""
        start = end = self.now.start
        if self.now.kind not in ("name", "keyword"):
            self.fail("expected a name")
        for taken in count():
            if self.sees(*ends) and taken:
                break
            if self.now.kind == "end" or (
                self.now.kind == "operator" and self.now.value not in "+-*/.'\u2019**"
            ):
                self.fail(f"expected {ends[0]}")
            end = self.take().end
        return tidy(self.lexer.text[start:end])

    def _lambda(self) -> Node:
        self.expect("(")
        names: list[str] = []
        types: list[Type | None] = []
        for _ in self.until(")"):
            names.append(self._long_name(":", ",", ")"))
            self.lexer.learn(names[-1])
            types.append(self.type() if self.accept(":") else None)
        if self.now.kind == "name" and self.now.value.startswith("external"):
            self.fail("external functions are not supported; expected an expression")
        with self.deeper():
            return Lambda(tuple(names), tuple(types), self.expression())

    def type(self) -> Type:
        """A type, as after `instance of`."""
        with self.deeper():
            if self.accept("function"):
                return self._function_type()
            if self.accept("null"):
                return Type("Null")
            name = self.name()
            while self.accept("."):
                name += f".{self.name()}"
            if name in ("list", "range") and self.accept("<"):
                return self._closed(Type(name, (("", self.type()),)))
            if name == "context" and self.accept("<"):
                return self._context_type()
            return Type(name)

    def _closed(self, found: Type) -> Type:
        self.expect(">")
        return found

    def _context_type(self) -> Type:
        entries: list[tuple[str, Type]] = []
        for _ in self.until(">"):
            key = self.name()
            self.expect(":")
            entries.append((key, self.type()))
        return Type("context", tuple(entries))

    def _function_type(self) -> Type:
        if not self.accept("<"):
            return Type("function")
        parameters: list[tuple[str, Type]] = []
        for _ in self.until(">"):
            parameters.append(("", self.type()))
        self.expect("->")
        return Type("function", tuple(parameters), self.type())
