"""What would have become of a case on another process: the same path, another one, or nobody can know."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Node
from consular.workflow.mapping import TokenMapping
from consular.workflow.replay import Recorded
from consular.workflow.state import (
    Complete,
    Decide,
    Decided,
    Deliver,
    Effects,
    Fire,
    HistoryItem,
    Stimulus,
    Waits,
)
from consular.workflow.step import start, step
from consular.workflow.whatif import Verdict, compare
from consular.workflow.worlds import World
from tests.workflow import bpmn
from tests.workflow.blocks import Block, blocks, variables, written
from tests.workflow.bpmn import flow, path
from tests.workflow.renaming import renamed
from tests.workflow.test_replay import picked, stimulus

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SAME = Verdict("same")
Happened = tuple[timedelta, Stimulus]


def graph(*parts: str) -> Graph:
    return compile(bpmn.process(bpmn.start(), bpmn.end(), *parts))


def lived(graph: Graph, *happened: Happened, decide: Decide | None = None, **given: object) -> list[Recorded]:
    """The history of a case to which these things happened, so long after its start."""
    state, effects = start(graph, given, NOW, decide)
    history = _lines(effects, NOW, "")
    for after, what in happened:
        state, effects = step(graph, state, what, NOW + after, decide)
        history += _lines(effects, NOW + after, getattr(what, "by", ""))
    return history


def _lines(effects: Effects, at: datetime, by: str) -> list[Recorded]:
    return [Recorded(at, item, by) for item in effects.history]


def gated(limit: int) -> Graph:
    return graph(
        bpmn.user("a"), bpmn.exclusive("high", "high-end"), bpmn.user("b"), path("start", "a", "high", "end"),
        flow("high", "b", f"=fee > {limit}"), path("b", "end"),
    )  # fmt: skip


def test_a_gateway_that_decides_otherwise_parts_the_ways() -> None:
    with_b = lived(gated(50), (DAY, Complete(1)), (2 * DAY, Complete(2)), fee=60)
    without = lived(gated(50), (DAY, Complete(1)), fee=40)

    assert compare(with_b, World(gated(50)), World(gated(55))) == SAME
    assert compare(with_b, World(gated(50)), World(gated(70))) == Verdict("other", "b", "end")
    assert compare(without, World(gated(50)), World(gated(30))) == Verdict("other", "end", "b")


TASK = graph(bpmn.user("a"), path("start", "a", "end"))
TWO = graph(bpmn.user("a"), bpmn.user("b"), path("start", "a", "b", "end"))


def test_a_renamed_element_is_another_one_unless_a_mapping_says_so() -> None:
    history = lived(TASK, (DAY, Complete(1)))
    other = World(graph(bpmn.user("x"), path("start", "x", "end")))

    assert compare(history, World(TASK), other) == Verdict("other", "a", "x")
    assert compare(history, World(TASK), other, mapping=TokenMapping({"a": "x"})) == SAME


def test_four_eyes_that_are_new_would_have_refused_the_same_person() -> None:
    watched = World(graph(bpmn.user("a"), bpmn.user("b", fourEyesWith="a"), path("start", "a", "b", "end")))
    alone = lived(TWO, (DAY, Complete(1, "ada")), (2 * DAY, Complete(2, "ada")))
    both = lived(TWO, (DAY, Complete(1, "ada")), (2 * DAY, Complete(2, "bob")))

    assert compare(alone, World(TWO), watched) == Verdict(
        "other", "b", "", "would have been refused: four_eyes b"
    )
    assert compare(both, World(TWO), watched) == SAME


def guarded(days: int | None, cancel: str = "true") -> Graph:
    guard = (
        [bpmn.on_timer("late", "a", f"P{days}D", cancel), path("late", "b")] if days else [path("a2", "b")]
    )
    first = [] if days else [bpmn.user("a2")]
    return graph(bpmn.user("a"), bpmn.user("b"), *first, *guard, path("start", "a", "end"), path("b", "end"))


PLAIN = TASK


@pytest.mark.parametrize(
    ("old", "new", "happened", "verdict"),
    [
        ("in time", (7, 3), [(2 * DAY, Complete(1))], SAME),
        ("too late there", (7, 3), [(5 * DAY, Complete(1))], Verdict("other", "", "late", "would have struck earlier")),
        ("new guard in time", (None, 3), [(2 * DAY, Complete(1))], SAME),
        ("new guard", (None, 3), [(5 * DAY, Complete(1))], Verdict("other", "", "late", "would have struck earlier")),
        ("guard gone", (7, None), [(2 * DAY, Complete(1))], SAME),
        ("struck, guard gone", (7, None), [(8 * DAY, Fire(2))], Verdict("other", "late", "", "does not wait there")),
        ("struck earlier", (7, 3), [(8 * DAY, Fire(2)), (9 * DAY, Complete(3))], SAME),
        ("struck later", (7, 9), [(8 * DAY, Fire(2)), (30 * DAY, Complete(3))], SAME),
        ("struck much later", (7, 9), [(7 * DAY, Fire(2)), (8 * DAY, Complete(3))],
         Verdict("other", "late", "", "would not have struck yet")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_time_limits_of_the_other_process_count(
    old: str, new: tuple[int | None, int | None], happened: list[Happened], verdict: Verdict
) -> None:
    was, other = (guarded(days) if days else PLAIN for days in new)

    assert compare(lived(was, *happened), World(was), World(other)) == verdict


def test_a_last_timer_that_strikes_later_leads_to_the_same_end() -> None:
    was, other = (graph(bpmn.timer("t", f"P{days}D"), path("start", "t", "end")) for days in (7, 9))

    assert compare(lived(was, (8 * DAY, Fire(1))), World(was), World(other)) == SAME


def test_deadlines_set_then_count_whatever_the_calendar_says_now() -> None:
    history = [
        Recorded(line.at, HistoryItem(line.item.kind, line.item.node, _sooner(dict(line.item.data))))
        for line in lived(guarded(7), (7 * DAY, Fire(2)))
    ]
    early = [Recorded(NOW + 5 * DAY if line.item.kind in AFTER else NOW, line.item) for line in history]

    assert compare(early, World(guarded(7)), World(guarded(7))) == SAME


AFTER = {"timer", "cancelled"}


def _sooner(data: dict[str, object]) -> dict[str, object]:
    return data | ({"due": (NOW + 4 * DAY).isoformat()} if "due" in data else {})


def fees(limit: int) -> Decide:
    def decide(node: Node, variables: object, now: datetime) -> Decided:
        return Decided(variables["age"] > limit, (f"r{limit}",))  # type: ignore[index]

    return decide


RULED = graph(
    bpmn.user("a"), bpmn.rule("ask", "fee", "fee"), bpmn.exclusive("high", "high-end"), bpmn.user("pay"),
    path("start", "a", "ask", "high", "end"), flow("high", "pay", "=fee"), path("pay", "end"),
)  # fmt: skip


def test_decisions_are_taken_by_the_other_tables_and_those_of_then_stand() -> None:
    history = lived(RULED, (DAY, Complete(1)), decide=fees(6), age=9)

    assert compare(history, World(RULED), World(RULED, fees(8))) == SAME
    assert compare(history, World(RULED), World(RULED, fees(9))) == Verdict("other", "pay", "end")
    assert compare(history, World(RULED), World(RULED)).code == "unknown"


def test_a_message_nobody_waits_for_there_parts_the_ways() -> None:
    was = graph(
        bpmn.user("a"), bpmn.on_message("m", "a"), bpmn.user("b"), path("start", "a", "end"), path("m", "b", "end")
    )  # fmt: skip
    history = lived(was, (DAY, Deliver("booked")))

    assert compare(history, World(was), World(was)) == SAME
    assert compare(history, World(was), World(PLAIN)).code == "other"


@pytest.mark.parametrize(
    "broken",
    [
        [],
        [Recorded(NOW, HistoryItem("completed", "a", {"token": 7}))],
        [Recorded(NOW, HistoryItem("started", "start")), Recorded(NOW, HistoryItem("completed", "a", {}))],
        [
            Recorded(NOW, HistoryItem("started", "start")),
            Recorded(NOW, HistoryItem("migrated", "", {"mapping": {}})),
        ],
    ],
    ids=["nothing", "no start", "no token", "moved"],
)
def test_a_history_that_cannot_be_run_is_said_to_be_none(broken: list[Recorded]) -> None:
    verdict = compare(broken, World(TASK), World(TASK))

    assert (verdict.code, bool(verdict.detail)) == ("unknown", True)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=blocks(), data=st.data())
def test_every_case_takes_the_same_path_on_its_own_process_also_under_other_names(
    block: Block, data: st.DataObject
) -> None:
    old, new, mapping = renamed(written(block))
    begin = picked(data, variables(block)) | {"items": data.draw(st.lists(st.integers(0, 9), max_size=3))}
    now = NOW
    state, effects = start(old, begin, now)
    history = _lines(effects, now, "")
    for _ in range(20):
        waiting = [token for token in state.tokens if token.kind not in {Waits.SCOPE, Waits.JOIN}]
        if not waiting:
            break
        chosen = stimulus(data.draw(st.sampled_from(waiting)), picked(data, variables(block)))
        now += timedelta(days=8)
        state, effects = step(old, state, chosen, now)
        history += _lines(effects, now, "")

    assert compare(history, World(old), World(old)) == SAME
    assert compare(history, World(old), World(new), mapping=mapping) == SAME
