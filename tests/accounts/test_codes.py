"""A code works once, for ten minutes, in one browser, for applicants."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_email.models import EmailDevice

from consular.accounts import codes, throttle
from consular.accounts.codes import Asking
from consular.accounts.models import Kind, User
from consular.core.errors import Refused
from tests import factories

NETWORK = "192.0.2.1"


def ask(email="new@example.org", device_id=None):
    with transaction.atomic():
        return codes.request(Asking(email=email, network=NETWORK, language="de"), device_id=device_id)


def code_of(prepared):
    return EmailDevice.objects.get(pk=prepared.device_id).token


def redeem(prepared, code):
    return codes.redeem(prepared.device_id, code, network=NETWORK)


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.django_db
def test_the_first_code_makes_the_account_and_signs_in():
    prepared = ask("  New@Example.ORG ")

    user = redeem(prepared, code_of(prepared))

    assert (user.email, user.kind, user.language) == ("new@example.org", Kind.APPLICANT, "de")
    assert not user.has_usable_password()


@pytest.mark.django_db
def test_a_code_works_once():
    prepared = ask()
    code = code_of(prepared)
    redeem(prepared, code)

    with pytest.raises(Refused) as refused:
        redeem(prepared, code)

    assert (refused.value.status, refused.value.field) == (422, "code")


@pytest.mark.django_db
def test_a_code_ends_after_ten_minutes():
    prepared = ask()
    left = EmailDevice.objects.get(pk=prepared.device_id).valid_until - timezone.now()
    EmailDevice.objects.update(valid_until=timezone.now() - timedelta(seconds=1))

    with pytest.raises(Refused):
        redeem(prepared, code_of(prepared))
    assert timedelta(seconds=590) < left <= timedelta(seconds=600)


@pytest.mark.django_db
def test_five_wrong_guesses_void_the_code():
    prepared = ask()
    code = code_of(prepared)
    for _ in range(codes.GUESSES):
        with pytest.raises(Refused):
            redeem(prepared, other_than(code))

    with pytest.raises(Refused):
        redeem(prepared, code)


@pytest.mark.django_db
def test_without_the_count_of_guesses_the_sixth_one_would_be_taken(monkeypatch):
    monkeypatch.setattr(codes, "GUESSES", 10**9)
    prepared = ask()
    code = code_of(prepared)
    for _ in range(5):
        with pytest.raises(Refused):
            redeem(prepared, other_than(code))

    assert redeem(prepared, code)


@pytest.mark.django_db
def test_a_stranger_spoils_neither_code_nor_guesses_of_the_owner():
    owners = ask("owner@example.org")
    strangers = ask("owner@example.org")
    for _ in range(codes.GUESSES):
        with pytest.raises(Refused):
            redeem(strangers, "none")

    assert strangers.device_id != owners.device_id
    assert redeem(owners, code_of(owners)).email == "owner@example.org"


@pytest.mark.django_db
def test_many_codes_do_not_mean_many_guesses_and_the_owners_first_one_counts():
    judged = []
    for _ in range(6):
        prepared = ask("owner@example.org")
        for _ in range(codes.GUESSES):
            before = EmailDevice.objects.get(pk=prepared.device_id)
            with pytest.raises(Refused):
                redeem(prepared, other_than(before.token))
        judged.append(prepared)

    with pytest.raises(Refused):
        redeem(judged[-1], code_of(judged[-1]))
    fresh = ask("owner@example.org")
    assert throttle.spend(codes.LATER_GUESSES, str(fresh.user.pk)) is False
    assert redeem(fresh, code_of(fresh))


@pytest.mark.django_db
def test_a_code_of_one_browser_is_worth_nothing_in_another():
    owners, strangers = ask("owner@example.org"), ask("owner@example.org")
    EmailDevice.objects.filter(pk=owners.device_id).update(token="123456")
    EmailDevice.objects.filter(pk=strangers.device_id).update(token="654321")

    with pytest.raises(Refused):
        redeem(strangers, "123456")


@pytest.mark.django_db
def test_asking_again_within_a_minute_is_refused_and_later_replaces_the_code():
    first = ask()
    with pytest.raises(Refused) as refused:
        ask(device_id=first.device_id)
    EmailDevice.objects.update(
        last_generated_timestamp=timezone.now() - timedelta(seconds=61),
        throttling_failure_count=codes.GUESSES,
    )

    second = ask(device_id=first.device_id)

    assert refused.value.status == 429
    assert (second.device_id, second.key == first.key) == (first.device_id, False)
    assert EmailDevice.objects.get().throttling_failure_count == 0


@pytest.mark.django_db
def test_nobody_renews_the_device_of_another_account():
    theirs = ask("other@example.org")

    mine = ask("me@example.org", device_id=theirs.device_id)

    assert mine.device_id != theirs.device_id


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"kind": Kind.STAFF}, {"is_active": False}])
def test_staff_and_closed_accounts_get_no_code_and_no_guess_succeeds(fields):
    user = factories.applicant(**fields)

    prepared = ask(user.email)

    assert code_of(prepared) is None
    for guess in ("", "None", "000000"):
        with pytest.raises(Refused):
            redeem(prepared, guess)


@pytest.mark.django_db
def test_an_account_closed_after_the_code_was_sent_stays_out():
    prepared = ask()
    User.objects.update(is_active=False)

    with pytest.raises(Refused):
        redeem(prepared, code_of(prepared))


@pytest.mark.django_db
def test_a_device_for_signing_in_is_no_second_factor():
    ask()

    assert not EmailDevice.objects.filter(confirmed=True).exists()


@pytest.mark.django_db
def test_known_unknown_closed_and_staff_addresses_cost_the_same_statements():
    known = factories.applicant().email
    closed = factories.applicant(is_active=False).email
    official = factories.official().email
    statements = []

    for email in ("unknown@example.org", known, closed, official):
        with CaptureQueriesContext(connection) as queries:
            ask(email)
        statements.append([query["sql"].split(" ")[0] for query in queries])

    assert all(statement == statements[0] for statement in statements)


@pytest.mark.django_db
def test_tries_are_counted_by_address_and_network_and_known_browsers_have_their_own():
    stranger = Asking(email="owner@example.org", network="192.0.2.1", language="en")
    for _ in range(codes.PER_ADDRESS_AND_NETWORK.most):
        codes.count(stranger)

    with pytest.raises(Refused) as refused:
        codes.count(stranger)
    codes.count(Asking(email="owner@example.org", network="198.51.100.1", language="en"))
    codes.count(Asking(email="owner@example.org", network="192.0.2.1", language="en", known_browser=True))
    assert refused.value.status == 429


@pytest.mark.django_db
def test_a_stranger_with_many_networks_does_not_lock_out_the_owners_browser():
    for number in range(codes.PER_ADDRESS.most):
        codes.count(Asking(email="owner@example.org", network=f"192.0.2.{number}", language="en"))

    with pytest.raises(Refused):
        codes.count(Asking(email="owner@example.org", network="203.0.113.1", language="en"))
    codes.count(Asking(email="owner@example.org", network="203.0.113.1", language="en", known_browser=True))


@pytest.mark.django_db
def test_a_network_is_limited_over_all_addresses():
    for number in range(codes.PER_NETWORK.most):
        codes.count(Asking(email=f"{number}@example.org", network="192.0.2.1", language="en"))

    with pytest.raises(Refused):
        codes.count(Asking(email="fresh@example.org", network="192.0.2.1", language="en"))


@pytest.mark.django_db
def test_old_devices_are_cleared_away():
    ask()
    EmailDevice.objects.update(valid_until=timezone.now() - timedelta(days=2))

    ask()

    assert EmailDevice.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("123 456", "123456"),
        ("12-34-56", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("\u00a0１２３456", "123456"),
        ("", ""),
    ],
)
def test_digits_of_any_script_are_understood(typed, meant):
    assert codes.plain(typed) == meant
