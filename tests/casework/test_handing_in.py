"""Documents that answer what the mission asked for: the applicant says so, and the case goes on; officers see them."""

import pytest
from django.test import Client

from consular import casework
from consular.cases import arrivals, history, queue
from consular.cases.models import Case, Phase
from consular.core import jobs
from consular.missions.postings import duties
from tests import factories, stages
from tests.casework import attaching
from tests.files import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


def asked(post: stages.Post) -> Case:
    """A case that waits for a paper the mission asked for."""
    case = stages.sent()
    stages.do(case, post.clerk, complete=False, request="Please add a bank statement.")
    return Case.objects.get(pk=case.pk)


def test_the_case_goes_on_when_everything_was_sent(post: stages.Post) -> None:
    case = asked(post)
    attaching.checked(case)

    casework.hand_in(case.pk, actor=case.owner)

    case.refresh_from_db()
    assert (case.phase, stages.open_task(case).node) == (Phase.IN_REVIEW, "check_completeness")
    assert "All documents sent" in [line.what for line in history.for_applicant(case)]
    assert attaching.refusal(casework.hand_in, case.pk, actor=case.owner) == "not_your_turn"


def test_nothing_is_handed_in_without_a_whole_usable_document_of_ones_own(post: stages.Post) -> None:
    case = asked(post)
    assert attaching.refusal(casework.hand_in, case.pk, actor=case.owner) == "nothing_new"
    assert attaching.refusal(casework.hand_in, case.pk, actor=factories.applicant()) == "not_found"

    casework.begin_upload(
        case.pk, attaching.DOCUMENT, attaching.announced(b"%PDF-1.4 to come"), actor=case.owner
    )

    assert attaching.refusal(casework.hand_in, case.pk, actor=case.owner) == "arriving"
    assert Case.objects.get(pk=case.pk).phase == Phase.YOUR_TURN


def test_a_document_from_before_the_question_answers_nothing(post: stages.Post) -> None:
    draft = stages.draft()
    attaching.checked(draft)
    case = casework.submit(draft.pk, attested=stages.ATTESTED, actor=draft.owner)
    stages.do(case, post.clerk, complete=False, request="Please add a bank statement.")

    assert attaching.refusal(casework.hand_in, case.pk, actor=case.owner) == "nothing_new"
    assert arrivals.unread(case) == 0


def test_whoever_waits_for_an_appointment_hands_nothing_in_and_the_mission_sees_what_is_new(
    post: stages.Post,
) -> None:
    case = stages.sent()
    stages.do(case, post.clerk, complete=True)
    case = Case.objects.get(pk=case.pk)
    attachment = attaching.checked(case)

    assert case.phase == Phase.YOUR_TURN
    assert attaching.refusal(casework.hand_in, case.pk, actor=case.owner) == "not_waiting"
    assert arrivals.unread(case) == 1
    casework.open_document(attachment.pk, actor=case.owner)
    assert arrivals.unread(case) == 1
    casework.open_document(attachment.pk, actor=post.clerk)
    assert arrivals.unread(case) == 0


def test_pages_offer_the_button_and_mark_the_new_document(post: stages.Post) -> None:
    case = asked(post)
    own, desk = factories.signed_in(Client(), case.owner), factories.signed_in(Client(), post.clerk)
    documents, button = f"/cases/{case.reference}/documents/", b"I have sent everything"
    first = own.get(documents).content
    assert (b"then say here that everything is there" in first, button in first) == (True, False)
    assert f'href="/cases/{case.reference}/#messages"'.encode() in first
    attaching.added(case, hostile.picture(60, 80))
    jobs.work()
    assert button in own.get(documents).content
    assert button in own.get(f"{documents}{attaching.DOCUMENT}/").content

    assert own.post(f"/cases/{case.reference}/hand-in/").status_code == 302
    assert own.post(f"/cases/{case.reference}/hand-in/").status_code == 409

    rows, _following = queue.page(duties(post.clerk))
    assert [row.has_unread for row in rows] == [True]
    assert b"New document" in desk.get("/desk/").content
    assert b"1 new document" in desk.get(f"/desk/cases/{case.reference}/").content
