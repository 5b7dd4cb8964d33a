"""Random processes: the engine does what an engine of other hands does, where that one is known to be right."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow.compile import compile
from consular.workflow.state import State, Waits
from consular.workflow.step import start, step
from tests.workflow.blocks import Block, blocks, everything, variables, written
from tests.workflow.oracle import Oracle
from tests.workflow.test_replay import picked, stimulus

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def comparable(block: Block) -> bool:
    """Whether SpiffWorkflow can be trusted with it."""
    kinds = block.kinds()
    loops = [part for part in everything(block) if part.kind == "loop"]
    return not kinds & {"each", "many"} and not any("par" in loop.kinds() for loop in loops)


def opened(state: State) -> list[str]:
    return sorted(token.node for token in state.tokens if token.kind not in {Waits.SCOPE, Waits.JOIN})


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks().filter(comparable), data=st.data())
def test_the_engine_agrees_with_spiffworkflow(block: Block, data: st.DataObject) -> None:
    xml, now, names = written(block), NOW, variables(block)
    graph = compile(xml)
    begin = picked(data, names)
    state, _effects = start(graph, begin, now)
    oracle = Oracle(xml, begin)

    for _ in range(20):
        assert opened(state) == oracle.open
        assert state.ended == oracle.flow.completed
        if state.ended:
            return
        token = data.draw(
            st.sampled_from([t for t in state.tokens if t.kind not in {Waits.SCOPE, Waits.JOIN}])
        )
        given = {} if token.kind is Waits.TIMER else picked(data, names)
        now += timedelta(days=8)
        state, _effects = step(graph, state, stimulus(token, given), now)
        oracle.act(token.node, given)
