"""Staff: password, then a second factor; before it no page of the desk opens."""

import re
from datetime import timedelta

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from consular.accounts import factors, passwords
from consular.accounts.models import Role, User
from consular.core import clock
from tests import factories
from tests.accounts.authenticator import Authenticator
from tests.accounts.test_factors import code_now

pytestmark = pytest.mark.django_db
PASSWORD = "violet kettle answers thunder"
SIGN_IN, SECOND, FACTORS = "/desk/sign-in/", "/desk/second-factor/", "/desk/factors/"
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


@pytest.fixture
def official():
    return factories.official(Role.CASEWORKER, password=PASSWORD)


@pytest.fixture
def app(official):
    return TOTPDevice.objects.create(user=official, name="app", confirmed=True)


def give_password(client, user, **more):
    return client.post(SIGN_IN, {"email": user.email, "password": PASSWORD, **more})


def options_of(page):
    text = re.search(r'data-options="([^"]*)"', page.content.decode()).group(1)
    return text.replace("&quot;", '"')


def desk_addresses():
    """Every address of the desk by its name, with something in place of its parameters."""
    samples = {"reference": "AAAA-BBBB-CCCC", "kind": "totp", "lane": "caseworker"}
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


def test_password_and_app_lead_to_the_queue(client, official, app):
    first = give_password(client, official)
    second = client.post(SECOND, {"code": code_now(app)})

    assert (first.status_code, first["Location"]) == (302, SECOND)
    assert (second.status_code, second["Location"]) == (302, "/desk/")
    assert client.get(FACTORS).status_code == 200


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


def test_without_the_gate_a_password_would_open_pages(client, official, app, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SecondFactorOnly" not in name]
    client.handler.load_middleware()
    client.raise_request_exception = False
    give_password(client, official)

    assert opened(client) > OPEN


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


def test_administrators_have_the_shortest_sessions(client):
    chief = factories.official(Role.ADMINISTRATOR, password=PASSWORD)
    app = TOTPDevice.objects.create(user=chief, name="app", confirmed=True)
    give_password(client, chief)
    client.post(SECOND, {"code": code_now(app)})

    assert client.session["level"] == "administrator"


def test_without_javascript_the_passkey_page_says_what_to_do(client, official):
    give_password(client, official)

    assert "Passkeys need JavaScript" in client.get("/desk/factors/passkey/").content.decode()


def test_signing_out_leads_back_to_the_desk(client, official):
    factories.signed_in(client, official)

    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert client.get("/desk/").status_code == 302


def change_password(client, **typed):
    new = "maple lantern crosses rivers"
    return client.post("/desk/password/", {"present": PASSWORD, "new": new, "again": new, **typed})


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, official):
    other = factories.signed_in(type(client)(), official)
    factories.signed_in(client, official)

    changed = change_password(client)

    assert changed["Location"] == FACTORS
    assert client.get(FACTORS).status_code == 200
    assert other.get(FACTORS).status_code == 302
    assert give_password(type(client)(), official).status_code == 422


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"present": "wrong"}, "not your present password"),
        ({"again": "maple lantern crosses river"}, "two new passwords differ"),
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "consular visa embassy", "again": "consular visa embassy"}, "nothing to do with"),
        ({"new": "x" * 10_000, "again": "x" * 10_000}, "at most 128"),
        ({"new": "a\0" + "b" * 20, "again": "a\0" + "b" * 20}, "Null characters"),
    ],
)
def test_a_password_that_cannot_stand_changes_nothing(client, official, typed, sentence):
    factories.signed_in(client, official)
    before = official.password

    answer = change_password(client, **typed)
    official.refresh_from_db()

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert official.password == before
