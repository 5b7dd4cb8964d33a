"""Deadlines of running cases: the mission's days, clocks that stand still, late workers, clocks set wrong."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from consular.accounts.models import Role, User
from consular.missions import working_days
from consular.missions.models import Closure, Mission
from consular.workflow import rows, store
from consular.workflow.models import Token
from consular.workflow.replay import Recorded, replay
from consular.workflow.state import Deliver
from tests import factories
from tests.workflow import bpmn

NOW = datetime(2027, 6, 2, 8, 0, tzinfo=UTC)
"""A Wednesday; in Jordan Friday, Saturday and Sunday 6 June, the Islamic New Year, are free."""
CLOCK = {"days": "working", "ends": "day", "pauses": "your_turn"}
EXAMINED = bpmn.process(
    bpmn.start(), bpmn.parallel("split"), bpmn.user("examine", sla="P3D", **CLOCK),
    bpmn.on_timer("late", "examine", "P3D", "false", **CLOCK), bpmn.user("remind"),
    bpmn.user("ask", phase="in_review"), bpmn.receive("answer", phase="your_turn"),
    bpmn.user("read", phase="in_review"), bpmn.parallel("join"), bpmn.end(), bpmn.end("reminded"),
    bpmn.path("start", "split", "examine", "join", "end"), bpmn.path("split", "ask", "answer", "read", "join"),
    bpmn.path("late", "remind", "reminded"),
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture
def amman() -> Iterator[Mission]:
    working_days.forget()
    yield factories.mission("AMMA", country="JO", time_zone="Asia/Amman")
    working_days.forget()


@pytest.fixture
def officer(amman: Mission) -> User:
    return factories.official(Role.CASEWORKER, mission=amman)


def begun(mission: Mission) -> store.Advance:
    return store.start(store.publish("p", 1, EXAMINED), mission=mission, variables={}, now=NOW)


def waiting(node: str) -> Token:
    return Token.objects.get(node=node)


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


def asked(officer: User, now: datetime) -> store.Advance:
    return store.complete(waiting("ask").pk, by=officer, variables={}, now=now)


def answered(instance: int, now: datetime) -> store.Advance | None:
    return store.deliver(instance, Deliver("booked"), now=now)


def test_deadlines_count_the_working_days_of_the_mission_in_its_own_calendar(amman: Mission) -> None:
    Closure.objects.create(
        mission=amman, first_day=date(2027, 6, 8), last_day=date(2027, 6, 8), reason="Moving house"
    )

    begun(amman)

    # Thursday 3, Monday 7, Wednesday 9 June; the day is over at nine in the evening of Greenwich
    assert waiting("late").due_at == waiting("examine").due_at == datetime(2027, 6, 9, 21, tzinfo=UTC)


def test_a_clock_that_stands_still_keeps_the_row_and_whoever_works_on_it(
    amman: Mission, officer: User
) -> None:
    instance = begun(amman).instance.pk
    store.claim(waiting("examine").pk, by=officer)
    before = waiting("examine")

    asked(officer, days(1))
    stopped, timer = waiting("examine"), waiting("late")
    answered(instance, days(6))

    assert (stopped.pk, stopped.assignee, stopped.since) == (before.pk, officer, NOW)
    assert (stopped.paused_at, stopped.due_at, stopped.due_on) == (days(1), before.due_at, None)
    assert (timer.paused_at, timer.due_at) == (days(1), None)
    after = waiting("examine")
    assert (after.pk, after.assignee, after.since, after.paused_at) == (before.pk, officer, NOW, None)
    # two working days were left on Thursday 3 June; on Tuesday 8 June they are Wednesday and Thursday
    assert after.due_at == waiting("late").due_at == datetime(2027, 6, 10, 21, tzinfo=UTC)


def test_no_worker_finds_or_fires_a_timer_that_stands_still(amman: Mission, officer: User) -> None:
    instance = begun(amman).instance.pk
    asked(officer, days(1))

    assert store.due_timers(days(400)) == ()
    assert store.fire_timer(waiting("late").pk, now=days(400)) is None
    answered(instance, days(400))
    assert store.due_timers(days(400)) == ()
    assert len(store.due_timers(days(410))) == 1


def test_a_worker_that_comes_days_late_fires_once_and_loses_nothing(amman: Mission, officer: User) -> None:
    instance = begun(amman).instance.pk
    timer = waiting("late").pk
    asked(officer, days(20))

    fired = store.fire_timer(timer, now=days(30))

    assert waiting("remind").since == days(30)
    assert [item.kind for item in fired.history if item.node == "late"] == ["timer"] if fired else False
    assert store.fire_timer(timer, now=days(30)) is None
    answered(instance, days(31))
    assert Token.objects.filter(node="remind").count() == 1


@pytest.mark.parametrize("wrong", [-timedelta(hours=1), timedelta(hours=1)])
def test_a_clock_that_is_set_an_hour_back_or_ahead_neither_loses_nor_doubles_a_timer(
    amman: Mission, wrong: timedelta
) -> None:
    begun(amman)
    timer = waiting("late")
    due = timer.due_at
    assert due is not None
    moments = [
        due - timedelta(minutes=30),
        due + timedelta(minutes=30),
        due + timedelta(minutes=30) + wrong,
        due + timedelta(hours=2),
    ]

    fired = [
        store.fire_timer(found.token_id, now=moment)
        for moment in moments
        for found in store.due_timers(moment)
    ]

    assert [advance is not None for advance in fired] == [True]
    assert Token.objects.filter(node="remind").count() == 1


def test_a_clock_set_back_while_another_stands_still_takes_no_time_away(
    amman: Mission, officer: User
) -> None:
    instance = begun(amman).instance.pk
    due = waiting("late").due_at
    asked(officer, days(1))

    answered(instance, days(0.5))

    assert waiting("late").due_at == due


def test_stopping_clocks_costs_no_statement_and_working_days_one_a_minute(
    amman: Mission, officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    instance = begun(amman).instance.pk
    ask = waiting("ask").pk
    with CaptureQueriesContext(connection) as stopping:
        store.complete(ask, by=officer, variables={}, now=days(1))
    with django_assert_num_queries(2):
        answered(instance, days(6))
    assert len(stopping) == 3


def test_history_leads_back_to_the_rows_also_after_another_closure_is_known(
    amman: Mission, officer: User
) -> None:
    advance = begun(amman)
    history = [(NOW, "", item) for item in advance.history]
    instance = advance.instance
    for now, moved in ((days(1), asked(officer, days(1))), (days(6), answered(instance.pk, days(6)))):
        history += [(now, str(officer.person), item) for item in moved.history] if moved else []
    Closure.objects.create(
        mission=amman, first_day=date(2027, 6, 7), last_day=date(2027, 6, 20), reason="Storm"
    )
    working_days.forget()

    graph = store.graph(instance.definition)
    replayed = replay(
        graph, [Recorded(rows.clock(now, instance.mission), item, by) for now, by, item in history]
    )

    loaded = rows.lock(pk=instance.pk)
    assert loaded is not None
    assert replayed == loaded.state
