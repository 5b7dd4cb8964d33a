"""Passwords of staff."""

import unicodedata

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password

from consular.accounts import passwords
from consular.accounts.models import User
from consular.core.errors import Refused
from tests import factories, rows

GOOD = "violet kettle answers thunder"
WEAK = [
    "", "short", "fourteen chars", "passwordpassword", "password12345678", "aaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc",
    "123456789012345", "098765432109876", "qwertyuiopasdfghjkl", "poiuytrewqlkjhgfdsa", "abcdefghijklmnopqrst",
    "Consular-Visa-2026!", "auswaertiges-amt-visa", "Botschaft123456789", "embassy passport visa", "schengenvisum2026",
    "willkommen20262026", "ama.mensah@example.org", "amamensahamamensah", "x" * 129, "abc123" * 40,
]  # fmt: skip
NAUGHTY = [
    "',. OR 1=1; DROP TABLE users --", "<script>alert(1)</script> eins zwei", "\u202ereversed and long enough",
    "ﷺ and fourteen words more", "👩‍👩‍👧‍👦 family of violets and kettles", "Ω≈ç√∫˜µ≤≥÷åß∂ƒ©˙∆˚¬…æ",
    "{{ 7*7 }} ${7*7} %s %d %n",
]  # fmt: skip


@pytest.fixture
def official(db):
    return factories.official(password=GOOD)


def sign_in(email, password, network="192.0.2.1", known_browser=False):
    return passwords.sign_in(email, password, network=network, known_browser=known_browser)


@rows.every("password", WEAK)
def test_a_weak_password_is_refused_with_a_sentence(password):
    user = User(email="ama.mensah@example.org", name="Ama Mensah")

    with pytest.raises(Refused) as refused:
        passwords.change(user, password)

    assert (refused.value.status, refused.value.field) == (422, "new")
    assert str(refused.value.message)


@pytest.mark.django_db
@pytest.mark.parametrize("password", [GOOD, *NAUGHTY])
def test_a_long_password_of_any_characters_is_taken_and_works(password):
    user = factories.official()

    passwords.change(user, password)

    assert sign_in(user.email, password) == user


@pytest.mark.django_db
def test_one_password_is_the_same_in_every_unicode_form():
    user = factories.official()
    passwords.change(user, unicodedata.normalize("NFC", "Ährenfeld übergrün Zöglinge"))

    assert sign_in(user.email, unicodedata.normalize("NFD", "Ährenfeld übergrün Zöglinge")) == user


def test_it_is_kept_as_argon2id_with_at_least_the_owasp_parameters():
    encoded = make_password(GOOD)
    parameters = identify_hasher(encoded).decode(encoded)

    assert encoded.startswith("argon2$argon2id$")
    assert (parameters["memory_cost"], parameters["time_cost"], parameters["parallelism"]) == (19456, 2, 1)


def test_the_address_may_be_typed_in_any_case(official):
    assert sign_in(f" {official.email.upper()} ", GOOD) == official


def test_a_wrong_password_an_unknown_address_an_applicant_and_a_closed_account_get_the_same_sentence(
    official,
):
    closed = factories.official(password=GOOD, is_active=False)
    applicant = factories.applicant()
    sentences = set()
    for email, password in [
        (official.email, GOOD + "x"),
        ("nobody@example.org", GOOD),
        (closed.email, GOOD),
        (applicant.email, GOOD),
    ]:
        with pytest.raises(Refused) as refused:
            sign_in(email, password)
        sentences.add((str(refused.value.message), refused.value.status, refused.value.code))

    assert len(sentences) == 1


def test_every_attempt_computes_one_hash(official, monkeypatch):
    computed = []
    original = passwords.Argon2id.verify
    monkeypatch.setattr(
        passwords.Argon2id,
        "verify",
        lambda self, password, encoded: computed.append(1) or original(self, password, encoded),
    )
    without_password = factories.official().email
    for email in (official.email, "nobody@example.org", without_password):
        with pytest.raises(Refused):
            sign_in(email, "wrong " + GOOD)

    assert len(computed) == 3


def test_guessing_is_stopped_and_the_owner_in_a_known_browser_is_not(official):
    for number in range(passwords.PER_ADDRESS.most):
        with pytest.raises(Refused):
            sign_in(official.email, "wrong", network=f"192.0.2.{number}")

    with pytest.raises(Refused) as refused:
        sign_in(official.email, GOOD, network="203.0.113.1")
    assert refused.value.status == 429
    assert sign_in(official.email, GOOD, network="203.0.113.1", known_browser=True) == official


def test_without_the_count_guessing_would_go_on(official, monkeypatch):
    monkeypatch.setattr(passwords.throttle, "require", lambda tries: None)
    for _ in range(passwords.PER_ADDRESS.most):
        with pytest.raises(Refused):
            sign_in(official.email, "wrong")

    assert sign_in(official.email, GOOD) == official


def test_unknown_addresses_are_counted_like_known_ones(official):
    statuses = []
    for email in (official.email, "nobody@example.org"):
        for number in range(passwords.PER_ADDRESS.most + 1):
            with pytest.raises(Refused) as refused:
                sign_in(email, "wrong", network=f"198.51.100.{number}")
            statuses.append(refused.value.status)

    half = len(statuses) // 2
    assert statuses[:half] == statuses[half:]


def test_signing_in_rightly_uses_up_nothing(official):
    for _ in range(passwords.PER_ADDRESS.most * 2):
        assert sign_in(official.email, GOOD) == official
