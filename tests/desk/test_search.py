"""The pages of the search, the viewer, flags and notes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consular import casework
from consular.accounts import throttle
from consular.accounts.models import Role
from consular.cases.models import Answers, Case, NoteDraft, Search
from consular.casework import attachments, searching
from consular.core import clock
from consular.desk import search
from consular.files import assembling
from consular.files.assembling import Sheet
from tests import factories, stages
from tests.bad_text import CORPUS
from tests.casework import attaching

pytestmark = pytest.mark.django_db

PAGE = Sheet(b"\xff\xd8 picture", (300, 400), (30, 40), is_grey=False)


@pytest.fixture
def case() -> Case:
    found = factories.sent_case()
    answers = stages.answers(doc_valid_until="2027-01-01", earlier_stays=None)
    Answers.objects.filter(case=found).update(data=answers)
    searching.add_names(found, stages.folder().form, answers)
    return found


@pytest.fixture
def officer(case: Case) -> object:
    return factories.official(Role.CASEWORKER, mission=case.mission)


@pytest.fixture
def desk(officer: object) -> Client:
    return factories.signed_in(Client(), officer)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_typed_stands_in_no_address_and_comes_back_for_the_next_search(
    desk: Client, case: Case
) -> None:
    asked = desk.post("/desk/search/", {"name": "Mensah", "purpose": "mail"})
    found = page(desk, asked["Location"])

    assert asked["Location"] == f"/desk/search/{Search.objects.get().pk}/"
    assert case.reference in found
    assert "Mensah" in page(desk, "/desk/search/")
    assert "Mensah" not in page(desk, "/desk/search/")


def test_a_search_that_is_refused_keeps_what_was_typed(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed, told in (
        ({"name": "Mensah"}, "id_purpose"),
        ({"name": "Mensah", "purpose": "other"}, "id_note"),
        ({"name": "Mensah", "purpose": "mail", "birth_date": "99"}, "id_birth_date"),
    ):
        refused = desk.post("/desk/search/", typed)
        assert refused.status_code == 422
        assert f'href="#{told}"' in refused.content.decode()
        assert 'value="Mensah"' in refused.content.decode()
    monkeypatch.setattr(search, "SEARCHES", throttle.Limit("searches of a person", 2, throttle.HOUR))
    codes = [desk.post("/desk/search/", {"name": "Ama", "purpose": "mail"}).status_code for _ in range(2)]
    assert codes == [302, 429]


def test_without_counting_one_person_would_go_through_everybody(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SEARCHES", throttle.Limit("searches of a person", 0, throttle.HOUR))
    assert desk.post("/desk/search/", {"name": "Ama", "purpose": "mail"}).status_code == 429

    monkeypatch.setattr(throttle, "spend", lambda *_anything: True)

    assert desk.post("/desk/search/", {"name": "Ama", "purpose": "mail"}).status_code == 302


def test_bad_text_is_refused_or_finds_nothing(desk: Client) -> None:
    for text in (bad.encode(errors="replace").decode() for bad in CORPUS.values()):
        answer = desk.post(
            "/desk/search/", {"name": text, "document": text[:40], "note": text, "purpose": "mail"}
        )
        assert answer.status_code in {302, 422}
        assert answer.status_code == 422 or "<script>alert" not in page(desk, answer["Location"])


def test_only_auditors_read_the_list_of_searches(desk: Client, case: Case, officer: object) -> None:
    desk.post("/desk/search/", {"name": "Mensah", "purpose": "other", "note": "File 7"})
    auditor = factories.signed_in(Client(), factories.official(Role.AUDITOR, mission=case.mission))

    listed = page(auditor, "/desk/searches/")

    assert (officer.name in listed, "File 7" in listed, "Mensah" in listed) == (True, True, False)
    assert auditor.get("/desk/searches/?before=x").status_code == 200
    assert desk.get("/desk/searches/").status_code == 403


def test_a_document_is_leafed_through_turned_and_enlarged_by_links(desk: Client, case: Case) -> None:
    added = attaching.ready(case, assembling.pdf([PAGE, PAGE]))
    case.attachments.update(pages=2)
    view = f"/desk/cases/{case.reference}/documents/{added.pk}/view/"

    first, second = page(desk, view), page(desk, view + "?page=2&turn=1&zoom=3")
    picture = desk.get(f"/desk/cases/{case.reference}/documents/{added.pk}/pages/2/")

    assert 'viewBox="0 0 300 400"' in first
    assert "?page=2&amp;turn=0&amp;zoom=1#picture" in first
    assert 'viewBox="0 0 400 300"' in second
    assert 'transform="translate(400 0) rotate(90)"' in second
    assert "zoom-3" in second
    assert "Mensah" in first
    assert picture.content == PAGE.jpeg
    assert "no-store" in picture["Cache-Control"]
    for strange in ("?page=99", "?page=x&turn=9&zoom=-1", "?turn=²"):
        assert 'viewBox="0 0 300 400"' in page(desk, view + strange)
    assert attaching.kinds(case) == ["document_opened"]


def test_without_looking_back_each_page_would_be_another_opening(
    desk: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = attaching.ready(case, assembling.pdf([PAGE]))
    view = f"/desk/cases/{case.reference}/documents/{added.pk}/view/"
    page(desk, view)
    page(desk, view)
    assert attaching.kinds(case) == ["document_opened"]

    monkeypatch.setattr(attachments, "SAME_LOOK", clock.now() - clock.now())
    page(desk, view)

    assert attaching.kinds(case) == ["document_opened"] * 2


def test_the_page_of_a_case_shows_what_does_not_fit_flags_colleagues_and_the_unfinished_note(
    desk: Client, case: Case, officer: object
) -> None:
    colleague = factories.official(Role.DECIDER, mission=case.mission)
    casework.look(case.pk, actor=colleague)
    address = f"/desk/cases/{case.reference}/"
    assert desk.post(address + "flags/", {"flag": "medical"}).status_code == 302
    assert desk.post(address + "note/", {"text": "Half a thou"}).status_code == 204

    shown = page(desk, address)

    assert "The travel document is not valid for three months" in shown
    assert 'href="#answer-doc_valid_until"' in shown
    assert 'id="answer-doc_valid_until"' in shown
    assert f"Open with {colleague.name} since" in shown
    assert "Medical case" in shown
    assert "Half a thou</textarea>" in shown
    assert desk.post(address + "flags/", {"flag": "nonsense"}).status_code == 422
    desk.post(address + "flags/", {"remove": "medical"})
    assert case.flags.get().removed_by == officer


def test_a_note_with_a_mention_stands_above_the_colleagues_queue_until_it_is_read(
    desk: Client, case: Case
) -> None:
    reader = factories.official(Role.DECIDER, mission=case.mission)
    address = f"/desk/cases/{case.reference}/messages/"
    refused = desk.post(address, {"text": "", "note": "yes", "mentioned": [str(reader.pk)]})
    assert refused.status_code == 422
    assert f'value="{reader.pk}" id="mentioned-{reader.pk}" checked' in refused.content.decode()

    desk.post(
        address, {"text": "Look at the stamp", "note": "yes", "mentioned": [str(reader.pk), "x", "9" * 30]}
    )
    browser = factories.signed_in(Client(), reader)

    queue = page(browser, "/desk/")
    assert (case.reference in queue, "stamp" in queue) == (True, False)
    assert "Mentioned:" in page(browser, f"/desk/cases/{case.reference}/")
    mention = case.messages.get().mentions.get()
    assert browser.post(f"/desk/mentions/{mention.pk}/read/").status_code == 302
    assert case.reference not in page(browser, "/desk/")
    assert not NoteDraft.objects.exists()


def test_searching_takes_few_statements(desk: Client, case: Case) -> None:
    address = desk.post("/desk/search/", {"name": "Mensah", "purpose": "mail"})["Location"]
    page(desk, address)
    with CaptureQueriesContext(connection) as queries:
        page(desk, address)

    assert len(queries) <= 6
