"""Accounts: one for each address, whatever the case of its letters."""

import pytest
from django.db import IntegrityError

from consular.accounts.backends import ApplicantByCode, StaffByFactor
from consular.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_address_has_one_account():
    User.objects.create_user(" Ama@Example.org ")

    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="AMA@example.ORG")])


def test_an_account_is_found_in_any_case_of_letters():
    user = User.objects.create_user("ama@example.org")

    assert User.objects.get_by_natural_key("AMA@Example.org") == user


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
