"""Playing a process: a table of scripts, and what is open, due and refused after them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.workflow.compile import compile
from consular.workflow.play import Problem
from tests.workflow import bpmn
from tests.workflow.blocks import Block, blocks, written
from tests.workflow.bpmn import flow, path
from tests.workflow.scripts import drawn, error, ids, played

VISA = compile(bpmn.VISA)

Stimulus = Mapping[str, object]

START: Stimulus = {"start": {"booked": True}}
COMPLETE: dict[str, object] = {"complete": "check_completeness", "data": {"complete": True}, "by": "Ada"}
LODGE = {"complete": "lodge", "by": "Ada"}
ISSUE = {"finish": "issue_letter"}
HAND_OVER = {"complete": "hand_over", "by": "Ada"}
ANSWER = {"message": "applicant.answered"}


def examine(recommendation: str, by: str = "Ben") -> dict[str, object]:
    return {"complete": "examine", "data": {"recommendation": recommendation}, "by": by}


def decide(approved: bool, by: str = "Cleo") -> dict[str, object]:
    return {"complete": "decide", "data": {"approved": approved}, "by": by}


TO_DECISION: list[Stimulus] = [START, COMPLETE, LODGE, examine("grant")]
SCHENGEN: dict[str, tuple[list[Stimulus], list[str], str]] = {
    "grant": (
        [*TO_DECISION, decide(True), ISSUE, HAND_OVER],
        ["check_completeness", "lodge", "examine", "decide", "issue_letter", "hand_over", ""],
        "closed",
    ),
    "refusal": (
        [START, COMPLETE, LODGE, examine("refuse"), decide(True), ISSUE, HAND_OVER],
        ["check_completeness", "lodge", "examine", "decide", "issue_letter", "hand_over", ""],
        "closed",
    ),
    "no appointment yet": (
        [{"start": {}}, COMPLETE, {"message": "appointment.confirmed"}],
        ["check_completeness", "await_appointment", "lodge"],
        "in_review",
    ),
    "an appointment becomes known before": (
        [{"start": {}}, {"inform": {"booked": True}}, COMPLETE],
        ["check_completeness", "check_completeness", "lodge"],
        "in_review",
    ),
    "asked twice": (
        [START, COMPLETE | {"data": {"complete": False}}, ANSWER, COMPLETE, LODGE, examine("ask"), ANSWER],
        ["check_completeness", "await_answer", "check_completeness", "lodge", "examine", "await_information",
         "examine"],
        "in_review",
    ),
    "sent back": (
        [*TO_DECISION, decide(False), examine("refuse"), decide(True)],
        ["check_completeness", "lodge", "examine", "decide", "examine", "decide", "issue_letter"],
        "decided",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stimuli", "opened", "phase"), SCHENGEN.values(), ids=SCHENGEN.keys())
def test_a_script_leads_through_the_visa_process(
    stimuli: list[Stimulus], opened: list[str], phase: str
) -> None:
    outcomes = played(VISA, *stimuli)

    assert [",".join(ids(outcome)) for outcome in outcomes] == opened
    assert [outcome.error for outcome in outcomes] == [None] * len(stimuli)
    assert (outcomes[-1].phase, outcomes[-1].ended) == (phase, phase == "closed")


def test_four_eyes_are_refused_and_another_person_goes_on() -> None:
    *_, refused, done = played(VISA, *TO_DECISION, decide(True, by="Ben"), decide(True))

    assert (error(refused), ids(refused), refused.history) == ("four_eyes", ["decide"], ())
    assert refused.error == Problem("four_eyes", "Ben did the earlier step; another person has to do decide.")
    assert ids(done) == ["issue_letter"]


def test_an_outcome_says_what_waits_for_whom_and_until_when() -> None:
    (outcome,) = played(VISA, START)

    (task,) = outcome.open
    assert (task.id, task.name, task.kind, task.lane) == (
        "check_completeness", "Check completeness", "task", "intake_clerk",
    )  # fmt: skip
    assert task.due == datetime(2026, 1, 7, 9, 0, tzinfo=UTC)
    assert outcome.effects == outcome.open
    assert [(line.kind, line.node) for line in outcome.history] == [
        ("started", "submitted"), ("entered", "check_completeness"),
    ]  # fmt: skip
    json.dumps(asdict(outcome), default=str, allow_nan=False)


REFUSED: dict[str, tuple[list[Stimulus], str]] = {
    "nothing has started": ([COMPLETE], "not_started"),
    "started twice": ([START, START], "started"),
    "no such element": ([START, {"complete": "nowhere"}], "unknown"),
    "not open": ([START, LODGE], "gone"),
    "a task is no service": ([START, {"finish": "check_completeness"}], "gone"),
    "no such round": ([START, {"complete": "check_completeness", "round": 1}], "gone"),
    "nobody waits": ([START, ANSWER], "unawaited"),
    "known after the end": ([*TO_DECISION, decide(True), ISSUE, HAND_OVER, {"inform": {}}], "gone"),
    "after the calendar": ([START, {"advance": "P9000Y"}], "too_far"),
}


@pytest.mark.parametrize(("stimuli", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused_and_changes_nothing(stimuli: list[Stimulus], code: str) -> None:
    *_, last = before = played(VISA, *stimuli)

    assert error(last) == code
    assert (last.effects, last.history) == ((), ())
    if len(stimuli) > 1:
        assert (last.open, last.phase, last.now) == (before[-2].open, before[-2].phase, before[-2].now)


def test_after_a_refusal_the_play_goes_on() -> None:
    outcomes = played(VISA, START, ANSWER, {"complete": "nowhere"}, COMPLETE)

    assert [error(outcome) for outcome in outcomes] == ["", "unawaited", "unknown", ""]
    assert ids(outcomes[-1]) == ["lodge"]


def test_a_parallel_join_in_a_loop_fires_once_per_complete_set() -> None:
    graph = drawn(
        bpmn.start(), bpmn.exclusive("again"), bpmn.parallel("split"), bpmn.user("a"), bpmn.user("b"),
        bpmn.parallel("join"), bpmn.exclusive("enough", "enough-end"), bpmn.end(),
        path("start", "again", "split", "a", "join", "enough", "end"), path("split", "b", "join"),
        flow("enough", "again", "more = true"),
    )  # fmt: skip
    once: list[Stimulus] = [{"complete": "a", "data": {"more": True}}, {"complete": "b"}]

    outcomes = played(
        graph, {"start": {}}, *once, *once, {"complete": "a", "data": {"more": False}}, {"complete": "b"}
    )

    assert [sorted(ids(outcome)) for outcome in outcomes] == [
        ["a", "b"], ["b"], ["a", "b"], ["b"], ["a", "b"], ["b"], [],
    ]  # fmt: skip
    assert outcomes[-1].ended


def test_rounds_of_a_multi_instance_task_are_picked_by_number_or_in_order() -> None:
    consult = bpmn.user("consult", bpmn.each("=partners", "partner", "=answer", "answers"))
    graph = drawn(
        bpmn.start(), consult, bpmn.exclusive("any", "any-end"), bpmn.user("object"), bpmn.end(),
        path("start", "consult", "any", "end"), path("object", "end"), flow("any", "object", 'answers[2] = "no"'),
    )  # fmt: skip

    outcomes = played(
        graph,
        {"start": {"partners": ["BKA", "BfV", "BPOL"]}},
        {"complete": "consult", "round": 2, "data": {"answer": "no"}},
        {"complete": "consult", "round": 2},
        {"complete": "consult", "data": {"answer": "yes"}},
        {"complete": "consult", "data": {"answer": "yes"}},
    )

    assert [[one.round for one in outcome.open] for outcome in outcomes] == [
        [1, 2, 3],
        [1, 3],
        [1, 3],
        [3],
        [None],
    ]
    assert error(outcomes[2]) == "gone"
    assert ids(outcomes[-1]) == ["object"]


def test_a_service_that_fails_takes_the_way_of_its_error() -> None:
    graph = drawn(
        bpmn.start(), bpmn.service("issue"), bpmn.on_error("caught", "issue"), bpmn.user("repair"), bpmn.end(),
        path("start", "issue", "end"), path("caught", "repair", "end"),
    )  # fmt: skip

    first, last = played(graph, {"start": {}}, {"fail": "issue", "code": "failed"})

    assert (first.open[0].kind, first.open[0].service) == ("service", "casework.issue")
    assert ids(last) == ["repair"]


def test_a_service_step_may_be_completed_like_a_task_and_a_task_not_finished_like_a_service_step() -> None:
    graph = drawn(bpmn.start(), bpmn.service("issue"), bpmn.user("file"), bpmn.end(),
                  path("start", "issue", "file", "end"))  # fmt: skip

    _first, completed, refused = played(
        graph,
        {"start": {}},
        {"complete": "issue", "data": {"letter": "L08"}, "by": "Ada"},
        {"finish": "file"},
    )

    assert (ids(completed), [line.kind for line in completed.history]) == (["file"], ["finished", "entered"])
    assert refused.error == Problem("gone", "No service is open at file.")


def test_a_decision_is_noted_with_its_rules() -> None:
    graph = drawn(
        bpmn.start(), bpmn.rule("fee"), bpmn.user("pay"), bpmn.end(), path("start", "fee", "pay", "end")
    )

    (outcome,) = played(graph, {"start": {}})

    (line,) = [line for line in outcome.history if line.kind == "decided"]
    assert line.data == {"decision": "fee", "value": 80, "rules": ["rule_1"]}


def test_the_engine_and_the_play_need_no_framework() -> None:
    program = (
        "import sys, consular.workflow.play; sys.exit('django' in sys.modules or 'psycopg' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


STIMULI = st.one_of(
    st.builds(lambda verb, id: {verb: f"n{id}"}, st.sampled_from(["complete", "finish"]), st.integers(0, 12)),
    st.builds(lambda id, code: {"fail": f"n{id}", "code": code}, st.integers(0, 12), st.sampled_from(["failed", "x"])),
    st.builds(lambda days: {"advance": f"P{days}D"}, st.integers(0, 20)),
    st.builds(lambda id, value: {"inform": {f"v_n{id}": value}}, st.integers(0, 12), st.sampled_from([True, 0, 1])),
    st.sampled_from([{"message": "booked"}, {"start": {"items": [1, 2]}}]),
)  # fmt: skip


@hypothesis.settings(max_examples=60, deadline=None)
@given(block=blocks(), stimuli=st.lists(STIMULI, max_size=25))
def test_every_stimulus_is_answered_and_a_refused_one_changes_nothing(
    block: Block, stimuli: list[Stimulus]
) -> None:
    outcomes = played(compile(written(block)), {"start": {"items": [1, 2, 3]}}, *stimuli)

    assert len(outcomes) == len(stimuli) + 1
    for before, after in pairwise(outcomes):
        json.dumps(asdict(after), default=str, allow_nan=False)
        if after.error:
            same = (before.open, before.phase, before.now, before.ended)
            assert (after.open, after.phase, after.now, after.ended) == same
            assert (after.effects, after.history) == ((), ())
        else:
            assert after.history or "advance" in after.stimulus
