"""Whatever is typed into the applicant's pages is refused with a sentence or shown as the text it is."""

import subprocess
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from consular import casework
from consular.cases.models import Answers
from consular.core import jobs
from consular.decisions.models import Letter
from tests import factories, stages
from tests.bad_text import CORPUS, RAW, form_at, send, type_everything, undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"}, raise_request_exception=False)


def test_no_text_breaks_a_page_of_the_form(client):
    owner = factories.applicant()
    factories.signed_in(client, owner)
    child = stages.draft(
        owner, birth_date="2020-04-12", civil_status="other", doc_type="other", purposes=["other"],
        occupation="other", filled_by_other=True, costs=["sponsor"], sponsor=["other"],
    )  # fmt: skip
    found = []
    for page in stages.folder().form.pages:
        address = f"/drafts/{child.reference}/{page.id}/"
        if form_at(client, address, address).texts:
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


def test_no_text_breaks_sending(client):
    stages.ministry()
    owner = factories.applicant()
    factories.signed_in(client, owner)
    address = f"/drafts/{stages.draft(owner).reference}/send/"
    boxes = [name for name, one in form_at(client, address, address).fields.items() if one.kind == "checkbox"]
    for name in ("NUL", "markup", "10 kB", "lone surrogates"):
        with undone():
            assert send(client, address, {boxes[0]: CORPUS[name]}).status_code == 422
            assert send(client, address, dict.fromkeys(boxes, CORPUS[name])).status_code == 302
            attested = Answers.objects.get(case__owner=owner).declarations
            assert [one["id"] for one in attested] == boxes
            assert CORPUS[name] not in str(attested)


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
    case = stages.draft(home_address=stages.HOME | {"lines": text})
    factories.signed_in(client, case.owner)
    pages = [f"/drafts/{case.reference}/residence/", f"/drafts/{case.reference}/review/"]
    shown = [client.get(address).content.decode() for address in pages]
    casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)
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


PART = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n%s\r\n\r\n%s\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=" + "x" * 1_000, b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n"),
        ("multipart/form-data; boundary=b", PART % (b"file", b"../../a\x00.pdf", b"", b"%PDF-")),
        (
            "multipart/form-data; boundary=b",
            PART % (b"file", b"x" * 5_000, b"Content-Transfer-Encoding: base64", b"!"),
        ),
        ("multipart/form-data; boundary=b", PART % (b"\xff\x00", b"\xff", b"Content-Type: \xff", b"%PDF-")),
        ("multipart/form-data; boundary=b", PART % (b"file", b"a.pdf", b"", b"%PDF-" + b"\xff\x00" * 5_000)),
        ("application/x-www-form-urlencoded", b"a=1&" * 1_001),
        ("application/x-www-form-urlencoded", b"code=" + b"x" * 2_600_000),
        ("application/x-www-form-urlencoded", b"code=%ff%fe%ED%A0%80%00&%00=%00&&==&%"),
        ("application/json", b'{"code": 1}'),
        ("", b"code=1"),
        ("\xff", b"code=1"),
    ],
    ids=range(14),
)
def test_no_body_breaks_a_page(client, content_type, body):
    for address in ("/verify/", "/sign-in/", "/apply/schengen_visa/", "/language/?next=/", "/desk/sign-in/"):
        with undone():
            answer = client.generic("POST", address, body, content_type)
            assert answer.status_code in (200, 302, 400, 422), address
