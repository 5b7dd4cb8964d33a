"""Random processes, random moments: a case moved to the same process under other names goes on as if nothing was."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow.mapping import TokenMapping
from consular.workflow.migration import Plan, migrate, plan
from consular.workflow.state import Done, State, Waits
from consular.workflow.step import start, step
from tests.workflow.blocks import Block, blocks, variables, written
from tests.workflow.renaming import renamed
from tests.workflow.test_replay import picked, stimulus

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def with_new_names(state: State, mapping: TokenMapping) -> State:
    tokens = tuple(
        token._replace(node=mapping.element(token.node), flow=mapping.flow(token.flow) if token.flow else "")
        for token in state.tokens
    )
    done = tuple(Done(mapping.element(entry.node), entry.scope, entry.by) for entry in state.done)
    return state._replace(tokens=tokens, done=done)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=blocks(), data=st.data())
def test_a_moved_case_goes_on_as_it_would_have(block: Block, data: st.DataObject) -> None:
    old, new, mapping = renamed(written(block))
    there, same = plan(old, new, mapping), plan(old, old, TokenMapping())
    assert isinstance(there, Plan)
    assert isinstance(same, Plan)
    begin = picked(data, variables(block)) | {"items": data.draw(st.lists(st.integers(0, 9), max_size=3))}
    now = NOW
    state, _effects = start(old, begin, now)
    copy: State | None = None

    for _ in range(20):
        if state.ended:
            break
        assert migrate(same, state, now)[0] == state
        moved = migrate(there, state, now)[0]
        assert moved == with_new_names(state, mapping)
        assert copy is None or copy == moved
        waiting = [token for token in state.tokens if token.kind not in {Waits.SCOPE, Waits.JOIN}]
        chosen = stimulus(data.draw(st.sampled_from(waiting)), picked(data, variables(block)))
        now += timedelta(days=8)
        state, _effects = step(old, state, chosen, now)
        copy, _effects = step(new, moved, chosen, now)
    assert copy is None or copy == with_new_names(state, mapping)
