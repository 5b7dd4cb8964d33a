"""Random processes: the engine does what an engine of other hands does, where that one is known to be right.

Not compared: loops around parallel gateways, where SpiffWorkflow keeps what came to a join in an earlier round; inside
rounds of a multi-instance element rules and variables, which it keeps elsewhere (oracle.py), and what rounds collect;
errors that no event catches, which it cannot send to one activity. The naive interpreter has them (test_replay.py).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from consular.workflow import endings, moves, values
from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Kind, Node
from consular.workflow.run import Run
from consular.workflow.state import Decided, Fail, State, Token, Waits
from consular.workflow.step import start, step
from tests.workflow.blocks import Block, blocks, everything, variables, written
from tests.workflow.oracle import Oracle, Place, ruled
from tests.workflow.test_replay import picked, stimulus

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def comparable(block: Block) -> bool:
    """Whether SpiffWorkflow can be trusted with it."""
    parts = everything(block)
    rounds = [part for part in parts if part.kind == "each"]
    loops = [part for part in parts if part.kind == "loop"]
    return not any("rule" in each.kinds() for each in rounds) and not any(
        "par" in loop.kinds() for loop in loops
    )


def rounds(token: Token) -> tuple[int, ...]:
    """The rounds a token lies in, outermost first."""
    parts = (part.partition(".") for part in token.scope.split("/"))
    return tuple(int(index) for _number, dot, index in parts if dot)


def waiting(state: State) -> list[Token]:
    """What waits for something outside."""
    return [token for token in state.tokens if token.kind not in {Waits.SCOPE, Waits.JOIN}]


def opened(state: State) -> list[Place]:
    return sorted((token.node, rounds(token)) for token in waiting(state))


def decide(node: Node, known: Mapping[str, object], now: datetime) -> Decided:
    return Decided(ruled(known))


def may_fail(graph: Graph, token: Token) -> bool:
    """Whether an event at its boundary catches its error."""
    events = [graph.node(id) for id in graph.node(token.node).boundaries]
    return any(event.kind is Kind.ON_ERROR for event in events) and token.kind is Waits.SERVICE


def ruled_ways(block: Block, data: st.DataObject) -> Block:
    """The same with a rule before some of the choices, outside rounds."""
    if block.kind == "each":
        return block
    same = replace(block, parts=tuple(ruled_ways(part, data) for part in block.parts))
    if block.kind != "xor" or not data.draw(st.booleans()):
        return same
    return Block("seq", f"{block.id}s", (Block("rule", f"{block.id}r"), same))


def drawn(block: Block) -> bytes:
    """The file, in which such a rule sets the variable of its choice."""
    xml = written(block)
    for part in everything(block):
        if part.kind == "rule":
            xml = xml.replace(f"v_{part.id}_rule".encode(), f"v_{part.id.removesuffix('r')}".encode())
    return xml


def compare(block: Block, data: st.DataObject) -> None:
    """One process, one way through it, in both."""
    names, now = variables(block), NOW
    xml = drawn(ruled_ways(block, data))
    graph = compile(xml)
    begin = picked(data, names) | {"items": data.draw(st.lists(st.integers(1, 9), max_size=3))}
    state, _effects = start(graph, begin, now, decide)
    oracle = Oracle(xml, begin)

    for _ in range(20):
        assert opened(state) == oracle.open
        assert state.ended == oracle.flow.completed
        if state.ended:
            return
        token = data.draw(st.sampled_from(waiting(state)))
        now += timedelta(days=8)
        if may_fail(graph, token) and data.draw(st.booleans()):
            state, _effects = step(graph, state, Fail(token.number, "failed"), now, decide)
            oracle.fail(token.node, rounds(token))
            continue
        given = {} if token.kind is Waits.TIMER or rounds(token) else picked(data, names)
        state, _effects = step(graph, state, stimulus(token, given), now, decide)
        oracle.act(token.node, given, rounds(token))


OFTEN = settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)  # fmt: skip
PROCESSES = given(block=blocks(deciding=True).filter(comparable), data=st.data())


@OFTEN
@PROCESSES
def test_the_engine_agrees_with_spiffworkflow(block: Block, data: st.DataObject) -> None:
    compare(block, data)


FAULTS = {
    "a round is missing": (
        moves,
        "values",
        SimpleNamespace(to_json=lambda value: values.to_json(value)[:-1]),
    ),
    "nothing catches an error": (endings, "_catcher", lambda run, node, code: None),
    "the answer of a rule is lost": (Run, "answer", lambda run, node, scope: Decided(None)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_engine_with_a_fault_would_not_agree(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    monkeypatch.setattr(*FAULTS[fault])

    with pytest.raises(AssertionError):
        settings(OFTEN, phases=[Phase.generate])(PROCESSES(compare))()
