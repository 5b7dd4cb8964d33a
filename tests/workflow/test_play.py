"""Playing a process: a table of scripts, and what is open, due and refused after them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from consular.workflow import script
from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Node
from consular.workflow.play import Outcome, Problem, play
from consular.workflow.state import Decided
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
VISA = compile((settings.FORMS_DIR / "schengen_visa" / "v1" / "process.bpmn").read_bytes())

START: dict[str, object] = {"start": {"booked": True}}
COMPLETE = {"complete": "check_completeness", "data": {"complete": True}, "by": "Ada"}
LODGE = {"complete": "lodge", "by": "Ada"}
ISSUE = {"finish": "issue_letter"}
HAND_OVER = {"complete": "hand_over", "by": "Ada"}
ANSWER = {"message": "applicant.answered"}


def examine(recommendation: str, by: str = "Ben") -> dict[str, object]:
    return {"complete": "examine", "data": {"recommendation": recommendation}, "by": by}


def decide(approved: bool, by: str = "Cleo") -> dict[str, object]:
    return {"complete": "decide", "data": {"approved": approved}, "by": by}


def played(graph: Graph, *stimuli: Mapping[str, object], now: datetime = MONDAY) -> list[Outcome]:
    return list(play(graph, script.read(json.dumps(stimuli).encode()), now, decided))


def decided(node: Node, variables: Mapping[str, object]) -> Decided:
    return Decided(80, ("rule_1",))


def drawn(*parts: str) -> Graph:
    return compile(bpmn.process(*parts))


def ids(outcome: Outcome) -> list[str]:
    return [one.id for one in outcome.open]


def error(outcome: Outcome) -> str:
    return outcome.error.code if outcome.error else ""


TO_DECISION = [START, COMPLETE, LODGE, examine("grant")]
SCHENGEN = {
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
    stimuli: list[dict[str, object]], opened: list[str], phase: str
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


REFUSED = {
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
def test_what_does_not_fit_is_refused_and_changes_nothing(
    stimuli: list[dict[str, object]], code: str
) -> None:
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
    once = [{"complete": "a", "data": {"more": True}}, {"complete": "b"}]

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


def guarded(cancel: str) -> Graph:
    return drawn(
        bpmn.start(), bpmn.user("work"), bpmn.on_timer("late", "work", "P7D", cancel), bpmn.user("side"), bpmn.end(),
        bpmn.end("other"), path("start", "work", "end"), path("late", "side", "other"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cancel", "after", "expected"),
    [
        ("true", "P6DT23H59M59S", ["work", "late"]), ("true", "P7D", ["side"]), ("true", "P8D", ["side"]),
        ("false", "P6D", ["work", "late"]), ("false", "P7D", ["work", "side"]), ("false", "P90D", ["work", "side"]),
    ],
)  # fmt: skip
def test_a_boundary_timer_fires_when_the_clock_has_gone_far_enough(
    cancel: str, after: str, expected: list[str]
) -> None:
    outcomes = played(guarded(cancel), {"start": {}}, {"advance": after})

    assert ids(outcomes[-1]) == expected


def test_timers_fire_in_the_order_of_time_each_at_its_own_moment() -> None:
    graph = drawn(
        bpmn.start(), bpmn.parallel("split"), bpmn.timer("long", "P3D"), bpmn.timer("short", "P1D"),
        bpmn.timer("next", "P1D"), bpmn.user("work"), bpmn.parallel("join"), bpmn.end(),
        path("start", "split", "long", "join", "end"), path("split", "short", "next", "work", "join"),
    )  # fmt: skip

    outcome = played(graph, {"start": {}}, {"advance": "P5D"})[-1]

    assert [(line.node, line.at.day) for line in outcome.history if line.kind == "timer"] == [
        ("short", 6), ("next", 7), ("long", 8),
    ]  # fmt: skip
    assert (outcome.now.day, ids(outcome), [one.id for one in outcome.effects]) == (
        10, ["work"], ["next", "work"],
    )  # fmt: skip
    assert outcome.open[0].due == datetime(2026, 2, 6, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stimulus", "expected"),
    [
        ({"advance": "P7D"}, "deemed"),
        ({"message": "answered", "key": "BKA"}, "answered"),
        ({"message": "answered", "key": "BfV"}, "silence"),
        ({"message": "answered"}, "silence"),
    ],
)
def test_of_silence_and_answer_the_first_one_wins(stimulus: dict[str, object], expected: str) -> None:
    graph = drawn(
        bpmn.start(), bpmn.race("race"), bpmn.timer("silence"), bpmn.message("answer", "m_answered"),
        bpmn.user("deemed"), bpmn.user("answered"), bpmn.end(),
        path("start", "race", "silence", "deemed", "end"), path("race", "answer", "answered", "end"),
    )  # fmt: skip

    first, last = played(graph, {"start": {"partner": "BKA"}}, stimulus)

    assert [(one.kind, one.message, one.key) for one in first.open] == [
        ("timer", "", ""), ("message", "answered", "BKA"),
    ]  # fmt: skip
    assert ids(last)[0] == expected


def test_a_service_that_fails_takes_the_way_of_its_error() -> None:
    graph = drawn(
        bpmn.start(), bpmn.service("issue"), bpmn.on_error("caught", "issue"), bpmn.user("repair"), bpmn.end(),
        path("start", "issue", "end"), path("caught", "repair", "end"),
    )  # fmt: skip

    first, last = played(graph, {"start": {}}, {"fail": "issue", "code": "failed"})

    assert (first.open[0].kind, first.open[0].service) == ("service", "casework.issue")
    assert ids(last) == ["repair"]


def test_a_decision_is_noted_with_its_rules() -> None:
    graph = drawn(
        bpmn.start(), bpmn.rule("fee"), bpmn.user("pay"), bpmn.end(), path("start", "fee", "pay", "end")
    )

    (outcome,) = played(graph, {"start": {}})

    (line,) = [line for line in outcome.history if line.kind == "decided"]
    assert line.data == {"decision": "fee", "value": 80, "rules": ["rule_1"]}


def test_timers_without_end_and_faults_of_the_process_are_refused() -> None:
    endless = drawn(
        bpmn.start(), bpmn.exclusive("again"), bpmn.timer("tick", "PT1S"), bpmn.exclusive("on", "on-again"),
        bpmn.end(), path("start", "again", "tick", "on", "again"), flow("on", "end", "stop = true"),
    )  # fmt: skip
    listless = drawn(bpmn.start(), bpmn.user("u", bpmn.each("=list")), bpmn.end(), path("start", "u", "end"))

    forever = {"advance": "P1D"}
    outcomes = played(endless, {"start": {}}, forever, {"inform": {"stop": True}}, {"advance": "PT1S"})
    (broken,) = played(listless, {"start": {"list": 3}})

    assert [error(outcome) for outcome in outcomes] == ["", "too_often", "", ""]
    assert outcomes[1].now == MONDAY
    assert outcomes[-1].ended
    assert (error(broken), broken.ended) == ("broken", False)


def test_days_are_counted_where_the_clock_hangs_whatever_it_does() -> None:
    graph = drawn(bpmn.start(), bpmn.timer("wait", "P1D"), bpmn.user("work"), bpmn.end(),
                  path("start", "wait", "work", "end"))  # fmt: skip
    berlin = datetime(2026, 10, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    outcomes = played(graph, {"start": {}}, {"advance": "PT24H"}, {"advance": "PT1H"}, now=berlin)

    assert [ids(outcome) for outcome in outcomes] == [["wait"], ["wait"], ["work"]]
    assert outcomes[0].open[0].due == datetime(2026, 10, 25, 11, 0, tzinfo=UTC)


def test_the_engine_and_the_play_need_no_framework() -> None:
    program = (
        "import sys, consular.workflow.play; sys.exit('django' in sys.modules or 'psycopg' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
