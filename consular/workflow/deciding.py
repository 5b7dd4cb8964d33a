"""Answers business rule tasks from the decision tables of a service. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from consular.rules.dmn import Definitions
from consular.workflow import values
from consular.workflow.graph import Node
from consular.workflow.state import Broken, Decide, Decided


def from_tables(tables: Iterable[Definitions]) -> Decide:
    """Answers each business rule task from the first table that has its decision.

    A decision that no table has, or that ends in an error, breaks the step: nobody goes a way that no rule has chosen.
    """
    files = tuple(tables)

    def decide(node: Node, variables: Mapping[str, object], now: datetime) -> Decided:
        found = next((table for table in files if node.decision in table.decisions), None)
        if found is None:
            raise Broken(f"{node.id}: no decision table has {node.decision}")
        result = found.decide(node.decision, variables, now=now)
        if result.value is None and result.errors:
            raise Broken(f"{node.id}: {node.decision}: {'; '.join(result.errors)}")
        return Decided(values.to_json(result.value), result.rules)

    return decide
