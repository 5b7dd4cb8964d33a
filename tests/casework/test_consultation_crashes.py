"""A worker killed between a consultation and its request leaves neither; the next one makes both, once."""

from pathlib import Path

import pytest
from django.db.models import QuerySet

from consular import casework
from consular.cases.consultations import Consultation
from consular.core import jobs
from consular.notifications.models import Notification
from tests.casework import asking, killing
from tests.casework.asking import SECURITY
from tests.processes import Broker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_killed_while_asking_leaves_exactly_one_consultation_and_one_request(
    broker: Broker, tmp_path: Path
) -> None:
    asking.member("security")
    case = asking.consulting(SECURITY, ask=False)

    for table in ("cases_consultation", "notifications_notification"):
        killing.worker_at(table, broker, tmp_path)
        assert not Consultation.objects.exists()
    jobs.work()

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
    monkeypatch.setattr("consular.casework.consulting.outbox.promise", killing.die)

    with pytest.raises(KeyboardInterrupt):
        casework.consult.__wrapped__({"token": token.pk})

    assert Consultation.objects.filter(case=case).count() == 1
    assert not Notification.objects.exists()
