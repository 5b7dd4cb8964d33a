"""A member of staff with a password, and an authenticator app of that person."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts.models import Role
from tests import factories
from tests.desk.staff import PASSWORD


@pytest.fixture
def official():
    return factories.official(Role.CASEWORKER, password=PASSWORD)


@pytest.fixture
def app(official):
    return TOTPDevice.objects.create(user=official, name="app", confirmed=True)
