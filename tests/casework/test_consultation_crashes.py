"""A worker killed between a consultation and its request leaves neither; the next one makes both, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models import QuerySet

from consular import casework
from consular.cases.consultations import Consultation
from consular.core.models import Job
from consular.notifications.models import Notification
from tests.casework import asking
from tests.casework.asking import SECURITY
from tests.casework.test_crashes import _die, _somebody_waits, _stuck_at, _wake
from tests.processes import Broker, Worker, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real broker."""
    running = Broker(tmp_path)
    yield running
    running.stop()


@pytest.mark.parametrize("table", ["cases_consultation", "notifications_notification"])
def test_a_worker_killed_while_asking_leaves_exactly_one_consultation_and_one_request(
    broker: Broker, tmp_path: Path, table: str
) -> None:
    asking.member("security")
    case = asking.consulting(SECURITY, ask=False)

    with _stuck_at(table):
        first = Worker(broker.url, tmp_path / "worker.log")
        _wake(broker)
        until(_somebody_waits)
        first.kill()
    until(lambda: not _somebody_waits())
    assert not Consultation.objects.exists()
    Job.objects.filter(done_at=None).update(leased_until=None)  # a minute later
    second = Worker(broker.url, tmp_path / "worker.log")
    _wake(broker)
    until(lambda: not Job.objects.filter(name="casework.consult", done_at=None).exists())
    second.kill()

    assert Consultation.objects.filter(case=case).count() == 1
    assert Notification.objects.filter(kind="consultation").count() == 1
    assert asking.told(case) == ["consulted"]
    assert asking.nodes(case) == ["answered", "silent"]


def test_without_one_transaction_a_kill_would_leave_a_question_that_nobody_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: the same steps without the transaction around them, cut before the request."""
    asking.member("security")
    case = asking.consulting(SECURITY, ask=False)
    token = case.instance.tokens.get(node="ask")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr("consular.casework.consulting.outbox.promise", _die)

    with pytest.raises(KeyboardInterrupt):
        casework.consult.__wrapped__({"token": token.pk})

    assert Consultation.objects.filter(case=case).count() == 1
    assert not Notification.objects.exists()
