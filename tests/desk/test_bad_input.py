"""Whatever is typed into the officers' pages is refused with a sentence or shown as the text it is."""

from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from consular.accounts.models import Role
from tests import factories, stages
from tests.bad_text import CORPUS, RAW, send, type_everything
from tests.desk.staff import FACTORS, SECOND, SIGN_IN, give_password

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

CHOICES = {
    "check_completeness": ({"complete": "no"}, {"complete": "yes"}),
    "lodge": (
        {
            "identity_checked": "yes",
            "biometrics": "taken",
            "fee": "paid",
            "documents_seen": "travel_document",
        },
    ),
    "check_admissibility": (
        {"admissibility": "inadmissible", "missing": "fee"},
        {"admissibility": "not_competent", "state": "FRA"},
    ),
    "search_registers": ({"registers": ["vis", "sis"], "hits": "alert"},),
    "examine": (
        {"recommendation": "refuse", "grounds": ["2", "11"]},
        {"recommendation": "grant", "entries": "1"},
        {"recommendation": "ask"},
    ),
    "decide": ({"approved": "no"}, {"approved": "yes"}),
    "hand_over": ({},),
}
"""What is chosen besides, so that every text field of the task's form counts in one of the rounds."""

WORST = {
    name: CORPUS[name]
    for name in ("NUL", "override", "lone surrogates", "10 kB", "markup", "template", "number")
}


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"}, raise_request_exception=False)


def walk(client, case, officer):
    """Type into the form of the task that is open, in every round."""
    factories.signed_in(client, officer)
    token, found = stages.open_task(case), []
    page = f"/desk/cases/{case.reference}/"
    for chosen in CHOICES[token.node]:
        typed = {f"t{token.pk}-{name}": value for name, value in chosen.items()}
        found += type_everything(client, page, f"{page}tasks/{token.pk}/", typed, WORST)
    return found


def test_no_text_breaks_the_form_of_a_task(client):
    post = stages.ministry()
    case = stages.sent()
    found = walk(client, case, post.clerk)
    stages.do(case, post.clerk, complete=True)
    stages.booked(case)
    found += walk(client, case, post.clerk)
    stages.do(case, post.clerk, **stages.LODGING)
    for entries in ({"admissibility": "admissible"}, stages.SEARCHED, stages.granting()):
        found += walk(client, case, post.caseworker)
        stages.do(case, post.caseworker, **entries)
    found += walk(client, case, post.decider)

    assert found == []


def test_no_text_breaks_messages_and_notes(client):
    post = stages.ministry()
    case = stages.sent()
    factories.signed_in(client, post.clerk)
    page = f"/desk/cases/{case.reference}/"
    found = type_everything(client, page, f"{page}messages/")
    found += type_everything(client, page, f"{page}messages/", {"note": "yes"})

    assert found == []


def test_no_choice_breaks_the_form_of_a_task(client):
    post = stages.ministry()
    case = stages.sent()
    factories.signed_in(client, post.clerk)
    token = stages.open_task(case)
    for text in CORPUS.values():
        answer = send(
            client, f"/desk/cases/{case.reference}/tasks/{token.pk}/", {f"t{token.pk}-complete": [text, text]}
        )
        assert answer.status_code == 422
        assert not [raw for raw in RAW if raw in answer.content.decode()]


def test_what_an_applicant_typed_stands_in_the_officers_page_as_text(client):
    post = stages.ministry()
    home = stages.HOME | {"lines": "<script>alert(1)</script> {{ 1337*1337 }}"}
    case = stages.sent(home_address=home, birth_place="<b>&amp; %(x)s")
    factories.signed_in(client, post.clerk)
    page = client.get(f"/desk/cases/{case.reference}/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 1337*1337 }}" in page
    assert "&lt;b&gt;&amp;amp; %(x)s" in page


def test_no_text_breaks_signing_in(client, official, app):
    found = type_everything(client, SIGN_IN, SIGN_IN)
    give_password(client, official)
    found += type_everything(client, SECOND, SECOND)
    for text in CORPUS.values():
        answer = send(client, SECOND, {"answer": text})
        assert answer.status_code in (302, 403, 422, 429)

    assert found == []


def test_no_text_breaks_setting_up_factors_and_the_password(client, official):
    factories.signed_in(client, official)
    send(client, f"{FACTORS}app/new/", {})
    found = type_everything(client, f"{FACTORS}app/", f"{FACTORS}app/")
    found += type_everything(client, f"{FACTORS}passkey/", f"{FACTORS}passkey/")
    found += type_everything(client, "/desk/password/", "/desk/password/")

    assert found == []


def test_no_text_breaks_an_address(client):
    factories.signed_in(client, factories.official(Role.CASEWORKER))
    for text in CORPUS.values():
        part = quote(text, safe="", errors="surrogatepass")
        for address in ("cases/{}/", "cases/{}/letters/1/", "cases/{}/letters/{}/", "factors/{}/1/remove/"):
            assert client.get(f"/desk/{address.replace('{}', part)}").status_code in (302, 403, 404, 405)


def test_no_text_breaks_the_queue(client):
    factories.signed_in(client, stages.ministry().clerk)
    for text in (
        *CORPUS.values(),
        "nan-1",
        "inf-1",
        "-inf-1",
        "1e400-1",
        f"0-{2**70}",
        "1e18-1",
        "-62135596800-1",
    ):
        query = urlencode({"after": text, "show": text}, errors="surrogatepass")
        assert client.get(f"/desk/?{query}").status_code == 200, text


def test_no_text_breaks_the_list_of_a_day(client):
    factories.signed_in(client, stages.ministry().clerk)
    for text in (*CORPUS.values(), "0001-01-01", "9999-12-31", "2026-W01-1"):
        query = urlencode({"day": text}, errors="surrogatepass")
        assert client.get(f"/desk/appointments/?{query}").status_code == 200, text


def test_no_number_breaks_an_address(client):
    post = stages.ministry()
    case = stages.sent()
    administrator = factories.official(Role.ADMINISTRATOR)
    page = f"/desk/cases/{case.reference}/"
    for number in (0, 2**31, 2**63, 2**70, "9" * 4_000):
        factories.signed_in(client, post.clerk)
        assert client.get(f"{page}letters/{number}/").status_code == 404
        assert client.post(f"{page}tasks/{number}/").status_code in (404, 409)
        assert client.post(f"{page}tasks/{number}/claim/").status_code in (404, 409)
        assert client.post(f"/desk/factors/totp/{number}/remove/").status_code == 404
        factories.signed_in(client, administrator)
        assert client.post(f"/desk/jobs/{number}/revive/").status_code == 302
