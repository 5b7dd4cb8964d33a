"""A correction keeps the appointment of whoever has mistyped something, and makes it nobody else's."""

import pytest

from consular import casework
from consular.appointments.models import Booking, State
from consular.appointments.waiting import Waiting
from consular.cases.inquiries import About, Item, Lack
from consular.cases.models import Case
from consular.casework import appointments, tied
from tests import stages
from tests.casework.test_correcting import answers, correct, refusal, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

PASSPORT = Item(About.QUESTION, "doc_number", "", Lack.CONTRADICTORY)
BIRTH = Item(About.QUESTION, "birth_date", "", Lack.CONTRADICTORY)
SOMEBODY_ELSE = {"doc_number": "L8980011", "birth_date": "1984-11-02"}


def ask(post: stages.Post, case: Case, *items: Item) -> Case:
    casework.name_items(case.reference, stages.open_task(case).pk, items, actor=post.clerk)
    stages.do(case, post.clerk, complete=False, request="Please correct what is named.")
    return Case.objects.select_related("answers", "owner").get(pk=case.pk)


def test_an_appointment_stays_with_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    post, case = stages.ministry(), stages.sent()
    booked = stages.booked(case)
    case = ask(post, case, PASSPORT)
    correct(case, doc_number="G7654321")
    send(case)
    assert answers(case)["doc_number"] == "G7654321", "who has mistyped a number keeps the appointment"

    case = ask(post, case, PASSPORT, BIRTH)
    before = answers(case)
    correct(case, **SOMEBODY_ELSE)
    assert refusal(send, case) == "tied"
    assert answers(case) == before

    correct(case, doc_number=before["doc_number"], birth_date=SOMEBODY_ELSE["birth_date"])
    assert refusal(send, case) == "tied", "nor in two steps: what counts is by what it was booked"

    with monkeypatch.context() as without:
        without.setattr(tied, "require_same_person", lambda *_: None)
        correct(case, **SOMEBODY_ELSE)
        send(case)
    mine = Booking.objects.get(pk=booked.pk)
    assert mine.state == State.CONFIRMED
    assert bytes(mine.identity) != appointments.identity_of(answers(case)), "the harm: it was passed on"


def test_nor_is_a_place_on_a_waiting_list_passed_on_until_it_is_given_back() -> None:
    post, case = stages.ministry(), stages.sent()
    calendar = stages.calendar(post.mission)
    calendar.mode = "list"
    calendar.save()
    casework.join([case.pk], actor=case.owner)
    case = ask(post, case, PASSPORT, BIRTH)
    correct(case, **SOMEBODY_ELSE)
    assert refusal(send, case) == "tied"

    casework.leave(case.pk, actor=case.owner)
    send(case)
    assert answers(case)["birth_date"] == SOMEBODY_ELSE["birth_date"]
    assert not Waiting.objects.filter(case=case, state="waiting").exists()
