"""Between password and second factor one is nobody yet."""

from datetime import timedelta

import pytest
from django.http import HttpRequest

from consular.accounts import pending
from consular.accounts.models import Kind, User
from consular.core import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(client):
    request = HttpRequest()
    request.session = client.session
    return request


def test_it_is_known_for_ten_minutes_whose_password_was_right(request_):
    user, now = factories.official(), clock.now()
    with clock.at(now):
        pending.start(request_, user)

    with clock.at(now + timedelta(minutes=10)):
        assert pending.user_of(request_) == user
    with clock.at(now + timedelta(minutes=10, seconds=1)):
        assert pending.user_of(request_) is None


@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"kind": Kind.APPLICANT}, {"password": "other"}, {"credentials_version": 1}],
)
def test_a_change_of_the_account_ends_it(request_, change):
    pending.start(request_, factories.official())

    User.objects.update(**change)

    assert pending.user_of(request_) is None


def test_it_begins_in_an_empty_session_under_a_new_id_and_can_be_ended(request_):
    request_.session["draft_secret"] = "left by somebody else"
    request_.session.save()
    before = request_.session.session_key

    pending.start(request_, factories.official())
    request_.session.save()
    after = request_.session.session_key
    pending.end(request_)

    assert after != before
    assert list(request_.session.keys()) == []
    assert pending.user_of(request_) is None
