"""Staff set up, use and remove their second factors."""

import re

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts import factors
from tests import factories
from tests.accounts.authenticator import Authenticator
from tests.accounts.test_factors import code_now
from tests.desk.staff import FACTORS, SECOND, give_password, options_of

pytestmark = pytest.mark.django_db


def test_the_first_factor_is_set_up_at_the_first_sign_in(client, official):
    first = give_password(client, official)
    client.post("/desk/factors/app/new/")
    page = client.get("/desk/factors/app/")
    done = client.post("/desk/factors/app/", {"code": code_now(TOTPDevice.objects.get())})

    assert first["Location"] == FACTORS
    assert b"data:image/svg+xml" in page.content
    assert done.status_code == 200
    assert len(re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}", done.content.decode())) == 10
    assert client.get("/desk/factors/").status_code == 200


def test_a_passkey_can_be_the_first_factor_and_opens_the_desk(client, official):
    device = Authenticator()
    give_password(client, official)
    page = client.get("/desk/factors/passkey/")
    done = client.post(
        "/desk/factors/passkey/", {"name": "my phone", "answer": device.create(options_of(page))}
    )
    client.post("/sign-out/")
    give_password(client, official)
    page = client.get(SECOND)
    entered = client.post(SECOND, {"answer": device.get(options_of(page))})

    assert done.status_code == 200
    assert b"passkeys.js" in page.content
    assert entered["Location"] == "/desk/"
    assert "my phone" in client.get(FACTORS).content.decode()


def test_a_recovery_code_opens_the_desk_once(client, official, app):
    code = factors.new_recovery_codes(official)[0]
    give_password(client, official)
    first = client.post(SECOND, {"code": code})
    client.post("/sign-out/")
    give_password(client, official)
    second = client.post(SECOND, {"code": code})

    assert (first.status_code, second.status_code) == (302, 422)


def test_enrolment_is_closed_to_whoever_has_only_the_password_of_somebody_with_a_factor(
    client, official, app
):
    give_password(client, official)

    for address in (FACTORS, "/desk/factors/passkey/", "/desk/factors/app/"):
        assert client.get(address)["Location"] == SECOND
    assert client.post("/desk/factors/app/new/")["Location"] == SECOND
    assert TOTPDevice.objects.count() == 1


def test_factors_want_a_fresh_proof(client, official, app):
    factories.signed_in(client, official)
    session = client.session
    session["verified"] -= 301
    session.save()

    asked = client.get(FACTORS)
    proved = client.post(SECOND, {"code": code_now(app)})

    assert (asked["Location"], proved["Location"]) == (SECOND, FACTORS)
    assert client.get(FACTORS).status_code == 200


def test_a_new_factor_ends_the_other_sessions_and_keeps_this_one(client, official):
    other = factories.signed_in(type(client)(), official)
    factories.signed_in(client, official)
    device = Authenticator()
    page = client.get("/desk/factors/passkey/")
    client.post("/desk/factors/passkey/", {"name": "key", "answer": device.create(options_of(page))})

    assert client.get(FACTORS).status_code == 200
    assert other.get(FACTORS).status_code == 302


def test_replacing_the_app_keeps_this_session(client, official, app):
    factories.signed_in(client, official)
    client.post("/desk/factors/app/new/")
    waiting = TOTPDevice.objects.get(confirmed=False)

    client.post("/desk/factors/app/", {"code": code_now(waiting)})

    assert client.get(FACTORS).status_code == 200
    assert TOTPDevice.objects.get() == waiting


def test_new_recovery_codes_keep_a_session_that_began_with_one(client, official, app):
    code = factors.new_recovery_codes(official)[0]
    give_password(client, official)
    client.post(SECOND, {"code": code})

    made = client.post("/desk/factors/recovery/")

    assert made.status_code == 200
    assert client.get(FACTORS).status_code == 200


def test_the_last_factor_is_not_removed(client, official, app):
    factories.signed_in(client, official)

    answer = client.post(f"/desk/factors/totp/{app.pk}/remove/")

    assert answer.status_code == 409
    assert "last second factor" in answer.content.decode()


def test_without_javascript_the_passkey_page_says_what_to_do(client, official):
    give_password(client, official)

    assert "Passkeys need JavaScript" in client.get("/desk/factors/passkey/").content.decode()
