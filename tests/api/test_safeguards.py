"""Safeguards of the interface, switched off alone: here the harm is done that each keeps away."""

from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.authentication import SessionAuthentication

from consular.accounts import throttle, tokens
from consular.accounts.models import ApiToken, Kind
from consular.api import own, parsing, throttling
from consular.core import clock
from tests import factories
from tests.api.asking import Partner

pytestmark = pytest.mark.django_db


def test_if_cookies_counted_a_page_of_the_browser_would_be_a_partner(monkeypatch: pytest.MonkeyPatch) -> None:
    client = factories.signed_in(Client(), factories.applicant())
    assert client.get("/api/v1/cases/").status_code == 401

    monkeypatch.setattr(own.Cases, "authentication_classes", [SessionAuthentication])

    assert client.get("/api/v1/cases/").status_code == 200


def test_without_its_largest_size_any_body_would_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    partner = Partner(factories.applicant())
    large = {"case": "x" * parsing.LARGEST}
    assert partner.post("bookings/", large).status_code == 413

    monkeypatch.setattr(parsing, "LARGEST", 10**9)

    assert partner.post("bookings/", large).status_code == 422


def test_without_counting_one_network_would_ask_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "STRANGERS", throttle.Limit("api", 1, timedelta(minutes=1)))
    assert [Partner().get("missions/").status_code for _ in range(2)] == [200, 429]

    monkeypatch.setattr(throttle, "spend", lambda limit, value: True)

    assert [Partner().get("missions/").status_code for _ in range(5)] == [200] * 5


def test_only_its_last_day_its_revocation_and_the_kind_of_its_account_end_a_key() -> None:
    user = factories.applicant()
    key = tokens.create(user, name="Partner", days=1)
    for field, ended in (
        ("expires_on", clock.today() - timedelta(days=1)),
        ("revoked_at", clock.now()),
    ):
        before = getattr(ApiToken.objects.get(), field)
        ApiToken.objects.update(**{field: ended})
        assert tokens.owner_of(key) is None
        ApiToken.objects.update(**{field: before})
        assert tokens.owner_of(key) == user
    user.kind = Kind.STAFF
    user.save()

    assert tokens.owner_of(key) is None
