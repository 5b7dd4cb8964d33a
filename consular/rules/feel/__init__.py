"""FEEL, the expression language of DMN 1.5: `compile` once, `evaluate` often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from consular.rules.feel import (  # the modules of built-ins register themselves
    builtins_contexts,
    builtins_conversions,
    builtins_dates,
    builtins_lists,
    builtins_numbers,
    builtins_patterns,
    builtins_ranges,
    builtins_statistics,
    builtins_strings,
    calls,
    compiler,
    grammar,
    loops,
    names,
)
from consular.rules.feel.lexer import WORD, tidy
from consular.rules.feel.registry import BUILTINS
from consular.rules.feel.syntax import Node
from consular.rules.problems import LimitReached
from consular.rules.scope import Budget, Scope
from consular.rules.values import Value, from_python

__all__ = ["Expression", "Outcome", "compile", "evaluate", "unary"]

REGISTERED = (
    builtins_contexts,
    builtins_conversions,
    builtins_dates,
    builtins_lists,
    builtins_numbers,
    builtins_patterns,
    builtins_ranges,
    builtins_statistics,
    builtins_strings,
    calls,
    loops,
)
LONG_BUILTINS = frozenset(name for name in BUILTINS if " " in name) | {"days and time duration"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value, and why it or a part of it is null."""

    value: Value
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A compiled expression. `names` are the names it may read from its context."""

    text: str
    tree: Node
    names: frozenset[str]
    run: compiler.Run
    spelled: tuple[str, ...] = field(init=False)
    """The names that can be written in several ways: those of more than one word."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "spelled", tuple(name for name in self.names if not WORD.fullmatch(name)))

    def evaluate(self, context: Mapping[str, object], *, now: datetime | None = None) -> Value:
        """The value for a context of plain Python values; null where the expression has none, never an exception.

        `now` is what now() and today() tell, in its own time zone; without it they tell the clock's time in UTC.
        """
        return protected(self.run, Scope(self._read(context), None, Budget(now)))

    def outcome(self, context: Mapping[str, object], *, now: datetime | None = None) -> Outcome:
        """The value together with the errors met on the way."""
        budget = Budget(now)
        value = protected(self.run, Scope(self._read(context), None, budget))
        return Outcome(value, tuple(budget.errors))

    def _read(self, context: Mapping[str, object]) -> dict[str, Value]:
        """The part of a context that the expression reads, as FEEL values."""
        values = {name: from_python(context[name]) for name in self.names if name in context}
        if self.spelled and (long := [name for name in self.spelled if name not in values]):
            spelled = {tidy(key): key for key in context}
            values |= {name: from_python(context[spelled[name]]) for name in long if name in spelled}
        return values


def protected(run: compiler.Run, scope: Scope) -> Value:
    """The value of a closure; null and an error when it asks for more than the limits allow."""
    try:
        return run(scope)
    except LimitReached as problem:
        scope.budget.error(f"refused: {problem}")
    except RecursionError:
        scope.budget.error("refused: nested too deeply")
    return None


def compile(text: str, known: Iterable[str] = ()) -> Expression:
    """An expression ready to run. `known` are the names around it, needed only for names that hold operators or
    keywords ("date of birth" is no such name, "in-laws" and "born in" are). Raises SyntaxProblem with the position.
    """
    return _compiled(text, special(known), False)


def unary(text: str, known: Iterable[str] = ()) -> Expression:
    """The unary tests of a table cell ("< 5", "not(1, 2)", "-"); true when the input, called `?`, passes."""
    return _compiled(text, special(known), True)


def evaluate(text: str, context: Mapping[str, object], *, now: datetime | None = None) -> Value:
    """The value of an expression in a context whose names, also those of nested contexts, may be of any form."""
    return compile(text, known_in(context)).evaluate(context, now=now)


def special(known: Iterable[str]) -> frozenset[str]:
    """Those names that a reader could not tell from an expression."""
    return frozenset(name for name in known if not WORD.fullmatch(name))


def known_in(value: object, depth: int = 0) -> frozenset[str]:
    """The names of a context and of the contexts inside it."""
    if depth > 20:
        return frozenset()
    if isinstance(value, Mapping):
        inner = (known_in(entry, depth + 1) for entry in value.values())
        return special(str(key) for key in value).union(*inner)
    if isinstance(value, list | tuple):
        return frozenset().union(*(known_in(entry, depth + 1) for entry in value))
    return frozenset()


@lru_cache(maxsize=4096)
def _compiled(text: str, known: frozenset[str], unary: bool) -> Expression:
    read = grammar.unary if unary else grammar.expression
    tree = read(text, known | LONG_BUILTINS)
    wanted = names.free(tree)
    if unary:
        wanted |= {"?"}
    return Expression(text, tree, wanted, compiler.build(tree))
