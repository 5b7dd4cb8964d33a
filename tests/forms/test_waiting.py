"""Whoever delivers a process: an applicant who is waited for knows until when, is reminded, and may withdraw."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Kind, Node

FILES = sorted(Path(settings.FORMS_DIR).glob("*/v*/process.bpmn"))
OF_THE_APPLICANT = {"applicant.answered", "appointment.confirmed"}
WITHDREW = "applicant.withdrew"
EX_OFFICIO = {"annulment"}
"""Services that an authority opens against somebody: there is no application to withdraw."""

each_process = pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:-1]))


def events(graph: Graph, node: Node, kind: Kind) -> list[Node]:
    """The events of a kind on an element."""
    return [event for event in map(graph.node, node.boundaries) if event.kind is kind]


@each_process
def test_where_the_applicant_is_waited_for_a_mail_names_the_day_that_ends_it(file: Path) -> None:
    graph = compile(file.read_bytes())
    waits = [node for node in graph.nodes.values() if node.message in OF_THE_APPLICANT]

    for node in waits:
        timers = events(graph, node, Kind.ON_TIMER)
        last = [timer.id for timer in timers if timer.interrupting]
        reminders = [graph.node(timer.outgoing[0].target) for timer in timers if not timer.interrupting]
        assert len(last) == 1, node.id
        assert {reminder.deadline for reminder in reminders} == set(last), node.id
        assert "casework.remind" in {reminder.service_type for reminder in reminders}, node.id


@each_process
def test_a_day_that_an_officer_names_ends_the_waiting_and_nobody_is_reminded_at_once(file: Path) -> None:
    """Of the usual time nothing is said here; a day that is near has reminders that still lie ahead."""
    graph, now = compile(file.read_bytes()), datetime(2026, 11, 22, 12, tzinfo=UTC)
    waits = [node for node in graph.nodes.values() if node.message == "applicant.answered"]

    for node in waits if graph.id not in EX_OFFICIO else ():
        for name in ("2026-12-01", "2026-12-24", "2027-04-30"):
            last = datetime.fromisoformat(f"{name}T00:00+00:00") + timedelta(days=1)
            for timer in events(graph, node, Kind.ON_TIMER):
                assert timer.timing is not None
                due = timer.timing.due(now, {"answer_by": name})
                assert due == last if timer.interrupting else due > now, timer.id


@each_process
def test_every_application_can_be_withdrawn_until_the_decision(file: Path) -> None:
    graph = compile(file.read_bytes())
    if graph.id in EX_OFFICIO:
        assert not [node for node in graph.nodes.values() if node.message == WITHDREW]
        return
    approvals = [node for node in graph.nodes.values() if node.step == "approve" or node.id == "approve"]
    waits = [node for node in graph.nodes.values() if node.message in OF_THE_APPLICANT]

    assert bool(approvals) == file.with_name("decisions.toml").exists()
    for node in (*approvals, *waits):
        assert WITHDREW in {event.message for event in _around(graph, node)}, node.id


def _around(graph: Graph, node: Node) -> list[Node]:
    """The messages that interrupt an element or anything it lies in."""
    found = events(graph, node, Kind.ON_MESSAGE)
    while node.parent:
        node = graph.node(node.parent)
        found += events(graph, node, Kind.ON_MESSAGE)
    return found
