"""One run through the graph of a decision file (DMN 1.5, 6.3.7 and 10.4)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from consular.rules.dmn import model
from consular.rules.dmn.types import Mismatch
from consular.rules.feel.compiler import call
from consular.rules.problems import LimitReached
from consular.rules.scope import Budget, FileScope, Scope
from consular.rules.values import Function, Value

if TYPE_CHECKING:
    from consular.rules.dmn.definitions import Definitions

MOST_CALLS = 20


class Evaluation:
    """Every part is evaluated at most once.

    `outside` holds what the caller handed in; `known` the values of parts known from the start and those found.
    """

    def __init__(
        self,
        definitions: "Definitions",
        budget: Budget,
        known: dict[str, Value],
        outside: Mapping[str, Value],
    ) -> None:
        self.definitions = definitions
        self.scope = FileScope({}, definitions.types, budget)
        self.known = known
        self.outside = outside
        self.inner: dict[str, Evaluation] = {}

    def outcome(self, part: model.Part) -> Value:
        """The value of a decision, or of a service or knowledge model called with what was handed in."""
        if isinstance(part, model.KnowledgeModel):
            return self._called(self.value(part.id))
        if not isinstance(part, model.Service):
            return self.value(part.id)
        given = {part_id: self.value(part_id) for part_id in part.data}
        for part_id in part.decisions:
            given[part_id] = self._handed(self._variable(part_id))
        return self._served(part, given)

    def _called(self, function: Value) -> Value:
        names = function.parameters if isinstance(function, Function) else ()
        return call(function, self.scope, [self.outside.get(name) for name in names])

    def value(self, part_id: str) -> Value:
        """The value of a part, by its id; that of an imported file has its namespace in front."""
        if part_id not in self.known:
            self.known[part_id] = self._found(part_id)
        return self.known[part_id]

    def _found(self, part_id: str) -> Value:
        part = self.definitions.file.parts.get(part_id)
        if part is not None:
            return self._evaluated(part)
        space, separator, inner_id = part_id.rpartition("#")
        if separator and space in self.definitions.imported:
            return self._imported(space).value(inner_id)
        self.scope.budget.error(f"the file has no {part_id!r}")
        return None

    def _imported(self, space: str) -> "Evaluation":
        """The run through an imported file; its inputs are handed in as a context under the name of the import."""
        if space not in self.inner:
            name, definitions = self.definitions.imported[space]
            below = self.outside.get(name)
            outside = below if name and isinstance(below, dict) else self.outside
            self.inner[space] = Evaluation(definitions, self.scope.budget, {}, outside)
        return self.inner[space]

    def _evaluated(self, part: model.Part) -> Value:
        if isinstance(part, model.InputData):
            return self._handed(part.variable)
        if isinstance(part, model.Service):
            return self._service(part)
        values = self._required(part)
        value = self.definitions.logic[part.id](self.scope.inside(values))
        if isinstance(part, model.Decision):
            return self._typed(value, part.variable)
        values.setdefault(part.variable.name, value)  # a knowledge model may call itself
        return value

    def _handed(self, variable: model.Variable) -> Value:
        """What the caller handed in under a name."""
        if variable.name not in self.outside:
            self.scope.budget.error(f"the input {variable.name!r} is missing")
        return self._typed(self.outside.get(variable.name), variable)

    def _required(self, part: model.Decision | model.KnowledgeModel) -> dict[str, Any]:
        """What a part requires, by name; what is imported, as entries under the import's name."""
        values: dict[str, Any] = {}
        for required in part.requires:
            found = self.definitions.named(required)
            if found is None:
                continue
            around, name = found
            holder = values.setdefault(around, {}) if around else values
            holder[name] = self.value(required)
        return values

    def _variable(self, part_id: str) -> model.Variable:
        part = self.definitions.part(part_id)
        return model.Variable(part_id) if part is None else part.variable

    def _typed(self, value: Value, variable: model.Variable) -> Value:
        try:
            return self.definitions.types.admit(value, variable.type, self.scope.budget)
        except Mismatch as problem:
            self.scope.budget.error(f"{variable.name}: {problem}")
            return None

    def _service(self, service: model.Service) -> Function:
        """A service as a function of its input data and input decisions."""
        ids = (*service.data, *service.decisions)
        variables = [self._variable(part_id) for part_id in ids]
        names = tuple(variable.name for variable in variables)

        def run(scope: Scope, arguments: list[Value], given: tuple[str, ...]) -> Value:
            ordered = dict(zip(given or names, arguments, strict=False))
            if len(arguments) != len(names) or set(ordered) != set(names):
                scope.budget.error(f"{service.variable.name} takes ({', '.join(names)})")
                return None
            scope.budget.spend(len(names) + 1)
            values = [self._typed(ordered[variable.name], variable) for variable in variables]
            return self._served(service, dict(zip(ids, values, strict=True)))

        return Function(names, run, service.variable.name)

    def _served(self, service: model.Service, given: dict[str, Value]) -> Value:
        budget = self.scope.budget
        budget.calls += 1
        if budget.calls > MOST_CALLS:
            raise LimitReached("services call each other too deeply")
        inner = Evaluation(self.definitions, budget, given, {})
        outputs = {self._variable(out).name: inner.value(out) for out in service.outputs}
        budget.calls -= 1
        value = next(iter(outputs.values())) if len(outputs) == 1 else outputs
        result = self.definitions.types.result(service.variable.type)
        return self._typed(value, model.Variable(service.variable.name, result))
