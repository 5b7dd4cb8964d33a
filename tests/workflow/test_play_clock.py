"""Playing a process whose clock goes on: what fires when, and in which order."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from consular.workflow.graph import Graph
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path
from tests.workflow.scripts import MONDAY, drawn, error, ids, played


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


def test_days_are_counted_where_the_clock_hangs_whatever_it_does() -> None:
    graph = drawn(bpmn.start(), bpmn.timer("wait", "P1D"), bpmn.user("work"), bpmn.end(),
                  path("start", "wait", "work", "end"))  # fmt: skip
    berlin = datetime(2026, 10, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    outcomes = played(graph, {"start": {}}, {"advance": "PT24H"}, {"advance": "PT1H"}, now=berlin)

    assert [ids(outcome) for outcome in outcomes] == [["wait"], ["wait"], ["work"]]
    assert outcomes[0].open[0].due == datetime(2026, 10, 25, 11, 0, tzinfo=UTC)


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
