"""Moving a running case to another process: what is kept, and every reason why not."""

from datetime import UTC, datetime, timedelta

import pytest

from consular.workflow.compile import compile
from consular.workflow.graph import Graph
from consular.workflow.mapping import NO_CHANGES, TokenMapping
from consular.workflow.migration import Plan, migrate, plan
from consular.workflow.state import Complete, Effects, Fire, NotPossible, State, Stimulus
from consular.workflow.step import start, step
from tests import rows
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def graph(*parts: str, lane: str = "caseworker") -> Graph:
    return compile(bpmn.process(bpmn.start(), bpmn.end(), *parts, lane=lane))


def run(graph: Graph, *stimuli: Stimulus, **variables: object) -> State:
    state, _effects = start(graph, variables, NOW)
    for stimulus in stimuli:
        state, _effects = step(graph, state, stimulus, NOW)
    return state


def moved(old: Graph, new: Graph, state: State, mapping: TokenMapping = NO_CHANGES) -> tuple[State, Effects]:
    made = plan(old, new, mapping)
    assert isinstance(made, Plan), made
    result = migrate(made, state, LATER)
    assert isinstance(result[0], State), result
    return result  # type: ignore[return-value]


def reasons(
    old: Graph, new: Graph, state: State, mapping: TokenMapping = NO_CHANGES
) -> list[tuple[str, str]]:
    made = plan(old, new, mapping)
    found = migrate(made, state, LATER) if isinstance(made, Plan) else made
    return [(reason.code, reason.element) for reason in found]  # type: ignore[union-attr]


TWO = graph(bpmn.user("a", sla="P5D"), bpmn.user("b", fourEyesWith="a"), path("start", "a", "b", "end"))
RENAMED = graph(
    bpmn.user("x", sla="P9D"),
    bpmn.user("b", fourEyesWith="x"),
    bpmn.user("c"),
    path("start", "x", "b", "c", "end"),
)
A_TO_X = TokenMapping({"a": "x"})


def test_what_keeps_its_id_goes_on_there_and_keeps_its_due_date() -> None:
    new = graph(bpmn.user("a", sla="P1D"), bpmn.user("b"), path("start", "a", "b", "end"))
    state = run(TWO, fee=60)

    after, effects = moved(TWO, new, state)

    assert after == state
    assert (effects.entered, effects.history) == ((), ())


def test_a_renamed_element_is_mapped_and_four_eyes_survive() -> None:
    state = run(TWO, Complete(1, "ada"))

    after, _effects = moved(TWO, RENAMED, state, A_TO_X)

    assert [done.node for done in after.done] == ["x"]
    with pytest.raises(NotPossible, match="four_eyes"):
        step(RENAMED, after, Complete(2, "ada"), LATER)
    assert step(RENAMED, after, Complete(2, "bob"), LATER)[0].tokens[0].node == "c"


def test_without_renaming_what_was_done_four_eyes_would_be_forgotten() -> None:
    """The negative control: the same state with the memory as it was lets one person do both."""
    state = run(TWO, Complete(1, "ada"))
    after, _effects = moved(TWO, RENAMED, state, A_TO_X)

    forgetful = after._replace(done=state.done)

    assert step(RENAMED, forgetful, Complete(2, "ada"), LATER)[0].tokens[0].node == "c"
    assert reasons(TWO, RENAMED, state) == [("four_eyes", "a")]


GUARDED = (
    bpmn.user("a"), bpmn.on_timer("late", "a"), bpmn.user("b"), path("start", "a", "end"), path("late", "b", "end"),
)  # fmt: skip
JOINED = (
    bpmn.parallel("split"), bpmn.user("a"), bpmn.user("b"), bpmn.parallel("join"),
    path("start", "split", "a", "join", "end"), path("split", "b", "join"),
)  # fmt: skip
RACING = (
    bpmn.race("which"), bpmn.timer("t"), bpmn.message("m"), path("start", "which", "t", "end"),
    path("which", "m", "end"),
)  # fmt: skip
EACH = (bpmn.user("a", bpmn.each("=items")), path("start", "a", "end"))
IN_SUB = (
    bpmn.sub("s", bpmn.start("s0"), bpmn.user("a"), bpmn.end("s1"), path("s0", "a", "s1")), path("start", "s", "end"),
)  # fmt: skip
PLAIN = graph(bpmn.user("a"), path("start", "a", "end"))
SERVED = graph(bpmn.service("a"), path("start", "a", "end"))
MESSAGED = graph(bpmn.message("a"), path("start", "a", "end"))
THREE_WAYS = graph(*JOINED, bpmn.user("c"), path("split", "c", "join"))
ITEMS = {"items": ["p", "q"]}

REFUSED = {
    "gone": (PLAIN, graph(bpmn.user("b"), path("start", "b", "end")), run(PLAIN), {}, [("gone", "a")]),
    "kind": (PLAIN, SERVED, run(PLAIN), {}, [("kind", "a")]),
    "lane": (PLAIN, graph(bpmn.user("a"), path("start", "a", "end"), lane="decider"), run(PLAIN), {}, [("lane", "a")]),
    "other service": (
        SERVED, graph(bpmn.service("a", type="other"), path("start", "a", "end")), run(SERVED), {}, [("service", "a")]
    ),
    "new loop": (PLAIN, graph(*EACH), run(PLAIN), {}, [("loop", "a")]),
    "loop gone": (graph(*EACH), PLAIN, run(graph(*EACH), **ITEMS), {}, [("loop", "a")] * 3),
    "loop variable": (
        graph(*EACH), graph(bpmn.user("a", bpmn.each("=items", "one")), path("start", "a", "end")),
        run(graph(*EACH), **ITEMS), {}, [("loop", "a")] * 3,
    ),
    "into a sub-process": (PLAIN, graph(*IN_SUB), run(PLAIN), {}, [("scope", "a")]),
    "out of a sub-process": (graph(*IN_SUB), PLAIN, run(graph(*IN_SUB)), {}, [("gone", "s"), ("scope", "a")]),
    "guard gone": (graph(*GUARDED), PLAIN, run(graph(*GUARDED)), {}, [("gone", "late")]),
    "guard new": (PLAIN, graph(*GUARDED), run(PLAIN), {}, [("guard", "a")]),
    "guard elsewhere": (
        graph(*GUARDED), graph(bpmn.user("a"), bpmn.user("b"), bpmn.on_timer("late", "b"), bpmn.end("e"),
                               path("start", "a", "b", "end"), path("late", "e")),
        run(graph(*GUARDED)), {}, [("scope", "late")],
    ),
    "a third branch": (graph(*JOINED), THREE_WAYS, run(graph(*JOINED)), {}, [("stranded", "a")]),
    "a join that is gone": (
        graph(*JOINED), graph(bpmn.user("b"), bpmn.user("a"), path("start", "a", "b", "end")),
        run(graph(*JOINED), Complete(1)), {}, [("gone", "join")],
    ),
    "another flow to the join": (
        graph(*JOINED),
        graph(*JOINED[:4], path("start", "split", "a"), path("split", "b", "join", "end"),
              flow("a", "join", id="other")),
        run(graph(*JOINED), Complete(1)), {}, [("flow", "join")],
    ),
    "two in one": (
        graph(*JOINED), PLAIN, run(graph(*JOINED)), {"elements": {"b": "a"}}, [("stranded", "a")],
    ),
    "another rival": (
        graph(*RACING), graph(*RACING, bpmn.timer("u"), path("which", "u", "end")), run(graph(*RACING)), {},
        [("race", "m")],
    ),
    "alone": (
        graph(*RACING), graph(bpmn.timer("t"), bpmn.message("m"), path("start", "t", "m", "end")),
        run(graph(*RACING)), {}, [("race", "m")],
    ),
    "no longer alone": (
        graph(bpmn.timer("t"), path("start", "t", "end")), graph(*RACING),
        run(graph(bpmn.timer("t"), path("start", "t", "end"))), {}, [("race", "t")],
    ),
    "mapping of nothing": (
        PLAIN, PLAIN, run(PLAIN),
        {"elements": {"y": "a", "a": "z"}, "flows": {"f": "g"}, "begin": {"a"}, "drop": {"a"}},
        [("mapping", "y"), ("mapping", "z"), ("mapping", "f"), ("mapping", "g"), ("mapping", "a"), ("mapping", "a")],
    ),
}  # fmt: skip


@rows.every("old, new, state, mapping, why", REFUSED.values())
def test_a_case_that_does_not_fit_stays_with_every_reason(
    old: Graph, new: Graph, state: State, mapping: dict[str, object], why: list[tuple[str, str]]
) -> None:
    assert reasons(old, new, state, TokenMapping(**mapping)) == why  # type: ignore[arg-type]


def test_an_express_mapping_may_change_the_lane() -> None:
    new = graph(bpmn.user("a"), path("start", "a", "end"), lane="decider")

    assert moved(PLAIN, new, run(PLAIN), TokenMapping({"a": "a"}))[0] == run(PLAIN)


def test_a_guard_of_the_new_process_begins_with_the_migration_or_the_case_does_without() -> None:
    state = run(PLAIN)

    after, effects = moved(PLAIN, graph(*GUARDED), state, TokenMapping(begin=frozenset({"late"})))
    without, _effects = moved(PLAIN, graph(*GUARDED), state, TokenMapping(without=frozenset({"late"})))

    guard = after.tokens[1]
    assert (guard.node, guard.host, guard.due) == ("late", 1, LATER + timedelta(days=7))
    assert [(item.kind, item.node) for item in effects.history] == [("entered", "late")]
    assert without == state


def test_a_guard_of_the_old_process_can_be_dropped_and_one_that_struck_does_not_come_back() -> None:
    reminder = bpmn.on_timer("late", "a", cancel="false")
    reminded = graph(
        bpmn.user("a"),
        reminder,
        bpmn.user("b"),
        bpmn.end("e"),
        path("start", "a", "end"),
        path("late", "b", "e"),
    )
    struck, _effects = step(reminded, run(reminded), Fire(2), NOW + timedelta(days=8))

    dropped, _effects = moved(
        graph(*GUARDED), PLAIN, run(graph(*GUARDED)), TokenMapping(drop=frozenset({"late"}))
    )
    again, _effects = moved(reminded, reminded, struck)

    assert [token.node for token in dropped.tokens] == ["a"]
    assert again == struck


def test_a_message_is_awaited_under_its_new_name_with_its_old_key() -> None:
    old = graph(bpmn.message("wait", "m_answered"), path("start", "wait", "end"))
    new = graph(bpmn.receive("wait", "m_booked"), path("start", "wait", "end"))
    state = run(old, partner="DE")

    assert [token.key for token in state.tokens] == ["answered#DE"]
    assert [token.key for token in moved(old, new, state)[0].tokens] == ["booked#DE"]


def test_rounds_go_on_with_what_they_know() -> None:
    old, new = (
        graph(*EACH),
        graph(bpmn.user("x", bpmn.each("=items")), bpmn.user("z"), path("start", "x", "z", "end")),
    )
    state = run(old, Complete(2), **ITEMS)

    after, _effects = moved(old, new, state, A_TO_X)
    ended, _effects = step(new, after, Complete(3), LATER)

    assert after.tokens[0].rounds == state.tokens[0].rounds
    assert [token.node for token in ended.tokens] == ["z"]


def test_what_lies_in_a_called_process_follows_the_calling_element() -> None:
    mapping = TokenMapping({"call": "ask"})

    assert (mapping.element("call/inner"), mapping.element("call/deep/x"), mapping.element("calling/x")) == (
        "ask/inner", "ask/deep/x", "calling/x",
    )  # fmt: skip
    assert (mapping.flow("call/f"), mapping.flow("f")) == ("ask/f", "f")


def test_the_phase_changes_where_its_element_has_another_one_now() -> None:
    old, new = (
        graph(bpmn.user("a", phase=phase), path("start", "a", "end")) for phase in ("your_turn", "waiting")
    )

    assert moved(old, new, run(old))[0].phase == "waiting"


def wide(branches: int) -> Graph:
    """So many tasks at the same time."""
    ids = [f"t{number}" for number in range(branches)]
    ways = [part for id in ids for part in (bpmn.user(id), path("split", id, "join"))]
    return graph(
        bpmn.parallel("split"), bpmn.parallel("join"), path("start", "split"), path("join", "end"), *ways
    )


@pytest.mark.parametrize("most", [100_000, 200])
def test_many_ways_at_once_are_looked_at_or_sought(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consular.workflow.reach.MOST", most)

    assert moved(wide(8), wide(8), run(wide(8), Complete(3)))[0] == run(wide(8), Complete(3))


def test_what_cannot_be_told_of_a_large_process_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consular.workflow.reach.MOST", 200)
    monkeypatch.setattr("consular.workflow.seeking.MOST", 1)

    assert reasons(wide(8), wide(8), run(wide(8), Complete(3))) == [("too_large", "t0")]


def test_without_looking_at_the_whole_a_case_would_wait_for_ever_at_a_join(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control of `stranded`: each token fits, but the third way into the join never comes."""
    monkeypatch.setattr("consular.workflow.reach.Reach.stranded", lambda *_: None)

    after, _effects = moved(graph(*JOINED), THREE_WAYS, run(graph(*JOINED)))
    for number in (1, 2):
        after, _effects = step(THREE_WAYS, after, Complete(number), LATER)

    assert {token.node for token in after.tokens} == {"join"}
