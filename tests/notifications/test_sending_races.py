"""Two workers at once, and a mail server that takes its time; each safeguard also switched off, to see the harm."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

import pytest
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from consular.notifications import sending
from tests.harm import session_with
from tests.notifications.conftest import Server
from tests.notifications.test_sending import promised

pytestmark = pytest.mark.django_db(transaction=True)


def by_two_workers(key: str) -> None:
    """Two workers send the message at the same moment."""
    together = Barrier(2)

    def work(_: int) -> None:
        try:
            together.wait(60)
            sending.send({"key": key})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, range(2)))


def test_two_workers_at_once_send_once(server: Server):
    row, server.wait = promised(), 0.3

    by_two_workers(row.key)

    assert len(server.mails) == 1


def test_without_the_lock_two_workers_send_twice(server: Server, monkeypatch: pytest.MonkeyPatch):
    row, server.until = promised(), 2  # the first still sends when the second does
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)

    by_two_workers(row.key)

    assert len(server.mails) == 2


def test_the_database_waits_as_long_as_the_mail_server_may_take(server: Server):
    row, server.wait = promised(), 0.7

    with impatient_database():
        sending.send({"key": row.key})

    row.refresh_from_db()
    assert row.sent_at is not None
    assert len(server.mails) == 1


def test_without_that_patience_the_mail_is_out_and_nobody_knows(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    row, server.wait = promised(), 0.7
    monkeypatch.setattr(sending, "PATIENCE", "SELECT 1")

    with impatient_database(), pytest.raises(DatabaseError, match="idle-in-transaction"):
        sending.send({"key": row.key})

    row.refresh_from_db()
    assert row.sent_at is None
    assert len(server.mails) == 1


def impatient_database() -> AbstractContextManager[None]:
    """The database gives up on transactions that are idle for a fifth of a second."""
    return session_with("idle_in_transaction_session_timeout", "200ms")
