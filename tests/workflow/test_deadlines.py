"""Deadlines of whole processes: what the properties beside a timer or time limit mean, played and replayed."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consular.workflow import step
from consular.workflow.compile import NotInSubset
from consular.workflow.days import Clock, Week
from consular.workflow.graph import Graph
from consular.workflow.play import Outcome
from consular.workflow.replay import Recorded, replay
from consular.workflow.state import Complete, Deliver, Fire, NotPossible, State, Waits
from tests import rows
from tests.workflow import bpmn
from tests.workflow.bpmn import path
from tests.workflow.scripts import drawn, ids, played

AMMAN = ZoneInfo("Asia/Amman")
PLACE = {"zone": "Asia/Amman", "weekend": [5, 6], "holidays": ["2026-05-25"]}
WEDNESDAY = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
"""Eleven o'clock in Amman; Friday and Saturday are free, and Monday is a holiday."""


def timed(length: str = "P3D", **clock: str) -> Graph:
    """A process that waits for a while."""
    wait = bpmn.timer("wait", length, **clock)
    return drawn(bpmn.start(), wait, bpmn.user("work"), bpmn.end(), path("start", "wait", "work", "end"))


def examined(**clock: str) -> Graph:
    """An examination during which the applicant may be asked; a timer and a time limit run beside it."""
    return drawn(
        bpmn.start(), bpmn.parallel("split"), bpmn.user("examine", sla="P10D", **clock),
        bpmn.on_timer("late", "examine", "P10D", "false", **clock), bpmn.user("remind"),
        bpmn.user("ask", phase="in_review"), bpmn.receive("answer", phase="your_turn"),
        bpmn.user("read", phase="in_review"), bpmn.parallel("join"), bpmn.end(), bpmn.end("reminded"),
        path("start", "split", "examine", "join", "end"), path("split", "ask", "answer", "read", "join"),
        path("late", "remind", "reminded"),
    )  # fmt: skip


def due(outcome: Outcome, node: str) -> datetime | None:
    return next(one.due for one in outcome.open if one.id == node)


@rows.every(
    "length",
    ["P3D", "=duration(length)", "=length"],
    "clock, expected",
    [
        ({}, "2026-05-23T08:00Z"),
        ({"days": "calendar", "ends": "moment"}, "2026-05-23T08:00Z"),
        ({"days": "working"}, "2026-05-26T08:00Z"),
        ({"ends": "day"}, "2026-05-23T21:00Z"),
        ({"ends": "working_day"}, "2026-05-24T21:00Z"),
        ({"days": "working", "ends": "day"}, "2026-05-26T21:00Z"),
    ],
)
def test_days_are_counted_and_end_as_the_element_says(
    length: str, clock: dict[str, str], expected: str
) -> None:
    (outcome,) = played(
        timed(length, **clock), {"start": {"length": "P3D"}, "calendar": PLACE}, now=WEDNESDAY
    )

    assert due(outcome, "wait") == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("length", "clock", "expected"),
    [
        ("2026-05-22", {}, "2026-05-21T21:00Z"), ("2026-05-22", {"ends": "day"}, "2026-05-22T21:00Z"),
        ("2026-05-22", {"ends": "working_day"}, "2026-05-24T21:00Z"),
        ('=date(day)', {"ends": "day"}, "2026-05-22T21:00Z"),
        ('=date(day)', {"ends": "working_day", "days": "working"}, "2026-05-24T21:00Z"),
        ("P1M1DT2H", {"days": "working"}, "2026-06-21T10:00Z"), ("PT36H", {"days": "working"}, "2026-05-21T20:00Z"),
        ('=duration("-PT1H")', {"days": "working"}, "2026-05-20T07:00Z"),
    ],
)  # fmt: skip
def test_moments_and_mixed_durations_obey_the_same_properties(
    length: str, clock: dict[str, str], expected: str
) -> None:
    (outcome,) = played(
        timed(length, **clock), {"start": {"day": "2026-05-22"}, "calendar": PLACE}, now=WEDNESDAY
    )

    assert due(outcome, "wait") == datetime.fromisoformat(expected)


def test_without_a_place_saturday_and_sunday_are_free_and_seven_days_are_seven_days() -> None:
    outcomes = played(timed("P7D"), {"start": {}}, {"advance": "P7D"})

    assert ids(outcomes[-1]) == ["work"]
    assert due(
        played(timed("P3D", days="working"), {"start": {}}, now=WEDNESDAY)[0], "wait"
    ) == WEDNESDAY + timedelta(days=5)


def test_a_time_limit_counts_like_a_timer() -> None:
    graph = drawn(
        bpmn.start(),
        bpmn.user("work", sla="P3D", days="working", ends="day"),
        bpmn.end(),
        path("start", "work", "end"),
    )

    (outcome,) = played(graph, {"start": {}, "calendar": PLACE}, now=WEDNESDAY)

    assert due(outcome, "work") == datetime(2026, 5, 26, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "clock", "reason"),
    [
        ("P3D", {"days": "business"}, "days is one of calendar, working"),
        ("P3D", {"ends": "week"}, "ends is one of day, moment, working_day"),
        ("P2W", {"days": "working"}, "weeks are no working days"),
        ("P2501D", {"days": "working"}, "more than 2500 working days"),
        ("2026-05-22", {"days": "working"}, "a moment has no days to count"),
        ("P3D", {"pauses": "your_turn"}, "pauses names no phase of this process: your_turn"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_element(
    length: str, clock: dict[str, str], reason: str
) -> None:
    with pytest.raises(NotInSubset, match=f"wait.*{reason}"):
        timed(length, **clock)


@pytest.mark.parametrize(
    "node", [bpmn.user("work", ends="day"), bpmn.user("work", days="working"), bpmn.user("work", pauses="x")]
)
def test_the_properties_belong_to_a_clock(node: str) -> None:
    with pytest.raises(NotInSubset, match="belong to a timer event or beside sla"):
        drawn(bpmn.start(), node, bpmn.end(), path("start", "work", "end"))


ASKED = ({"start": {}}, {"advance": "P2D"}, {"complete": "ask"}, {"advance": "P30D"}, {"message": "booked"})


def test_while_it_is_the_applicants_turn_the_clock_stands_still_where_the_process_says_so() -> None:
    begun, _, asked, waited, answered = played(examined(pauses="your_turn"), *ASKED, now=WEDNESDAY)

    began = WEDNESDAY + timedelta(days=2)
    assert [(one.id, one.due, one.paused) for one in asked.open] == [
        ("examine", None, began), ("late", None, began), ("answer", None, None),
    ]  # fmt: skip
    assert ids(waited) == ["examine", "late", "answer"]
    assert due(begun, "late") == WEDNESDAY + timedelta(days=10)
    assert due(answered, "late") == due(answered, "examine") == WEDNESDAY + timedelta(days=40)
    assert [(line.kind, line.node) for line in asked.history if line.kind == "paused"] == [
        ("paused", "examine"),
        ("paused", "late"),
    ]
    assert [(line.node, line.data["due"]) for line in answered.history if line.kind == "resumed"] == [
        ("examine", "2026-06-29T08:00:00+00:00"), ("late", "2026-06-29T08:00:00+00:00"),
    ]  # fmt: skip


def test_elsewhere_it_never_stops() -> None:
    """Visa Code art. 23: the 15 days run on while the applicant is asked for more."""
    *_, asked, waited, answered = played(examined(), *ASKED, now=WEDNESDAY)

    assert due(asked, "late") == WEDNESDAY + timedelta(days=10)
    assert ids(waited) == ["examine", "answer", "remind"]
    assert [
        line.kind for line in (*asked.history, *answered.history) if line.kind in {"paused", "resumed"}
    ] == []


def test_a_clock_stands_still_as_often_as_it_must_and_for_each_of_its_phases() -> None:
    phases = ["your_turn", "waiting", "in_review", "your_turn", "decided"]
    users = [bpmn.user(f"u{n}", phase=phase) for n, phase in enumerate(phases)]
    way = path("s", "u0", "u1", "u2", "u3", "u4", "e")
    graph = drawn(
        bpmn.start(), bpmn.sub("all", bpmn.start("s"), *users, bpmn.end("e"), way),
        bpmn.on_timer("late", "all", "P5D", pauses="your_turn, waiting"), bpmn.end(), bpmn.end("over"),
        path("start", "all", "end"), path("late", "over"),
    )  # fmt: skip
    day = {"advance": "P1D"}

    outcomes = played(
        graph,
        {"start": {}},
        *(entry for n in range(5) for entry in (day, {"complete": f"u{n}"})),
        now=WEDNESDAY,
    )

    assert due(outcomes[4], "late") == WEDNESDAY + timedelta(days=7)
    assert due(outcomes[8], "late") == WEDNESDAY + timedelta(days=8)
    assert [line.kind for outcome in outcomes for line in outcome.history if line.node == "late"] == [
        "entered", "paused", "resumed", "paused", "resumed",
    ]  # fmt: skip


def test_a_phase_that_is_only_passed_through_stops_nothing() -> None:
    graph = drawn(
        bpmn.start(), bpmn.parallel("split"), bpmn.user("work", sla="P5D", pauses="your_turn"),
        bpmn.element("exclusiveGateway", "which", "", bpmn.properties(phase="your_turn"), default="which-on"),
        bpmn.user("on", phase="in_review"), bpmn.parallel("join"), bpmn.end(),
        path("start", "split", "which", "on", "join", "end"), path("split", "work", "join"),
    )  # fmt: skip

    (outcome,) = played(graph, {"start": {}}, now=WEDNESDAY)

    assert (outcome.phase, due(outcome, "work")) == ("in_review", WEDNESDAY + timedelta(days=5))
    assert [line.kind for line in outcome.history] == ["started", "entered", "entered"]


def test_working_days_that_were_left_are_counted_anew() -> None:
    graph = examined(pauses="your_turn", days="working", ends="day")
    start = {"start": {}, "calendar": PLACE}

    outcomes = played(graph, start, *ASKED[1:], now=WEDNESDAY)

    # Nine of ten days are left on 22 May; the answer comes on Sunday 21 June.
    assert due(outcomes[0], "late") == datetime(2026, 6, 4, 21, 0, tzinfo=UTC)
    assert due(outcomes[-1], "late") == datetime(2026, 7, 2, 21, 0, tzinfo=UTC)


def stopped() -> tuple[Graph, State]:
    graph = examined(pauses="your_turn")
    state, _ = step.start(graph, {}, WEDNESDAY)
    ask = next(token.number for token in state.tokens if token.node == "ask")
    return graph, step.step(graph, state, Complete(ask), WEDNESDAY + timedelta(days=2))[0]


def test_a_clock_that_stands_still_cannot_fire_however_late_it_is() -> None:
    graph, state = stopped()
    late = next(token for token in state.tokens if token.kind is Waits.TIMER)

    with pytest.raises(NotPossible, match="early"):
        step.step(graph, state, Fire(late.number), WEDNESDAY + timedelta(days=400))


def test_a_timer_that_was_overlooked_before_the_clock_stopped_still_fires_and_once() -> None:
    graph = examined(pauses="your_turn")
    state, _ = step.start(graph, {}, WEDNESDAY)
    ask = next(token.number for token in state.tokens if token.node == "ask")
    state, _ = step.step(graph, state, Complete(ask), WEDNESDAY + timedelta(days=11))
    late = next(token for token in state.tokens if token.kind is Waits.TIMER)

    state, _ = step.step(graph, state, Fire(late.number), WEDNESDAY + timedelta(days=12))

    assert "remind" in {token.node for token in state.tokens}
    with pytest.raises(NotPossible, match="gone"):
        step.step(graph, state, Fire(late.number), WEDNESDAY + timedelta(days=12))


def test_history_leads_back_to_the_same_tokens_whatever_the_calendar_says_by_then() -> None:
    graph = examined(pauses="your_turn", days="working", ends="day")
    then, since = (
        Week(frozenset({5, 6})),
        Week(frozenset({5, 6}), frozenset({date(2026, 5, 25), date(2026, 6, 30)})),
    )
    at = [(WEDNESDAY + timedelta(days=days)).astimezone(AMMAN) for days in (0, 2, 30)]
    state, effects = step.start(graph, {}, Clock(at[0], then))
    lines = [(at[0], effects)]
    ask = next(token.number for token in state.tokens if token.node == "ask")
    states = [state]
    for moment, stimulus in zip(at[1:], (Complete(ask), Deliver("booked")), strict=True):
        state, effects = step.step(graph, state, stimulus, Clock(moment, then))
        lines.append((moment, effects))
        states.append(state)

    for count in (1, 2, 3):
        history = [
            Recorded(Clock(moment, since), item)
            for moment, effects in lines[:count]
            for item in effects.history
        ]
        assert replay(graph, history) == states[count - 1]
    assert json.dumps([dict(item.data) for _, effects in lines for item in effects.history])
