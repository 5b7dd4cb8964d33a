"""One code in many hands, one address in many browsers: at the same moment."""

from threading import Barrier

import pytest
from django_otp.plugins.otp_email.models import EmailDevice

from consular.accounts.models import User
from tests.accounts.racing import race
from tests.accounts.test_codes import ask, code_of, redeem


@pytest.mark.django_db(transaction=True)
def test_one_code_in_many_hands_signs_in_once():
    prepared = ask()
    code = code_of(prepared)

    assert race(lambda: redeem(prepared, code), times=6) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_code_would_sign_in_more_than_once():
    prepared = ask()
    code = code_of(prepared)
    both_have_read = Barrier(6)

    def unlocked():
        device = EmailDevice.objects.get(pk=prepared.device_id)
        both_have_read.wait()
        return device.verify_token(code)

    assert race(unlocked, times=6) > 1


@pytest.mark.django_db(transaction=True)
def test_first_use_from_two_browsers_at_once_makes_one_account():
    assert race(ask, times=6) == 6
    assert User.objects.count() == 1
