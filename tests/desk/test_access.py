"""No page of the desk opens without a verified second factor; the walk visits every address."""

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, include, path, reverse

from consular.accounts import sessions
from consular.accounts.models import Role
from consular.desk.access import officer_required
from tests import factories
from tests.accounts.test_factors import code_now
from tests.desk.staff import FACTORS, SECOND, SIGN_IN, change_password, give_password

pytestmark = pytest.mark.django_db


def forgetful(_request):
    """A view whose author forgot to ask who is there."""
    return HttpResponse("secrets")


urlpatterns = [
    path("desk/forgetful/", forgetful),
    path("desk/anybody/", officer_required()(forgetful)),
    path("desk/deciders/", officer_required(Role.DECIDER)(forgetful)),
    path("", include("consular.urls")),
]
OPEN = {"sign_in", "second_factor"}
ENROLMENT = {
    "factors",
    "factors_app",
    "factors_add_app",
    "factors_passkey",
    "factors_recovery",
    "factors_remove",
    "password",
}
"""Two of them, recovery codes and password, only lead back to the list of factors."""


def desk_addresses():
    """Every address of the desk by its name, with something in place of its parameters."""
    samples = {"reference": "AAAA-BBBB-CCCC", "kind": "totp"}
    for pattern in get_resolver().url_patterns:
        if getattr(pattern, "app_name", None) == "desk":
            for page in pattern.url_patterns:
                assert isinstance(page, URLPattern)
                names = page.pattern.converters
                yield (
                    page.name,
                    reverse(f"desk:{page.name}", kwargs={name: samples.get(name, 1) for name in names}),
                )


def opened(client):
    """The names of the pages that do something else than send one away to sign in or prove who one is."""
    found = set()
    for name, address in desk_addresses():
        for method in (client.get, client.post):
            answer = method(address)
            sent_away = answer.status_code == 302 and answer["Location"].startswith((SIGN_IN, SECOND))
            if not sent_away and answer.status_code != 405:
                found.add(name)
    return found


def test_a_stranger_opens_nothing_but_the_sign_in_page(client):
    assert opened(client) == {"sign_in"}


def test_a_password_alone_opens_nothing_but_the_second_factor(client, official, app):
    give_password(client, official)

    assert opened(client) == OPEN
    assert "_auth_user_id" not in client.session


def test_a_password_without_any_factor_opens_nothing_but_enrolment(client, official):
    give_password(client, official)

    assert opened(client) == OPEN | ENROLMENT
    assert client.post("/desk/factors/recovery/")["Location"] == FACTORS
    assert change_password(client)["Location"] == FACTORS


def test_an_applicant_opens_nothing(client):
    factories.signed_in(client, factories.applicant())

    assert opened(client) == {"sign_in"}


def test_a_page_that_forgot_to_ask_stays_closed(client, official, app, settings):
    settings.ROOT_URLCONF = __name__
    give_password(client, official)

    assert client.get("/desk/forgetful/")["Location"] == "/desk/sign-in/?next=%2Fdesk%2Fforgetful%2F"


def test_without_the_gate_it_would_open(client, official, app, settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecondFactorOnly" not in name]
    client.handler.load_middleware()
    give_password(client, official)

    assert client.get("/desk/forgetful/").content == b"secrets"


@pytest.mark.parametrize(
    ("held", "page", "status"),
    [
        ((Role.CASEWORKER,), "anybody", 200),
        ((), "anybody", 403),
        ((Role.CASEWORKER,), "deciders", 403),
        ((Role.CASEWORKER, Role.DECIDER), "deciders", 200),
        ((Role.ADMINISTRATOR,), "deciders", 403),
    ],
)
def test_a_page_may_want_a_duty(client, settings, held, page, status):
    settings.ROOT_URLCONF = __name__
    factories.signed_in(client, factories.official(*held))

    assert client.get(f"/desk/{page}/").status_code == status


def test_an_administrator_made_today_has_the_shorter_session_at_once(client):
    user = factories.official(Role.ADMINISTRATOR)
    factories.signed_in(client, user, sessions.Level.STAFF)

    client.get("/desk/")

    assert client.session["level"] == "administrator"


def test_the_walk_sees_all_pages_with_a_second_factor(client, official):
    factories.signed_in(client, official)
    client.raise_request_exception = False

    assert opened(client) == {name for name, _address in desk_addresses()}


def test_a_page_of_the_desk_is_remembered_for_after_signing_in(client, official, app):
    sent_on = client.get("/desk/factors/?x=1")
    page = client.get(sent_on["Location"])
    away = client.get("/desk/?show=mine")
    give_password(client, official, next="/desk/?show=mine")
    entered = client.post(SECOND, {"code": code_now(app)})

    assert sent_on["Location"] == SIGN_IN
    assert page.status_code == 200
    assert away["Location"] == "/desk/sign-in/?next=%2Fdesk%2F%3Fshow%3Dmine"
    assert entered["Location"] == "/desk/?show=mine"
