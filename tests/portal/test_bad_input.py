"""Whatever is typed into the applicant's pages is refused with a sentence or shown as the text it is."""

import subprocess
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from consular import casework
from consular.core import jobs
from consular.decisions.models import Letter
from tests import factories, stages
from tests.bad_text import CORPUS, RAW, send, type_everything, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"}, raise_request_exception=False)


def test_no_text_breaks_a_page_of_the_form(client):
    owner = factories.applicant()
    factories.signed_in(client, owner)
    child = stages.draft(
        owner, birth_date="2020-04-12", civil_status="other", doc_type="other", purposes=["other"]
    )
    found = []
    for page in stages.folder().form.pages:
        address = f"/drafts/{child.reference}/{page.id}/"
        found += type_everything(client, address, address)

    assert found == []


def test_no_choice_breaks_a_page_of_the_form(client):
    owner = factories.applicant()
    factories.signed_in(client, owner)
    draft = stages.draft(owner)
    for page in stages.folder().form.pages:
        for name in ("NUL", "markup", "huge number", "lone surrogates"):
            text = CORPUS[name]
            typed = {question.id: [text, text] for question in page.questions}
            hidden = dict.fromkeys(("revision", "shown", "asked", "then", "add", "guardians-count"), text)
            for more in (hidden, {}):
                answer = send(client, f"/drafts/{draft.reference}/{page.id}/", typed | more)
                assert answer.status_code in (200, 302, 409, 422), (page.id, name)
                assert not [raw for raw in RAW if raw in answer.content.decode()]

    assert client.get(f"/drafts/{draft.reference}/review/").status_code == 200


def test_no_text_breaks_signing_in(client):
    found = type_everything(client, "/sign-in/", "/sign-in/")
    send(client, "/sign-in/", {"email": "ama@example.org"})
    found += type_everything(client, "/sign-in/code/", "/sign-in/code/")

    assert found == []


def test_no_text_breaks_the_page_that_verifies_letters(client):
    assert type_everything(client, "/verify/", "/verify/") == []
    for text in CORPUS.values():
        letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 " + text.encode("utf-8", "surrogatepass"))
        answer = client.post("/verify/", {"file": letter})
        assert answer.status_code == 200
        assert answer.context["verdict"].status == "unknown"


def test_no_text_breaks_messages(client):
    stages.ministry()
    case = stages.sent()
    factories.signed_in(client, case.owner)

    assert type_everything(client, f"/cases/{case.reference}/", f"/cases/{case.reference}/messages/") == []


def test_no_text_breaks_the_finder(client):
    for name, text in CORPUS.items():
        whole = {"service": "schengen_visa", "nationality": "IND", "country": "US"}
        for query in (
            {**whole, "state": text},
            {**whole, "state": "US-CA", "county": text},
            dict.fromkeys(whole, text),
        ):
            answer = client.get(f"/find/?{urlencode(query, errors='surrogatepass')}")
            assert answer.status_code in (200, 422), name
            assert not [raw for raw in RAW if raw in answer.content.decode()]


def test_no_text_breaks_an_address(client):
    addresses = [
        "cases/{}/",
        "drafts/{}/",
        "drafts/{}/review/",
        "verify/{}/",
        "cases/{}/letters/{}/",
        "apply/{}/",
        "{}/",
    ]
    factories.signed_in(client, factories.applicant())
    for text in CORPUS.values():
        part = quote(text, safe="", errors="surrogatepass")
        for address in addresses:
            answer = client.get("/" + address.replace("{}", part))
            assert answer.status_code in (302, 404, 405), address
            assert not [raw for raw in RAW if raw in answer.content.decode()]


def test_no_text_breaks_starting_or_switching_the_language(client):
    for text in CORPUS.values():
        with undone():
            started = send(client, "/apply/schengen_visa/", {"nationality": text, "residence": text})
            assert client.get(started.url).status_code == 200
            later = send(
                client,
                f"/language/?next={quote(text, errors='surrogatepass')}",
                {"switch_to": text, "x": text},
            )
            assert later.url.startswith("/")


def test_no_text_breaks_an_appointment(client):
    stages.ministry()
    case = stages.sent()
    stages.calendar(case.mission)
    factories.signed_in(client, case.owner)
    address = f"/cases/{case.reference}/appointment/"
    for name, text in CORPUS.items():
        chosen = send(client, address, {"slot": text, "day": text})
        assert chosen.status_code in (409, 422), name
        assert chosen.context["form"].errors
        day = client.get(f"{address}?{urlencode({'day': text}, errors='surrogatepass')}")
        assert day.status_code == 200
        for action in ("confirm/", "cancel/"):
            assert send(client, address + action, {"booking": text}).status_code == 404


@pytest.mark.parametrize("header", ["accept-language", "accept", "referer", "cookie", "user-agent", "host"])
def test_no_header_breaks_a_page(client, header):
    for text in CORPUS.values():
        value = text.encode("utf-8", "surrogatepass").decode("latin-1")
        assert client.get("/", headers={header: value}).status_code in (200, 400)


def test_what_was_accepted_stands_everywhere_as_the_text_it_is(client):
    stages.ministry()
    text = "<script>alert(1)</script> & {{ 1337*1337 }} %(x)s {0}"
    case = stages.draft(home_address=text)
    factories.signed_in(client, case.owner)
    pages = [f"/drafts/{case.reference}/residence/", f"/drafts/{case.reference}/review/"]
    shown = [client.get(address).content.decode() for address in pages]
    casework.submit(case.pk, declarations=stages.DECLARATIONS, actor=case.owner)
    client.post(f"/cases/{case.reference}/messages/", {"text": text})
    jobs.work()
    shown.append(client.get(f"/cases/{case.reference}/").content.decode())
    sealed = subprocess.run(
        ["pdftotext", "-", "-"],
        input=bytes(Letter.objects.get(case=case).content),
        capture_output=True,
        check=True,
    )

    for page in shown:
        assert escape(text) in page
        assert not [raw for raw in RAW if raw in page]
    assert text in " ".join(sealed.stdout.decode().split())
