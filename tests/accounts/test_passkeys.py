"""Passkeys: the right site, the right person, checked by the device, each challenge once."""

import json
from contextlib import suppress

import pytest
from django.http import HttpRequest
from django_otp_webauthn.models import WebAuthnCredential

from consular.accounts import factors, passkeys
from consular.core.errors import Refused
from tests import factories
from tests.accounts.authenticator import Authenticator

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(client):
    request = HttpRequest()
    request.session = client.session
    return request


@pytest.fixture
def official():
    return factories.official()


def enrol(request, user, device):
    return passkeys.enrol(request, user, device.create(passkeys.creation_options(request, user)), "key")


def verify(request, user, device):
    return passkeys.verify(request, user, device.get(passkeys.request_options(request, user)))


def test_a_passkey_is_made_and_used(request_, official):
    device = Authenticator()

    made = enrol(request_, official, device)

    assert (made.name, made.user, made.confirmed) == ("key", official, True)
    assert factors.has_strong(official)
    assert official.credentials_version == 1
    assert verify(request_, official, device) == made


def test_the_browser_is_asked_to_check_the_person(request_, official):
    enrol(request_, official, Authenticator())

    creation = json.loads(passkeys.creation_options(request_, official))
    request = json.loads(passkeys.request_options(request_, official))

    assert creation["authenticatorSelection"]["userVerification"] == "required"
    assert request["userVerification"] == "required"
    assert len(creation["excludeCredentials"]) == len(request["allowCredentials"]) == 1


def test_a_device_that_does_not_check_the_person_is_refused(request_, official):
    careless = Authenticator(verifies=False)
    with pytest.raises(Refused):
        enrol(request_, official, careless)

    careful = Authenticator()
    enrol(request_, official, careful)
    careful.flags = careless.flags
    with pytest.raises(Refused):
        verify(request_, official, careful)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:8001", "http://localhost.evil.example:8000"]
)
def test_a_page_that_only_looks_like_ours_gets_nothing(request_, official, origin):
    device = Authenticator()
    enrol(request_, official, device)
    device.origin = origin

    with pytest.raises(Refused):
        verify(request_, official, device)
    with pytest.raises(Refused):
        enrol(request_, official, Authenticator(origin))


def test_a_passkey_of_somebody_else_is_refused(request_, official):
    device = Authenticator()
    enrol(request_, official, device)
    stranger = factories.official()

    with pytest.raises(Refused):
        verify(request_, stranger, device)


def test_a_passkey_taken_out_of_use_is_refused(request_, official):
    device = Authenticator()
    enrol(request_, official, device)
    WebAuthnCredential.objects.update(confirmed=False)

    with pytest.raises(Refused):
        verify(request_, official, device)


def test_an_answer_works_once(request_, official):
    device = Authenticator()
    enrol(request_, official, device)
    answer = device.get(passkeys.request_options(request_, official))
    challenge = dict(request_.session["passkey_request"])
    passkeys.verify(request_, official, answer)

    with pytest.raises(Refused):
        passkeys.verify(request_, official, answer)
    request_.session["passkey_request"] = challenge  # as a parallel request would still see it
    with pytest.raises(Refused):
        passkeys.verify(request_, official, answer)


def test_an_old_count_is_a_copy_and_refused(request_, official):
    device = Authenticator()
    enrol(request_, official, device)
    device.count = 100
    verify(request_, official, device)
    device.count = 50

    with pytest.raises(Refused):
        verify(request_, official, device)


def _broken(answer):
    whole = json.loads(answer)
    for name in whole:
        yield json.dumps({key: value for key, value in whole.items() if key != name})
        for other in (None, 7, [], {}, "ü", "\ud800", "\0"):
            yield json.dumps(whole | {name: other})
    for name in whole["response"]:
        for other in (None, 7, [], {}, "ü", "\0", "AAAA", "A" * 9_000):
            yield json.dumps(whole | {"response": whole["response"] | {name: other}})
    yield from ("", "null", "[]", "7", "{", '"x"', "[" * 5_000, "{}", "NaN", "1" * 30_000, "\0")


def test_broken_answers_end_in_a_refusal_never_in_a_failure(request_, official, monkeypatch):
    monkeypatch.setattr(passkeys.throttle, "require", lambda tries: None)
    monkeypatch.setattr(passkeys.throttle, "spend", lambda limit, value: True)
    made = Authenticator().create(passkeys.creation_options(request_, official))
    state = request_.session["passkey_creation"]
    refused = 0
    for broken in _broken(made):
        request_.session["passkey_creation"] = state
        with suppress(Refused):
            passkeys.enrol(request_, official, broken, "key")
            refused -= 1
        refused += 1
        WebAuthnCredential.objects.all().delete()

    device = Authenticator()
    enrol(request_, official, device)
    used = device.get(passkeys.request_options(request_, official))
    state = request_.session["passkey_request"]
    for broken in _broken(used):
        request_.session["passkey_request"] = state
        with suppress(Refused):
            passkeys.verify(request_, official, broken)

    assert refused > 50


def test_one_passkey_serves_one_account(request_, official):
    device = Authenticator()
    enrol(request_, official, device)

    with pytest.raises(Refused):
        enrol(request_, factories.official(), device)
