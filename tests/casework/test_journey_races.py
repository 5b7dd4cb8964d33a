"""A common answer changes in the same moment in which somebody else of the journey is sent."""

import threading

import pytest
from django.db import connection

from consular import casework
from consular.cases.models import Answers, Case, Journey
from consular.casework import journeys
from tests import factories, stages
from tests.casework import kin

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "+912244556677"


def unlocked(case: Case) -> Journey | None:
    return Journey.objects.filter(pk=case.journey_id).first()


@pytest.mark.parametrize("locks", [True, False])
def test_what_was_sent_stays_as_it_was_sent_and_only_the_lock_on_the_journey_keeps_it(
    locks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.ministry()
    owner = factories.applicant()
    first, other = kin.group(owner)
    arrived, sent = threading.Event(), threading.Event()
    seen: list[object] = []

    def send() -> None:
        arrived.wait(10)
        casework.submit(other.pk, attested=stages.ATTESTED, actor=owner)
        seen.append(Answers.objects.get(case=other).data["phone"])
        sent.set()
        connection.close()

    def common(case: Case, answers: dict[str, object]) -> dict[str, object]:
        if case.pk == other.pk:  # the other draft was read, and is about to be written
            arrived.set()
            sent.wait(1)
        return answers

    monkeypatch.setattr(journeys, "common", common)
    if not locks:
        monkeypatch.setattr(journeys, "locked", unlocked)
    sending = threading.Thread(target=send)
    sending.start()
    revision = Answers.objects.get(case=first).revision
    casework.save(first.pk, {"phone": NEW}, revision=revision, actor=owner)
    sending.join()

    kept = Answers.objects.get(case=other).data["phone"]
    assert (seen == [kept]) is locks
