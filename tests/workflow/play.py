"""A process being played in memory, for tests."""

from datetime import UTC, datetime, timedelta

from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Node
from consular.workflow.state import (
    Complete,
    Decided,
    Deliver,
    Effects,
    Fail,
    Finish,
    Fire,
    State,
    Waits,
)
from consular.workflow.step import start, step
from tests.workflow import bpmn

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)


class Play:
    """A process being played: each act moves it, `open` tells where it waits."""

    def __init__(self, *parts: str, **variables: object) -> None:
        self.graph: Graph = compile(bpmn.process(*parts))
        self.now = NOW
        self.state, self.effects = start(self.graph, variables, NOW, self.decide)

    @staticmethod
    def decide(node: Node, variables: object, now: datetime) -> Decided:
        return Decided(80, ("rule_1",))

    @property
    def open(self) -> list[str]:
        return sorted(token.node for token in self.state.tokens if token.kind is not Waits.SCOPE)

    def number(self, node: str, position: int = 0) -> int:
        """The token that waits at a node: a scope never, an activity before the events that guard it."""
        found = [t.number for t in self.state.tokens if t.node == node and t.kind is not Waits.SCOPE]
        return found[position] if found else -1

    def act(self, stimulus: object) -> "Play":
        result: tuple[State, Effects] = step(self.graph, self.state, stimulus, self.now, self.decide)  # type: ignore[arg-type]
        self.state, self.effects = result
        return self

    def complete(self, node: str, by: str = "", position: int = 0, **variables: object) -> "Play":
        return self.act(Complete(self.number(node, position), by, variables))

    def finish(self, node: str, **variables: object) -> "Play":
        return self.act(Finish(self.number(node), variables))

    def fail(self, node: str, code: str, position: int = 0) -> "Play":
        return self.act(Fail(self.number(node, position), code))

    def fire(self, node: str, after: timedelta = timedelta(days=8)) -> "Play":
        self.now = NOW + after
        return self.act(Fire(self.number(node)))

    def deliver(self, message: str, key: str = "", **variables: object) -> "Play":
        return self.act(Deliver(message, key, variables))

    def kinds(self) -> list[tuple[str, str]]:
        return [(item.kind, item.node) for item in self.effects.history]
