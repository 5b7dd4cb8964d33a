"""Filling in an application in a browser without JavaScript: nothing typed is ever lost."""

import pytest
from django.test import Client

from consular import formspec
from consular.cases.models import Answers, Case, Phase
from consular.missions import loading
from consular.ops import publication
from tests import factories
from tests.formspec.forms import BIDI, MARKUP
from tests.formspec.schengen import answers
from tests.portal import drafting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def reference(client):
    return drafting.start(client)


def stored(reference):
    return Answers.objects.get(case__reference=reference)


def test_a_draft_starts_without_an_account_and_belongs_to_the_browser(client, reference):
    assert client.get(f"/drafts/{reference}/").status_code == 200
    stranger = Client().get(f"/drafts/{reference}/")
    assert stranger.status_code == 302
    assert stranger.url == drafting.sign_in_first(f"/drafts/{reference}/")
    assert Case.objects.get().owner is None


def test_a_draft_keeps_what_the_finder_knows(client):
    reference = drafting.start(client, nationality="IND", residence="IN-MH")
    assert stored(reference).data == {
        "nationality": "IND",
        "residence_country": "IND",
        "residence_area": "IN-MH",
    }


@pytest.mark.parametrize(
    "finder", [{"nationality": "<b>"}, {"residence": "IN-XX\x00"}, {"residence": "x" * 10_000}]
)
def test_nonsense_from_the_finder_is_left_out(client, finder):
    reference = drafting.start(client, **finder)
    assert "nationality" not in stored(reference).data
    assert "residence_area" not in stored(reference).data


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
    assert stored(reference).data == {}


def test_the_task_list_says_what_is_done_missing_and_next(client, reference):
    assert [step.status for step in client.get(f"/drafts/{reference}/").context["progress"].steps] == [
        "Next",
        "To do",
        "To do",
        "To do",
    ]
    drafting.fill_in(client, reference, "identity")
    drafting.fill_in(client, reference, "journey", main_destination="FRA")
    page = client.get(f"/drafts/{reference}/")
    assert [step.status for step in page.context["progress"].steps] == [
        "Done",
        "Next",
        "To do",
        "Something is missing",
    ]


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
    assert drafting.fill_in(client, reference, "journey").url == f"/drafts/{reference}/review/"
    assert (
        drafting.fill_in(client, reference, "identity", then="review").url == f"/drafts/{reference}/review/"
    )


def test_a_page_with_mistakes_comes_back_with_everything_typed_and_what_is_right_is_kept(client, reference):
    answer = drafting.fill_in(client, reference, "identity", surname="R2D2", birth_date_month="13")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="R2D2"' in page
    assert 'value="13"' in page
    assert 'id="error-summary"' in page
    assert 'href="#id_surname"' in page
    assert 'href="#id_birth_date"' in page
    kept = stored(reference).data
    assert kept["given_names"] == "Anjali"
    assert "surname" not in kept
    assert "birth_date" not in kept
    again = {**drafting.hidden(answer), **drafting.typed(FORM.page("identity"), answers(drafting.today()))}
    assert client.post(f"/drafts/{reference}/identity/", again).status_code == 302


FORM = formspec.latest("schengen_visa").form
TEXTS = ["home_address", "phone", "email", "residence_permit"]


@pytest.mark.parametrize(
    "text", [*MARKUP, *[f"a{bidi}b" for bidi in BIDI], "a\x00b", "\x1b[31m", "x" * 10_000]
)
@pytest.mark.parametrize("page_id", [page.id for page in FORM.pages])
def test_bad_text_is_an_error_of_its_field_or_safe_text(client, reference, page_id, text):
    data = {
        name: text
        for question in FORM.page(page_id).questions
        for name in (question.id, f"{question.id}_day", f"{question.id}_year")
    }
    answer = client.post(f"/drafts/{reference}/{page_id}/", {**data, "revision": "0"})
    assert answer.status_code in (302, 422)
    assert b"<script>alert" not in answer.content
    assert b"\x00" not in answer.content
    assert client.get(f"/drafts/{reference}/review/").status_code == 200


def test_questions_that_come_up_are_asked_before_going_on(client, reference):
    address = f"/drafts/{reference}/residence/"
    first = {
        **drafting.hidden(client.get(address)),
        **drafting.typed(FORM.page("residence"), answers(drafting.today())),
    }
    del first["residence_area"]
    answer = client.post(address, first)
    assert answer.status_code == 422
    assert "residence_area" in answer.context["form"].errors
    assert (
        client.post(address, {**first, **drafting.hidden(answer), "residence_area": "IN-MH"}).status_code
        == 302
    )


def test_optional_questions_that_come_up_are_shown_once(client, reference):
    drafting.fill_in(client, reference, "identity", nationality="NPL")
    address = f"/drafts/{reference}/residence/"
    page = drafting.hidden(client.get(address))
    typed = drafting.typed(FORM.page("residence"), answers(drafting.today()))
    permit = {"residence_permit": "Work permit", "residence_permit_number": "A1"}
    answer = client.post(address, {**page, **typed, **permit})
    assert answer.url == address
    shown = client.get(address)
    assert b"led to more questions" in shown.content
    assert (
        client.post(address, {**drafting.hidden(shown), **typed, **permit}).url
        == f"/drafts/{reference}/journey/"
    )


def test_an_answer_that_a_condition_hides_now_is_forgotten_on_every_page(client, reference):
    drafting.fill_in(client, reference, "identity", nationality="NPL")
    drafting.fill_in(client, reference, "residence", residence_permit="Permit", residence_permit_number="A1")
    assert stored(reference).data["residence_permit"] == "Permit"
    drafting.fill_in(client, reference, "identity", nationality="IND")
    assert "residence_permit" not in stored(reference).data
    assert b"Permit" not in client.get(f"/drafts/{reference}/review/").content


def test_two_windows_do_not_overwrite_each_other_silently(client, reference):
    address = f"/drafts/{reference}/identity/"
    other_window = drafting.hidden(client.get(address))
    drafting.fill_in(client, reference, "identity", surname="First")
    late = {
        **other_window,
        **drafting.typed(FORM.page("identity"), answers(drafting.today())),
        "surname": "Second",
    }
    answer = client.post(address, late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed in another window" in page
    assert 'value="Second"' in page
    assert [(entry.id, entry.value) for entry in answer.context["changed"]] == [("surname", "First")]
    assert stored(reference).data["surname"] == "First"
    assert client.post(address, {**late, **drafting.hidden(answer)}).status_code == 302
    assert stored(reference).data["surname"] == "Second"


def test_sending_the_same_page_twice_is_no_conflict(client, reference):
    address = f"/drafts/{reference}/identity/"
    data = {
        **drafting.hidden(client.get(address)),
        **drafting.typed(FORM.page("identity"), answers(drafting.today())),
    }
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302


def test_two_windows_on_different_pages_do_not_disturb_each_other(client, reference):
    waiting = drafting.hidden(client.get(f"/drafts/{reference}/passport/"))
    drafting.fill_in(client, reference, "identity")
    data = {**waiting, **drafting.typed(FORM.page("passport"), answers(drafting.today()))}
    assert client.post(f"/drafts/{reference}/passport/", data).status_code == 302
    assert {"surname", "doc_number"} <= stored(reference).data.keys()


def test_without_the_revision_in_the_page_the_second_window_would_win(client, reference):
    drafting.fill_in(client, reference, "identity", surname="First")
    current = str(stored(reference).revision)
    late = {**drafting.typed(FORM.page("identity"), answers(drafting.today())), "surname": "Second"}
    assert client.post(f"/drafts/{reference}/identity/", {**late, "revision": current}).status_code == 302
    assert stored(reference).data["surname"] == "Second"


def test_switching_the_language_keeps_what_was_typed_without_judging_it(client, reference):
    address = f"/drafts/{reference}/identity/"
    page = client.get(address)
    assert 'form="page-form"' in page.content.decode()
    data = {**drafting.hidden(page), "surname": "R2D2", "civil_status": "other", "birth_date_day": "99"}
    client.post(f"/language/?next={address}", {**data, "switch_to": "de"})
    switched = client.get(address)
    text = switched.content.decode()
    assert 'lang="de"' in text
    assert 'value="R2D2"' in text
    assert 'value="99"' in text
    assert 'name="civil_status_other"' in text
    assert not switched.context["form"].errors
    assert stored(reference).data == {}


def test_adding_an_entry_keeps_what_was_typed(client, reference):
    drafting.fill_in(client, reference, "identity", birth_date_year="2020")
    address = f"/drafts/{reference}/guardian/"
    data = {
        **drafting.hidden(client.get(address)),
        "guardians-0-guardian_surname": "Sharma",
        "add": "guardians",
    }
    page = client.post(address, data).content.decode()
    assert 'name="guardians-0-guardian_surname"' in page
    assert 'value="Sharma"' in page
    assert 'name="guardians-1-guardian_surname"' in page
    assert 'name="add"' not in page


def test_what_was_typed_survives_a_session_that_ended(client):
    owner = factories.applicant()
    factories.signed_in(client, owner)
    reference = drafting.start(client)
    address = f"/drafts/{reference}/identity/"
    data = {**drafting.hidden(client.get(address)), "surname": "Typed slowly"}
    client.logout()
    assert client.post(address, data).url == drafting.sign_in_first(address)
    factories.signed_in(client, owner)
    again = client.get(address).content.decode()
    assert 'value="Typed slowly"' in again


def test_pages_of_a_draft_are_never_kept_by_the_browser(client, reference):
    for address in ("", "identity/", "review/"):
        assert "no-store" in client.get(f"/drafts/{reference}/{address}")["Cache-Control"]


@pytest.mark.parametrize("address", ["", "identity/", "passport/", "residence/", "journey/", "review/"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_small_has_one_heading_and_no_inline_script(client, reference, address, language):
    drafting.fill_in_everything(client, reference)
    answer = client.get(f"/drafts/{reference}/{address}", headers={"accept-language": language})
    page = answer.content.decode()
    assert len(answer.content) < 100_000
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "<script" not in page
    assert Case.objects.get().applicant_name not in answer.headers.values()


def test_a_page_needs_few_queries(client, reference, django_assert_max_num_queries):
    drafting.fill_in_everything(client, reference)
    address = f"/drafts/{reference}/identity/"
    data = {
        **drafting.hidden(client.get(address)),
        **drafting.typed(FORM.page("identity"), answers(drafting.today())),
    }
    with django_assert_max_num_queries(4):
        client.get(address)
    with django_assert_max_num_queries(12):
        client.post(address, data)


def test_an_incomplete_application_is_not_sent_and_says_where_to_go_on(client, reference):
    factories.signed_in(client, factories.applicant())
    reference = drafting.start(client)
    page = client.get(f"/drafts/{reference}/review/").content.decode()
    assert f"/drafts/{reference}/passport/?then=review#id_doc_number" in page
    assert client.get(f"/drafts/{reference}/send/").url == f"/drafts/{reference}/review/"
    assert client.post(f"/drafts/{reference}/send/").url == f"/drafts/{reference}/review/"
    assert Case.objects.get(reference=reference).phase == Phase.DRAFT


def test_sending_needs_an_account_and_then_the_draft_is_ones_own(client, reference):
    drafting.fill_in_everything(client, reference)
    assert client.get(f"/drafts/{reference}/send/").url == drafting.sign_in_first(
        f"/drafts/{reference}/send/"
    )


def test_every_declaration_has_to_be_confirmed(client):
    reference = ready(client)
    answer = client.post(f"/drafts/{reference}/send/", {"true_and_complete": "on"})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors) == 5
    assert Case.objects.get().phase == Phase.DRAFT


def test_what_was_typed_is_what_is_sent_with_the_declarations_as_they_were_read(client):
    loading.load()
    publication.publish_all()
    reference = ready(client)
    with_german = {"accept-language": "de"}
    boxes = client.get(f"/drafts/{reference}/send/", headers=with_german).context["form"].fields
    answer = client.post(f"/drafts/{reference}/send/", dict.fromkeys(boxes, "on"), headers=with_german)
    assert (answer.status_code, answer.url) == (302, f"/cases/{reference}/")
    case = Case.objects.get()
    assert case.phase != Phase.DRAFT
    assert case.answers.data == answers(drafting.today())
    attested = case.answers.declarations
    assert [each["id"] for each in attested] == list(boxes)
    assert {(each["version"], each["language"]) for each in attested} == {(1, "de")}
    assert client.get(f"/drafts/{reference}/identity/").url == f"/cases/{reference}/"


def test_when_nobody_is_responsible_nothing_is_sent_and_the_page_says_so(client):
    publication.publish_all()
    reference = ready(client)
    boxes = client.get(f"/drafts/{reference}/send/").context["form"].fields
    answer = client.post(f"/drafts/{reference}/send/", dict.fromkeys(boxes, "on"))
    assert 400 <= answer.status_code < 500
    assert 'id="error-summary"' in answer.content.decode()
    assert Case.objects.get().phase == Phase.DRAFT


def ready(client):
    """A complete draft of a signed-in applicant."""
    factories.signed_in(client, factories.applicant())
    reference = drafting.start(client)
    drafting.fill_in_everything(client, reference)
    return reference
