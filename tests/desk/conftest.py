"""A member of staff with a password, an authenticator app of that person, and the clock of a Monday."""

from collections.abc import Iterator

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts.models import Role
from consular.core import clock
from tests import factories
from tests.appointments.factories import NOW
from tests.desk.staff import PASSWORD


@pytest.fixture
def official():
    return factories.official(Role.CASEWORKER, password=PASSWORD)


@pytest.fixture
def monday() -> Iterator[None]:
    """The Monday on which the appointments of the tests are."""
    with clock.at(NOW):
        yield


@pytest.fixture
def app(official):
    return TOTPDevice.objects.create(user=official, name="app", confirmed=True)
