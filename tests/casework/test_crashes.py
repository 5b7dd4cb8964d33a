"""A crash at any statement leaves no lie behind: everything or nothing, and afterwards everything once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import QuerySet

from consular import casework
from consular.cases.models import Case, Chunk, Event, Phase, SafeCopy
from consular.core import jobs
from consular.core.models import Job
from consular.decisions.models import Letter
from consular.notifications.models import Notification
from consular.workflow.models import Instance
from tests import stages
from tests.casework import attaching, killing, test_failing
from tests.processes import Broker, Worker, until

pytestmark = pytest.mark.django_db(transaction=True)

LOST = (OperationalError, InterfaceError, DatabaseError, psycopg.Error)


def test_a_worker_killed_while_issuing_leaves_exactly_one_letter_and_one_mail(
    broker: Broker, tmp_path: Path
) -> None:
    post = stages.ministry()
    case = stages.decided(post)
    Job.objects.exclude(name="casework.issue").delete()

    for table in ("decisions_letter", "notifications_notification"):
        killing.worker_at(table, broker, tmp_path)
        assert not Letter.objects.filter(case=case, kind="L10").exists()
    following = Worker(broker.url, tmp_path / "worker.log")
    killing.wake(broker)
    until(lambda: not Job.objects.filter(name="casework.issue", done_at=None).exists())
    following.kill()

    assert Letter.objects.filter(case=case, kind="L10").count() == 1
    assert Notification.objects.filter(case=case, kind="decided").count() == 1
    assert Event.objects.filter(case=case, kind="letter_issued").count() == 1
    assert Case.objects.get(pk=case.pk).phase == Phase.READY


def test_without_one_transaction_a_kill_would_leave_a_letter_that_nobody_was_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: the same steps without the transaction around them, cut after the letter."""
    post = stages.ministry()
    case = stages.decided(post)
    token = case.instance.tokens.get(node="issue_letter")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr("consular.casework.record.outbox.promise", killing.die)

    with pytest.raises(KeyboardInterrupt):
        casework.issue.__wrapped__({"token": token.pk})

    assert Letter.objects.filter(case=case, kind="L10").count() == 1
    assert not Notification.objects.filter(case=case, kind="decided").exists()


def test_a_worker_killed_while_checking_a_document_leaves_it_being_checked_and_the_next_one_checks_it_once(
    broker: Broker, tmp_path: Path
) -> None:
    attachment = attaching.added(stages.draft())

    killing.worker_at("cases_safecopy", broker, tmp_path)
    attachment.refresh_from_db()
    assert (attachment.state, SafeCopy.objects.count()) == ("checking", 0)
    jobs.work()

    attachment.refresh_from_db()
    assert (attachment.state, SafeCopy.objects.count(), Chunk.objects.count()) == ("ready", 1, 0)


class CutAt:
    """Ends the database connection from outside just before the n-th statement."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            backend = connection.connection.info.backend_pid
            with psycopg.connect(killing.address(), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 60000)", [backend])
        return execute(sql, *rest)


def _submit_cut_at(case: Case, number: int) -> bool:
    """Whether the applicant was told that the application was sent, when the line was cut at this statement."""
    cut = CutAt(number)
    try:
        with connection.execute_wrapper(cut):
            casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)
    except LOST:
        connection.close()
        return False
    return cut.left > 0


def test_a_line_cut_at_any_statement_of_sending_leaves_a_draft_or_a_sent_case() -> None:
    stages.ministry()
    case = stages.draft()
    jobs.work()
    number = 0
    was_told = False

    while not was_told:
        number += 1
        was_told = _submit_cut_at(case, number)
        now = Case.objects.get(pk=case.pk)
        receipts = Job.objects.filter(name="casework.acknowledge").count()
        state = (now.phase == Phase.DRAFT, Instance.objects.count(), receipts)
        assert state == ((False, 1, 1) if was_told else (True, 0, 0)), f"cut at statement {number}"

    assert number > 8


def _bounced_cut_at(payload: dict[str, Any], number: int) -> bool:
    """Whether the worker came to the end, when its line was cut at this statement."""
    cut = CutAt(number)
    try:
        with connection.execute_wrapper(cut):
            casework.worker.transfer(payload)
    except LOST:
        connection.close()
        return False
    return cut.left > 0


def test_a_worker_killed_at_any_statement_of_a_business_error_leaves_the_case_there_or_moves_it_once() -> (
    None
):
    case = test_failing.transferring("NOWHERE")
    payload = Job.objects.get(name="casework.transfer").payload
    number, is_over = 0, False

    while not is_over:
        number += 1
        is_over = _bounced_cut_at(payload, number)
        failed = Event.objects.filter(case=case, kind="failed").count()
        expected = (["check"], 1) if is_over else (["transfer"], 0)
        assert (test_failing.at(case), failed) == expected, f"cut at statement {number}"
    jobs.work()

    assert number > 4
    assert Event.objects.filter(case=case, kind="failed").count() == 1
    assert test_failing.at(case) == ["check"]
