"""The pages on which an officer names what reopens, and the applicant corrects it."""

import pytest
from django.test import Client

from consular.cases.inquiries import Inquiry
from consular.cases.models import Answers, Case
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

MARKUP = "<b>“Look”</b>"


def named(post: stages.Post, case: Case, desk: Client) -> None:
    """The clerk types into the task, names what reopens, and completes the task by asking."""
    page, token = f"/desk/cases/{case.reference}/", stages.open_task(case).pk
    ask = f"{page}tasks/{token}/ask/"
    typing = {f"t{token}-complete": "no", f"t{token}-request": "Please look again."}
    assert desk.post(ask, typing)["Location"] == ask
    assert len(desk.get(ask).content) < 100_000
    assert desk.post(ask, {"save": "yes", "reason-question-doc_number": "nonsense"}).status_code == 422
    items = {
        "reason-question-doc_number": "contradictory",
        "remark-question-doc_number": MARKUP,
        "reason-question-has_other_nationalities": "missing",
        "reason-document-means": "unreadable",
        "reason-question-unknown": "missing",
    }
    assert desk.post(ask, {"save": "yes", **items})["Location"] == page
    shown = desk.get(page).content.decode()
    assert "Please look again." in shown, "what was typed into the task is still there"
    assert "Number of travel document: Contradicts other statements" in shown
    assert desk.post(f"{page}tasks/{token}/", typing).status_code == 302


def listed(own: Client, page: str) -> None:
    """The case shows what is asked, harmless whatever was typed, and nothing can be sent yet."""
    mine = own.get(page).content.decode()
    assert "What the mission asks you for" in mine
    assert (MARKUP in mine, "&lt;b&gt;“Look”&lt;/b&gt;" in mine) == (False, True)
    assert "corrections/send" not in mine
    assert own.get(f"{page}corrections/send/").status_code == 302
    assert own.get(f"{page}corrections/journey/").status_code == 404


def corrected(own: Client, page: str) -> None:
    """Each page has the questions that were named and no others; what was typed is never lost."""
    passport, identity = f"{page}corrections/passport/", f"{page}corrections/identity/"
    form = own.get(passport).content.decode()
    assert "You had answered: \u2068G1234567\u2069." in form
    assert 'name="doc_type"' not in form
    saved = {"revision": "0", "doc_number": "", "doc_type": "diplomatic"}
    assert own.post(passport, saved).status_code == 422
    saved |= {"revision": "1", "doc_number": "G7654321"}
    assert own.post(passport, saved)["Location"] == identity
    stale = own.post(passport, saved)
    assert (stale.status_code, b"G7654321" in stale.content) == (409, True)
    more = own.post(identity, {"revision": "2", "has_other_nationalities": "yes"})
    assert more["Location"] == identity
    again = {"revision": "3", "has_other_nationalities": "no"}
    assert own.post(identity, again)["Location"] == f"{page}documents/means/"


def test_from_the_officers_list_to_the_corrected_answer_and_back() -> None:
    post = stages.ministry()
    case = stages.sent()
    desk, own = factories.signed_in(Client(), post.clerk), factories.signed_in(Client(), case.owner)
    page = f"/cases/{case.reference}/"
    named(post, case, desk)
    listed(own, page)
    corrected(own, page)

    send = f"{page}corrections/send/"
    review = own.get(send).content
    assert (b"G1234567" in review, b"G7654321" in review) == (True, True)
    filled = {
        "revision": str(Inquiry.objects.get(case=case).revision),
        **dict.fromkeys(stages.ATTESTED, "on"),
    }
    assert own.post(send, {"text": "kept"}).status_code == 422
    assert own.post(send, filled).status_code == 422
    assert own.post(send, {**filled, "text": "The bank has closed."})["Location"] == page

    data = Answers.objects.get(case=case).data
    assert (data["doc_number"], data["doc_type"]) == ("G7654321", "ordinary")
    back = desk.get(f"/desk{page}").content.decode()
    assert "Changed since the application:" in back
    assert "<del><bdi>G1234567</bdi></del>" in back
    assert stages.open_task(Case.objects.get(pk=case.pk)).assignee == post.clerk
