"""Taking answers over from an earlier application: own ones only, marked until looked at, nothing overwritten."""

from typing import Any

import pytest

from consular import casework
from consular.cases.models import Answers, Case, Event
from consular.casework import Wanted
from consular.core.errors import Refused
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def fresh(case: Case) -> Answers:
    return Answers.objects.get(case=case)


def begun(owner: Any, service: str = "national_visa", **answers: Any) -> Case:
    return casework.start(service, language="en", actor=owner, answers=answers)


def test_answers_of_a_sent_case_become_answers_of_a_draft_of_another_service_and_are_marked() -> None:
    stages.ministry()
    sent = stages.sent()
    owner = sent.owner
    draft = begun(owner, category="D_STUDY", surname="Mensah-Osei")
    (found,) = casework.earlier_cases(draft, actor=owner)
    assert found == sent
    offered = {offer.question.id: offer for offer in casework.offers(draft, found)}
    assert {"surname", "given_names", "birth_date", "doc_number", "email"} <= offered.keys()
    assert not offered["surname"].is_suggested  # answered here already
    assert offered["given_names"].is_suggested

    wanted = Wanted(sent.reference, frozenset({"given_names", "doc_number", "no_such_question"}), 0)
    assert casework.take_over(draft.pk, wanted, actor=owner) == 2
    stored = fresh(draft)
    assert stored.data == {
        "category": "D_STUDY",
        "surname": "Mensah-Osei",
        "given_names": "Ama",
        "doc_number": "G1234567",
    }
    assert stored.taken_over == ["doc_number", "given_names"]
    assert stored.declarations == []
    told = Event.objects.get(case=draft, kind="answers_taken_over")
    assert told.data == {"source": sent.reference}

    with pytest.raises(casework.Conflict):  # saved since this revision was shown
        casework.take_over(draft.pk, wanted, actor=owner)
    assert casework.take_over(draft.pk, Wanted(sent.reference, frozenset({"minor"}), 1), actor=owner) == 0
    assert fresh(draft).revision == 1

    casework.looked_over(draft.pk, ["given_names"], actor=owner)
    assert fresh(draft).taken_over == ["doc_number"]


def test_nobody_takes_answers_from_or_into_what_is_somebody_elses() -> None:
    stages.ministry()
    sent, stranger = stages.sent(), factories.applicant()
    strange = begun(stranger)
    before = fresh(strange).data
    wanted = Wanted(sent.reference, frozenset({"surname"}), 0)
    assert not casework.earlier_cases(strange, actor=stranger).exists()
    mine = begun(sent.owner)
    for act in (
        lambda: casework.take_over(strange.pk, wanted, actor=stranger),
        lambda: casework.take_over(mine.pk, wanted, actor=stranger),
        lambda: casework.take_over(mine.pk, wanted, actor=None, secret="no such secret"),
        lambda: casework.take_over(sent.pk, wanted, actor=sent.owner),  # it is sent: nothing goes into it
        lambda: casework.earlier_case(strange, sent.reference, actor=stranger),
        lambda: casework.looked_over(mine.pk, ["surname"], actor=stranger),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 404
    assert (fresh(strange).data, fresh(mine).data) == (before, {})
    assert casework.take_over(mine.pk, wanted, actor=sent.owner) == 1  # the control: one's own


def test_a_browser_without_an_account_takes_from_its_own_drafts_only() -> None:
    stages.ministry()
    first, other = stages.draft(secret="mine"), stages.draft(secret="theirs")
    second = casework.start("passport", language="en", actor=None, secret="mine", answers={})
    assert list(casework.earlier_cases(second, actor=None, secret="mine")) == [first]
    wanted = frozenset({"surname"})
    with pytest.raises(Refused):
        casework.take_over(second.pk, Wanted(other.reference, wanted, 0), actor=None, secret="mine")
    assert casework.take_over(second.pk, Wanted(first.reference, wanted, 0), actor=None, secret="mine") == 1
