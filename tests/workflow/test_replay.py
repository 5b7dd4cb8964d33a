"""Random processes: the engine does what a naive interpreter does, and its history leads back to its tokens."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow import rows, shapes
from consular.workflow.check import check
from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Node
from consular.workflow.models import Token as Row
from consular.workflow.replay import Recorded, replay
from consular.workflow.run import _rounds
from consular.workflow.state import (
    Complete,
    Decided,
    Deliver,
    Effects,
    Fail,
    Finish,
    Fire,
    HistoryItem,
    Inform,
    State,
    Stimulus,
    Token,
    Waits,
)
from consular.workflow.step import start, step
from tests.workflow.blocks import Block, blocks, variables, written
from tests.workflow.naive import Address, Naive

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def address(token: Token) -> Address:
    return token.node, tuple(index for _number, index in _rounds(token.scope))


def opened(state: State) -> list[Address]:
    return sorted(address(token) for token in state.tokens if token.kind not in {Waits.SCOPE, Waits.JOIN})


def stimulus(token: Token, given: Mapping[str, object]) -> Stimulus:
    """What lets this token go on."""
    if token.kind is Waits.TIMER:
        return Fire(token.number)
    if token.kind is Waits.SERVICE:
        return Finish(token.number, given)
    if token.kind is Waits.MESSAGE:
        return Deliver(token.key, variables=given)
    return Complete(token.number, "", given)


def picked(data: st.DataObject, names: list[str]) -> dict[str, object]:
    """Values for some of the ways the process may take; most loops end soon."""
    values = st.sampled_from([False, False, False, True, 0, 1, 2, None])
    return data.draw(st.dictionaries(st.sampled_from(names), values), label="variables") if names else {}


def unpacked(row: Row) -> Token:
    return rows.waiting(row)


def packed(token: Token) -> Row:
    """The row of a token, its data through JSON."""
    data = json.loads(json.dumps(shapes.data(token)))
    return Row(
        number=token.number, node=token.node, kind=token.kind.value, scope=token.scope, due_at=token.due,
        message_key=token.key, data=data,
    )  # fmt: skip


def lines(effects: Effects, now: datetime) -> list[Recorded]:
    return [Recorded(now, item) for item in effects.history]


def decide(node: Node, variables: Mapping[str, object], now: datetime) -> Decided:
    return Decided(len(node.id), (f"rule_{node.id}",))


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(deciding=True), data=st.data())
def test_the_engine_agrees_with_a_naive_interpreter(block: Block, data: st.DataObject) -> None:
    graph: Graph = compile(written(block))
    names = [*variables(block), "got"]
    begin = picked(data, names) | {"items": data.draw(st.lists(st.integers(0, 9), max_size=3), label="items")}
    now = NOW
    naive = Naive(block, begin)
    state, effects = start(graph, begin, now, decide)
    history = lines(effects, now)
    # When a path ends everything, which automatic steps of its neighbours are still taken is nobody's business.
    cut_short = block.kinds() & {"halt", "throw"}

    for _ in range(25):
        assert opened(state) == naive.open
        assert state.ended == (not naive.open)
        if not cut_short:
            assert state.variables == naive.root.values[0]
        assert tuple(unpacked(packed(token)) for token in state.tokens) == state.tokens
        if state.ended:
            break
        chosen = data.draw(st.sampled_from(naive.open), label="next")
        token = next(
            token for token in state.tokens if address(token) == chosen and token.kind is not Waits.SCOPE
        )
        given = {} if token.kind is Waits.TIMER else picked(data, names)
        fails = naive.find(chosen).may_fail and data.draw(st.booleans(), label="fails")
        act = Fail(token.number, "failed") if fails else stimulus(token, given)
        now += timedelta(days=8)
        state, effects = step(graph, state, act, now, decide)
        naive.find(chosen).fail() if fails else naive.find(chosen).act(given)
        history += lines(effects, now)

    assert replay(graph, history, decide) == state


def any_stimulus(data: st.DataObject, state: State, names: list[str]) -> tuple[Stimulus, str]:
    """Something that happens to a running process, and the person who did it."""
    waiting = [token for token in state.tokens if token.kind not in {Waits.SCOPE, Waits.JOIN}]
    token = data.draw(st.sampled_from(waiting))
    given = picked(data, names)
    if data.draw(st.integers(0, 9)) == 0:
        return Inform(given), ""
    if token.kind is Waits.SERVICE and data.draw(st.booleans()):
        return Fail(token.number, data.draw(st.sampled_from(["failed", "unknown"]))), ""
    if token.kind is Waits.TASK:
        by = data.draw(st.sampled_from(["ann", "bob"]))
        return Complete(token.number, by, given), by
    return stimulus(token, given), ""


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(deciding=True), data=st.data())
def test_a_history_read_back_from_json_leads_to_the_same_state_after_every_stimulus(
    block: Block, data: st.DataObject
) -> None:
    graph, now, names = compile(written(block)), NOW, [*variables(block), "got"]
    state, effects = start(graph, {"items": [1, 2], **picked(data, names)}, now, decide)
    history, person = [], ""

    for _ in range(15):
        stored = json.loads(json.dumps([[item.kind, item.node, dict(item.data)] for item in effects.history]))
        history += [Recorded(now, HistoryItem(*item), person) for item in stored]
        assert replay(graph, history, decide) == state
        if state.ended:
            break
        now += timedelta(days=data.draw(st.sampled_from([8, 30])))
        act, person = any_stimulus(data, state, names)
        state, effects = step(graph, state, act, now, decide)


def test_without_the_numbers_of_its_tokens_a_history_would_lead_elsewhere() -> None:
    """The negative control: of two rounds at one task, the history has to say which one was completed."""
    graph = compile(written(Block("many", "n0")))
    state, begun = start(graph, {"items": [1, 2]}, NOW)
    second = [token.number for token in state.tokens if token.kind is Waits.TASK][1]
    state, done = step(graph, state, Complete(second, "", {"got": 2}), NOW)
    history = lines(begun, NOW) + lines(done, NOW)
    blurred = [
        replace(line, item=line.item._replace(data={**line.item.data, "token": second - 1}))
        if line.item.kind == "completed"
        else line
        for line in history
    ]

    assert replay(graph, history) == state
    assert replay(graph, blurred) != state


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks())
def test_the_soundness_check_accepts_every_structured_process(block: Block) -> None:
    assert check(compile(written(block))) == ()
