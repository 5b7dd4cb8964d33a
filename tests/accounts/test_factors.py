"""Second factors: each code works once, the last factor stays."""

import ast
import re
from pathlib import Path
from threading import Barrier

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

import consular
from consular.accounts import factors
from consular.core.errors import Refused
from tests import factories
from tests.accounts.racing import race

pytestmark = pytest.mark.django_db


def code_now(device, steps=0):
    return f"{totp(device.bin_key, t0=-30 * steps):06}"


@pytest.fixture
def official():
    return factories.official()


@pytest.fixture
def app(official):
    return TOTPDevice.objects.create(user=official, name="app", confirmed=True)


def test_an_app_counts_after_its_first_code(official):
    factors.begin_app(official)
    waiting = TOTPDevice.objects.get()
    before = factors.has_strong(official)

    factors.confirm_app(official, code_now(waiting))

    assert (before, factors.has_strong(official)) == (False, True)


def test_an_unconfirmed_app_opens_nothing(official):
    factors.begin_app(official)

    with pytest.raises(Refused):
        factors.verify(official, code_now(TOTPDevice.objects.get()))


def test_a_wrong_first_code_confirms_nothing(official):
    factors.begin_app(official)

    with pytest.raises(Refused) as refused:
        factors.confirm_app(official, "12")

    assert refused.value.status == 422
    assert not factors.has_strong(official)


def test_a_new_app_replaces_the_old_one_and_ends_other_sessions(official, app):
    factors.begin_app(official)
    waiting = TOTPDevice.objects.get(confirmed=False)

    factors.confirm_app(official, code_now(waiting))

    assert TOTPDevice.objects.get() == waiting
    assert official.credentials_version == 1


def test_the_picture_and_the_text_carry_the_same_secret(official):
    factors.begin_app(official)

    enrolment = factors.app_enrolment(official)

    assert enrolment.picture.startswith("data:image/svg+xml")
    assert enrolment.secret.replace(" ", "") in TOTPDevice.objects.get().config_url
    assert enrolment.secret not in enrolment.picture


def test_a_code_of_the_app_works_once_and_so_does_the_step_before(official, app):
    code = code_now(app)
    assert factors.verify(official, code) == app

    for used in (code, code_now(app, steps=-1)):
        TOTPDevice.objects.update(throttling_failure_count=0)
        with pytest.raises(Refused):
            factors.verify(official, used)


@pytest.mark.parametrize(
    "code", ["", "000", "²²²²²²", "-12345", "1e5", "0x1234", "9" * 40, "\u202e123456", "'--", "None"]
)
def test_what_is_no_code_is_refused(official, app, code):
    factors.new_recovery_codes(official)

    with pytest.raises(Refused) as refused:
        factors.verify(official, code)

    assert refused.value.status == 422


def test_guessing_is_stopped(official, app, monkeypatch):
    monkeypatch.setattr(TOTPDevice, "verify_is_allowed", lambda self: (True, None))
    for _ in range(factors.PER_PERSON.most):
        with pytest.raises(Refused):
            factors.verify(official, "000")

    with pytest.raises(Refused) as refused:
        factors.verify(official, code_now(app))
    assert refused.value.status == 429


def test_a_code_of_somebody_else_is_worth_nothing(official, app):
    other = factories.official()
    TOTPDevice.objects.create(user=other, name="app", confirmed=True)

    with pytest.raises(Refused):
        factors.verify(other, code_now(app))


def test_a_code_by_mail_is_no_second_factor(official):
    device = EmailDevice.objects.create(user=official, name="sign-in", confirmed=True)
    device.generate_token()

    with pytest.raises(Refused):
        factors.verify(official, device.token)
    assert not factors.has_strong(official)


def test_recovery_codes_work_once_each_however_they_are_typed(official):
    codes = factors.new_recovery_codes(official)

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", code) for code in codes)
    assert factors.verify(official, codes[0])
    assert factors.verify(official, codes[1].lower().replace("-", " "))
    with pytest.raises(Refused):
        factors.verify(official, codes[0])


def test_a_recovery_code_may_have_digits_only(official, monkeypatch):
    monkeypatch.setattr(factors.secrets, "choice", lambda alphabet: alphabet[7])

    codes = factors.new_recovery_codes(official)

    assert codes[0] == "7777-7777-7777"
    assert factors.verify(official, codes[0].replace("-", ""))


def test_recovery_codes_are_not_kept_and_new_ones_void_the_old(official):
    old = factors.new_recovery_codes(official)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    factors.new_recovery_codes(official)

    assert not {code.replace("-", "") for code in old} & kept
    assert StaticToken.objects.count() == 10
    with pytest.raises(Refused):
        factors.verify(official, old[0])


def test_the_last_strong_factor_stays(official, app):
    factors.new_recovery_codes(official)

    with pytest.raises(Refused) as refused:
        factors.remove(official, "totp", app.pk)

    assert refused.value.code == "last"
    assert factors.has_strong(official)


@pytest.mark.parametrize("kind", ["totp", "passkey", "recovery", "otp_email", ""])
def test_nobody_removes_factors_of_others(official, app, kind):
    stranger = factories.official()
    TOTPDevice.objects.create(user=stranger, name="app", confirmed=True)

    with pytest.raises(Refused) as refused:
        factors.remove(stranger, kind, app.pk)

    assert refused.value.status == 404
    assert TOTPDevice.objects.filter(pk=app.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_one_code_of_the_app_in_fifty_hands_works_once(monkeypatch, settings):
    monkeypatch.setattr(factors.throttle, "require", lambda tries: None)
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    official = factories.official()
    app = TOTPDevice.objects.create(user=official, name="app", confirmed=True)
    code = code_now(app)

    assert race(lambda: factors.verify(official, code), times=50) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_code_would_work_more_than_once():
    official = factories.official()
    app = TOTPDevice.objects.create(user=official, name="app", confirmed=True)
    code = code_now(app)
    all_have_read = Barrier(6)

    def unlocked():
        device = TOTPDevice.objects.get(pk=app.pk)
        all_have_read.wait()
        return device.verify_token(code)

    assert race(unlocked, times=6) > 1


@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_in_many_hands_works_once(monkeypatch, settings):
    monkeypatch.setattr(factors.throttle, "require", lambda tries: None)
    settings.OTP_STATIC_THROTTLE_FACTOR = 0
    official = factories.official()
    code = factors.new_recovery_codes(official)[0]

    assert race(lambda: factors.verify(official, code), times=10) == 1


def test_codes_are_judged_where_the_row_is_locked():
    """`device.verify_token` outside a lock takes one code twice (OWASP ASVS 6.5.1)."""
    package = Path(consular.__file__).parent
    callers = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"verify_token", "match_token"}
    }

    assert callers == {"accounts/codes.py"}


def test_a_code_from_the_future_is_refused(official, app):
    with pytest.raises(Refused):
        factors.verify(official, code_now(app, steps=5))
