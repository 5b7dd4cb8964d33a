"""Accounts leave nothing behind."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts import factors, sweeping
from consular.accounts.models import Tally
from consular.core import clock
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_is_over_goes_and_the_rest_stays(client):
    official = factories.official()
    factories.signed_in(client, official)
    factors.begin_app(official)
    client.post("/sign-in/", {"email": "a@example.org"})

    today = sweeping.sweep()
    with clock.at(clock.now() + timedelta(days=2)):
        sweeping.sweep()

    assert today == 0
    assert TOTPDevice.objects.get().confirmed
    assert not any(model.objects.exists() for model in (Session, EmailDevice, Tally))
