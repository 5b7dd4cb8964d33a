"""Who is asking: a key of an account, and nothing else."""

from datetime import timedelta

import pytest
from django.test import Client

from consular.accounts import tokens
from consular.accounts.models import ApiToken
from consular.core import clock
from tests import factories
from tests.api.asking import Partner, checked

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Bearer a b c",
        "Basic YTpi",
        "bearer \x00",
        "Bearer " + "x" * 10_000,
        "Bearer \xff\xfe",
    ],
)
def test_without_a_right_key_nothing_is_told(given):
    answer = Partner(Authorization=given).get("cases/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="consular"'
    assert answer["Cache-Control"] == "no-store"


def test_a_key_opens_the_cases_of_its_account():
    assert Partner(factories.applicant()).get("cases/").json() == {"items": [], "next": None}


@pytest.mark.parametrize("what", ["revoked", "over", "closed"])
def test_a_key_that_no_longer_counts_is_refused_like_a_wrong_one(what):
    user = factories.applicant()
    partner = Partner(user)
    if what == "revoked":
        assert tokens.revoke(user, name="test")
    elif what == "over":
        ApiToken.objects.update(expires_on=clock.today() - timedelta(days=1))
    else:
        user.is_active = False
        user.save()

    refused, wrong = partner.get("cases/"), Partner(Authorization="Bearer wrong").get("cases/")

    assert refused.status_code == 401
    assert refused.json() == wrong.json()


def test_a_wrong_key_is_refused_even_where_none_is_needed():
    assert Partner(Authorization="Bearer wrong").get("services/").status_code == 401


def test_a_session_of_the_pages_is_no_key():
    client = Client()
    factories.signed_in(client, factories.applicant())

    assert checked(client.get("/api/v1/cases/")).status_code == 401


def test_a_partners_server_needs_no_csrf_token_and_sends_no_fetch_metadata():
    user = factories.applicant()
    strict = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {_key(user)}"})

    answer = strict.post("/api/v1/bookings/", {}, content_type="application/json")

    assert checked(answer).status_code == 422


def test_a_page_of_another_site_is_kept_out_even_with_a_key():
    client = Client(headers={"Authorization": f"Bearer {_key(factories.applicant())}"})

    answer = client.post(
        "/api/v1/bookings/", {}, content_type="application/json", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def _key(user):
    return tokens.create(user, name="server", days=1)
