"""What has to be known besides nationality and residence to tell fee and documents: found in the tables themselves.

A fact that the tables `fees` and `documents` of a service ask for is asked with the question of the service's own form
that bears its name; the few facts that no form needs to ask, because an officer establishes them, are asked here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular.fees.tables import Facts
from consular.formspec import Folder, Question
from consular.rules.dmn import Definitions, model, walking
from consular.rules.feel import Expression

TABLES = ("fees", "documents")
CHOOSES = frozenset({"yes_no", "choice", "choices"})
ESTABLISHED = (
    Question(
        "eu_family",
        "yes_no",
        _("Do you travel with, or to, a family member from another EU or EEA state or Switzerland?"),
        _(
            "As husband or wife, registered partner, child under 21 or dependent, or dependent parent of that person."
        ),
    ),
    Question(
        "german_family",
        "yes_no",
        _("Do you belong to the close family of a German?"),
        _(
            "As husband or wife, registered partner or unmarried child under 18, or as a parent of a German under 18."
        ),
    ),
)
"""Facts that change the fee by law (Visa Code art. 16, Directive 2004/38/EC; Residence Ordinance § 46)."""

_COLUMN = re.compile(
    r"(<=|>=|<|>)\s*(\d+)|([\[(\]])\s*(\d+)\s*\.\.\s*(\d+)\s*([\])\[])|(?:^|,|\()\s*(\d+)\s*(?=,|\)|$)"
)
_COMPARED = re.compile(r"\bage\s*(<=|>=|<|>)\s*(\d+)")
_NEXT = {"<": 0, ">=": 0, "<=": 1, ">": 1}
"""From which age on a comparison gives something else: the number itself, or the age after it."""


def questions(folder: Folder) -> tuple[Question, ...]:
    """The questions to ask, in the order of the form; at most one for each fact."""
    wanted = {name for table in TABLES for name in _wanted(folder, table)}
    own = [each for each in folder.form.questions if each.kind in CHOOSES and _tells(each) & wanted]
    known = {name for each in own for name in _tells(each)}
    return (*own, *(each for each in ESTABLISHED if each.id in wanted - known))


def asked(folder: Folder, facts: Facts) -> tuple[Question, ...]:
    """The questions that are to be asked once these facts are known: those whose condition does not say no.

    A condition about something that is asked only later in the form says nothing yet.
    """
    every = questions(folder)
    known = frozenset(facts) | {each.id for each in every}
    return tuple(each for each in every if _is_asked(each.show_when, known, facts))


def with_derived(folder: Folder, facts: Facts) -> dict[str, Any]:
    """The facts together with what the form derives from them."""
    told = dict(facts)
    for question in questions(folder):
        for each in question.derives:
            told[each.id] = each.value.evaluate(told)
    return told


def _is_asked(condition: Expression | None, known: frozenset[str], facts: Facts) -> bool:
    if condition is None or not condition.names <= known:
        return True
    return condition.evaluate({**dict.fromkeys(condition.names), **facts}) is True


def ages(folder: Folder) -> tuple[int, ...]:
    """The ages from which fee or documents may change, the first of them 0; only 0 where age does not matter."""
    found = {age for table in TABLES if table in folder.tables for age in _ages(folder.tables[table])}
    return tuple(sorted({0, *found}))


def _tells(question: Question) -> frozenset[str]:
    """The facts that an answer tells: its own, and those that are derived from it."""
    derived = {each.id for each in question.derives}
    return frozenset({question.id, *derived})


def _wanted(folder: Folder, table: str) -> frozenset[str]:
    return folder.tables[table].inputs if table in folder.tables else frozenset()


@lru_cache(maxsize=128)
def _ages(definitions: Definitions) -> frozenset[int]:
    if "age" not in definitions.inputs:
        return frozenset()
    return frozenset(int(number) + _NEXT[sign] for sign, number in _compared(definitions))


def _compared(definitions: Definitions) -> Iterator[tuple[str, str]]:
    """The comparisons of an age in conditions of columns and in expressions: sign and number."""
    for part in definitions.file.parts.values():
        for table in walking.tables(part):
            yield from _in_columns(table)
        for text in _texts(walking.logic_of(part)):
            yield from _COMPARED.findall(text)


def _in_columns(table: model.Table) -> Iterator[tuple[str, str]]:
    columns = [
        number for number, column in enumerate(table.inputs) if column.expression.text.strip() == "age"
    ]
    for rule in table.rules:
        for condition in (rule.conditions[number].text for number in columns):
            for sign, number, start, first, last, end, only in _COLUMN.findall(condition):
                if sign:
                    yield sign, number
                elif first:
                    yield (">=" if start == "[" else ">"), first
                    yield ("<=" if end == "]" else "<"), last
                else:
                    yield ">=", only
                    yield ">", only


def _texts(logic: object) -> Iterator[str]:
    """Every expression below a boxed expression."""
    if isinstance(logic, model.Text):
        yield logic.text
    elif isinstance(logic, tuple):
        for piece in logic:
            yield from _texts(piece)
    elif isinstance(logic, model.Logic | model.Rule | model.Input):
        for name in type(logic).__dataclass_fields__:
            yield from _texts(getattr(logic, name))
