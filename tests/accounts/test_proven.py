"""A session of staff lasts as long as the second factor it was proven by: asked at every request, of every kind."""

from collections.abc import Callable
from functools import cache

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts.models import User
from consular.accounts.proven import ProvenBy
from tests import factories
from tests.accounts.authenticator import Authenticator
from tests.accounts.test_passkeys import enrol

pytestmark = pytest.mark.django_db


def app(_client: Client, user: User) -> Device:
    return TOTPDevice.objects.create(user=user, name="app", confirmed=True)


def passkey(client: Client, user: User) -> Device:
    request = HttpRequest()
    request.session = client.session
    return enrol(request, user, Authenticator())


def recovery(_client: Client, user: User) -> Device:
    return StaticDevice.objects.create(user=user, name="recovery", confirmed=True)


@pytest.fixture
def official() -> User:
    return factories.official()


def begin(client: Client, user: User, device: Device) -> None:
    """A session that this factor proves."""
    factories.signed_in(client, user)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()


def is_in(client: Client) -> bool:
    client.get("/privacy/")
    return "_auth_user_id" in client.session


ENDS: dict[str, Callable[[Device], object]] = {
    "taken away": lambda device: device.delete(),
    "not confirmed": lambda device: type(device).objects.update(confirmed=False),
    "of somebody else": lambda device: type(device).objects.update(user=factories.official()),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
@pytest.mark.parametrize("make", [app, passkey, recovery])
def test_a_factor_counts_no_longer_at_the_very_next_request(
    client: Client, official: User, make: Callable[[Client, User], Device], end: Callable[[Device], object]
) -> None:
    device = make(client, official)
    begin(client, official, device)
    with CaptureQueriesContext(connection) as asked:
        assert is_in(client)

    end(device)

    assert [device._meta.db_table in each["sql"] for each in asked].count(True) == 1
    assert " d WHERE d.id = " in next(each["sql"] for each in asked if device._meta.db_table in each["sql"])
    assert not is_in(client)


def test_without_reading_it_anew_a_factor_that_was_taken_away_would_still_count(
    client: Client, official: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = app(client, official)
    begin(client, official, device)
    ask = ProvenBy(lambda _request: None)._device_from_persistent_id
    monkeypatch.setattr(ProvenBy, "_device_from_persistent_id", staticmethod(cache(ask)))
    assert is_in(client)

    device.delete()

    assert is_in(client)


def test_what_is_found_is_what_the_models_would_find(client: Client, official: User) -> None:
    for make in (app, passkey, recovery):
        device = make(client, official)
        found = ProvenBy(lambda _request: None)._device_from_persistent_id(device.persistent_id)
        same = type(device).objects.get(pk=device.pk)

        assert found == same
        assert {name: value for name, value in vars(found).items() if name != "_state"} == {
            name: value for name, value in vars(same).items() if name != "_state"
        }


def test_a_kind_of_factor_that_is_none_of_ours_is_found_as_well(client: Client, official: User) -> None:
    """By django-otp itself: applicants' mails are devices, too."""
    ask = ProvenBy(lambda _request: None)._device_from_persistent_id
    device = official.emaildevice_set.create(name="mail")

    assert ask(device.persistent_id) == device
    assert ask("otp_nothing.device/1") is None
