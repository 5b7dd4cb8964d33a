"""The language switch and the pages that belong to no case."""

import html
import re

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = ["/privacy/", "/accessibility/", "/imprint/"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("fr", "ltr"), ("ar", "rtl")]
)
def test_each_page_opens_in_each_language_with_its_direction_and_stays_small(address, language, direction):
    answer = Client(headers={"accept-language": language}).get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert page.count("<h1") == 1
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_not_changed_by_sending_something(address):
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("address", ["/language/", "/apply/schengen_visa/", "/people/X/add/"])
def test_the_address_of_a_form_opened_by_itself_says_so_and_leads_on(address):
    answer = Client(headers={"accept-language": "ar"}).get(address)
    page = answer.content.decode()

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert '<html lang="ar" dir="rtl">' in page
    assert page.count("<h1") == 1
    assert '<a href="/">' in page
    assert Client().head(address).content == b""


def test_the_switch_offers_every_language_in_its_own_name():
    page = Client().get("/imprint/").content.decode()
    for code, name in [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("ar", "العربيّة")]:
        assert f'value="{code}" lang="{code}"' in page
        assert f">{name}</button>" in page


def test_switching_leads_back_to_the_same_page_in_the_other_language():
    client = Client()
    answer = client.post("/language/?next=/imprint/?a=1", {"switch_to": "ar"})
    assert (answer.status_code, answer.url) == (302, "/imprint/?a=1")
    assert 'lang="ar" dir="rtl"' in client.get("/imprint/").content.decode()


def test_the_switch_leads_back_to_the_whole_address():
    address = "/imprint/?a=1&b=%26amp%3B&c=%D8%B9"
    client = Client()
    (action,) = re.findall(
        r'class="languages" method="post" action="([^"]+)"', client.get(address).content.decode()
    )

    assert client.post(html.unescape(action), {"switch_to": "fr"}).url == address


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", ""]
)
def test_switching_never_leads_to_another_site(wanted):
    assert Client().post("/language/", {"switch_to": "de"}, query_params={"next": wanted}).url == "/"


@pytest.mark.parametrize("code", ["xx", "", "de\r\nSet-Cookie: a=b", "de" * 5_000])
def test_a_language_we_do_not_have_changes_nothing(code):
    answer = Client().post("/language/?next=/imprint/", {"switch_to": code})
    assert answer.status_code == 302
    assert not answer.cookies.get("django_language")


def test_the_switch_needs_a_token_against_forged_requests():
    assert Client(enforce_csrf_checks=True).post("/language/", {"switch_to": "de"}).status_code == 403


def test_a_page_that_does_not_exist_is_answered_in_the_readers_language_direction():
    answer = Client(headers={"accept-language": "ar"}).get("/no/such/page/")
    assert answer.status_code == 404
    assert 'dir="rtl"' in answer.content.decode()


@pytest.mark.django_db
def test_mails_follow_the_language_somebody_switches_to():
    user = factories.applicant(language="en")
    client = factories.signed_in(Client(), user)

    client.post("/language/?next=/", {"switch_to": "ar"})

    user.refresh_from_db()
    assert user.language == "ar"
