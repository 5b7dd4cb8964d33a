"""An application in a browser without JavaScript: task list, pages, who may open them."""

import re

import pytest
from django.test import Client

from consular.accounts.throttle import HOUR, Limit
from consular.cases.models import Case
from consular.formspec import questions
from consular.portal import drafts
from tests import factories
from tests.portal import drafting

pytestmark = pytest.mark.django_db


def test_a_draft_starts_without_an_account_and_belongs_to_the_browser(client, reference):
    assert client.get(f"/drafts/{reference}/").status_code == 200
    stranger = Client().get(f"/drafts/{reference}/")
    assert stranger.status_code == 302
    assert stranger.url == drafting.sign_in_first(f"/drafts/{reference}/")
    assert Case.objects.get().owner is None


def test_a_draft_keeps_what_the_finder_knows(client):
    reference = drafting.start(client, nationality="IND", residence="IN-MH")
    assert drafting.stored(reference).data == {
        "nationality": "IND",
        "residence_country": "IND",
        "residence_area": "IN-MH",
    }


@pytest.mark.parametrize(
    "finder", [{"nationality": "<b>"}, {"residence": "IN-XX\x00"}, {"residence": "x" * 10_000}]
)
def test_nonsense_from_the_finder_is_left_out(client, finder):
    reference = drafting.start(client, **finder)
    assert "nationality" not in drafting.stored(reference).data
    assert "residence_area" not in drafting.stored(reference).data


def test_what_a_page_sends_besides_the_answers_is_no_name_of_a_question(client, reference):
    drafting.fill_in(client, reference, "identity", birth_date_year="2020")
    names = set()
    for page in drafting.FORM.pages:
        answer = client.get(f"/drafts/{reference}/{page.id}/?then=review")
        form = answer.content.decode().split('id="page-form"', 1)[1]
        fields = answer.context["form"].fields
        names |= {
            name
            for name in re.findall(r' name="([^"]+)"', form)
            if not any(name == field or name.startswith(f"{field}_") for field in fields)
        }
    assert {name for name in names if not name.endswith("-count")} <= questions.TAKEN
    assert {"then", "add", "list"} <= names


def test_only_services_there_are_can_be_applied_for(client):
    assert client.post("/apply/passport_for_cats/").status_code == 404
    assert client.get("/apply/schengen_visa/").status_code == 405
    assert not Case.objects.exists()


def test_somebody_elses_draft_is_not_there(client, reference):
    other = factories.signed_in(Client(), factories.applicant())
    for address in ("", "identity/", "review/", "send/"):
        assert other.get(f"/drafts/{reference}/{address}").status_code == 404
        assert client.get(f"/drafts/ABCD-EFGH-JKMN/{address}").status_code == 302
    assert other.post(f"/drafts/{reference}/identity/", {"surname": "Other"}).status_code == 404
    assert drafting.stored(reference).data == {}


def test_the_task_list_says_what_is_done_missing_and_next(client, reference):
    empty = client.get(f"/drafts/{reference}/").context["progress"]
    assert [step.status for step in empty.steps] == ["Next"] + ["To do"] * (len(empty.steps) - 1)
    drafting.fill_in(client, reference, "identity")
    drafting.fill_in(client, reference, "journey", main_destination="FRA")
    page = client.get(f"/drafts/{reference}/")
    steps = page.context["progress"].steps
    assert 0 < page.context["progress"].minutes < empty.minutes
    assert f"about {page.context['progress'].minutes} minutes" in page.content.decode()
    assert {step.page: step.status for step in steps if step.status != "To do"} == {
        "identity": "Done",
        "passport": "Next",
        "journey": "Something is missing",
    }


def test_pages_that_do_not_concern_somebody_are_left_out(client, reference):
    drafting.fill_in(client, reference, "identity", birth_date_year="2020")
    assert "guardian" in [step.page for step in client.get(f"/drafts/{reference}/").context["progress"].steps]
    drafting.fill_in(client, reference, "identity", birth_date_year="1980")
    assert "guardian" not in [
        step.page for step in client.get(f"/drafts/{reference}/").context["progress"].steps
    ]


def test_saving_goes_on_with_the_next_page_and_from_the_last_one_to_the_review(client, reference):
    assert drafting.fill_in(client, reference, "identity").url == f"/drafts/{reference}/passport/"
    assert drafting.fill_in(client, reference, "identity", list="yes").url == f"/drafts/{reference}/"
    assert drafting.fill_in(client, reference, "filler").url == f"/drafts/{reference}/review/"
    assert (
        drafting.fill_in(client, reference, "identity", then="review").url == f"/drafts/{reference}/review/"
    )


def test_pages_of_a_draft_are_never_kept_by_the_browser(client, reference):
    for address in ("", "identity/", "review/"):
        assert "no-store" in client.get(f"/drafts/{reference}/{address}")["Cache-Control"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_small_has_one_heading_and_no_inline_script(client, reference, language):
    drafting.fill_in_everything(client, reference)
    for address in ("", "identity/", "passport/", "residence/", "journey/", "review/"):
        answer = client.get(f"/drafts/{reference}/{address}", headers={"accept-language": language})
        page = answer.content.decode()
        assert len(answer.content) < 100_000, address
        assert page.count("<h1") == 1, address
        assert " style=" not in page, address
        assert not re.search(r"<script(?![^>]* src=)|<[^>]* on[a-z]+=", page), address
        assert Case.objects.get().applicant_name not in answer.headers.values(), address


def test_a_page_needs_few_queries(client, reference, django_assert_max_num_queries):
    drafting.fill_in_everything(client, reference)
    address = f"/drafts/{reference}/identity/"
    data = {
        **drafting.hidden(client.get(address)),
        **drafting.answered("identity"),
    }
    with django_assert_max_num_queries(4):
        client.get(address)
    with django_assert_max_num_queries(12):
        client.post(address, data)


def test_strangers_do_not_start_drafts_without_end(monkeypatch):
    monkeypatch.setattr(drafts, "PER_NETWORK", Limit("drafts of a network", 2, HOUR))
    address = "/apply/schengen_visa/"

    strangers = [Client().post(address).status_code for _ in range(3)]
    account = factories.signed_in(Client(), factories.applicant()).post(address).status_code

    assert strangers == [302, 302, 429]
    assert account == 302
    assert Case.objects.count() == 3
