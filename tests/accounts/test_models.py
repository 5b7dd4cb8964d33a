"""Accounts: one for each address, whatever the case of its letters."""

import pytest
from django.db import IntegrityError

from consular.accounts.backends import ApplicantByCode, StaffByFactor
from consular.accounts.models import ApiToken, User
from consular.core import clock
from tests import factories, harm

pytestmark = pytest.mark.django_db


def test_an_address_has_one_account():
    User.objects.create_user(" Ama@Example.org ")

    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="AMA@example.ORG")])


def test_an_account_shows_no_address_in_logs():
    assert str(factories.applicant()).startswith("applicant ")


def test_without_a_password_nobody_signs_in_with_one():
    user = factories.applicant()

    assert not any(user.check_password(guess) for guess in ("", None, "!", user.password))


def test_each_kind_of_session_finds_only_its_kind_of_open_account():
    applicant, official = factories.applicant(), factories.official()
    closed = factories.applicant(is_active=False)

    assert ApplicantByCode().get_user(applicant.pk) == applicant
    assert StaffByFactor().get_user(official.pk) == official
    assert ApplicantByCode().get_user(official.pk) is None
    assert StaffByFactor().get_user(applicant.pk) is None
    assert ApplicantByCode().get_user(closed.pk) is None


def one_address_twice() -> None:
    User.objects.create(email="ama@example.org")
    User.objects.create(email="ama@example.org")


def one_address_in_two_spellings() -> None:
    User.objects.create(email="ama@example.org")
    User.objects.create(email="Ama@example.org")


def token(user: User, name: str, digest: bytes) -> None:
    ApiToken.objects.create(
        user=user, name=name, digest=digest, created_at=clock.now(), expires_on=clock.today()
    )


def two_keys_of_one_name() -> None:
    user = factories.applicant()
    token(user, "Partner", b"1" * 32)
    token(user, "Partner", b"2" * 32)


def one_key_for_two_accounts() -> None:
    token(factories.applicant(), "Partner", b"1" * 32)
    token(factories.applicant(), "Partner", b"1" * 32)


CONSTRAINTS = [
    (User, ("one_account_per_address",), one_address_in_two_spellings),
    (User, ("email", "one_account_per_address"), one_address_twice),
    (ApiToken, ("one_open_token_per_account_and_name",), two_keys_of_one_name),
    (ApiToken, ("digest",), one_key_for_two_accounts),
]


test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
