"""Editors see every page of a form in every language, with conditions switched on and off, and change nothing."""

import re

import pytest
from django.test import Client

from consular import formspec
from consular.accounts.models import Role
from consular.cases.models import Case
from tests import factories

pytestmark = pytest.mark.django_db

FORM = formspec.latest("schengen_visa").form
ADDRESS = "/desk/forms/schengen_visa/1/"


@pytest.fixture
def editor() -> Client:
    return factories.signed_in(Client(), factories.official(Role.ADMINISTRATOR))


def test_the_list_leads_to_every_version(editor: Client) -> None:
    page = editor.get("/desk/forms/").content.decode()
    for folder in formspec.versions():
        assert f'href="/desk/forms/{folder.service}/{folder.version}/"' in page


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
def test_every_page_can_be_looked_at_in_every_language(editor: Client, language: str) -> None:
    for name in [*(page.id for page in FORM.pages), *(f"task:{name}" for name in FORM.tasks)]:
        answer = editor.get(ADDRESS, {"page": name, "language": language})
        text = answer.content.decode()
        assert answer.status_code == 200
        assert f'lang="{language}"' in text
        assert len(answer.content) < 100_000
        assert text.count("<h1") == 1
        main = text.partition("<main")[2].partition("</main>")[0]
        assert "<form" not in main
    assert not Case.objects.exists()


def test_what_is_confirmed_when_sending_can_be_looked_at(editor: Client) -> None:
    on = editor.get(ADDRESS, {"page": "end:declarations", "language": "de"}).content.decode()
    off = editor.get(ADDRESS, {"page": "end:declarations", "conditions": "off"}).content.decode()
    assert "Visumgebühr bei Ablehnung" in on
    assert 'name="preview-insurance_each_stay"' in on
    assert 'name="preview-consent"' in on
    assert 'name="preview-insurance_each_stay"' not in off
    assert 'name="preview-consent"' not in off


def test_conditions_are_switched_on_and_off(editor: Client) -> None:
    on = editor.get(ADDRESS, {"page": "identity"}).content.decode()
    off = editor.get(ADDRESS, {"page": "identity", "conditions": "off"}).content.decode()
    assert 'name="preview-civil_status_other"' in on
    assert 'name="preview-civil_status_other"' not in off
    for page in (on, off):
        assert "civil_status = &quot;other&quot;" in page
    assert re.search(r'conditions=off"[^>]*>Switch conditions off', on)


@pytest.mark.parametrize(
    "query",
    [
        {"page": "nowhere"},
        {"language": "xx"},
        {"language": "\x00"},
        {"conditions": "<b>"},
        {"page": "x" * 9000},
    ],
)
def test_nonsense_in_the_address_shows_the_first_page(editor: Client, query: dict[str, str]) -> None:
    assert editor.get(ADDRESS, query).status_code == 200


@pytest.mark.parametrize("address", ["/desk/forms/cats/1/", "/desk/forms/schengen_visa/99/"])
def test_what_is_not_there_is_not_there(editor: Client, address: str) -> None:
    assert editor.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.AUDITOR])
def test_only_administrators_see_forms_before_they_are_offered(role: Role) -> None:
    client = factories.signed_in(Client(), factories.official(role, mission=factories.mission()))
    assert client.get(ADDRESS).status_code == 403
