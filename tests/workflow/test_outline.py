"""The list of steps: what is done, open, late, cancelled or still to come, for every element of the subset."""

from datetime import timedelta

import pytest

from consular.workflow import outline as module
from consular.workflow.compile import compile
from consular.workflow.outline import outline
from consular.workflow.replay import Recorded
from consular.workflow.state import Held, HistoryItem
from consular.workflow.step import start
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path
from tests.workflow.play import NOW
from tests.workflow.walk import Walk


def loop() -> Walk:
    """A check that is repeated until it is complete; then a decision, which may be sent back to the check."""
    return Walk(
        bpmn.start(), bpmn.user("check"), bpmn.exclusive("complete", "yes"), bpmn.message("answer"),
        bpmn.user("decide"), bpmn.exclusive("approved", "no"), bpmn.end(),
        path("start", "check", "complete"), flow("complete", "answer", "complete = false", id="ask"),
        flow("complete", "decide", id="yes"), path("answer", "check"), path("decide", "approved"),
        flow("approved", "check", id="no"), flow("approved", "end", "approved = true", id="ok"),
    )  # fmt: skip


def test_before_anything_is_done_the_usual_way_is_still_to_come() -> None:
    assert loop().steps() == ["check open", "answer ahead", "decide ahead+"]


def test_a_default_flow_that_leads_back_is_not_the_usual_way() -> None:
    walk = loop().complete("check").complete("decide", approved=True)

    assert walk.steps() == ["check done", "answer ahead", "decide done", "end done"]


def test_in_a_loop_a_step_is_open_again_and_its_rounds_are_counted() -> None:
    walk = loop().complete("check", "p1", complete=False)
    assert walk.steps() == ["check done+", "answer open", "decide ahead+"]

    walk.deliver("booked")
    assert walk.steps() == ["check open", "answer done", "decide ahead+"]
    walk.complete("check", "p2", complete=True)

    assert (walk.step("check").times, walk.step("check").by) == (2, "p2")


def test_of_parallel_branches_each_stands_for_itself() -> None:
    walk = Walk(
        bpmn.start(), bpmn.parallel("split"), bpmn.user("a"), bpmn.user("b"), bpmn.parallel("join"),
        bpmn.user("after"), bpmn.end(),
        path("start", "split", "a", "join", "after", "end"), path("split", "b", "join"),
    )  # fmt: skip

    assert walk.complete("a").steps() == ["a done", "b open", "after ahead+"]
    assert walk.complete("b").steps() == ["a done", "b done", "after open"]


def guarded(cancel: str = "true") -> Walk:
    return Walk(
        bpmn.start(), bpmn.sub("work", bpmn.start("s"), bpmn.user("a"), bpmn.user("b"), bpmn.end("e"),
                               path("s", "a", "b", "e")),
        bpmn.on_timer("clock", "work", cancel=cancel), bpmn.user("hurry"), bpmn.end("late"), bpmn.end(),
        path("start", "work", "end"), path("clock", "hurry", "late"),
    )  # fmt: skip


def test_steps_of_a_sub_process_lie_inside_it_and_its_guard_is_watched() -> None:
    walk = guarded().complete("a")

    assert walk.steps() == ["work open", "-a done", "-b open", "clock watching", "hurry ahead"]
    assert walk.complete("b").steps() == [
        "work done",
        "-a done",
        "-b done",
        "-e done",
        "hurry ahead",
        "end done",
    ]


def test_what_a_guard_interrupts_is_cancelled() -> None:
    walk = guarded().complete("a").fire("clock")

    assert walk.steps() == ["work cancelled", "-a done", "-b cancelled", "clock done", "hurry open"]


def test_what_a_guard_does_not_interrupt_goes_on() -> None:
    walk = guarded("false").fire("clock")

    assert walk.steps() == ["work open", "-a open", "-b ahead+", "clock done", "hurry open"]


def test_an_error_leads_to_its_boundary_event() -> None:
    walk = Walk(
        bpmn.start(), bpmn.service("send"), bpmn.on_error("lost", "send"), bpmn.user("mend"), bpmn.end("e"), bpmn.end(),
        path("start", "send", "end"), path("lost", "mend", "e"),
    )  # fmt: skip

    assert walk.fail("send", "failed").steps() == ["send cancelled", "mend open"]


def test_an_error_that_nobody_catches_cancels_all_that_was_open() -> None:
    walk = Walk(
        bpmn.start(), bpmn.parallel("split"), bpmn.user("a"), bpmn.service("send"), bpmn.end("e"), bpmn.end(),
        path("start", "split", "a", "e"), path("split", "send", "end"),
    )  # fmt: skip

    assert walk.fail("send", "unknown").steps() == ["a cancelled", "send cancelled"]


def test_of_a_race_only_what_happened_is_done() -> None:
    walk = Walk(
        bpmn.start(), bpmn.race("wait"), bpmn.timer("silent"), bpmn.message("spoken"), bpmn.user("a"), bpmn.user("b"),
        bpmn.end("e"), bpmn.end(),
        path("start", "wait", "silent", "b", "end"), path("wait", "spoken", "a", "e"),
    )  # fmt: skip

    assert sorted(walk.steps()) == ["a ahead+", "b ahead", "silent open", "spoken open"]
    assert sorted(walk.deliver("booked").steps()) == ["a open", "b ahead", "silent ahead", "spoken done"]


def test_rounds_of_a_multi_instance_are_counted_while_they_are_open() -> None:
    inner = (bpmn.start("s"), bpmn.user("ask"), bpmn.end("e"), path("s", "ask", "e"))
    walk = Walk(
        bpmn.start(), bpmn.sub("each", *inner, bpmn.each("=partners")), bpmn.end(), path("start", "each", "end"),
        partners=["x", "y", "z"],
    )  # fmt: skip

    walk.complete("ask")

    assert (walk.step("ask").open, walk.step("ask").times) == (2, 1)
    assert walk.step("each").standing == "open"


def test_an_empty_multi_instance_is_no_step_of_the_case() -> None:
    inner = (bpmn.start("s"), bpmn.user("ask"), bpmn.end("e"), path("s", "ask", "e"))
    walk = Walk(
        bpmn.start(), bpmn.sub("each", *inner, bpmn.each("=partners")), bpmn.user("a"), bpmn.end(),
        path("start", "each", "a", "end"), partners=[],
    )  # fmt: skip

    assert walk.steps() == ["each ahead", "-ask ahead", "a open"]


def test_steps_of_a_called_process_lie_inside_the_call() -> None:
    called = compile(
        bpmn.process(bpmn.start(), bpmn.user("inner"), bpmn.end(), path("start", "inner", "end"))
    )
    extension = '<zeebe:calledElement processId="p"/>' + bpmn.properties(version="1")
    call = bpmn.element("callActivity", "call", "", extension)
    graph = compile(
        bpmn.process(bpmn.start(), call, bpmn.end(), path("start", "call", "end")), lambda *_which: called
    )
    state, effects = start(graph, {}, NOW)

    (step,) = outline(graph, state.tokens, [Recorded(NOW, item) for item in effects.history], NOW)

    assert (step.node.id, step.standing) == ("call", "open")
    assert [(inner.node.id, inner.standing) for inner in step.inside] == [("call/inner", "open")]


def test_work_past_its_day_is_late_and_a_clock_that_stands_still_is_not() -> None:
    walk = Walk(bpmn.start(), bpmn.user("a", sla="P2D"), bpmn.end(), path("start", "a", "end"))
    (token,) = walk.state.tokens
    after = NOW + timedelta(days=3)
    stopped = token._replace(due=None, held=Held(NOW, NOW + timedelta(days=2)))

    assert not walk.step("a").is_late
    (late,) = walk.outline(after)
    (held,) = outline(walk.graph, [stopped], walk.lines, after)

    assert (late.is_late, late.due) == (True, NOW + timedelta(days=2))
    assert (held.is_late, held.is_paused) == (False, True)


def test_a_timer_that_is_due_is_no_late_work() -> None:
    walk = Walk(bpmn.start(), bpmn.timer("wait"), bpmn.end(), path("start", "wait", "end"))

    (step,) = walk.outline(NOW + timedelta(days=30))

    assert not step.is_late


def test_a_decision_and_a_service_are_done_when_they_were() -> None:
    walk = Walk(
        bpmn.start(), bpmn.rule("fee"), bpmn.service("send"), bpmn.end(), path("start", "fee", "send", "end")
    )

    assert walk.steps() == ["fee done", "send open"]
    assert walk.finish("send").steps() == ["fee done", "send done", "end done"]


def test_what_happened_before_a_migration_is_told_of_the_elements_of_today() -> None:
    walk = Walk(bpmn.start(), bpmn.user("a"), bpmn.user("b"), bpmn.end(), path("start", "a", "b", "end"))
    moved = HistoryItem("migrated", "", {"from": "1.1", "to": "1.2", "mapping": {"elements": {"old": "a"}}})
    lines = [Recorded(NOW, HistoryItem("completed", "old", {"token": 1}), "p1"), Recorded(NOW, moved)]

    steps = outline(walk.graph, (), lines, NOW)

    assert [(step.node.id, step.standing, step.by) for step in steps] == [
        ("a", "done", "p1"),
        ("b", "ahead", ""),
    ]


def test_an_element_that_is_gone_from_the_process_is_passed_over() -> None:
    walk = Walk(bpmn.start(), bpmn.user("a"), bpmn.end(), path("start", "a", "end"))

    steps = outline(walk.graph, walk.state.tokens, [Recorded(NOW, HistoryItem("completed", "gone"))], NOW)

    assert [step.node.id for step in steps] == ["a"]


def test_without_the_cancelled_lines_interrupted_work_would_look_as_if_it_had_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walk = guarded().complete("a").fire("clock")
    monkeypatch.setattr(module, "_BROKEN_OFF", frozenset())

    assert "-b ahead" in walk.steps()
