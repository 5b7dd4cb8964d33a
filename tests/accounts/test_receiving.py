"""How much may be sent as files: little by strangers, a document by those who have an account."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from consular.accounts import receiving
from tests import factories

pytestmark = pytest.mark.django_db

MEGABYTE = receiving.MEGABYTE


def sent(client: Client, megabytes: int) -> int:
    """What a page that takes a file of anybody answers to one that is too large for it."""
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.7" + bytes(megabytes * MEGABYTE))
    return client.post("/verify/", {"file": file}).status_code


def test_a_stranger_sends_letters_and_nothing_larger(client: Client) -> None:
    assert [sent(client, 5), sent(client, 6)] == [422, 400]


def test_somebody_with_an_account_sends_documents_and_nothing_larger(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "OF_ACCOUNTS", 8 * MEGABYTE)
    factories.signed_in(client, factories.applicant())

    assert [sent(client, 6), sent(client, 8)] == [422, 400]


def test_without_its_largest_size_any_body_of_a_stranger_would_be_written_down(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "OF_STRANGERS", 100 * MEGABYTE)

    assert sent(client, 8) == 422
