"""A common answer changes in the same moment in which somebody else of the journey is sent."""

import threading
from typing import Any

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
def test_of_two_who_save_a_common_answer_at_once_the_later_one_sees_the_earlier_by_the_lock_on_the_journey(
    locks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.ministry()
    owner = factories.applicant()
    first, other = kin.group(owner)
    arrived, saved = threading.Event(), threading.Event()
    told: list[bool] = []
    read = journeys.spread

    def save() -> None:
        arrived.wait(60)
        try:
            casework.save(other.pk, {"given_names": "Asha"}, revision=revisions[other.pk], actor=owner)
        except casework.Conflict:
            told.append(True)
        saved.set()
        connection.close()

    def spread(case: Case, *rest: Any, **more: Any) -> dict[str, Any]:
        if case.pk == first.pk:  # the first has read, and is about to write
            arrived.set()
            saved.wait(1 if locks else 60)  # with the lock it cannot happen
        return read(case, *rest, **more)

    revisions = dict(Answers.objects.values_list("case", "revision"))
    monkeypatch.setattr(journeys, "spread", spread)
    if not locks:
        monkeypatch.setattr(journeys, "locked", unlocked)
    saving = threading.Thread(target=save)
    saving.start()
    casework.save(first.pk, {"phone": NEW}, revision=revisions[first.pk], actor=owner)
    saving.join()

    assert bool(told) is locks


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
        arrived.wait(60)
        casework.submit(other.pk, attested=stages.ATTESTED, actor=owner)
        seen.append(Answers.objects.get(case=other).data["phone"])
        sent.set()
        connection.close()

    def common(case: Case, answers: dict[str, object]) -> dict[str, object]:
        if case.pk == other.pk:  # the other draft was read, and is about to be written
            arrived.set()
            sent.wait(1 if locks else 60)
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
