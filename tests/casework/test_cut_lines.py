"""The line to the database is cut before each statement of a step in turn, and at its commit: all of it or nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import Model, QuerySet

from consular import casework
from consular.cases.models import Case, Event, Message, TaskEntry
from consular.casework import worker
from consular.core.errors import Refused
from consular.core.models import Job
from consular.decisions.models import Decision
from consular.notifications.models import Notification
from consular.workflow.models import Completion, Instance, Token
from tests import stages
from tests.casework.test_crashes import LOST, CutAt

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN: tuple[type[Model], ...] = (
    Case, Completion, Decision, Event, Instance, Job, Message, Notification, TaskEntry, Token,
)  # fmt: skip
Act = Callable[[], object]


def everything() -> list[list[tuple[Any, ...]]]:
    """All rows of all tables a step may write."""
    return [list(model.objects.order_by("pk").values_list()) for model in WRITTEN]


def cut_at(number: int, act: Act) -> bool:
    """Act with the line cut before this statement; whether there were so many."""
    cut = CutAt(number)
    try:
        with connection.execute_wrapper(cut):
            act()
    except LOST:
        connection.close()
    return cut.left <= 0


def outcomes(act: Act) -> list[bool]:
    """For a cut at each statement of an act: whether anything was left behind. The act is done at the end."""
    before, changed = everything(), []
    while cut_at(len(changed) + 1, act):
        changed.append(everything() != before)
    return changed


def completing(post: stages.Post) -> tuple[Case, Act]:
    """An officer proposes a decision: entries, proposal, step, history."""
    case = stages.at_examination(post)
    task = stages.open_task(case).pk
    return case, lambda: casework.complete(case.reference, task, stages.granting(), actor=post.caseworker)


def asking(post: stages.Post) -> tuple[Case, Act]:
    """An officer asks the applicant: message, step, clocks, history, mails."""
    case = stages.sent()
    task = stages.open_task(case).pk
    entries = {"complete": False, "request": "More, please."}
    return case, lambda: casework.complete(case.reference, task, entries, actor=post.clerk)


def striking(post: stages.Post) -> tuple[Case, Act]:
    """A timer strikes: the applicant did not answer in time."""
    case, ask = asking(post)
    ask()
    timer = Token.objects.get(instance=case.instance_id, kind="timer", node="answer_missing")
    assert timer.due_at is not None
    return case, lambda: worker.strike(timer.pk, timer.instance_id, now=timer.due_at + timedelta(seconds=1))


ACTS = (completing, asking, striking)


@pytest.mark.parametrize("prepare", ACTS)
def test_a_line_cut_at_any_statement_leaves_everything_as_it_was(
    prepare: Callable[[stages.Post], tuple[Case, Act]],
) -> None:
    case, act = prepare(stages.ministry())
    revision = Instance.objects.get(case=case).revision

    changed = outcomes(act)

    assert changed == [False] * len(changed)
    assert len(changed) >= 4
    assert Instance.objects.get(case=case).revision == revision + 1


@pytest.mark.parametrize("prepare", ACTS)
def test_a_line_cut_at_the_commit_leaves_everything_as_it_was(
    prepare: Callable[[stages.Post], tuple[Case, Act]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _case, act = prepare(stages.ministry())
    before = everything()

    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "_commit", _cut_and_commit)
        with pytest.raises(LOST):
            act()
    connection.close()

    assert everything() == before
    act()
    assert everything() != before


def test_who_did_not_hear_of_the_commit_is_told_that_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    case, act = completing(stages.ministry())
    revision = Instance.objects.get(case=case).revision

    with monkeypatch.context() as patch:
        patch.setattr(connections["default"], "_commit", _commit_and_cut)
        with pytest.raises(LOST):
            act()
    connection.close()

    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == "done"
    assert Instance.objects.get(case=case).revision == revision + 1


def test_without_one_transaction_a_cut_line_would_leave_half_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: each statement counts by itself."""
    case, _act = completing(post := stages.ministry())
    task = stages.open_task(case).pk
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    complete = casework.complete.__wrapped__  # type: ignore[attr-defined]

    cut_at(7, lambda: complete(case.reference, task, stages.granting(), actor=post.caseworker))

    entries = TaskEntry.objects.filter(case=case, form="examination").count()
    assert (entries, stages.open_task(case).node) == (1, "examine")


def test_completing_a_task_takes_few_statements() -> None:
    """Duties, case, process, entries, what was prepared to ask for, step with history."""
    post = stages.ministry()
    case = stages.sent()
    stages.booked(case)
    task = stages.open_task(case).pk
    counted: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        counted.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        casework.complete(case.reference, task, {"complete": True}, actor=post.clerk)

    assert len(counted) == 6, "\n".join(counted)


def _cut_and_commit() -> None:
    _cut()
    connection.connection.commit()


def _commit_and_cut() -> None:
    connection.connection.commit()
    _cut()
    connection.connection.execute("SELECT 1")


def _cut() -> None:
    backend, address = connection.connection.info.backend_pid, connection.connection.info.dsn
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 60000)", [backend])
