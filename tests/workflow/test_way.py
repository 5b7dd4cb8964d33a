"""The usual way, and lists of steps of random processes: what waits is shown, what has ended is not open."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Kind
from consular.workflow.milestones import milestones
from consular.workflow.outline import Standing, Step, outline, where
from consular.workflow.replay import Recorded
from consular.workflow.state import State, Waits
from consular.workflow.step import start, step
from consular.workflow.way import Way
from tests.effort import calls
from tests.workflow import bpmn
from tests.workflow.blocks import Block, blocks, variables, written
from tests.workflow.bpmn import flow, path
from tests.workflow.test_replay import NOW, any_stimulus, decide, lines, picked

MANY = 2_000


def usual(graph: Graph) -> list[str]:
    """The usual way in its order, without gateways."""
    way = Way(graph)
    found = way.ahead([graph.start])
    return [
        node.id for node in way.all() if node.id in found and node.kind not in {Kind.EXCLUSIVE, Kind.RACE}
    ]


def test_a_gateway_is_left_by_its_default_flow() -> None:
    graph = compile(
        bpmn.process(
            bpmn.start(), bpmn.exclusive("which", "to_b"), bpmn.user("a"), bpmn.user("b"), bpmn.end(),
            path("start", "which"), flow("which", "a", "x = 1"), flow("which", "b", id="to_b"), path("a", "end"),
            path("b", "end"),
        )
    )  # fmt: skip

    assert usual(graph) == ["b", "end"]


def test_an_end_in_an_error_is_no_usual_way() -> None:
    graph = compile(
        bpmn.process(
            bpmn.start(), bpmn.exclusive("which", "to_b"), bpmn.user("a"), bpmn.user("b"), bpmn.error_end("wrong"),
            bpmn.end(), path("start", "which"), flow("which", "a", "x = 1"), flow("which", "b", id="to_b"),
            path("a", "end"), path("b", "wrong"),
        )
    )  # fmt: skip

    assert usual(graph) == ["a", "end"]


def test_after_a_way_back_what_was_done_comes_again() -> None:
    graph = compile(
        bpmn.process(
            bpmn.start(), bpmn.user("a"), bpmn.exclusive("enough", "on"), bpmn.user("ask"), bpmn.end(),
            path("start", "a", "enough"), flow("enough", "ask", "x = 1"), flow("enough", "end", id="on"),
            path("ask", "a"),
        )
    )  # fmt: skip

    assert Way(graph).ahead(["a"]) == {"enough", "end"}
    assert Way(graph).ahead(["ask"]) == {"a", "enough", "end"}


def test_a_long_process_is_put_in_order_in_few_steps_and_without_recursion() -> None:
    names = [f"t{number}" for number in range(MANY)]
    graph = compile(
        bpmn.process(bpmn.start(), *map(bpmn.user, names), bpmn.end(), path("start", *names, "end"))
    )

    assert usual(graph) == [*names, "end"]
    assert calls(lambda: usual(graph)) < 50 * MANY


def every(steps: tuple[Step, ...]) -> list[Step]:
    return [found for one in steps for found in (one, *every(one.inside))]


def judged(graph: Graph, state: State, history: list[Recorded], now: datetime) -> None:
    """What holds for the lists of any case at any moment."""
    shown = {one.node.id: one for one in every(outline(graph, state.tokens, history, now))}
    waiting = {token.node for token in state.tokens if token.kind is not Waits.JOIN}
    on_the_way = {Standing.OPEN, Standing.WATCHING}
    assert {id for id, one in shown.items() if one.standing in on_the_way} == waiting
    assert {line.item.node for line in history if line.item.kind == "completed"} <= {
        id for id, one in shown.items() if one.times
    }
    told = milestones(graph, state.tokens, history)
    assert len({one.key for one in told}) == len(told)
    if state.ended:
        assert all(one.standing is Standing.DONE for one in told)
        assert not any(one.is_coming for one in shown.values())


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(deciding=True), data=st.data())
def test_lists_of_random_processes_show_exactly_what_waits(block: Block, data: st.DataObject) -> None:
    graph = compile(written(block))
    names = [*variables(block), "got"]
    begin = picked(data, names) | {"items": data.draw(st.lists(st.integers(0, 9), max_size=3))}
    now = NOW
    state, effects = start(graph, begin, now, decide)
    history = lines(effects, now)
    assert sorted(node.id for node in Way(graph).all()) == sorted(graph.nodes)

    for _ in range(15):
        judged(graph, state, history, now)
        if state.ended or not where(graph, state.tokens):
            break
        stimulus, _by = any_stimulus(data, state, names)
        now += timedelta(days=8)
        state, effects = step(graph, state, stimulus, now, decide)
        history += lines(effects, now)
