"""Anybody can check a letter, by code and by file, and learns nothing about a person."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consular.accounts.throttle import QUARTER, Limit
from consular.decisions import ending, issuing, keys
from consular.decisions.models import Letter
from consular.portal import verify
from consular.portal.verify import LARGEST_FILE
from tests import factories
from tests.decisions import letters

pytestmark = pytest.mark.django_db
BAD_CODES = [
    "",
    " ",
    "x",
    "\x00",
    "\u202e1234",
    "<script>alert(1)</script>",
    "W" * 10_000,
    "AAAA-BBBB-CCCC-DDDE",
]


@pytest.fixture
def letter() -> Letter:
    keys.make_local()
    return issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())


def upload(client: Client, content: bytes, name: str = "letter.pdf"):
    """Hand in a file."""
    return client.post(reverse("portal:verify"), {"file": SimpleUploadedFile(name, content)})


def test_the_page_asks_for_a_code_or_a_file(client: Client):
    page = client.get(reverse("portal:verify"))

    assert page.status_code == 200
    assert page.content.count(b"<h1") == 1
    assert b'enctype="multipart/form-data"' in page.content


def test_a_typed_code_leads_to_its_answer(client: Client, letter: Letter):
    page = client.post(
        reverse("portal:verify"), {"letter_code": letter.code.lower().replace("-", " ")}, follow=True
    )

    assert page.redirect_chain == [(reverse("portal:verify_code", args=[letter.code]), 302)]
    assert b"still stands" in page.content


def test_the_genuine_file_is_valid_and_nothing_personal_is_shown(client: Client, letter: Letter):
    page = upload(client, letter.content)

    assert page.status_code == 200
    assert b"This letter was issued by us and still stands." in page.content
    for secret in (letter.case.applicant_name, letter.case.reference, letter.number, letter.code):
        assert secret not in page.content.decode()


def test_a_changed_file_is_changed(client: Client, letter: Letter):
    assert b"not the letter we issued" in upload(client, bytes(letter.content) + b" ").content


def test_superseded_and_revoked_letters_say_so(client: Client, letter: Letter):
    second = issuing.issue(letter.case, "L01", key="two", folder=letters.folder())
    ending.supersede(letter, end="corrected", by=second, reason="corrected", actor=factories.official())
    ending.supersede(second, end="revoked", reason="issued in error", actor=factories.official())

    assert b"another letter has taken its place" in upload(client, letter.content).content
    assert b"we have revoked it" in upload(client, second.content).content


@pytest.mark.parametrize("code", BAD_CODES)
def test_a_wrong_code_gets_a_sentence_and_stays_in_the_field(client: Client, code: str):
    page = client.post(reverse("portal:verify"), {"letter_code": code})

    assert page.status_code == 422
    assert b"error-summary" in page.content
    assert b"<script>alert" not in page.content


def test_a_code_survives_a_switch_of_the_language(client: Client):
    client.post("/language/?next=/verify/", {"switch_to": "ar", "letter_code": "ABCD-1234"})

    page = client.get(reverse("portal:verify")).content.decode()

    assert 'value="ABCD-1234"' in page
    assert 'dir="rtl"' in page


@pytest.mark.parametrize("code", ["x", "AAAA-BBBB-CCCC-DDDD", "%00", "%E2%80%AE", "<b>", "0" * 3000])
def test_an_unknown_code_in_the_address_is_not_found(client: Client, code: str):
    page = client.get(f"/verify/{code}/")

    assert page.status_code == 404
    assert b"We have issued no such letter" in page.content


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "letter.pdf", b"The file is empty."),
        (b"hello", "letter.pdf", b"This is not a PDF file."),
        (b"PK\x03\x04" + b"x" * 5000, "letter.pdf", b"This is not a PDF file."),
        (b"%PDF-" + b"x" * LARGEST_FILE, "letter.pdf", b"The file is larger than 5 MB."),
        (b"hello", "x" * 300 + ".pdf", b"This is not a PDF file."),
        (b"hello", "\u202e<b>.pdf", b"This is not a PDF file."),
    ],
)
def test_a_wrong_file_gets_a_clear_sentence(client: Client, content: bytes, name: str, sentence: bytes):
    page = upload(client, content, name)

    assert page.status_code == 422
    assert sentence in page.content


def test_no_file_at_all_gets_a_clear_sentence(client: Client):
    page = client.post(reverse("portal:verify"), {})

    assert page.status_code == 422
    assert b"Choose the file of the letter." in page.content


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"%PDF-1.7\n" + b"\x00" * 10_000, b"%PDF-" + b"<<" * 20_000]
)
def test_a_strange_pdf_is_unknown(client: Client, content: bytes):
    page = upload(client, content)

    assert page.status_code == 200
    assert b"We have issued no such letter" in page.content


def test_answers_are_not_kept_by_browsers_or_proxies(client: Client, letter: Letter):
    page = client.get(reverse("portal:verify_code", args=[letter.code]))

    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, method: str):
    assert getattr(client, method)(reverse("portal:verify")).status_code == 405


def test_one_network_does_not_hand_in_files_without_end(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verify, "FILES_PER_NETWORK", Limit("files of a network", 2, QUARTER))
    keys.make_local()

    answers = [upload(client, b"%PDF-1.7 nothing") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert b"too many attempts" in answers[2].content


def test_the_seal_is_checked_as_digits_and_says_nothing_personal(client: Client, letter: Letter):
    digits = letter.values["seal"]
    answers = [
        client.post(reverse("portal:verify"), {"seal": text}).content.decode()
        for text in (digits, digits[:-2] + "00", "nonsense")
    ]

    assert ["still stands" in page for page in answers] == [True, False, False]
    assert letter.case.applicant_name not in answers[0]
    assert client.post(reverse("portal:verify"), {"seal": ""}).status_code == 422
    assert b"BEGIN CERTIFICATE" in client.get(reverse("portal:seal_certificates")).content
    ending.supersede(letter, end="revoked", reason="x", actor=factories.official())
    assert "we have revoked it" in client.post(reverse("portal:verify"), {"seal": digits}).content.decode()
