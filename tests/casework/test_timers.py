"""Workers and the clock: two at once fire each timer once, and those that fail hide nothing behind them."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from consular.cases.models import Case, CaseQuerySet
from consular.casework import worker
from consular.workflow import rows, store
from consular.workflow.models import Token
from tests import factories
from tests.harm import without_lock, without_revision
from tests.workflow import bpmn

NOW = datetime(2027, 6, 2, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
REMINDED = bpmn.process(
    bpmn.start(), bpmn.user("work"), bpmn.on_timer("late", "work", "P7D", "false"), bpmn.user("remind"),
    bpmn.end(), bpmn.end("reminded"), bpmn.path("start", "work", "end"), bpmn.path("late", "remind", "reminded"),
)  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)


def waiting_cases(count: int) -> list[Case]:
    """Cases whose timer is due, each at a mission of its own."""
    with transaction.atomic():
        definition = store.publish("p", 1, REMINDED)
        cases = []
        for _ in range(count):
            case = factories.sent_case()
            moved = store.start(definition, mission=case.mission, variables={}, now=NOW)
            case.instance = moved.instance
            case.save()
            cases.append(case)
    return cases


def two_workers() -> list[int]:
    """How many timers each of two workers fired that woke in the same moment."""
    fired: list[int] = []
    ready = threading.Barrier(2)

    def work() -> None:
        try:
            ready.wait()
            fired.append(worker.wake(LATER))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return fired


def reminders() -> list[int]:
    """How often each case was reminded."""
    return [case.events.filter(kind="timer").count() for case in Case.objects.order_by("pk")]


@pytest.fixture
def both_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both workers have looked, one after the other, before either of them fires."""
    looked, turn = threading.Barrier(2), threading.Lock()
    due = store.due_timers

    def late(*arguments: Any) -> tuple[store.DueTimer, ...]:
        with turn:  # at the same time, what one looks at the other passes over
            found = due(*arguments)
        looked.wait(timeout=60)
        return found

    monkeypatch.setattr(store, "due_timers", late)


@pytest.mark.usefixtures("both_find_the_same")
def test_two_workers_that_find_the_same_timers_fire_each_once() -> None:
    waiting_cases(6)

    fired = two_workers()

    assert sum(fired) == 6
    assert reminders() == [1] * 6
    assert Token.objects.filter(node="remind").count() == 6


@pytest.mark.usefixtures("both_find_the_same")
def test_without_locks_and_revision_the_case_is_reminded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: each of the two believes to be alone."""
    waiting_cases(1)
    monkeypatch.setattr(CaseQuerySet, "select_for_update", lambda cases: cases)
    without_lock(monkeypatch)
    without_revision(monkeypatch)
    read, write = threading.Barrier(2), rows.write

    def late(*arguments: Any) -> store.Advance:
        read.wait(timeout=60)
        return write(*arguments)

    monkeypatch.setattr(rows, "write", late)

    assert two_workers() == [1, 1]
    assert reminders() == [2]
    assert Token.objects.filter(node="remind").count() == 2


def test_timers_that_fail_do_not_hide_those_behind_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose process has a fault stays due for ever; the first page is full of them."""
    monkeypatch.setattr(worker, "TIMERS_AT_ONCE", 2)
    cases = waiting_cases(5)
    broken = {case.instance_id for case in cases[:4]}
    strike = worker.strike

    def failing(token_id: int, instance_id: int, **more: Any) -> bool:
        if instance_id in broken:
            raise RuntimeError("the process has a fault")
        return strike(token_id, instance_id, **more)

    monkeypatch.setattr(worker, "strike", failing)

    assert [worker.wake(LATER), worker.wake(LATER)] == [1, 0]
    assert reminders() == [0, 0, 0, 0, 1]
