"""Scripts being played, for tests."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from consular.workflow import script
from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Node
from consular.workflow.play import Outcome, play
from consular.workflow.state import Decided
from tests.workflow import bpmn

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def played(graph: Graph, *stimuli: Mapping[str, object], now: datetime = MONDAY) -> list[Outcome]:
    return list(play(graph, script.read(json.dumps(stimuli).encode()), now, decided))


def decided(node: Node, variables: Mapping[str, object], now: datetime) -> Decided:
    return Decided(80, ("rule_1",))


def drawn(*parts: str) -> Graph:
    return compile(bpmn.process(*parts))


def ids(outcome: Outcome) -> list[str]:
    return [one.id for one in outcome.open]


def error(outcome: Outcome) -> str:
    return outcome.error.code if outcome.error else ""
