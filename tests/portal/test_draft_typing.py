"""Nothing typed is ever lost: mistakes, two windows, another language, a session that ended."""

from urllib.parse import urlencode

import pytest

from consular import formspec
from tests import factories
from tests.formspec.forms import BIDI, MARKUP
from tests.portal import drafting

pytestmark = pytest.mark.django_db


def test_a_page_with_mistakes_comes_back_with_everything_typed_and_what_is_right_is_kept(client, reference):
    answer = drafting.fill_in(client, reference, "identity", surname="R2D2", birth_date_month="13")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="R2D2"' in page
    assert 'value="13"' in page
    assert 'id="error-summary"' in page
    assert 'href="#id_surname"' in page
    assert 'href="#id_birth_date"' in page
    kept = drafting.stored(reference).data
    assert kept["given_names"] == "Anjali"
    assert kept["surname"] == "R2D2"
    assert kept["birth_date"] == ["01", "13", "1990"]
    back = client.get(f"/drafts/{reference}/identity/").content.decode()
    assert 'value="R2D2"' in back
    assert 'value="13"' in back
    again = {
        **drafting.hidden(answer),
        **drafting.answered("identity"),
    }
    assert client.post(f"/drafts/{reference}/identity/", again).status_code == 302


@pytest.mark.parametrize(
    "text", [*MARKUP, *[f"a{bidi}b" for bidi in BIDI], "a\x00b", "\x1b[31m", "x" * 10_000]
)
def test_bad_text_is_an_error_of_its_field_or_safe_text(client, reference, text):
    """On every page of the form; the last one shows them all."""
    revision = "0"
    for page in drafting.FORM.pages:
        names = [
            name
            for question in page.questions
            for name in (question.id, f"{question.id}_day", f"{question.id}_year")
        ]
        data = dict.fromkeys(names, text) | {"revision": revision}
        answer = client.post(f"/drafts/{reference}/{page.id}/", data)
        assert answer.status_code in (302, 422), page.id
        assert b"<script>alert" not in answer.content, page.id
        assert b"\x00" not in answer.content, page.id
        revision = str(drafting.stored(reference).revision)
    review = client.get(f"/drafts/{reference}/review/")
    assert review.status_code == 200
    assert b"<script>alert" not in review.content
    assert b"\x00" not in review.content


def test_questions_that_come_up_are_asked_before_going_on(client, reference):
    address = f"/drafts/{reference}/residence/"
    first = {
        **drafting.hidden(client.get(address)),
        **drafting.answered("residence"),
    }
    del first["residence_area"]
    answer = client.post(address, first)
    assert answer.url == address
    shown = client.get(address)
    assert b"led to more questions" in shown.content
    assert b"kern-error" not in shown.content
    again = client.post(address, {**first, **drafting.hidden(shown)})
    assert again.status_code == 422
    assert "residence_area" in again.context["form"].errors
    assert (
        client.post(address, {**first, **drafting.hidden(again), "residence_area": "IN-MH"}).status_code
        == 302
    )


def test_optional_questions_that_come_up_are_shown_once(client, reference):
    address = f"/drafts/{reference}/earlier/"
    page = drafting.hidden(client.get(address))
    typed = {**drafting.answered("earlier"), "fingerprints_before": "yes"}
    answer = client.post(address, {**page, **typed})
    assert answer.url == address
    shown = client.get(address)
    assert b"led to more questions" in shown.content
    assert client.post(address, {**drafting.hidden(shown), **typed}).url == f"/drafts/{reference}/filler/"


def test_an_answer_that_a_condition_hides_now_is_forgotten_on_every_page(client, reference):
    drafting.fill_in(client, reference, "identity", nationality="NPL")
    drafting.fill_in(client, reference, "residence", residence_permit="Permit", residence_permit_number="A1")
    assert drafting.stored(reference).data["residence_permit"] == "Permit"
    drafting.fill_in(client, reference, "identity", nationality="IND")
    assert "residence_permit" not in drafting.stored(reference).data
    assert b"Permit" not in client.get(f"/drafts/{reference}/review/").content


def test_two_windows_do_not_overwrite_each_other_silently(client, reference):
    address = f"/drafts/{reference}/identity/"
    other_window = drafting.hidden(client.get(address))
    drafting.fill_in(client, reference, "identity", surname="First")
    late = {
        **other_window,
        **drafting.answered("identity"),
        "surname": "Second",
    }
    answer = client.post(address, late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed in another window" in page
    assert 'value="Second"' in page
    assert [(entry.id, entry.value) for entry in answer.context["changed"]] == [("surname", "First")]
    assert drafting.stored(reference).data["surname"] == "First"
    assert client.post(address, {**late, **drafting.hidden(answer)}).status_code == 302
    assert drafting.stored(reference).data["surname"] == "Second"


@pytest.mark.parametrize("detour", ["another language", "another entry"])
def test_what_another_window_saved_during_a_detour_is_not_overwritten_silently(client, reference, detour):
    address = f"/drafts/{reference}/identity/"
    data = {**drafting.hidden(client.get(address)), **drafting.answered("identity"), "surname": "Second"}
    drafting.fill_in(client, reference, "identity", surname="First")
    if detour == "another language":
        client.post(f"/language/?next={address}", {**data, "switch_to": "en"})
        back = client.get(address)
    else:
        back = client.post(address, {**data, "add": "other_nationalities"})
    answer = client.post(address, {**data, **drafting.hidden(back)})
    assert answer.status_code == 409
    assert drafting.stored(reference).data["surname"] == "First"


def test_the_way_back_to_the_review_survives_a_switch_of_the_language(client, reference):
    address = f"/drafts/{reference}/identity/"
    wrong = client.post(f"{address}", {"surname": "R2D2", "then": "review"})
    client.post(f"/language/?next={address}", {**drafting.hidden(wrong), "switch_to": "de"})
    assert drafting.hidden(client.get(address))["then"] == "review"


def test_sending_the_same_page_twice_is_no_conflict(client, reference):
    address = f"/drafts/{reference}/identity/"
    data = {
        **drafting.hidden(client.get(address)),
        **drafting.answered("identity"),
    }
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302


def test_two_windows_on_different_pages_do_not_disturb_each_other(client, reference):
    waiting = drafting.hidden(client.get(f"/drafts/{reference}/passport/"))
    drafting.fill_in(client, reference, "identity")
    data = {**waiting, **drafting.answered("passport")}
    assert client.post(f"/drafts/{reference}/passport/", data).status_code == 302
    assert {"surname", "doc_number"} <= drafting.stored(reference).data.keys()


def test_without_the_revision_in_the_page_the_second_window_would_win(client, reference):
    drafting.fill_in(client, reference, "identity", surname="First")
    current = str(drafting.stored(reference).revision)
    late = {**drafting.answered("identity"), "surname": "Second"}
    assert client.post(f"/drafts/{reference}/identity/", {**late, "revision": current}).status_code == 302
    assert drafting.stored(reference).data["surname"] == "Second"


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
    assert drafting.stored(reference).data == {}


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
    client.get(address)
    factories.signed_in(client, owner)
    again = client.get(address).content.decode()
    assert 'value="Typed slowly"' in again


def quiet(client, reference, page_id, **changes):
    """What the script of the page sends when a field is left."""
    address = f"/drafts/{reference}/{page_id}/"
    data = drafting.hidden(client.get(address)) | {"surname": "Sharma"} | changes
    return data, client.post(address, {**data, "quiet": "yes"})


def test_a_field_is_saved_when_it_is_left(client, reference):
    data, answer = quiet(client, reference, "identity", birth_date_day="31")
    assert answer.status_code == 200
    told = answer.json()
    assert told["message"] == "Everything you have typed is saved."
    assert "questions" not in told
    assert drafting.stored(reference).data == {"surname": "Sharma", "birth_date": ["31", "", ""]}
    data |= {"revision": told["revision"], "shown": told["shown"], "given_names": "Anjali", "quiet": "yes"}
    assert client.post(f"/drafts/{reference}/identity/", data).status_code == 200
    assert drafting.stored(reference).data["given_names"] == "Anjali"


def test_the_questions_come_anew_when_others_are_asked(client, reference):
    _data, answer = quiet(client, reference, "identity", civil_status="other", given_names="R2D2")
    questions = answer.json()["questions"]
    assert 'name="civil_status_other"' in questions
    assert 'value="R2D2"' in questions
    assert "kern-error" not in questions
    assert "civil_status_other" in questions.partition('name="asked"')[2].partition(">")[0]


def test_quiet_saving_overwrites_no_other_window_and_says_so(client, reference):
    address = f"/drafts/{reference}/identity/"
    data = drafting.hidden(client.get(address)) | {"surname": "Second", "quiet": "yes"}
    drafting.fill_in(client, reference, "identity", surname="First")
    answer = client.post(address, data, headers={"accept-language": "de"})
    assert answer.status_code == 409
    assert "Fenster" in answer.json()["message"]
    assert drafting.stored(reference).data["surname"] == "First"


def test_quiet_saving_after_the_session_ended_keeps_the_text_for_after_signing_in(client):
    owner = factories.applicant()
    factories.signed_in(client, owner)
    reference = drafting.start(client)
    address = f"/drafts/{reference}/identity/"
    data = drafting.hidden(client.get(address)) | {"surname": "Typed slowly", "quiet": "yes"}
    client.logout()
    assert client.post(address, data).status_code == 302
    factories.signed_in(client, owner)
    back = client.get(address)
    assert 'value="Typed slowly"' in back.content.decode()


@pytest.mark.parametrize("text", [*MARKUP, "a\x00b", "\ud800", "x" * 60_000])
def test_wrong_text_is_stored_as_text_and_never_as_an_answer(client, reference, text):
    data = drafting.hidden(client.get(f"/drafts/{reference}/identity/")) | {
        "birth_country": text,
        "surname": text,
    }
    body = urlencode(data, errors="surrogatepass")
    answer = client.generic(
        "POST", f"/drafts/{reference}/identity/", body, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 422
    page = client.get(f"/drafts/{reference}/review/").content.decode()
    assert "<script>alert" not in page
    assert (
        not {"surname", "birth_country"}
        & formspec.counted(drafting.FORM, drafting.stored(reference).data).keys()
    )


def test_without_keeping_wrong_text_it_would_be_gone(client, reference, monkeypatch):
    quiet(client, reference, "identity", birth_date_day="31")
    assert drafting.stored(reference).data["birth_date"] == ["31", "", ""]
    monkeypatch.setattr(formspec, "kept", formspec.counted)
    quiet(client, reference, "identity", birth_date_day="32")
    assert "birth_date" not in drafting.stored(reference).data
