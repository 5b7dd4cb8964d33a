"""Two deciders at the same moment: one decides, the other is told so. Without the lock the database still holds."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from consular.core.errors import Refused
from consular.decisions import approval
from consular.decisions.models import Decision
from tests import factories
from tests.decisions.letters import REFUSAL

pytestmark = pytest.mark.django_db(transaction=True)


def race(decision: Decision) -> list[str]:
    """What two deciders hear who approve at once."""
    together = threading.Barrier(2)
    heard: list[str] = []

    def decide(person: object) -> None:
        try:
            with transaction.atomic():
                together.wait(60)
                heard.append(approval.approve(decision, by=person).state)
        except Refused as refusal:
            heard.append(refusal.code)
        except DatabaseError:
            heard.append("database")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(factories.official(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(heard)


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch the lock off: both read the open proposal before either writes."""
    read = threading.Barrier(2)

    def still_open(decision: Decision) -> Decision:
        current = Decision.objects.get(pk=decision.pk)
        read.wait(60)
        return current

    monkeypatch.setattr(approval, "_still_open", still_open)


def switch(how: str) -> None:
    """Switch the trigger that freezes a verdict off or on, for every connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_verdict_frozen%'")
        (name,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE decisions_decision {how} TRIGGER {name}")


@pytest.fixture
def propose() -> Callable[[], Decision]:
    return lambda: approval.propose(factories.sent_case(), REFUSAL, by=factories.official())


def test_one_of_two_deciders_decides(propose: Callable[[], Decision]):
    assert race(propose()) == ["approved", "done"]


def test_without_the_lock_the_database_refuses_the_second(
    propose: Callable[[], Decision], monkeypatch: pytest.MonkeyPatch
):
    unlocked(monkeypatch)

    assert race(propose()) == ["approved", "database"]


def test_without_lock_and_trigger_the_second_overwrites_the_first(
    propose: Callable[[], Decision], monkeypatch: pytest.MonkeyPatch
):
    decision = propose()
    unlocked(monkeypatch)
    switch("DISABLE")

    heard = race(decision)

    switch("ENABLE")
    assert heard == ["approved", "approved"]
