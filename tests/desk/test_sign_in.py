"""Staff sign in with a password, then with a second factor."""

from datetime import timedelta

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts import passwords
from consular.accounts.models import Role, User
from consular.core import clock
from tests import factories
from tests.accounts.test_factors import code_now
from tests.desk.staff import FACTORS, PASSWORD, SECOND, SIGN_IN, give_password

pytestmark = pytest.mark.django_db


def test_password_and_app_lead_to_the_queue(client, official, app):
    first = give_password(client, official)
    second = client.post(SECOND, {"code": code_now(app)})

    assert (first.status_code, first["Location"]) == (302, SECOND)
    assert (second.status_code, second["Location"]) == (302, "/desk/")
    assert client.get(FACTORS).status_code == 200


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"]
)
def test_signing_in_never_leads_elsewhere(client, official, app, target):
    give_password(client, official, next=target)

    assert client.post(SECOND, {"code": code_now(app)})["Location"] == "/desk/"


def test_every_step_has_a_new_session_id(client, official, app):
    client.get("/sign-in/")
    ids = [client.cookies["session"].value if "session" in client.cookies else None]
    give_password(client, official)
    ids.append(client.cookies["session"].value)
    client.post(SECOND, {"code": code_now(app)})
    ids.append(client.cookies["session"].value)
    client.cookies["session"] = ids[1]

    assert len(set(ids)) == 3
    assert client.get("/desk/").status_code == 302


def test_a_wrong_password_says_the_same_as_an_unknown_address(client, official, app):
    wrong = client.post(SIGN_IN, {"email": official.email, "password": "wrong"})
    unknown = client.post(
        SIGN_IN, {"email": "x" * len(official.email[:-12]) + "@example.org", "password": "wrong"}
    )

    assert wrong.status_code == unknown.status_code == 422
    assert "do not belong together" in wrong.content.decode()
    assert len(wrong.content) == len(unknown.content)
    assert "_auth_user_id" not in client.session


def test_the_password_is_never_sent_back(client, official):
    answer = client.post(SIGN_IN, {"email": "x", "password": "secret-in-the-form"})

    assert answer.status_code == 422
    assert b"secret-in-the-form" not in answer.content


@pytest.mark.parametrize("bad", ["", "a\0b", "x" * 10_000, "\x07", "\u202e", "<b>"])
def test_bad_input_is_refused_with_a_sentence(client, official, app, bad):
    statuses = [
        client.post(SIGN_IN, {"email": bad, "password": "x"}).status_code,
        client.post(SIGN_IN, {"email": official.email, "password": bad}).status_code,
    ]
    give_password(client, official)
    statuses += [
        client.post(SECOND, {"code": bad}).status_code,
        client.post(SECOND, {"answer": bad}).status_code,
    ]

    assert statuses == [422] * 4


def test_too_many_passwords_are_refused(client, official):
    for _ in range(passwords.PER_ADDRESS.most):
        client.post(SIGN_IN, {"email": official.email, "password": "wrong"})

    assert give_password(client, official).status_code == 429


def test_the_time_between_password_and_factor_is_short(client, official, app):
    give_password(client, official)

    with clock.at(clock.now() + timedelta(minutes=11)):
        assert client.post(SECOND, {"code": code_now(app)})["Location"] == SIGN_IN


def test_an_account_closed_between_password_and_factor_stays_out(client, official, app):
    give_password(client, official)
    User.objects.update(is_active=False)

    assert client.post(SECOND, {"code": code_now(app)})["Location"] == SIGN_IN


def test_administrators_have_the_shortest_sessions(client):
    chief = factories.official(Role.ADMINISTRATOR, password=PASSWORD)
    app = TOTPDevice.objects.create(user=chief, name="app", confirmed=True)
    give_password(client, chief)
    client.post(SECOND, {"code": code_now(app)})

    assert client.session["level"] == "administrator"


def test_signing_out_leads_back_to_the_desk(client, official):
    factories.signed_in(client, official)

    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert client.get("/desk/").status_code == 302
