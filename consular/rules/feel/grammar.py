"""Reads FEEL text into a tree: operators by precedence, calls, paths, filters (DMN 1.5, 10.3.1.2)."""

from collections.abc import Iterable

from consular.rules import limits
from consular.rules.feel.lexer import Lexer
from consular.rules.feel.primaries import Primaries
from consular.rules.feel.syntax import (
    Between,
    Call,
    Chain,
    Choice,
    Comparison,
    Filter,
    InstanceOf,
    Iterator,
    Logic,
    Loop,
    Name,
    Negation,
    Node,
    OneSided,
    Path,
    Tests,
    children,
)
from consular.rules.problems import SyntaxProblem

INPUT = Name("?")
LEVELS = (("+", "-"), ("*", "/"), ("**",))
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Parser(Primaries):
    """Reads one text; `expression` and `tests` are its two ways in."""

    def __init__(self, lexer: Lexer) -> None:
        super().__init__(lexer)
        self.in_bound = False

    def expression(self) -> Node:
        """A textual expression."""
        outside, self.in_bound = self.in_bound, False
        with self.deeper():
            if self.sees("if"):
                found: Node = self._choice()
            elif self.sees("for", "some", "every"):
                found = self._loop()
            elif self.sees(*COMPARISONS):
                found = self._one_sided()
            else:
                found = self._or()
        self.in_bound = outside
        return found

    def bound(self) -> Node:
        """An arithmetic expression after which `[` closes a range."""
        outside, self.in_bound = self.in_bound, True
        found = self._chain(0)
        self.in_bound = outside
        return found

    def _choice(self) -> Node:
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return Choice(condition, yes, self.expression())

    def _loop(self) -> Node:
        word = self.take().value
        iterators = [self._iterator()]
        while self.accept(","):
            iterators.append(self._iterator())
        self.expect("return" if word == "for" else "satisfies")
        return Loop(word, tuple(iterators), self.expression())

    def _iterator(self) -> Iterator:
        name = self._long_name("in")
        self.lexer.learn(name)
        self.expect("in")
        domain = self.expression()
        return Iterator(name, domain, self.expression() if self.accept("..") else None)

    def _or(self) -> Node:
        operands = [self._and()]
        while self.accept("or"):
            operands.append(self._and())
        return operands[0] if len(operands) == 1 else Logic("or", tuple(operands))

    def _and(self) -> Node:
        operands = [self._comparison()]
        while self.accept("and"):
            operands.append(self._comparison())
        return operands[0] if len(operands) == 1 else Logic("and", tuple(operands))

    def _comparison(self) -> Node:
        left = self._chain(0)
        while True:
            if self.sees(*COMPARISONS):
                left = Comparison(self.take().value, left, self._chain(0))
            elif self.accept("between"):
                low = self._chain(0)
                self.expect("and")
                left = Between(left, low, self._chain(0))
            elif self.accept("in"):
                left = Tests(left, self._in())
            else:
                return left

    def _in(self) -> tuple[Node, ...]:
        """What stands after `in`: one test, or several in parentheses."""
        if self.sees(*COMPARISONS):
            return (self._one_sided(),)
        if not self.sees("("):
            return (self._chain(0),)
        start = self.now.start
        self.take()
        tests = [self.expression()]
        while self.accept(","):
            tests.append(self.expression())
        if self.sees(".."):
            self.go(start)
            return (self._chain(0),)
        self.expect(")")
        return tuple(tests)

    def _one_sided(self) -> Node:
        """A comparison without its left side, which only stands where a whole test or expression does."""
        return OneSided(self.take().value, self._chain(0))

    def _chain(self, level: int) -> Node:
        if level == len(LEVELS):
            return self._negation()
        first = self._chain(level + 1)
        rest: list[tuple[str, Node]] = []
        while operator := self.accept(*LEVELS[level]):
            rest.append((operator, self._chain(level + 1)))
        return Chain(first, tuple(rest)) if rest else first

    def _negation(self) -> Node:
        if self.accept("-"):
            with self.deeper():
                return Negation(self._negation())
        found = self._postfix()
        while self.accept("instance of"):
            found = InstanceOf(found, self.type())
        return found

    def _postfix(self) -> Node:
        found = self.primary()
        while True:
            if self.accept("."):
                found = Path(found, self.name())
            elif self.sees("[") and not self._closes():
                self.take()
                found = Filter(found, self.expression())
                self.expect("]")
            elif self.accept("("):
                found = self._call(found)
            else:
                return found

    def _closes(self) -> bool:
        """Whether `[` here ends a range rather than begins a filter."""
        if not self.in_bound:
            return False
        after = self.lexer.token(self.now.end)
        return after.kind in ("end", "keyword", "operator") and after.value not in (
            "(",
            "[",
            "-",
            "{",
            "@",
            "not",
        )

    def _call(self, function: Node) -> Node:
        arguments: list[Node] = []
        names: list[str] = []
        for _ in self.until(")"):
            names += self._argument_name()
            arguments.append(self.expression())
        if names and len(names) != len(arguments):
            self.fail("arguments are given either by name or by position")
        if len(set(names)) != len(names):
            self.fail("an argument is given twice")
        return Call(function, tuple(arguments), tuple(names))

    def _argument_name(self) -> list[str]:
        if self.now.kind == "name" and self.lexer.token(self.now.end).value == ":":
            name = self.name()
            self.expect(":")
            return [name]
        return []

    def tests(self) -> Node:
        """The content of a table cell: `-`, `not(…)`, or tests separated by commas, for the input `?`."""
        if self.sees("-") and self.lexer.token(self.now.end).kind == "end":
            self.take()
            return Tests(INPUT, ())
        if self.now.kind == "name" and self.now.value == "not":
            start = self.now.start
            self.take()
            if self.accept("("):
                negated = self._tests_until(")")
                if self.now.kind == "end":
                    return Tests(INPUT, negated, negated=True)
            self.go(start)
        return Tests(INPUT, self._tests_until(""))

    def _tests_until(self, end: str) -> tuple[Node, ...]:
        found = [self.expression()]
        while self.accept(","):
            found.append(self.expression())
        if end:
            self.expect(end)
        return tuple(found)


def expression(text: str, known: Iterable[str] = ()) -> Node:
    """The tree of an expression; `known` are the names around it. Raises SyntaxProblem."""
    return _whole(text, known, tests=False)


def unary(text: str, known: Iterable[str] = ()) -> Node:
    """The tree of a cell's unary tests. Raises SyntaxProblem."""
    return _whole(text, known, tests=True)


def _whole(text: str, known: Iterable[str], *, tests: bool) -> Node:
    parser = Parser(Lexer(text, known))
    try:
        tree = parser.tests() if tests else parser.expression()
    except RecursionError:
        raise SyntaxProblem("too many levels of nesting", text=text) from None
    if parser.now.kind != "end":
        parser.fail("expected the end")
    _refuse_tall(tree)
    return tree


def _refuse_tall(tree: Node) -> None:
    """Refuse a tree whose evaluation would nest too deeply."""
    level: list[Node] = [tree]
    for _ in range(limits.TREE):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    raise SyntaxProblem(f"more than {limits.TREE} levels of nesting")
