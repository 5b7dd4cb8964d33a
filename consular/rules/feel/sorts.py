"""Of which sort the values of an expression are, as far as its text says, and comparisons that can never hold.

Comparing a number with a text is no mistake in FEEL: the result is null, so the condition is never true. Whoever
wrote it learns of that only from cases that go the wrong way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Union

from consular.rules.feel import syntax
from consular.rules.values import Months


@dataclass(frozen=True)
class ListOf:
    """A list, of things of one sort where that is known."""

    item: "Sort" = None


@dataclass(frozen=True)
class ContextOf:
    """A context whose entries are known."""

    entries: Mapping[str, "Sort"]


Sort = Union[str, ListOf, ContextOf, None]  # noqa: UP007  a string is no type
"""A simple FEEL type by its name, a list or context; None where nothing is known."""

_LITERALS = (
    (bool, "boolean"),
    (Decimal, "number"),
    (str, "string"),
    (datetime, "date and time"),
    (date, "date"),
    (time, "time"),
    (timedelta, "days and time duration"),
    (Months, "years and months duration"),
)
_MOMENTS = frozenset({"date", "date and time"})
_PARTS = frozenset({"year", "month", "day", "hour", "minute", "second", "years", "months", "days", "hours"})
_PLAIN = frozenset({"number", "string", "boolean"})
RESULTS: Mapping[str, Sort] = MappingProxyType(
    {
        **dict.fromkeys(("date", "today"), "date"),
        **dict.fromkeys(("number", "count", "sum", "string length", "floor", "ceiling", "abs"), "number"),
        **dict.fromkeys(("string", "substring", "upper case", "lower case", "string join"), "string"),
        **dict.fromkeys(
            ("not", "list contains", "contains", "starts with", "ends with", "matches"), "boolean"
        ),
        "split": ListOf("string"),
    }
)
"""What the functions give that conditions use most."""


def mismatches(tree: syntax.Node, seen: Mapping[str, Sort]) -> list[str]:
    """Every comparison in an expression that cannot hold, in words; `seen` are the sorts of the names around it."""
    walk = _Walk()
    walk.sort(tree, seen)
    return list(dict.fromkeys(walk.found))


def sort_of(tree: syntax.Node, seen: Mapping[str, Sort]) -> Sort:
    """The sort of an expression, None where its text does not say."""
    return _Walk().sort(tree, seen)


def can_meet(left: Sort, right: Sort) -> bool:
    """Whether values of these sorts may be equal; true where not enough is known."""
    if not isinstance(left, str) or not isinstance(right, str):
        return True
    return left == right or {left, right} <= _MOMENTS


@dataclass
class _Walk:
    """Goes down an expression; what it finds is collected."""

    found: list[str] = field(default_factory=list)

    def sort(self, node: syntax.Node, seen: Mapping[str, Sort]) -> Sort:
        """The sort of a node, after looking at everything inside it."""
        look = _LOOKS.get(type(node))
        if look is not None:
            return look(self, node, seen)
        for child in syntax.children(node):
            self.sort(child, seen)
        return "boolean" if isinstance(node, syntax.Logic | syntax.InstanceOf) else None

    def meet(self, left: Sort, right: Sort) -> None:
        """Note that two sorts are compared that never meet."""
        if not can_meet(left, right):
            self.found.append(f"{left} is compared with {right}: that is never true")

    def _literal(self, node: syntax.Literal, _seen: Mapping[str, Sort]) -> Sort:
        return next((name for kind, name in _LITERALS if isinstance(node.value, kind)), None)

    def _name(self, node: syntax.Name, seen: Mapping[str, Sort]) -> Sort:
        return seen.get(node.name)

    def _comparison(self, node: syntax.Comparison, seen: Mapping[str, Sort]) -> Sort:
        self.meet(self.sort(node.left, seen), self.sort(node.right, seen))
        return "boolean"

    def _between(self, node: syntax.Between, seen: Mapping[str, Sort]) -> Sort:
        value = self.sort(node.value, seen)
        self.meet(value, self.sort(node.low, seen))
        self.meet(value, self.sort(node.high, seen))
        return "boolean"

    def _tests(self, node: syntax.Tests, seen: Mapping[str, Sort]) -> Sort:
        value = self.sort(node.value, seen)
        for test in node.tests:
            self._test(test, value, {**seen, "?": value})
        return "boolean"

    def _test(self, test: syntax.Node, value: Sort, seen: Mapping[str, Sort]) -> None:
        """One test of a value: a bound, a range, a constant to be equal to, or a condition that names it."""
        if isinstance(test, syntax.OneSided):
            self.meet(value, self.sort(test.bound, seen))
        elif isinstance(test, syntax.Interval):
            self.meet(value, self.sort(test.start, seen))
            self.meet(value, self.sort(test.end, seen))
        elif isinstance(test, syntax.Items):
            for item in test.items:
                self._test(item, value, seen)
        else:
            found = self.sort(test, seen)
            if isinstance(test, syntax.Literal | syntax.Negation) or found != "boolean":
                self.meet(value, found)

    def _chain(self, node: syntax.Chain, seen: Mapping[str, Sort]) -> Sort:
        found = self.sort(node.first, seen)
        for _operator, operand in node.rest:
            other = self.sort(operand, seen)
            if found in _PLAIN and other in _PLAIN and found != other:
                self.found.append(f"{found} and {other} are reckoned together: that has no result")
            found = found if found == other else None
        return found

    def _loop(self, node: syntax.Loop, seen: Mapping[str, Sort]) -> Sort:
        inner = dict(seen)
        for each in node.iterators:
            domain = self.sort(each.domain, inner)
            if each.end is not None:
                self.sort(each.end, inner)
            inner[each.name] = domain.item if isinstance(domain, ListOf) else None
        body = self.sort(node.body, inner)
        return ListOf(body) if node.word == "for" else "boolean"

    def _path(self, node: syntax.Path, seen: Mapping[str, Sort]) -> Sort:
        base = self.sort(node.base, seen)
        if isinstance(base, ContextOf):
            return base.entries.get(node.name)
        is_part = isinstance(base, str) and base not in _PLAIN and node.name in _PARTS
        return "number" if is_part else None

    def _filter(self, node: syntax.Filter, seen: Mapping[str, Sort]) -> Sort:
        """Inside, the entries of each item hide the names around; where they are not known, nothing is said."""
        base = self.sort(node.base, seen)
        item = base.item if isinstance(base, ListOf) else None
        if item is not None:
            entries = item.entries if isinstance(item, ContextOf) else {}
            self.sort(node.condition, {**seen, **entries, "item": item})
        return base if isinstance(base, ListOf) else None

    def _call(self, node: syntax.Call, seen: Mapping[str, Sort]) -> Sort:
        given = [self.sort(argument, seen) for argument in node.arguments]
        name = node.function.name if isinstance(node.function, syntax.Name) else ""
        if name == "list contains" and len(given) == 2 and isinstance(given[0], ListOf):
            self.meet(given[0].item, given[1])
        return RESULTS.get(name)

    def _items(self, node: syntax.Items, seen: Mapping[str, Sort]) -> Sort:
        sorts = [self.sort(item, seen) for item in node.items]
        return ListOf(sorts[0] if sorts and all(each == sorts[0] for each in sorts) else None)

    def _choice(self, node: syntax.Choice, seen: Mapping[str, Sort]) -> Sort:
        self.sort(node.condition, seen)
        yes, no = self.sort(node.yes, seen), self.sort(node.no, seen)
        return yes if yes == no else None

    def _unknown(self, _node: syntax.Node, _seen: Mapping[str, Sort]) -> Sort:
        return None


_LOOKS: Mapping[type, Callable[..., Sort]] = {
    syntax.Literal: _Walk._literal,
    syntax.Name: _Walk._name,
    syntax.Comparison: _Walk._comparison,
    syntax.Between: _Walk._between,
    syntax.Tests: _Walk._tests,
    syntax.Chain: _Walk._chain,
    syntax.Loop: _Walk._loop,
    syntax.Path: _Walk._path,
    syntax.Filter: _Walk._filter,
    syntax.Call: _Walk._call,
    syntax.Items: _Walk._items,
    syntax.Choice: _Walk._choice,
    syntax.Lambda: _Walk._unknown,
    syntax.Entries: _Walk._unknown,
}
