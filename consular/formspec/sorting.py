"""Of which sort answers are: where conditions of a form read them, and where processes and tables get them as kept.

Numbers, amounts and dates are kept as text, which is what processes and the tables of fees and documents see.
"""

import re
from collections.abc import Iterable, Mapping

from consular.formspec.decided import Decided
from consular.formspec.kinds import KINDS
from consular.formspec.model import Derived, Form, Question
from consular.rules import SyntaxProblem, dmn, feel
from consular.rules.dmn import model
from consular.rules.dmn.walking import inside, logic_of
from consular.rules.feel import sorts, syntax
from consular.rules.feel.sorts import ContextOf, ListOf, Sort

_READ: Mapping[str, Sort] = {
    "number": "number",
    "money": "number",
    "date": "date",
    "yes_no": "boolean",
    "declaration": "boolean",
}
_KEPT: Mapping[str, Sort] = {"yes_no": "boolean", "declaration": "boolean"}
ASKED_AS_KEPT = frozenset({"fees", "documents"})
"""The tables that get the answers as they are kept, whatever the process asks."""

_CALLED = re.compile(rb'decisionId="([^"]+)"')
_DECLARED = frozenset({"number", "string", "boolean", "date"})


def read(asked: Question | Derived) -> Sort:
    """The sort of an answer, or of a derived value, in the conditions of its form."""
    return _sort(asked, _READ)


def kept(asked: Question | Derived) -> Sort:
    """The same as it is kept."""
    return _sort(asked, _KEPT)


def _sort(asked: Question | Derived, scalars: Mapping[str, Sort]) -> Sort:
    if isinstance(asked, Question) and asked.questions:
        return ListOf(ContextOf({inner.id: _sort(inner, scalars) for inner in asked.questions}))
    if asked.kind in ("address", "group"):
        return None
    if asked.kind in KINDS and KINDS[asked.kind].several:
        return ListOf("string")
    return scalars.get(asked.kind, "string")


def routed(form: Form) -> dict[str, Sort]:
    """The sorts of the variables that a process has from its form and its tasks."""
    return _agreed((each.id, kept(each)) for each in _asked(form) if each.routes)


def mistakes(form: Form, tables: Mapping[str, dmn.Definitions], process: bytes) -> list[tuple[str, str]]:
    """Inputs of decision tables that are of another sort than the answers of that name, and cells that compare what
    never meets: (table, what is wrong). Of a table that neither form nor process asks the inputs are whoever asks's.
    """
    called = {name.decode() for name in _CALLED.findall(process)}
    found = []
    for stem, definitions in tables.items():
        answers: dict[str, Sort] = {}
        if _is_read(form, definitions):
            answers = _agreed((each.id, read(each)) for each in _asked(form))
        elif stem in ASKED_AS_KEPT or called & set(definitions.decisions):
            answers = _agreed((each.id, kept(each)) for each in _asked(form))
        found += [(stem, message) for message in _of_table(definitions, answers)]
    return found


def _of_table(definitions: dmn.Definitions, answers: Mapping[str, Sort]) -> list[str]:
    seen: dict[str, Sort] = {}
    found = []
    for part in definitions.file.parts.values():
        if isinstance(part, model.InputData):
            name, declared = part.variable.name, part.variable.type
            seen[name] = declared if declared in _DECLARED else answers.get(name)
            if not sorts.can_meet(seen[name], answers.get(name)):
                found.append(f"{name} is declared as {declared}, but the answer is a {answers[name]}")
    known = feel.special(definitions.names)
    for part in definitions.file.parts.values():
        root = logic_of(part)
        found += [message for text, more in _texts(root, seen, known) for message in _in(text, more, known)]
    return found


def _texts(
    logic: model.Logic | None, seen: Mapping[str, Sort], known: frozenset[str]
) -> list[tuple[model.Text, Mapping[str, Sort]]]:
    """Every condition and result of a boxed expression with the sorts of the names it sees; names that boxes bind
    themselves are not followed.
    """
    if logic is None or isinstance(logic, model.FunctionDefinition | model.BoxedLoop | model.Context):
        return []
    if isinstance(logic, model.LiteralExpression):
        return [(logic.text, seen)]
    found = [each for part in inside(logic) for each in _texts(part, seen, known)]
    if isinstance(logic, model.Table):
        columns = [_column(column, seen, known) for column in logic.inputs]
        for rule in logic.rules:
            found += zip(rule.conditions, columns, strict=True)
            found += [(cell, seen) for cell in rule.results]
    return found


def _column(column: model.Input, seen: Mapping[str, Sort], known: frozenset[str]) -> Mapping[str, Sort]:
    """The names that the cells of a column see: those around, and `?` for its value."""
    tree = _tree(column.expression, known, tests=False)
    declared = column.type if column.type in _DECLARED else None
    return {**seen, "?": declared or (sorts.sort_of(tree, seen) if tree else None)}


def _in(text: model.Text, seen: Mapping[str, Sort], known: frozenset[str]) -> list[str]:
    tree = _tree(text, known, tests="?" in seen)
    return [f"{text.element} ({text.text}): {said}" for said in sorts.mismatches(tree, seen)] if tree else []


def _tree(text: model.Text, known: frozenset[str], *, tests: bool) -> syntax.Node | None:
    try:
        return (feel.unary if tests else feel.compile)(text.text, known).tree if text.text else None
    except SyntaxProblem:
        return None


def _is_read(form: Form, definitions: dmn.Definitions) -> bool:
    """Whether the form itself asks the table: then answers come as its conditions see them."""
    values = (each.value for question in form.questions for each in question.derives)
    return any(isinstance(value, Decided) and value.table is definitions for value in values)


def _asked(form: Form) -> Iterable[Question | Derived]:
    pages = (*form.pages, *form.tasks.values())
    for question in (question for page in pages for question in page.questions):
        yield question
        yield from question.derives


def _agreed(pairs: Iterable[tuple[str, Sort]]) -> dict[str, Sort]:
    """The sort of each name; None where two questions of one name are of different sorts."""
    found: dict[str, Sort] = {}
    for name, sort in pairs:
        found[name] = sort if name not in found or found[name] == sort else None
    return found
