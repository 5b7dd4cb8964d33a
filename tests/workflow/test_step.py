"""The engine, element by element: what is open after which stimuli."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Node
from consular.workflow.state import Broken, Complete, Decided, Deliver, Fail, Finish, Fire, NotPossible
from consular.workflow.step import start, step
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path
from tests.workflow.play import NOW, Play


def choice(**variables: object) -> Play:
    return Play(
        bpmn.start(), bpmn.exclusive("which", "which-other"),
        bpmn.user("small"), bpmn.user("large"), bpmn.user("other"), bpmn.end(),
        path("start", "which"), flow("which", "small", "=size &lt; 10"), flow("which", "large", "size >= 10"),
        path("which", "other", "end"), path("small", "end"), path("large", "end"),
        **variables,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"size": 3}, "small"), ({"size": 10}, "large"), ({"size": 9.5}, "small"),
        ({"size": None}, "other"), ({}, "other"), ({"size": "ten"}, "other"), ({"size": True}, "other"),
    ],
)  # fmt: skip
def test_an_exclusive_gateway_takes_the_first_way_that_is_true_else_the_default(
    variables: dict[str, object], expected: str
) -> None:
    assert choice(**variables).open == [expected]


def test_a_parallel_gateway_waits_for_every_path() -> None:
    play = Play(
        bpmn.start(), bpmn.parallel("split"), bpmn.user("a"), bpmn.user("b"), bpmn.parallel("join"),
        bpmn.user("after"), bpmn.end(),
        path("start", "split", "a", "join", "after", "end"), path("split", "b", "join"),
    )  # fmt: skip

    assert play.open == ["a", "b"]
    assert play.complete("b").open == ["a", "join"]
    assert play.complete("a").open == ["after"]
    assert play.complete("after").state.ended


def looped() -> Play:
    """Two parallel paths, joined, inside a loop; one path can be gone round faster than the other."""
    return Play(
        bpmn.start(), bpmn.exclusive("again"), bpmn.parallel("split"), bpmn.user("examine"), bpmn.user("consult"),
        bpmn.parallel("join"), bpmn.exclusive("enough", "enough-end"), bpmn.end(),
        path("start", "again", "split", "examine", "join", "enough", "end"), path("split", "consult", "join"),
        flow("enough", "again", "more = true"),
    )  # fmt: skip


def test_a_join_in_a_loop_fires_once_per_complete_set() -> None:
    play = looped()
    for _round in range(3):
        assert play.complete("examine", more=True).open == ["consult", "join"]
        assert play.complete("consult").open == ["consult", "examine"]
    play.complete("consult", more=False)

    assert play.open == ["examine", "join"]
    assert play.complete("examine").state.ended


def test_a_join_keeps_a_second_token_of_one_flow_for_the_next_set() -> None:
    play = Play(
        bpmn.start(), bpmn.parallel("split"), bpmn.exclusive("merge"), bpmn.user("a"), bpmn.user("b"), bpmn.user("c"),
        bpmn.parallel("join"), bpmn.user("after"), bpmn.end(),
        path("start", "split", "a", "merge"), path("split", "b", "merge", "join"), path("split", "c", "join"),
        path("join", "after", "end"),
    )  # fmt: skip

    assert play.complete("a").complete("b").open == ["c", "join", "join"]
    assert play.complete("c").open == ["after", "join"]


def test_a_message_finds_the_one_who_waits_for_its_key() -> None:
    play = Play(
        bpmn.start(),
        bpmn.message("wait", "m_answered"),
        bpmn.end(),
        path("start", "wait", "end"),
        partner="BKA",
    )

    for strange in (Deliver("answered"), Deliver("answered", "BfV"), Deliver("booked", "BKA")):
        with pytest.raises(NotPossible, match="unawaited"):
            play.act(strange)
    assert play.deliver("answered", "BKA").state.ended


@pytest.mark.parametrize(("first", "expected"), [("silence", "deemed"), ("answer", "answered")])
def test_of_the_events_behind_an_event_based_gateway_the_first_one_wins(first: str, expected: str) -> None:
    play = Play(
        bpmn.start(), bpmn.race("race"), bpmn.timer("silence"), bpmn.message("answer"), bpmn.user("deemed"),
        bpmn.user("answered"), bpmn.end(), path("start", "race", "silence", "deemed", "end"),
        path("race", "answer", "answered", "end"),
    )  # fmt: skip
    assert play.open == ["answer", "silence"]

    play.fire("silence") if first == "silence" else play.deliver("booked")

    assert play.open == [expected]


def test_a_receive_task_waits_for_its_message_under_a_timer() -> None:
    def play() -> Play:
        return Play(
            bpmn.start(), bpmn.receive("wait"), bpmn.on_timer("guard", "wait"), bpmn.user("side"), bpmn.end(),
            path("start", "wait", "end"), path("guard", "side", "end"),
        )  # fmt: skip

    assert play().deliver("booked").state.ended
    assert play().fire("guard").open == ["side"]


def test_a_decision_is_made_on_the_way_and_its_rules_are_kept() -> None:
    play = Play(
        bpmn.start(), bpmn.rule("fee"), bpmn.user("pay"), bpmn.end(), path("start", "fee", "pay", "end")
    )

    assert play.state.variables == {"fee": 80}
    assert play.effects.history[1].data == {"decision": "fee", "value": 80, "rules": ["rule_1"]}


def test_phases_follow_the_elements_entered() -> None:
    play = Play(
        bpmn.start(), bpmn.user("a", phase="in_review"), bpmn.user("b"),
        bpmn.element("endEvent", "end", "", bpmn.properties(phase="closed")), path("start", "a", "b", "end"),
    )  # fmt: skip

    phases = [play.state.phase, play.complete("a").state.phase, play.complete("b").state.phase]
    assert phases == ["in_review", "in_review", "closed"]


def eyes() -> Play:
    return Play(
        bpmn.start(), bpmn.user("one"), bpmn.user("two", fourEyesWith="one"), bpmn.end(),
        path("start", "one", "two", "end"),
    )  # fmt: skip


def test_four_eyes_refuse_the_same_person_and_nobody_else() -> None:
    play = eyes().complete("one", by="ann")

    with pytest.raises(NotPossible, match="four_eyes"):
        play.complete("two", by="ann")
    assert play.complete("two", by="bob").state.ended


def test_four_eyes_look_into_sub_processes_but_not_across_rounds() -> None:
    inner = bpmn.element(
        "subProcess", "each",
        bpmn.each("=list") + bpmn.start("in") + bpmn.user("one") + bpmn.user("two", fourEyesWith="one")
        + bpmn.end("out") + path("in", "one", "two", "out"),
    )  # fmt: skip
    play = Play(bpmn.start(), inner, bpmn.end(), path("start", "each", "end"), list=[1, 2])
    play.complete("one", by="ann").complete("one", by="bob")

    with pytest.raises(NotPossible, match="four_eyes"):
        play.complete("two", by="ann")
    assert play.complete("two", by="bob").complete("two", by="ann").state.ended


def test_stimuli_for_what_is_gone_are_not_possible() -> None:
    play = eyes()

    for stimulus in (Complete(99), Finish(1), Fire(1), Fail(1, "failed")):
        with pytest.raises(NotPossible, match="gone"):
            play.act(stimulus)


def test_a_step_never_changes_the_state_it_was_given() -> None:
    play = looped()
    before = play.state

    step(play.graph, before, Complete(play.number("examine"), "ann", {"more": True}), NOW)

    assert before == looped().state


def test_a_task_without_a_time_limit_still_has_its_place_in_the_queue() -> None:
    assert eyes().state.tokens[0].due == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("zone", "timing", "due"),
    [
        ("UTC", "P2D", datetime(2026, 3, 29, 9, 0, tzinfo=UTC)),
        ("Europe/Berlin", "P2D", datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        ("Europe/Berlin", "PT48H", datetime(2026, 3, 29, 9, 0, tzinfo=UTC)),
        ("Asia/Kolkata", "P1W", datetime(2026, 4, 3, 9, 0, tzinfo=UTC)),
        ("UTC", "P1M", datetime(2026, 4, 27, 9, 0, tzinfo=UTC)),
        ("UTC", "=duration(&quot;P3D&quot;)", datetime(2026, 3, 30, 9, 0, tzinfo=UTC)),
        ("UTC", "=if urgent then duration(&quot;P1M&quot;) else duration(&quot;P1Y&quot;)",
         datetime(2027, 3, 27, 9, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_time_limits_follow_the_calendar_of_the_mission(zone: str, timing: str, due: datetime) -> None:
    xml = bpmn.process(bpmn.start(), bpmn.user("work", sla=timing), bpmn.end(), path("start", "work", "end"))

    state, _effects = start(compile(xml), {"urgent": False}, NOW.astimezone(ZoneInfo(zone)))

    assert state.tokens[0].due == due


def test_a_time_that_is_none_stops_the_step() -> None:
    with pytest.raises(Broken):
        Play(bpmn.start(), bpmn.timer("wait", "=missing"), bpmn.end(), path("start", "wait", "end"))


def test_a_called_process_runs_inside_its_caller_in_the_pinned_version() -> None:
    called = compile(
        bpmn.process(bpmn.start(), bpmn.user("check"), bpmn.end(), path("start", "check", "end"))
    )
    call = bpmn.element(
        "callActivity", "passport", "",
        '<zeebe:calledElement processId="passport_check"/>' + bpmn.properties(version="3"),
    )  # fmt: skip
    asked: list[tuple[str, int]] = []

    def library(process: str, version: int) -> Graph:
        asked.append((process, version))
        return called

    xml = bpmn.process(
        bpmn.start(), call, bpmn.user("next"), bpmn.end(), path("start", "passport", "next", "end")
    )
    graph = compile(xml, library)
    state, _effects = start(graph, {}, NOW)

    assert asked == [("passport_check", 3)]
    assert [token.node for token in state.tokens] == ["passport", "passport/check"]
    state, _effects = step(graph, state, Complete(state.tokens[1].number), NOW)
    assert [token.node for token in state.tokens] == ["next"]


def test_gateways_in_a_circle_stop_the_step_instead_of_the_server() -> None:
    with pytest.raises(Broken):
        Play(bpmn.start(), bpmn.exclusive("a"), bpmn.exclusive("b"), path("start", "a", "b", "a"))


def test_conditions_and_tables_see_the_day_it_is_at_the_mission() -> None:
    asked: list[object] = []

    def decide(node: Node, variables: Mapping[str, object], now: datetime) -> Decided:
        asked.extend([variables["on"], now])
        return Decided(0)

    xml = bpmn.process(
        bpmn.start(), bpmn.rule("ask"), bpmn.exclusive("which", "which-other"), bpmn.user("second"),
        bpmn.user("other"), bpmn.end(), path("start", "ask", "which"),
        flow("which", "second", '=today() = date("2026-01-02")'), path("which", "other", "end"),
        path("second", "end"),
    )  # fmt: skip
    new_year = datetime(2026, 1, 1, 20, tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))

    state, _ = start(compile(xml), {}, new_year, decide)

    assert asked == [date(2026, 1, 2), new_year]
    assert [token.node for token in state.tokens] == ["second"]
