"""Names that the expressions of a decision file use although nothing around them has that name."""

from collections.abc import Iterator
from dataclasses import dataclass

from consular.rules import feel
from consular.rules.dmn import model
from consular.rules.dmn.definitions import Definitions
from consular.rules.dmn.walking import inside, logic_of
from consular.rules.feel import names
from consular.rules.feel.registry import BUILTINS
from consular.rules.problems import SyntaxProblem

ALWAYS = frozenset(BUILTINS) | {"?", "item", "partial"}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name, or the id of a requirement, that leads nowhere; and the element that uses it."""

    name: str
    element: str
    is_reference: bool = False


def unknown_names(definitions: Definitions) -> list[Unknown]:
    """Every unknown name of a file, once per element."""
    known = feel.special(definitions.names)
    found: list[Unknown] = []
    for part in definitions.file.parts.values():
        if not isinstance(part, model.Decision | model.KnowledgeModel):
            continue
        seen_as = {required: definitions.named(required) for required in part.requires}
        found += [
            Unknown(required, part.id, is_reference=True)
            for required, names in seen_as.items()
            if names is None
        ]
        seen = frozenset(names[0] or names[1] for names in seen_as.values() if names)
        own = {part.variable.name} if isinstance(part, model.KnowledgeModel) else set()
        root = logic_of(part)
        if root is not None:
            found += _Walk(known).logic(root, seen | own | ALWAYS)
    return list(dict.fromkeys(found))


class _Walk:
    """Goes down the boxed expressions with the names visible at each place."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def logic(self, logic: model.Logic, seen: frozenset[str]) -> Iterator[Unknown]:
        """The unknown names inside one boxed expression."""
        if isinstance(logic, model.LiteralExpression):
            yield from self.text(logic.text, seen)
        elif isinstance(logic, model.Table):
            yield from self.table(logic, seen)
        elif isinstance(logic, model.Context):
            yield from self.context(logic, seen)
        else:
            for part in inside(logic):
                yield from self.logic(part, seen | _bound(logic, part))

    def text(
        self, text: model.Text | None, seen: frozenset[str], *, tests: bool = False
    ) -> Iterator[Unknown]:
        """The unknown names of a FEEL text; what cannot be read has none."""
        if text is None or text.text in ("", "-"):
            return
        try:
            expression = (feel.unary if tests else feel.compile)(text.text, self.known)
        except SyntaxProblem:
            return
        for name in sorted(names.free(expression.tree, seen, filters=False)):
            yield Unknown(name, text.element)

    def table(self, table: model.Table, seen: frozenset[str]) -> Iterator[Unknown]:
        """Those of all cells."""
        for column in table.inputs:
            yield from self.text(column.expression, seen)
            yield from self.text(column.allowed, seen, tests=True)
        for output in table.outputs:
            yield from self.text(output.values, seen, tests=True)
            yield from self.text(output.default, seen)
        for rule in table.rules:
            for cell in rule.conditions:
                yield from self.text(cell, seen, tests=True)
            for cell in rule.results:
                yield from self.text(cell, seen)

    def context(self, context: model.Context, seen: frozenset[str]) -> Iterator[Unknown]:
        """Those of the entries, each of which sees the ones above and, for functions, itself."""
        for variable, logic in context.entries:
            if variable:
                own = {variable.name} if isinstance(logic, model.FunctionDefinition) else set()
                yield from self.logic(logic, seen | own)
                seen |= {variable.name}
            else:
                yield from self.logic(logic, seen)


def _bound(logic: model.Logic, part: model.Logic) -> frozenset[str]:
    """The names that an expression gives to a part of it."""
    if isinstance(logic, model.FunctionDefinition):
        return frozenset(parameter.name for parameter in logic.parameters)
    if isinstance(logic, model.BoxedLoop) and part is logic.body:
        return frozenset((logic.name,))
    return frozenset()
