"""Each safeguard of signing in, switched off alone: here the harm is done that it keeps away."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from consular.accounts import factors, passkeys, passwords, pending, sessions, throttle
from consular.accounts.models import User
from consular.accounts.throttle import HOUR, Limit
from consular.core import clock
from consular.core.errors import Refused
from tests import factories
from tests.accounts.authenticator import Authenticator
from tests.accounts.racing import race
from tests.accounts.test_codes import ask, code_of, redeem
from tests.accounts.test_sessions import is_signed_in
from tests.meeting import Meeting

pytestmark = pytest.mark.django_db
ONE = Limit("tests of safeguards", 1, HOUR)


def test_only_its_end_keeps_an_old_code_out():
    prepared = ask()
    code = code_of(prepared)
    EmailDevice.objects.update(valid_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        redeem(prepared, code)

    EmailDevice.objects.update(valid_until=timezone.now() + timedelta(days=1))

    assert redeem(prepared, code)


def test_without_the_pause_a_mailbox_would_be_flooded(settings):
    settings.OTP_EMAIL_COOLDOWN_DURATION = 0
    prepared = ask()

    for _ in range(5):
        assert ask(device_id=prepared.device_id).device_id == prepared.device_id


def test_without_counting_nobody_would_ever_have_to_wait(monkeypatch):
    with pytest.raises(Refused):
        throttle.require([(ONE, "a"), (ONE, "a")])
    monkeypatch.setattr(throttle, "SPEND", "SELECT unnest(%(keys)s::bytea[]), 1")

    for _ in range(100):
        throttle.require([(ONE, "a")])


def test_without_the_hash_for_nobody_an_unknown_address_would_be_answered_sooner(monkeypatch):
    computed = []
    verify = passwords.Argon2id.verify
    monkeypatch.setattr(passwords.Argon2id, "verify", lambda *given: computed.append(1) or verify(*given))
    monkeypatch.setattr(passwords, "_nobodys", lambda: "!")

    with pytest.raises(Refused):
        passwords.sign_in("nobody@example.org", "wrong", network="192.0.2.1", known_browser=False)

    assert computed == []


def test_without_the_judges_a_password_that_everybody_tries_would_be_taken(settings):
    user = factories.official()
    settings.AUTH_PASSWORD_VALIDATORS = []

    passwords.change(user, "passwordpassword")

    assert user.check_password("passwordpassword")


def test_without_its_end_a_right_password_would_wait_for_its_second_factor_for_ever(client, monkeypatch):
    request = HttpRequest()
    request.session = client.session
    user = factories.official()
    monkeypatch.setattr(pending, "LASTS", timedelta(days=365))
    pending.start(request, user)

    with clock.at(clock.now() + timedelta(days=1)):
        assert pending.user_of(request) == user


def test_without_the_mark_of_the_account_a_stolen_session_would_outlive_a_new_password(client, monkeypatch):
    monkeypatch.setattr(User, "_get_session_auth_hash", lambda user, secret=None: "always the same")
    user = factories.official()
    factories.signed_in(client, user)

    user.set_password("a new and rather long one")
    user.save()

    assert is_signed_in(client)


def test_without_a_new_id_a_session_somebody_planted_would_be_signed_in(client, monkeypatch):
    monkeypatch.setattr(SessionBase, "cycle_key", lambda session: None)
    client.post("/sign-in/", {"email": "ama@example.org"})
    planted = client.cookies["session"].value

    client.post("/sign-in/code/", {"code": EmailDevice.objects.get().token})

    assert client.cookies["session"].value == planted
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("header", "middleware"),
    [
        ("Permissions-Policy", "consular.accounts.headers.Headers"),
        ("Content-Security-Policy", "csp.middleware.CSPMiddleware"),
    ],
)
def test_without_its_middleware_a_header_is_missing(client, settings, header, middleware):
    assert header in client.get("/sign-in/")
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != middleware]
    client.handler.load_middleware()

    assert header not in client.get("/sign-in/")


def test_without_the_token_a_forged_form_would_be_obeyed(settings):
    strict = Client(enforce_csrf_checks=True)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "CsrfViewMiddleware" not in name]
    strict.handler.load_middleware()

    assert strict.post("/sign-out/").status_code == 302


@pytest.fixture
def request_(client):
    request = HttpRequest()
    request.session = client.session
    return request


@pytest.fixture
def official():
    return factories.official()


def enrolled(request, user):
    device = Authenticator()
    passkeys.enrol(request, user, device.create(passkeys.creation_options(request, user)), "key")
    return device


def test_without_asking_for_it_a_found_device_would_prove_its_owner(request_, official):
    device = enrolled(request_, official)
    device.flags = Authenticator(verifies=False).flags
    options, state = passkeys.Helper(request_).authenticate_begin(official, require_user_verification=False)
    request_.session["passkey_request"] = state

    answer = device.get(json.dumps(options))

    assert passkeys.verify(request_, official, answer).user == official


def test_without_the_list_of_origins_a_page_that_looks_like_ours_would_do(request_, official, settings):
    device = enrolled(request_, official)
    device.origin = "https://evil.example"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = ["https://evil.example"]

    answer = device.get(passkeys.request_options(request_, official))

    assert passkeys.verify(request_, official, answer).user == official


def test_without_counting_challenges_one_answer_would_work_twice(request_, official, monkeypatch):
    device = enrolled(request_, official)
    device.count = -1  # a device that does not count answers 0 each time
    answer = device.get(passkeys.request_options(request_, official))
    challenge = dict(request_.session["passkey_request"])
    WebAuthnCredential.objects.update(sign_count=0)
    passkeys.verify(request_, official, answer)
    monkeypatch.setattr(throttle, "spend", lambda limit, value: True)

    request_.session["passkey_request"] = challenge  # as a parallel request would still see it

    assert passkeys.verify(request_, official, answer).user == official


@pytest.fixture
def both_have_read(monkeypatch):
    """Two who remove a factor read before either writes, unless one waits for the other's lock."""
    meeting, read = Meeting(), factors.factors_of

    def late(user):
        found = read(user)
        meeting.arrive()
        return found

    monkeypatch.setattr(factors, "factors_of", late)


def removing(user):
    doomed = list(TOTPDevice.objects.filter(user=user))
    return lambda: factors.remove(user, "totp", doomed.pop().pk) or True


@pytest.mark.usefixtures("both_have_read")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_of_two_factors_removed_at_once_one_stays_because_of_the_lock(locked, monkeypatch):
    user = factories.official()
    for name in ("one", "other"):
        TOTPDevice.objects.create(user=user, name=name, confirmed=True)
    if not locked:
        monkeypatch.setattr(type(User.objects), "select_for_update", lambda users, **_how: users.all())

    race(removing(user), times=2)

    assert TOTPDevice.objects.filter(user=user).count() == int(locked)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_recovery_codes_made_twice_at_once_are_ten_because_of_the_lock(locked, monkeypatch):
    user = factories.official()
    StaticDevice.objects.create(user=user, name="recovery")
    meeting, made = Meeting(), factors._random_code

    def late():
        meeting.arrive()
        return made()

    monkeypatch.setattr(factors, "_random_code", late)
    if not locked:
        monkeypatch.setattr(type(User.objects), "select_for_update", lambda users, **_how: users.all())

    race(lambda: factors.new_recovery_codes(user), times=2)

    assert StaticToken.objects.count() == (10 if locked else 20)


def test_without_the_age_of_a_proof_factors_would_open_hours_later(client, monkeypatch):
    monkeypatch.setattr(sessions, "FRESH", timedelta(days=1))
    factories.signed_in(client, factories.official())
    session = client.session
    session["verified"] -= 3600
    session.save()

    assert client.get("/desk/factors/").status_code == 200
