"""Safeguards of the pages that are open to everybody, switched off alone: here the harm is done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.test import Client

from consular.accounts import codes, returning, throttle
from consular.accounts.models import User
from consular.casework import applicant
from consular.core import typed
from consular.core.errors import Refused
from consular.decisions import keys
from consular.portal import drafts, verify
from consular.portal import sign_in as door
from tests.portal.test_sign_in import CODE, ask, sign_in
from tests.portal.test_sign_in_alike import _shape

pytestmark = pytest.mark.django_db


def test_without_judging_where_one_goes_on_a_link_would_lead_elsewhere(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "local_path", lambda candidate, default: candidate or default)

    assert sign_in(client, next="https://evil.example/")["Location"] == "https://evil.example/"


def test_without_treating_all_addresses_alike_a_stranger_would_learn_who_has_an_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user("known@example.org")
    request = codes.request

    def helpful(asking: codes.Asking, device_id: int | None = None) -> codes.Prepared:
        if not User.objects.filter(email=asking.email).exists():
            raise Refused("There is no such account.", status=422)
        return request(asking, device_id)

    monkeypatch.setattr(codes, "request", helpful)

    assert _shape(ask(Client(), "known@example.org")) != _shape(ask(Client(), "other@example.org"))


def test_without_the_list_of_secrets_a_code_would_wait_in_the_session(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = HttpRequest()
    request.session, request.POST = client.session, QueryDict("code=123456")
    typed.keep(request, CODE)
    assert typed.KEY not in request.session
    monkeypatch.setattr(typed, "NEVER_KEPT", ())

    typed.keep(request, CODE)

    assert request.session[typed.KEY]["fields"] == "code=123456"


def test_without_counting_one_network_would_fill_sessions_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returning, "KEPT_PER_NETWORK", throttle.Limit("few", 1, throttle.QUARTER))

    def keeps() -> bool:
        client = Client()
        client.post("/language/?next=/verify/", {"switch_to": "de", "letter_code": "typed"})
        return typed.KEY in client.session

    assert [keeps(), keeps()] == [True, False]
    monkeypatch.setattr(throttle, "spend", lambda limit, value: True)
    assert keeps()


def upload(client: Client, content: bytes) -> int:
    return client.post("/verify/", {"file": SimpleUploadedFile("letter.pdf", content)}).status_code


def test_without_its_largest_size_any_file_would_be_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.make_local()
    large = b"%PDF-" + b"x" * verify.LARGEST_FILE
    assert upload(client, large) == 422

    monkeypatch.setattr(verify, "LARGEST_FILE", 10**9)

    assert upload(client, large) == 200


def test_without_counting_one_network_would_hand_in_files_for_ever(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.make_local()
    monkeypatch.setattr(verify, "FILES_PER_NETWORK", throttle.Limit("files", 1, throttle.QUARTER))
    assert [upload(client, b"%PDF-1.7") for _ in range(2)] == [200, 429]

    monkeypatch.setattr(throttle, "spend", lambda limit, value: True)

    assert [upload(client, b"%PDF-1.7") for _ in range(5)] == [200] * 5


def test_without_a_most_one_browser_would_start_drafts_without_end(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applicant, "OPEN_DRAFTS", 1)
    statuses = [client.post("/apply/schengen_visa/").status_code for _ in range(2)]
    assert statuses == [302, 429]

    monkeypatch.setattr(applicant, "OPEN_DRAFTS", 10**9)

    assert client.post("/apply/schengen_visa/").status_code == 302


def test_without_counting_one_network_would_start_drafts_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "PER_NETWORK", throttle.Limit("drafts", 1, throttle.HOUR))
    assert [Client().post("/apply/schengen_visa/").status_code for _ in range(2)] == [302, 429]

    monkeypatch.setattr(throttle, "spend", lambda limit, value: True)

    assert [Client().post("/apply/schengen_visa/").status_code for _ in range(5)] == [302] * 5
