"""Strangers may not ask without end; partners with a key are not counted."""

import pytest
from django.test import Client

from consular.accounts import throttle
from consular.api import throttling
from tests import factories
from tests.api.asking import Partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_a_minute(monkeypatch):
    limit = throttle.Limit("api", most=2, period=throttling.STRANGERS.period)
    monkeypatch.setattr(throttling, "STRANGERS", limit)


def test_the_third_question_of_a_network_has_to_wait():
    answers = [Partner().get("missions/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "60"
    assert answers[2].json()["code"] == "throttled"


def test_another_network_and_partners_with_a_key_do_not_wait():
    for _ in range(3):
        Partner().get("missions/")
    partner = Partner(factories.applicant())

    assert Partner().client.get("/api/v1/missions/", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert [partner.get("missions/").status_code for _ in range(5)] == [200] * 5


def test_the_schema_which_is_made_anew_each_time_counts_too():
    assert [Client().get("/api/v1/schema/").status_code for _ in range(3)] == [200, 200, 429]
