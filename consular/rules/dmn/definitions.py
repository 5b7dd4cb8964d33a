"""A loaded decision file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consular.rules.dmn import model
from consular.rules.dmn.evaluation import Evaluation
from consular.rules.dmn.types import Types
from consular.rules.feel import protected
from consular.rules.feel.compiler import Run
from consular.rules.feel.lexer import WORD, tidy
from consular.rules.problems import SyntaxProblem
from consular.rules.scope import Budget
from consular.rules.values import Value, from_python

Asked = model.Decision | model.Service | model.KnowledgeModel


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided, the ids of the rules that fired on the way, and why something is null."""

    value: Value
    rules: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Definitions:
    """A decision file ready to run; `problems` lists expressions that could not be read.

    `imported` are the files it imports by their namespaces, each with the name it is imported under.
    """

    file: model.File
    logic: Mapping[str, Run]
    types: Types
    problems: tuple[SyntaxProblem, ...] = ()
    imported: Mapping[str, tuple[str, "Definitions"]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name the file gives itself."""
        return self.file.name

    @property
    def names(self) -> frozenset[str]:
        """The names that expressions may use, here and in the files imported."""
        return self.file.names.union(*(definitions.names for _, definitions in self.imported.values()))

    @property
    def decisions(self) -> tuple[str, ...]:
        """The ids of the decisions, in the order of the file."""
        return tuple(part.id for part in self.file.parts.values() if isinstance(part, model.Decision))

    def part(self, part_id: str) -> model.Part | None:
        """A part of this file or, with its namespace in front, of an imported one."""
        if part_id in self.file.parts:
            return self.file.parts[part_id]
        space, separator, inner_id = part_id.rpartition("#")
        if separator and space in self.imported:
            return self.imported[space][1].part(inner_id)
        return None

    def named(self, part_id: str) -> tuple[str, str] | None:
        """The names under which expressions see a part: that of the import, if any, and its own."""
        part = self.part(part_id)
        if part is None:
            return None
        around = "" if part_id in self.file.parts else self.imported[part_id.rpartition("#")[0]][0]
        return around, part.variable.name

    def find(self, wanted: str) -> Asked | None:
        """A decision, service or knowledge model by its id, else by its name."""
        part = self.file.parts.get(wanted)
        if isinstance(part, Asked):
            return part
        callable_parts = (part for part in self.file.parts.values() if isinstance(part, Asked))
        return next((part for part in callable_parts if part.variable.name == tidy(wanted)), None)

    def decide(
        self, decision_id: str, context: Mapping[str, object], *, now: datetime | None = None
    ) -> Result:
        """The outcome of a decision for a context of plain Python values; never an exception, except KeyError for a
        decision the file does not have. `now` is what now() and today() tell, in its own time zone; else UTC.
        """
        part = self.find(decision_id)
        if part is None:
            raise KeyError(decision_id)
        budget = Budget(now)
        evaluation = Evaluation(self, budget, {}, self._read(context, part))
        value = protected(lambda _: evaluation.outcome(part), evaluation.scope)
        return Result(value, tuple(budget.rules), tuple(budget.errors))

    def _read(self, context: Mapping[str, object], part: Asked) -> dict[str, Value]:
        """What of a context the file may read, as FEEL values."""
        wanted = {each.variable.name for each in self.file.parts.values()}
        if isinstance(part, model.KnowledgeModel) and part.function:
            wanted |= {parameter.name for parameter in part.function.parameters}
        for name, definitions in self.imported.values():
            wanted |= definitions.inputs | {name}
        spelled = {key if WORD.fullmatch(key) else tidy(key): key for key in context}
        return {name: from_python(context[spelled[name]]) for name in wanted & spelled.keys()}

    def inputs_of(self, part_id: str) -> frozenset[str]:
        """The names of the input data that a decision reads, itself or through what it requires."""
        found: set[str] = set()
        seen: set[str] = set()
        todo = [part_id]
        while todo:
            id = todo.pop()
            part = self.part(id)
            if part is None or id in seen:
                continue
            seen.add(id)
            if isinstance(part, model.InputData):
                found.add(part.variable.name)
            elif isinstance(part, model.Decision | model.KnowledgeModel):
                todo += part.requires
        return frozenset(found)

    @property
    def inputs(self) -> frozenset[str]:
        """The names of the input data of this file and of those it imports."""
        own = (part.variable.name for part in self.file.parts.values() if isinstance(part, model.InputData))
        below = (name for _, definitions in self.imported.values() for name in definitions.inputs)
        return frozenset((*own, *below))
