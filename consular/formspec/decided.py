"""A derived value that a decision table of the folder gives: amounts and limits that change are rows with a day."""

from collections.abc import Mapping
from dataclasses import dataclass

from consular.core import clock
from consular.rules import dmn
from consular.rules.dmn import model

DAY = "on"
"""The input of tables that is the day of the question."""


@dataclass(frozen=True)
class Decided:
    """Stands where an expression would: `names` are the answers that the decision asks for."""

    text: str
    table: dmn.Definitions
    decision: str
    names: frozenset[str]

    def evaluate(self, context: Mapping[str, object]) -> object:
        """What the table says of these answers on the day they are looked at; null where it says nothing."""
        facts = {name: context.get(name) for name in self.names}
        return self.table.decide(self.decision, {**facts, DAY: context.get("today") or clock.today()}).value


def decided(text: str, tables: Mapping[str, dmn.Definitions]) -> Decided | None:
    """The value called "file.decision"; None where there is no such table or decision."""
    stem, _dot, decision = text.partition(".")
    table = tables.get(stem)
    if table is None or decision not in table.decisions:
        return None
    return Decided(text, table, decision, frozenset(_inputs(table, decision)) - {DAY})


def _inputs(table: dmn.Definitions, part_id: str) -> set[str]:
    """The names of the input data that a decision needs, itself or through others."""
    part = table.file.parts[part_id]
    if isinstance(part, model.InputData):
        return {part.variable.name}
    return {name for needed in getattr(part, "requires", ()) for name in _inputs(table, needed)}
