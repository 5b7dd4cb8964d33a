"""Until when a process waits for a message, and what follows when none comes."""

from datetime import UTC, datetime, timedelta

import pytest

from consular.workflow import limits, step
from consular.workflow.compile import compile
from consular.workflow.graph import Graph
from consular.workflow.limits import Limit
from consular.workflow.markup import NotInSubset
from tests.workflow import bpmn
from tests.workflow.bpmn import path

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def process(*parts: str) -> Graph:
    return compile(bpmn.process(bpmn.start(), *parts))


GUARDED = process(
    bpmn.receive("wait"),
    bpmn.on_timer("soon", "wait", "P2D", cancel="false"),
    bpmn.on_timer("late", "wait", "P9D"),
    bpmn.on_timer("later", "wait", "P10D"),
    bpmn.end("reminded"),
    bpmn.end("over"),
    bpmn.end("gone"),
    bpmn.end(),
    path("start", "wait", "end"),
    path("soon", "reminded"),
    path("late", "over"),
    path("later", "gone"),
)
RACING = process(
    bpmn.race("await"),
    bpmn.message("came"),
    bpmn.timer("silent", "P7D"),
    bpmn.end("over"),
    bpmn.end(),
    path("start", "await", "came", "end"),
    path("await", "silent", "over"),
)
PATIENT = process(bpmn.receive("wait"), bpmn.end(), path("start", "wait", "end"))


@pytest.mark.parametrize(
    ("graph", "message", "found"),
    [
        (GUARDED, "booked", Limit("late", NOW + timedelta(days=9))),
        (RACING, "booked", Limit("silent", NOW + timedelta(days=7))),
        (PATIENT, "booked", None),
        (GUARDED, "other", None),
    ],
)
def test_the_first_timer_that_ends_the_waiting_counts_and_no_reminder(
    graph: Graph, message: str, found: Limit | None
) -> None:
    state, _effects = step.start(graph, {}, NOW)

    assert limits.limit(graph, state.tokens, message) == found


def outcome(*parts: str) -> str:
    """What a process with a timer after its only task ends in, when nobody does anything after the timer."""
    ended = bpmn.element("endEvent", "lapsed", "", bpmn.properties(outcome="lapsed"))
    return limits.outcome(process(ended, *parts), "late")


def test_the_outcome_is_found_behind_steps_and_errors_and_not_behind_people() -> None:
    wait = (bpmn.receive("wait"), bpmn.on_timer("late", "wait"), bpmn.end(), path("start", "wait", "end"))
    inner = (
        bpmn.start("begin"), bpmn.receive("wait"), bpmn.on_timer("late", "wait"), bpmn.error_end("out"), bpmn.end("in"),
        path("begin", "wait", "in"), path("late", "out"),
    )  # fmt: skip
    around = (bpmn.sub("sub", *inner), bpmn.end(), path("start", "sub", "end"))

    assert outcome(*wait, path("late", "lapsed")) == "lapsed"
    assert outcome(*wait, bpmn.service("tell"), path("late", "tell", "lapsed")) == "lapsed"
    assert outcome(*wait, bpmn.user("look"), path("late", "look", "lapsed")) == ""
    assert outcome(*around, bpmn.on_error("caught", "sub"), path("caught", "lapsed")) == "lapsed"
    assert outcome(*around, bpmn.on_error("caught", "sub", "e_other"), path("caught", "lapsed")) == ""


def test_a_deadline_that_is_no_timer_is_refused() -> None:
    step_with = bpmn.element(
        "serviceTask", "s", "", '<zeebe:taskDefinition type="x"/>' + bpmn.properties(deadline="start")
    )
    with pytest.raises(NotInSubset, match="deadline names no timer event: start"):
        process(step_with, bpmn.end(), path("start", "s", "end"))
