"""Compiles the logic of a decision file to closures."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from consular.rules import feel
from consular.rules.dmn import model
from consular.rules.dmn.definitions import Definitions
from consular.rules.dmn.tables import Column, ReadyTable, Result, Row
from consular.rules.dmn.types import Mismatch, Types
from consular.rules.feel.calls import closure
from consular.rules.feel.compiler import Run, call
from consular.rules.feel.loops import Sources, filtered, looped, weight
from consular.rules.problems import SyntaxProblem
from consular.rules.scope import Scope
from consular.rules.values import Function, Value

SPAN = re.compile(r"[^][(){}\"]+\.\.")
PRICE = 20
"""Steps charged for a boxed expression evaluated over and over."""


class Builder:
    """Compiles one file; what cannot be read is null when run, and is listed in `problems`."""

    def __init__(self, file: model.File, imported: Mapping[str, Definitions]) -> None:
        self.known = feel.special(file.names).union(*(feel.special(each.names) for each in imported.values()))
        self.problems: list[SyntaxProblem] = []
        types = {name: definitions.types for name, definitions in imported.items()}
        self.types = Types(file.types, self._allowed(file), types)

    def part(self, part: model.Decision | model.KnowledgeModel) -> Run:
        """The closure of a decision's logic, or the one that makes a knowledge model's function."""
        if isinstance(part, model.Decision):
            return self.logic(part.logic)
        function = part.function
        if function is not None and not function.result:
            function = replace(function, result=part.variable.type)
        return self.logic(function)

    def expression(self, text: model.Text, *, tests: bool = False) -> Run:
        """The closure of a FEEL text of the file."""
        try:
            expression = (feel.unary if tests else feel.compile)(text.text, self.known)
        except SyntaxProblem as problem:
            self.problems.append(problem.within(text.element))
            message = str(problem)
            return lambda scope: scope.budget.error(message)
        return _priced(expression)

    def _allowed(self, file: model.File) -> dict[str, feel.Expression]:
        found = {}
        for text in _constraints(list(file.types.values())):
            try:
                found[text.text] = feel.unary(text.text, self.known)
            except SyntaxProblem as problem:
                self.problems.append(problem.within(text.element))
        return found

    def typed(self, run: Run, reference: str) -> Run:
        """The closure whose value must be of a type, else it is null."""
        if not reference:
            return run
        types = self.types

        def checked(scope: Scope) -> Value:
            try:
                return types.admit(run(scope), reference, scope.budget)
            except Mismatch as problem:
                scope.budget.error(str(problem))
                return None

        return checked

    def logic(self, logic: model.Logic | None) -> Run:
        """The closure of a boxed expression or table."""
        if logic is None:
            return lambda scope: scope.budget.error("the decision has no logic")
        return BUILDERS[type(logic)](self, logic)

    def literal(self, logic: model.LiteralExpression) -> Run:
        """FEEL text, which must be there."""
        return self.expression(logic.text)

    def context(self, logic: model.Context) -> Run:
        """Entries from the top down; a nameless last one is the value."""
        entries = [
            (
                variable.name if variable else "",
                self.typed(self.logic(value), variable.type if variable else ""),
            )
            for variable, value in logic.entries
        ]

        def run(scope: Scope) -> Value:
            values: dict[str, Value] = {}
            inner = scope.inside(values)
            for name, value in entries:
                if not name:
                    return value(inner)
                values[name] = value(inner)
            return values

        return run

    def relation(self, logic: model.Relation) -> Run:
        """A list of contexts."""
        rows = [[self.logic(cell) for cell in row] for row in logic.rows]
        return lambda scope: [
            {name: cell(scope) for name, cell in zip(logic.columns, row, strict=True)} for row in rows
        ]

    def boxed_list(self, logic: model.BoxedList) -> Run:
        """A list."""
        items = [self.logic(item) for item in logic.items]
        return lambda scope: [item(scope) for item in items]

    def invocation(self, logic: model.Invocation) -> Run:
        """A call with arguments by name."""
        function = self.logic(logic.function)
        names = tuple(name for name, _ in logic.bindings)
        arguments = [self.logic(argument) for _, argument in logic.bindings]
        return lambda scope: call(function(scope), scope, [argument(scope) for argument in arguments], names)

    def function(self, logic: model.FunctionDefinition) -> Run:
        """A function value that sees the scope it stands in."""
        if logic.kind != "FEEL":
            return lambda scope: scope.budget.error(f"functions of kind {logic.kind} are not supported")
        body = self.typed(self.logic(logic.body), self.types.result(logic.result))
        parameters = tuple((parameter.name, None) for parameter in logic.parameters)
        types = {parameter.name: parameter.type for parameter in logic.parameters if parameter.type}
        checks = [(name, self.typed(_read(name), kind)) for name, kind in types.items()]

        def checked(scope: Scope) -> Value:
            return body(scope.inside({name: check(scope) for name, check in checks}))

        def run(scope: Scope) -> Function:
            return closure("function", parameters, checked if checks else body, scope, PRICE)

        return run

    def conditional(self, logic: model.Conditional) -> Run:
        """Boxed if."""
        condition, yes, no = self.logic(logic.condition), self.logic(logic.yes), self.logic(logic.no)
        return lambda scope: yes(scope) if condition(scope) is True else no(scope)

    def filter(self, logic: model.BoxedFilter) -> Run:
        """Boxed filter."""
        return filtered(self.logic(logic.items), self.logic(logic.match), PRICE, constant=False)

    def loop(self, logic: model.BoxedLoop) -> Run:
        """Boxed for, some or every."""
        sources: Sources = [(logic.name, self.domain(logic.items), None)]
        return looped(
            logic.word, sources, self.logic(logic.body), PRICE, partial="partial" in repr(logic.body)
        )

    def domain(self, logic: model.Logic) -> Run:
        """What a boxed loop goes over: a list, a range, or `1..3` as the text after `in` may read."""
        if isinstance(logic, model.LiteralExpression) and SPAN.match(logic.text.text):
            text = f"for item in {logic.text.text} return item"
            return self.expression(model.Text(text, logic.text.element))
        return self.logic(logic)

    def table(self, logic: model.Table) -> Run:
        """A decision table."""
        return self.ready(logic).run

    def ready(self, logic: model.Table) -> ReadyTable:
        """A decision table with its cells compiled."""
        columns = tuple(
            Column(
                column.label,
                self.typed(self.expression(column.expression), column.type),
                self.expression(column.allowed, tests=True) if column.allowed else None,
            )
            for column in logic.inputs
        )
        outputs = tuple(self._output(output, logic.policy) for output in logic.outputs)
        rows = tuple(self._row(rule, logic.outputs) for rule in logic.rules)
        return ReadyTable(logic, columns, outputs, rows)

    def _output(self, output: model.Output, policy: str) -> Result:
        """An output; one that lists no values to rank by is ranked by those of its type."""
        values = output.values or (self.types.listed(output.type) if policy in "PO" else None)
        order = values and model.Text(f"[{values.text}]", values.element)
        return Result(
            output.name,
            self.expression(values, tests=True) if values else None,
            self.expression(order) if order else None,
            self.expression(output.default) if output.default else None,
        )

    def _row(self, rule: model.Rule, outputs: tuple[model.Output, ...]) -> Row:
        conditions = tuple(
            None if cell.text in ("", "-") else self.expression(cell, tests=True) for cell in rule.conditions
        )
        results = tuple(
            self.typed(self.expression(cell), output.type)
            if cell.text not in ("", "-")
            else lambda scope: None
            for cell, output in zip(rule.results, outputs, strict=True)
        )
        return Row(rule.id, conditions, results)


def _priced(expression: feel.Expression) -> Run:
    """The closure of an expression; a large one pays for itself, since a loop elsewhere may run it over and over."""
    price, run = weight(expression.tree), expression.run
    if price <= PRICE:
        return run

    def paid(scope: Scope) -> Value:
        scope.budget.spend(price)
        return run(scope)

    return paid


def _read(name: str) -> Run:
    return lambda scope: scope.values[name]


def _constraints(items: list[model.ItemType]) -> list[model.Text]:
    found = [tests for item in items for tests in (item.allowed, item.constraint) if tests]
    for item in items:
        found += _constraints(list(item.components))
    return found


BUILDERS: dict[type, Callable[[Builder, Any], Run]] = {
    model.LiteralExpression: Builder.literal,
    model.Context: Builder.context,
    model.Relation: Builder.relation,
    model.BoxedList: Builder.boxed_list,
    model.Invocation: Builder.invocation,
    model.FunctionDefinition: Builder.function,
    model.Conditional: Builder.conditional,
    model.BoxedFilter: Builder.filter,
    model.BoxedLoop: Builder.loop,
    model.Table: Builder.table,
}
