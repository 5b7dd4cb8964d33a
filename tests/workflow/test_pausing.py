"""Clocks that stand still: how much time is left when they go on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consular.workflow import rows, shapes
from consular.workflow.days import Clock, Week, last_day
from consular.workflow.models import Token as Row
from consular.workflow.pausing import resumed, turned
from consular.workflow.state import Held, Token, Waits
from consular.workflow.timing import Ends, Timing
from tests.workflow.test_days import clocks, is_open

BERLIN = ZoneInfo("Europe/Berlin")
YOUR_TURN = frozenset({"your_turn"})
GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)
EASTER = Week(holidays=frozenset({GOOD_FRIDAY, EASTER_MONDAY}))

timings = st.builds(
    Timing, working=st.booleans(), ends=st.sampled_from(Ends), pauses=st.just(YOUR_TURN),
)  # fmt: skip
spans = st.integers(0, 90 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
many = settings(max_examples=400, deadline=None)


def berlin(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def waiting(due: datetime, kind: Waits = Waits.TIMER, held: Held | None = None) -> Token:
    return Token(1, "wait", kind, due=due.astimezone(UTC), held=held)


def after(timing: Timing, due: datetime, stopped: datetime, goes_on: datetime) -> datetime:
    """When it is due after the clock stood still once."""
    held = turned(waiting(due), timing, "your_turn", Clock(stopped, EASTER))
    token = turned(held, timing, "in_review", Clock(goes_on, EASTER))
    assert held.held is not None
    assert token.held is None
    assert token.due is not None
    return token.due.astimezone(BERLIN)


@pytest.mark.parametrize(
    ("ends", "working", "due", "stopped", "goes_on", "expected"),
    [
        # by the time it stood still
        (Ends.MOMENT, False, (3, 16), (3, 9), (3, 12), (3, 19)),
        (Ends.MOMENT, False, (3, 16), (3, 9, 8), (3, 9, 20, 30), (3, 16, 22, 30)),
        (Ends.MOMENT, False, (3, 30), (3, 28, 12), (3, 29, 12), (3, 31, 9)),
        # by so many days: of the day it stopped and the day it goes on, one counts
        (Ends.DAY, False, (3, 17, 0), (3, 9), (3, 12), (3, 20, 0)),
        (Ends.DAY, False, (3, 17, 0), (3, 9, 8), (3, 9, 20), (3, 17, 0)),
        (Ends.DAY, False, (3, 29, 0), (3, 28, 12), (3, 29, 12), (3, 30, 0)),
        (Ends.WORKING_DAY, False, (3, 31, 0), (3, 9), (3, 14), (4, 8, 0)),
        # five working days were left, Easter lies between
        (Ends.DAY, True, (3, 17, 0), (3, 9), (3, 30), (4, 9, 0)),
        (Ends.DAY, True, (3, 17, 0), (3, 9), (3, 28), (4, 8, 0)),
        # stopped on the last day: what is left is a day of work
        (Ends.DAY, True, (3, 17, 0), (3, 16), (4, 4), (4, 8, 0)),
        (Ends.DAY, True, (3, 17, 0), (3, 16), (4, 7), (4, 8, 0)),
        # the time that was left, on working days alone
        (Ends.MOMENT, True, (3, 16, 10), (3, 13, 14), (3, 18, 9), (3, 19, 5)),
        (Ends.MOMENT, True, (3, 16, 10), (3, 13, 14), (4, 4, 9), (4, 7, 20)),
        (Ends.MOMENT, True, (3, 20, 10), (3, 16, 10), (4, 1, 12), (4, 9, 12)),
        (Ends.MOMENT, True, (3, 21, 10), (3, 20, 23), (3, 23, 8), (3, 23, 9)),
    ],
)  # fmt: skip
def test_the_deadline_moves_as_far_as_the_clock_stood_still(
    ends: Ends, *, working: bool, due: tuple[int, ...], stopped: tuple[int, ...], goes_on: tuple[int, ...],
    expected: tuple[int, ...],
) -> None:  # fmt: skip
    timing = Timing(working=working, ends=ends, pauses=YOUR_TURN)

    assert after(timing, berlin(*due), berlin(*stopped), berlin(*goes_on)) == berlin(*expected)


@pytest.mark.parametrize(("kind", "due"), [(Waits.TIMER, None), (Waits.TASK, berlin(3, 16))])
def test_a_timer_that_stands_still_is_never_due_and_a_task_keeps_its_place(
    kind: Waits, due: datetime | None
) -> None:
    token = turned(waiting(berlin(3, 16), kind), Timing(pauses=YOUR_TURN), "your_turn", Clock(berlin(3, 9)))

    assert (token.due, token.deadline) == (due, berlin(3, 16))
    assert token.held == Held(berlin(3, 9), berlin(3, 16))
    assert turned(token, Timing(pauses=YOUR_TURN), "your_turn", Clock(berlin(3, 10))) is token


def test_a_clock_without_such_a_phase_never_stops() -> None:
    token = waiting(berlin(3, 16))

    for phase in ("your_turn", "in_review", ""):
        assert turned(token, Timing(), phase, Clock(berlin(3, 9))) is token
    assert turned(token, Timing(pauses=YOUR_TURN), "in_review", Clock(berlin(3, 9))) is token


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=1), timedelta(days=9)])
def test_what_has_run_out_is_not_stopped_any_more(late: timedelta) -> None:
    token = waiting(berlin(3, 16))

    assert turned(token, Timing(pauses=YOUR_TURN), "your_turn", Clock(berlin(3, 16) + late)) is token


def test_a_clock_whose_process_names_no_phase_any_more_goes_on() -> None:
    held = turned(waiting(berlin(3, 16)), Timing(pauses=YOUR_TURN), "your_turn", Clock(berlin(3, 9)))

    assert turned(held, Timing(), "your_turn", Clock(berlin(3, 10))).due == berlin(3, 17)


@many
@given(clock=clocks, timing=timings, left=spans, stood=spans, more=spans)
def test_the_longer_it_stood_still_the_later_it_is_due(
    clock: Clock, timing: Timing, left: timedelta, stood: timedelta, more: timedelta
) -> None:
    since = clock.now.astimezone(UTC)
    held = Held(since, since + left)

    sooner = resumed(timing, held, replace(clock, now=clock.local(since + stood)))
    later = resumed(timing, held, replace(clock, now=clock.local(since + stood + more)))

    assert (
        held.due <= sooner <= later + timedelta(hours=1)
    )  # an hour the clock shows twice may be counted once
    assert sooner >= since + stood or timing.ends is not Ends.MOMENT or not left


@many
@given(clock=clocks, timing=timings, left=spans, stood=spans)
def test_a_deadline_in_working_days_still_ends_on_one(
    clock: Clock, timing: Timing, left: timedelta, stood: timedelta
) -> None:
    since = clock.now.astimezone(UTC)
    timing = replace(timing, working=True)
    goes_on = replace(clock, now=clock.local(since + stood + timedelta(seconds=1)))

    due = resumed(timing, Held(since, since + left), goes_on)

    day = clock.local(due).date() if timing.ends is Ends.MOMENT else last_day(due, clock.zone)
    assert is_open(day, clock) or due == since + left


@many
@given(clock=clocks, timing=timings, left=spans, back=spans)
@example(Clock(berlin(10, 25, 2)), Timing(working=True), timedelta(days=3), timedelta(hours=1))
def test_a_clock_that_is_set_back_takes_no_time_away(
    clock: Clock, timing: Timing, left: timedelta, back: timedelta
) -> None:
    since = clock.now.astimezone(UTC)

    assert (
        resumed(timing, Held(since, since + left), replace(clock, now=clock.local(since - back)))
        == since + left
    )


@pytest.mark.parametrize(
    "timing", [Timing(working=True), Timing(working=True, ends=Ends.DAY), Timing(ends=Ends.WORKING_DAY)]
)
def test_where_nobody_works_any_more_or_the_calendar_ends_a_clock_goes_on_all_the_same(
    timing: Timing,
) -> None:
    never = Clock(berlin(3, 12), Week(frozenset(range(1, 8))))
    since, due = berlin(3, 9).astimezone(UTC), berlin(3, 16).astimezone(UTC)
    last = datetime.max.replace(tzinfo=UTC)

    assert resumed(timing, Held(since, due), never) == due + timedelta(days=3)
    assert resumed(timing, Held(since, last), Clock(berlin(3, 12))) == last


@pytest.mark.parametrize("kind", [Waits.TIMER, Waits.TASK])
def test_a_clock_that_stands_still_survives_its_row(kind: Waits) -> None:
    token = turned(waiting(berlin(3, 16), kind), Timing(pauses=YOUR_TURN), "your_turn", Clock(berlin(3, 9)))
    row = Row(number=1, node="wait", kind=kind.value, due_at=token.due, data=shapes.data(token))

    assert rows.waiting(row) == token
    assert row.paused_at == berlin(3, 9)
    assert row.due_on is None


def test_the_row_of_a_running_clock_says_its_last_day() -> None:
    row = Row(kind="task", due_at=datetime(2026, 3, 17, tzinfo=UTC))

    assert (row.paused_at, row.due_on) == (None, date(2026, 3, 16))
