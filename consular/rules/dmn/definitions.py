"""A loaded decision file, and one evaluation of it (DMN 1.5, 6.3.7 and 10.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from consular.rules.dmn import model
from consular.rules.dmn.types import Mismatch, Types
from consular.rules.feel import protected
from consular.rules.feel.compiler import Run
from consular.rules.feel.lexer import WORD, tidy
from consular.rules.problems import LimitReached, SyntaxProblem
from consular.rules.scope import Budget, Scope
from consular.rules.values import Function, Value, from_python


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided, the ids of the rules that fired on the way, and why something is null."""

    value: Value
    rules: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Definitions:
    """A decision file ready to run; `problems` lists expressions that could not be read."""

    file: model.File
    logic: Mapping[str, Run]
    types: Types
    reads: frozenset[str]
    problems: tuple[SyntaxProblem, ...] = ()

    @property
    def name(self) -> str:
        """The name the file gives itself."""
        return self.file.name

    @property
    def decisions(self) -> tuple[str, ...]:
        """The ids of the decisions, in the order of the file."""
        return tuple(part.id for part in self.file.parts.values() if isinstance(part, model.Decision))

    def find(self, wanted: str) -> model.Part | None:
        """A decision or service by its id, else by its name."""
        part = self.file.parts.get(wanted)
        if isinstance(part, model.Decision | model.Service):
            return part
        callable_parts = (
            p for p in self.file.parts.values() if isinstance(p, model.Decision | model.Service)
        )
        return next((part for part in callable_parts if part.variable.name == tidy(wanted)), None)

    def decide(self, decision_id: str, context: Mapping[str, object]) -> Result:
        """The outcome of a decision for a context of plain Python values; never an exception, except KeyError for a
        decision the file does not have.
        """
        part = self.find(decision_id)
        if part is None:
            raise KeyError(decision_id)
        budget = Budget()
        budget.is_of = lambda value, name: self.types.is_of(value, name, budget)
        scope = Scope(self._read(context), None, budget)
        evaluation = Evaluation(self, scope, {}, scope.values)
        value = protected(lambda _: evaluation.outcome(part), scope)
        return Result(value, tuple(budget.rules), tuple(budget.errors))

    def _read(self, context: Mapping[str, object]) -> dict[str, Value]:
        wanted = self.reads | {part.variable.name for part in self.file.parts.values()}
        spelled = {key if WORD.fullmatch(key) else tidy(key): key for key in context}
        return {name: from_python(context[spelled[name]]) for name in wanted & spelled.keys()}


class Evaluation:
    """One run through the graph: every part is evaluated at most once.

    `outside` holds what the caller handed in; `given` the values of parts known from the start.
    """

    def __init__(
        self, definitions: Definitions, scope: Scope, given: dict[str, Value], outside: Mapping[str, Value]
    ) -> None:
        self.definitions = definitions
        self.scope = scope
        self.known = given
        self.outside = outside

    def outcome(self, part: model.Part) -> Value:
        """The value of a decision, or of a service called with what was handed in."""
        if not isinstance(part, model.Service):
            return self.value(part.id)
        given = {part_id: self.value(part_id) for part_id in part.data}
        for part_id in part.decisions:
            given[part_id] = self.outside.get(self.definitions.file.parts[part_id].variable.name)
        return self._served(part, given)

    def value(self, part_id: str) -> Value:
        """The value of a part, by its id."""
        if part_id not in self.known:
            part = self.definitions.file.parts.get(part_id)
            if part is None:
                self.scope.budget.error(f"the file has no {part_id!r}")
            self.known[part_id] = None if part is None else self._evaluated(part)
        return self.known[part_id]

    def _evaluated(self, part: model.Part) -> Value:
        if isinstance(part, model.InputData):
            if part.variable.name not in self.outside:
                self.scope.budget.error(f"the input {part.variable.name!r} is missing")
            return self._typed(self.outside.get(part.variable.name), part.variable)
        if isinstance(part, model.Service):
            return self._service(part)
        value = self.definitions.logic[part.id](self._around(part))
        return self._typed(value, part.variable) if isinstance(part, model.Decision) else value

    def _around(self, part: model.Decision | model.KnowledgeModel) -> Scope:
        """The scope of a part: what it requires, by name."""
        parts = self.definitions.file.parts
        return self.scope.inside(
            {
                parts[required].variable.name: self.value(required)
                for required in part.requires
                if required in parts
            }
        )

    def _typed(self, value: Value, variable: model.Variable) -> Value:
        try:
            return self.definitions.types.admit(value, variable.type, self.scope.budget)
        except Mismatch as problem:
            self.scope.budget.error(f"{variable.name}: {problem}")
            return None

    def _service(self, service: model.Service) -> Function:
        """A service as a function of its input data and input decisions."""
        ids = (*service.data, *service.decisions)
        names = tuple(self.definitions.file.parts[part_id].variable.name for part_id in ids)

        def run(scope: Scope, arguments: list[Value], given: tuple[str, ...]) -> Value:
            ordered = dict(zip(given or names, arguments, strict=False))
            if len(arguments) != len(names) or set(ordered) != set(names):
                scope.budget.error(f"{service.variable.name} takes ({', '.join(names)})")
                return None
            scope.budget.spend(len(names) + 1)
            values = {
                part_id: self._typed(ordered[name], self.definitions.file.parts[part_id].variable)
                for part_id, name in zip(ids, names, strict=True)
            }
            return self._served(service, values)

        return Function(names, run, service.variable.name)

    def _served(self, service: model.Service, given: dict[str, Value]) -> Value:
        budget = self.scope.budget
        budget.calls += 1
        if budget.calls > MOST_CALLS:
            raise LimitReached("services call each other too deeply")
        inner = Evaluation(self.definitions, self.scope, given, {})
        outputs = {
            self.definitions.file.parts[out].variable.name: inner.value(out) for out in service.outputs
        }
        budget.calls -= 1
        value = next(iter(outputs.values())) if len(outputs) == 1 else outputs
        return self._typed(value, service.variable)


MOST_CALLS = 20
