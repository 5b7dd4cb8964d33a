"""Random processes whose clocks stop, end with the day and count working days: nothing is lost, and replay agrees."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow.compile import compile
from consular.workflow.days import Clock, Week
from consular.workflow.graph import Graph, Node
from consular.workflow.replay import Recorded, replay
from consular.workflow.state import Effects, Fire, State, Token, Waits
from consular.workflow.step import start, step
from consular.workflow.timing import Ends, Timing
from tests.workflow.blocks import Block, blocks, variables, written
from tests.workflow.test_replay import packed, picked, stimulus, unpacked

BEGIN = datetime(2026, 3, 25, 20, 30, tzinfo=UTC)
WEEK = Week(frozenset({5, 6}), frozenset({date(2026, 4, 5), date(2026, 4, 6)}))
LATER = Week()
"""Another calendar: what is known when the history is replayed."""
phases = st.sampled_from(["", "in_review", "your_turn", "your_turn"])
timings = st.builds(
    Timing,
    written=st.sampled_from(["P1D", "P2D", "P5D", "PT30H"]),
    working=st.booleans(),
    ends=st.sampled_from(Ends),
    pauses=st.sampled_from([frozenset(), frozenset({"your_turn"})]),
)


def with_clocks(graph: Graph, data: st.DataObject) -> Graph:
    """The process with phases and clocks of all sorts."""

    def changed(node: Node) -> Node:
        timing = data.draw(timings, label=node.id) if node.timing else None
        sla = data.draw(timings) if node.kind == "user" else None
        return replace(node, phase=data.draw(phases), timing=timing, sla=sla)

    return replace(graph, nodes=MappingProxyType({id: changed(node) for id, node in graph.nodes.items()}))


def stands(graph: Graph, state: State, token: Token) -> bool:
    node = graph.node(token.node)
    timing = node.timing or node.sla
    return timing is not None and state.phase in timing.pauses


def lines(effects: Effects, now: datetime) -> list[Recorded]:
    return [Recorded(Clock(now, LATER), item) for item in effects.history]


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=blocks(), data=st.data(), zone=st.sampled_from(["Asia/Amman", "Europe/Berlin", "Pacific/Apia"]))
def test_clocks_stand_still_exactly_in_their_phases_and_history_leads_back_to_them(
    block: Block, data: st.DataObject, zone: str
) -> None:
    graph = with_clocks(compile(written(block)), data)
    names = variables(block)
    now = BEGIN.astimezone(ZoneInfo(zone))
    begin = picked(data, names) | {"items": [1, 2]}
    state, effects = start(graph, begin, Clock(now, WEEK))
    history = lines(effects, now)

    for _ in range(25):
        for token in state.tokens:
            assert unpacked(packed(token)) == token
            late = token.deadline is None or token.deadline <= now
            assert stands(graph, state, token) if token.held else late or not stands(graph, state, token)
            assert (
                token.due is not None or token.held is not None or token.kind not in {Waits.TIMER, Waits.TASK}
            )
        ready = [one for one in state.tokens if one.kind not in {Waits.JOIN, Waits.SCOPE}]
        ready = [one for one in ready if one.kind is not Waits.TIMER or one.held is None]
        if not ready:
            break
        token = data.draw(st.sampled_from(ready), label="next")
        wait = data.draw(st.sampled_from([timedelta(hours=3), timedelta(hours=30), timedelta(days=9)]))
        now += wait
        if token.kind is Waits.TIMER and token.due is not None:
            now = max(now, token.due.astimezone(now.tzinfo))
        given = {} if token.kind is Waits.TIMER else picked(data, names)
        state, effects = step(graph, state, stimulus(token, given), Clock(now, WEEK))
        assert not isinstance(stimulus(token, {}), Fire) or token.number not in {
            one.number for one in state.tokens
        }
        history += lines(effects, now)

    assert replay(graph, history) == state
