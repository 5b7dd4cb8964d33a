"""Cases that wander at random through the processes we deliver: whatever is answered, none breaks, each ends closed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings

from consular.rules import dmn
from consular.rules.dmn.model import InputData
from consular.rules.feel.syntax import Literal, Node, children
from consular.workflow.compile import compile
from consular.workflow.deciding import from_tables
from consular.workflow.graph import Graph
from consular.workflow.state import (
    Broken,
    Complete,
    Decide,
    Deliver,
    Finish,
    Fire,
    NotPossible,
    State,
    Stimulus,
    Token,
    Waits,
)
from consular.workflow.step import start, step

FILES = sorted(Path(settings.FORMS_DIR).glob("*/v*/process.bpmn"))
CASES, STIMULI, PEOPLE = 30, 600, 12
REPLIES = ("consent", "conditions", "objection", "more_time", "more_data")


class Wanderer:
    """One case on its way; what is answered are the values that the conditions of the process ask for."""

    def __init__(self, graph: Graph, decide: Decide, found: dict[str, list[object]], number: int) -> None:
        self.graph, self.decide, self.random = graph, decide, Random(number)
        self.now = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=number * 20)
        rounds = {node.loop.each for node in graph.nodes.values() if node.loop}
        self.choices = {name: found[name] for name in sorted(found.keys() - rounds)}

    def answers(self) -> dict[str, object]:
        given = {
            name: self.random.choice([*values, True, False])
            for name, values in self.choices.items()
            if self.random.random() < 0.7
        }
        return given | {"answer": self.random.choice(REPLIES)}

    def stimulus(self, token: Token) -> Stimulus | None:
        if token.kind is Waits.TASK:
            return Complete(token.number, f"person {self.random.randrange(PEOPLE)}", self.answers())
        if token.kind is Waits.SERVICE:
            return Finish(token.number, {})
        rare = token.kind is Waits.TIMER or token.key == "applicant.withdrew"
        if rare and self.random.random() < 0.98:
            return None
        if token.kind is Waits.MESSAGE:
            message, _hash, key = token.key.partition("#")
            return Deliver(message, key, self.answers())
        self.now = max(self.now, token.due or self.now)
        return Fire(token.number)

    def end(self) -> State:
        """Where the case is when it has ended, or after very many stimuli."""
        state, _effects = start(self.graph, self.answers(), self.now, self.decide)
        for _turn in range(STIMULI):
            waiting = [token for token in state.tokens if token.kind not in {Waits.SCOPE, Waits.JOIN}]
            if not waiting:
                break
            self.now += timedelta(hours=self.random.choice([0, 1, 30]))
            stimulus = self.stimulus(self.random.choice(waiting))
            if stimulus is not None:
                state = self._moved(state, stimulus)
        return state

    def _moved(self, state: State, stimulus: Stimulus) -> State:
        try:
            return step(self.graph, state, stimulus, self.now, self.decide)[0]
        except NotPossible as refusal:
            if refusal.code != "four_eyes":
                raise
            return state


def choices(graph: Graph) -> dict[str, list[object]]:
    """What the conditions of a process read, with the values they compare it with."""
    found: dict[str, list[object]] = {}
    for condition in [flow.condition for node in graph.nodes.values() for flow in node.outgoing]:
        for name in sorted(condition.names) if condition else ():
            found.setdefault(name, []).extend(
                value for value in literals(condition.tree) if value is not None
            )
    return found


def asked(files: list[bytes]) -> dict[str, list[object]]:
    """What tables are asked about, with the words that stand in their cells."""
    cells = [cell for file in files for cell in re.findall("<text>.*?</text>", file.decode(), re.DOTALL)]
    words = [None, *sorted({word for cell in cells for word in re.findall(r'"(\w+)"', cell)})]
    sorts: dict[str, list[object]] = {"string": list(words), "number": [3, 40], "boolean": []}
    parts = [
        part for file in files for part in dmn.load(file).file.parts.values() if isinstance(part, InputData)
    ]
    given = [part.variable for part in parts if part.variable.name != "on"]
    return {variable.name: sorts.get(variable.type, [None]) for variable in given}


def literals(tree: Node) -> Iterator[object]:
    """The values that stand in an expression."""
    if isinstance(tree, Literal):
        yield tree.value
    for child in children(tree):
        yield from literals(child)


def ended(file: Path, graph: Graph) -> list[State]:
    """Where some cases of a process end."""
    files = [table.read_bytes() for table in sorted(file.parent.glob("*.dmn"))]
    decide, found = from_tables(map(dmn.load, files)), asked(files) | choices(graph)
    return [Wanderer(graph, decide, found, number).end() for number in range(CASES)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_whatever_is_answered_every_case_ends_closed(file: Path) -> None:
    states = ended(file, compile(file.read_bytes()))

    assert [(state.tokens, state.phase) for state in states] == [((), "closed")] * CASES


def test_a_process_that_breaks_on_some_way_would_be_found() -> None:
    """The negative control: partners without a code, so that nobody's answer could be told from another's."""
    file = Path(settings.FORMS_DIR) / "schengen_visa" / "v1" / "process.bpmn"
    xml = file.read_bytes().replace(b'correlationKey="=partner.id"', b'correlationKey="=partner.nobody"')

    with pytest.raises(Broken, match="correlation key"):
        ended(file, compile(xml))
