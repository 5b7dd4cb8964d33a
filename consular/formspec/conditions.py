"""Do the conditions of a form make sense? Each is tried with the answers its questions can have.

A condition that has no result whatever is answered compares things of different kinds. One whose questions have few
possible answers is tried with all of them: if it is never true, or always the same, somebody mistyped a word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product
from typing import Any

from consular.core import clock
from consular.formspec import kinds, sorting
from consular.formspec.model import Derived, Question
from consular.formspec.questions import Known, Use
from consular.rules import feel
from consular.rules.feel import compiler, names, sorts, syntax

MOST = 3000
"""So many combinations of answers are tried for one condition."""

FEW_OPTIONS = 6
"""All combinations of so many options are tried, of more only some."""

PRECISE = frozenset({"list contains", "not", "count", "is", "date", "duration"})
"""Functions under which answers that are not named in a condition are all alike."""

_PLACES = frozenset({"country", "nationality", "member_state", "area", "mission"})
_TYPES = {"number": Decimal, "money": Decimal, "date": date, "yes_no": bool}


@dataclass(frozen=True)
class Tries:
    """Values to try for one name; `all_of_them` when no other answer would make a difference."""

    values: tuple[Any, ...]
    all_of_them: bool = False


@dataclass(frozen=True)
class Outcome:
    """What an expression gave: its results when everything is answered, and when something may be missing."""

    full: frozenset[Any]
    every: frozenset[Any]
    all_tried: bool
    error: str


def mistakes(use: Use) -> list[str]:
    """What is wrong with one expression of a form, in words for whoever writes it."""
    if use.expression.tree == syntax.Literal(None):
        return []
    if use.kind:
        return _of_value(use) or _of_sorts(use)
    found = [
        message
        for leaf in _leaves(use.expression.tree)
        for message in _of_condition(leaf, use.known, leaf=True)
    ]
    return found or _of_condition(use.expression.tree, use.known, leaf=False) or _of_sorts(use)


def _of_sorts(use: Use) -> list[str]:
    """Parts that compare what never meets, also where the rest makes up for it."""
    seen = {"today": "date", **{name: sorting.read(asked) for name, asked in use.known.items()}}
    return sorts.mismatches(use.expression.tree, seen)


def _of_condition(node: syntax.Node, known: Mapping[str, Known], *, leaf: bool) -> list[str]:
    outcome = _try(node, known)
    if not any(isinstance(value, bool) for value in outcome.full):
        why = outcome.error or "it compares answers of different kinds"
        return [f"the condition is neither true nor false, whatever is answered: {why}"]
    if outcome.all_tried and True not in outcome.every:
        return ["the condition is never true, whatever is answered"]
    if outcome.all_tried and leaf and outcome.every == {True}:
        return ["a part of the condition is always true, whatever is answered"]
    return []


def _of_value(use: Use) -> list[str]:
    outcome = _try(use.expression.tree, use.known)
    wanted = _TYPES.get(use.kind, str)
    if any(isinstance(value, wanted) for value in outcome.full):
        return []
    why = f": {outcome.error}" if outcome.error else ""
    return [f"the value is never of the kind {use.kind}, whatever is answered{why}"]


def _leaves(node: syntax.Node) -> Iterator[syntax.Node]:
    """The conditions that `and`, `or` and `not` put together."""
    if isinstance(node, syntax.Logic):
        for operand in node.operands:
            yield from _leaves(operand)
    elif _called(node) == "not":
        for argument in syntax.children(node)[1:]:
            yield from _leaves(argument)
    else:
        yield node


def _try(node: syntax.Node, known: Mapping[str, Known]) -> Outcome:
    expression = feel.Expression("", node, names.free(node), compiler.build(node))
    used = sorted(expression.names & known.keys())
    literals = frozenset(_literals(node))
    tries = [_tries(known[name], literals, plain=_is_plain(node)) for name in used]
    full, every, error = set(), set(), ""
    choices = [(*each.values, None) for each in tries]
    count = 0
    for combination in islice(product(*choices), MOST):
        count += 1
        context = {"today": clock.today(), **dict(zip(used, combination, strict=True))}
        outcome = expression.outcome(context)
        value = outcome.value if isinstance(outcome.value, bool | Decimal | str | date) else None
        every.add(value)
        if None not in combination:
            full.add(value)
            error = error or next(iter(outcome.errors), "")
    complete = count < MOST and all(each.all_of_them for each in tries) and "today" not in expression.names
    return Outcome(frozenset(full), frozenset(every), complete, error)


def _tries(known: Known, literals: frozenset[Any], *, plain: bool) -> Tries:
    """The answers to try; `plain`: the condition only compares, so that answers it does not name are alike."""
    if isinstance(known, Derived):
        return Tries(_of_kind(known.kind, literals))
    kind = kinds.KINDS[known.kind]
    if known.kind == "group":
        return Tries(_entries(known, literals))
    if known.kind == "yes_no":
        return Tries((True, False), all_of_them=True)
    if known.kind in _PLACES:
        return _of_places(known, literals, plain=plain)
    if kind.several:
        return _of_options(known)
    if kind.chooses:
        values = tuple(option.value for option in known.options)
        return Tries(values[:40], all_of_them=len(values) <= 40)
    return Tries(_of_kind(known.kind, literals))


def _of_places(question: Question, literals: frozenset[Any], *, plain: bool) -> Tries:
    if question.kind == "area":
        return Tries((*(text for text in literals if isinstance(text, str)), "IN-MH"))
    codes = [code for code, _label in kinds.choices(question, {})]
    named = [code for code in codes if code in literals]
    others = [code for code in codes if code not in literals][:2]
    return Tries((*named, *others), all_of_them=plain)


def _of_options(question: Question) -> Tries:
    values = [code for code, _label in kinds.choices(question, {})]
    if len(values) <= FEW_OPTIONS:
        subsets = [list(some) for size in range(1, len(values) + 1) for some in combinations(values, size)]
        return Tries(tuple(subsets), all_of_them=True)
    return Tries((*([value] for value in values), values), all_of_them=False)


def _entries(group: Question, literals: frozenset[Any]) -> tuple[Any, ...]:
    """Lists of entries whose answers differ from each other."""
    tried = {inner.id: _tries(inner, literals, plain=False).values for inner in group.questions}
    entries = [
        {name: values[index % len(values)] for name, values in tried.items()}
        for index in range(max(len(values) for values in tried.values()))
    ]
    return (*([entry] for entry in entries[:8]), entries[:2], entries)


def _of_kind(kind: str, literals: frozenset[Any]) -> tuple[Any, ...]:
    if kind in ("number", "money"):
        named = [number for number in literals if isinstance(number, Decimal)]
        return (Decimal(0), Decimal(10**6), *(number + step for number in named for step in (-1, 0, 1)))
    if kind == "date":
        today = clock.today()
        return (today, *(today + timedelta(days=days) for days in (-30000, -5000, -1, 1, 5000)))
    if kind == "yes_no":
        return (True, False)
    if kind == "declaration":
        return (True,)
    return ("a", "7", "2026-01-01", *(text for text in literals if isinstance(text, str)))


def _literals(node: syntax.Node) -> Iterator[Any]:
    if isinstance(node, syntax.Literal) and isinstance(node.value, str | Decimal):
        yield node.value
    for child in syntax.children(node):
        yield from _literals(child)


def _is_plain(node: syntax.Node) -> bool:
    """Whether a condition uses no function that looks into a text."""
    if isinstance(node, syntax.Call) and _called(node) not in PRECISE:
        return False
    return all(_is_plain(child) for child in syntax.children(node))


def _called(node: syntax.Node) -> str:
    """The name of the function that a node calls."""
    if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Name):
        return node.function.name
    return ""
