"""How things end: completed, interrupted, failed, terminated; sub-processes and rounds."""

from datetime import timedelta

import pytest

from consular.workflow.state import Broken, Fire, NotPossible
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path
from tests.workflow.play import Play


def guarded(boundary: str, **variables: object) -> Play:
    return Play(
        bpmn.start(), bpmn.user("work"), boundary, bpmn.user("next"), bpmn.user("side"), bpmn.end(),
        path("start", "work", "next", "end"), path("guard", "side", "end"), **variables,
    )  # fmt: skip


def test_an_interrupting_timer_takes_the_task_away() -> None:
    play = guarded(bpmn.on_timer("guard", "work"))

    assert play.open == ["guard", "work"]
    assert play.fire("guard").open == ["side"]
    assert ("cancelled", "work") in play.kinds()


def test_a_completed_task_takes_its_timer_away() -> None:
    play = guarded(bpmn.on_timer("guard", "work"))

    assert play.complete("work").open == ["next"]
    with pytest.raises(NotPossible, match="gone"):
        play.act(Fire(2))


def test_a_timer_that_does_not_interrupt_fires_once_beside_the_task() -> None:
    play = guarded(bpmn.on_timer("guard", "work", cancel="false")).fire("guard")

    assert play.open == ["side", "work"]
    assert play.complete("work").open == ["next", "side"]


def test_a_message_that_does_not_interrupt_may_come_again() -> None:
    play = guarded(bpmn.on_message("guard", "work", cancel="false"))

    assert play.deliver("booked").deliver("booked").open == ["guard", "side", "side", "work"]


def test_a_timer_does_not_fire_early() -> None:
    play = guarded(bpmn.on_timer("guard", "work", "P7D"))

    with pytest.raises(NotPossible, match="early"):
        play.fire("guard", timedelta(days=6, hours=23))


def in_sub(*boundary: str) -> Play:
    inner = bpmn.sub(
        "inner", bpmn.start("in"), bpmn.parallel("fork"), bpmn.user("a"), bpmn.service("s"),
        bpmn.exclusive("ok", "ok-fine"), bpmn.end("fine"), bpmn.error_end("broken"), bpmn.end("out"),
        path("in", "fork", "a", "ok", "fine"), flow("ok", "broken", "ok = false"), path("fork", "s", "out"),
    )  # fmt: skip
    side = [*boundary, bpmn.user("side"), path("guard", "side", "end")] if boundary else []
    return Play(
        bpmn.start(), inner, bpmn.user("next"), bpmn.end(), *side, path("start", "inner", "next", "end")
    )


def test_a_sub_process_ends_when_nothing_is_left_in_it() -> None:
    play = in_sub()

    assert play.complete("a").open == ["s"]
    assert play.finish("s").open == ["next"]


@pytest.mark.parametrize(
    "boundary", [bpmn.on_error("guard", "inner"), bpmn.on_error("guard", "inner", error="")]
)
def test_an_error_end_leads_to_the_boundary_event_that_catches_it(boundary: str) -> None:
    assert in_sub(boundary).complete("a", ok=False).open == ["side"]


def test_an_error_nobody_catches_ends_everything_and_says_so() -> None:
    play = in_sub(bpmn.on_error("guard", "inner", error="e_other")).complete("a", ok=False)

    assert play.state.ended
    assert ("uncaught", "inner") in play.kinds()


def test_a_failed_service_step_is_caught_around_it() -> None:
    assert in_sub(bpmn.on_error("guard", "inner")).fail("s", "failed").open == ["side"]


def test_a_timer_takes_a_whole_sub_process_away() -> None:
    assert in_sub(bpmn.on_timer("guard", "inner")).fire("guard").open == ["side"]


def test_a_terminate_end_takes_away_only_its_own_sub_process() -> None:
    inner = bpmn.sub(
        "inner", bpmn.start("in"), bpmn.parallel("fork"), bpmn.user("a"), bpmn.user("b"), bpmn.terminate("stop"),
        bpmn.end("out"), path("in", "fork", "a", "stop"), path("fork", "b", "out"),
    )  # fmt: skip
    play = Play(
        bpmn.start(), bpmn.parallel("split"), inner, bpmn.user("beside"), bpmn.user("next"), bpmn.end(),
        path("start", "split", "inner", "next", "end"), path("split", "beside", "end"),
    )  # fmt: skip

    assert play.complete("a").open == ["beside", "next"]


def test_a_terminate_end_of_the_process_ends_it() -> None:
    play = Play(
        bpmn.start(), bpmn.parallel("split"), bpmn.user("a"), bpmn.user("b"), bpmn.terminate("stop"), bpmn.end(),
        path("start", "split", "a", "stop"), path("split", "b", "end"),
    )  # fmt: skip

    assert play.complete("a").state.ended


def test_an_error_also_takes_away_what_was_still_on_its_way() -> None:
    gateways = [bpmn.exclusive(f"g{number}") for number in range(4)]
    inner = bpmn.sub(
        "inner", bpmn.start("in"), bpmn.parallel("fork"), bpmn.error_end("broken"), *gateways, bpmn.user("late"),
        bpmn.end("out"), path("in", "fork", "broken"), path("fork", "g0", "g1", "g2", "g3", "late", "out"),
    )  # fmt: skip
    play = Play(
        bpmn.start(), inner, bpmn.on_error("guard", "inner"), bpmn.user("side"), bpmn.end(),
        path("start", "inner", "end"), path("guard", "side", "end"),
    )  # fmt: skip

    assert play.open == ["side"]
    assert play.complete("side").state.ended


def consultation(**variables: object) -> Play:
    """One round for each partner, in which the partner answers or silence counts as consent."""
    inner = bpmn.element(
        "subProcess", "consult",
        bpmn.each("=partners", "partner", "={partner: partner, answer: answer}", "answers")
        + bpmn.start("in") + bpmn.race("race") + bpmn.message("answer", "m_answered") + bpmn.timer("silence")
        + bpmn.service("deem", type="casework.deem") + bpmn.end("out")
        + path("in", "race", "answer", "out") + path("race", "silence", "deem", "out"),
    )  # fmt: skip
    return Play(
        bpmn.start(), inner, bpmn.exclusive("all", "all-fine"), bpmn.user("fine"), bpmn.user("against"), bpmn.end(),
        path("start", "consult", "all", "fine", "end"), path("against", "end"),
        flow("all", "against", 'some a in answers satisfies a.answer = "objection"'), **variables,
    )  # fmt: skip


def test_each_partner_is_asked_at_once_and_the_answers_are_collected_in_order() -> None:
    play = consultation(partners=["BKA", "BfV", "BND"])

    assert play.open == ["answer"] * 3 + ["silence"] * 3
    play.deliver("answered", "BND", answer="consent").deliver("answered", "BKA", answer="objection")
    play.fire("silence").finish("deem", answer="deemed")

    assert play.open == ["against"]
    assert play.state.variables["answers"] == [
        {"partner": "BKA", "answer": "objection"},
        {"partner": "BfV", "answer": "deemed"},
        {"partner": "BND", "answer": "consent"},
    ]


def test_nobody_to_ask_is_no_obstacle() -> None:
    play = consultation(partners=[])

    assert (play.open, play.state.variables["answers"]) == (["fine"], [])


@pytest.mark.parametrize("partners", [None, "BKA", 3, ["x"] * 501])
def test_a_collection_that_is_no_list_stops_the_step_instead_of_skipping_the_consultation(
    partners: object,
) -> None:
    with pytest.raises(Broken):
        consultation(partners=partners)


def test_a_task_for_each_element_is_interrupted_as_a_whole() -> None:
    def play() -> Play:
        task = bpmn.user("ask", bpmn.each("=people", "person", "=reply", "replies"))
        return Play(
            bpmn.start(), task, bpmn.on_timer("guard", "ask"), bpmn.user("side"), bpmn.end(),
            path("start", "ask", "end"), path("guard", "side", "end"), people=["a", "b"],
        )  # fmt: skip

    assert play().open == ["ask", "ask", "guard"]
    done = play().complete("ask", reply=1).complete("ask", reply=2)
    assert (done.state.ended, done.state.variables["replies"]) == (True, [1, 2])
    assert play().complete("ask").fire("guard").open == ["side"]


def test_rounds_in_rounds_cannot_flood_the_instance() -> None:
    deep = bpmn.element(
        "subProcess", "outer", bpmn.each("=list") + bpmn.start("in") + bpmn.user("ask", bpmn.each("=list"))
        + bpmn.end("out") + path("in", "ask", "out"),
    )  # fmt: skip
    with pytest.raises(Broken):
        Play(bpmn.start(), deep, bpmn.end(), path("start", "outer", "end"), list=[0] * 400)
