"""Applicants sign in with a code by e-mail."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_email.models import EmailDevice

from consular.accounts import browsers, codes
from consular.accounts.models import User
from consular.core.models import Job
from consular.notifications.models import Notification
from tests import factories
from tests.portal import drafting

pytestmark = pytest.mark.django_db
ADDRESS = "/sign-in/"
CODE = "/sign-in/code/"
HOSTILE = [
    "a\0@example.org",
    "a\x07@example.org",
    "a" * 10_000 + "@example.org",
    "<b>@example.org",
    "\u202ea@b.c",
    "@",
    " ",
]


def ask(client, email="ama@example.org", **more):
    return client.post(ADDRESS, {"email": email, **more})


def token(email="ama@example.org"):
    return EmailDevice.objects.filter(user__email=email).latest("pk").token


def sign_in(client, email="ama@example.org", **more):
    ask(client, email, **more)
    return client.post(CODE, {"code": token(email)})


def test_address_then_code_lead_to_my_cases(client):
    asked = ask(client)
    entered = client.post(CODE, {"code": token()})

    assert (asked.status_code, asked["Location"]) == (302, CODE)
    assert (entered.status_code, entered["Location"]) == (302, "/my/")
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


def test_the_mail_is_promised_without_the_code(client):
    ask(client)

    notification, job = Notification.objects.get(), Job.objects.get()
    assert (notification.kind, notification.case, notification.to.email) == (
        "sign_in_code",
        None,
        "ama@example.org",
    )
    assert notification.facts == {"device": str(EmailDevice.objects.get().pk)}
    assert token() not in f"{job.payload} {job.key} {notification.key} {notification.facts}".replace(
        str(job.pk), ""
    )


def test_the_code_is_in_no_session_page_or_log(client, caplog):
    asked = ask(client)
    page = client.get(CODE)
    client.post(CODE, {"code": "000000"})

    assert token() not in str(dict(client.session))
    assert token() not in caplog.text
    assert token().encode() not in asked.content + page.content


def test_signing_in_gives_a_new_session_id_and_the_old_one_is_dead(client):
    ask(client)
    before = client.cookies["session"].value
    client.post(CODE, {"code": token()})
    after = client.cookies["session"].value

    client.cookies["session"] = before
    replayed = client.get("/my/")

    assert after != before
    assert replayed.status_code == 302


def test_the_drafts_of_the_browser_come_along(client, monkeypatch):
    adopted = []
    monkeypatch.setattr(
        "consular.casework.adopt", lambda secret, *, actor: adopted.append((secret, actor.email))
    )
    session = client.session
    session["draft_secret"] = "s3cret"
    session.save()

    sign_in(client)

    assert adopted == [("s3cret", "ama@example.org")]
    assert "draft_secret" not in client.session


def test_a_failure_while_signing_in_does_not_cost_the_browser_its_drafts(monkeypatch):
    client = Client(raise_request_exception=False)
    reference = drafting.start(client)
    with monkeypatch.context() as failing:
        failing.setattr("consular.casework.adopt", _lose_the_database)
        assert sign_in(client).status_code == 503

    assert client.get(f"/drafts/{reference}/").status_code == 200


def _lose_the_database(*_, **__):
    raise OperationalError


def test_one_goes_on_where_one_wanted_to_go_and_never_elsewhere(client):
    asked = client.get("/my/")
    page = client.get(asked["Location"])
    inside = sign_in(client, next="/privacy/")
    client.post("/sign-out/")
    outside = sign_in(client, "b@example.org", next="//evil.example/")

    assert asked["Location"] == "/sign-in/?next=%2Fmy%2F"
    assert b'value="/my/"' in page.content
    assert (inside["Location"], outside["Location"]) == ("/privacy/", "/my/")


def test_opening_the_code_page_consumes_nothing(client):
    ask(client)
    before = token()
    for _ in range(5):
        assert client.get(CODE).status_code == 200

    assert token() == before
    assert client.post(CODE, {"code": before}).status_code == 302


def test_a_code_is_bound_to_the_browser_that_asked(client):
    ask(client)
    other = type(client)()

    assert other.post(CODE, {"code": token()})["Location"] == ADDRESS
    ask(other, "stranger@example.org")
    assert other.post(CODE, {"code": token("ama@example.org")}).status_code == 422


def test_a_wrong_code_is_a_field_error(client):
    ask(client)

    answer = client.post(CODE, {"code": "000000" if token() != "000000" else "111111"})

    assert answer.status_code == 422
    assert "wrong or no longer valid" in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "123\x00456", "1" * 10_000, "<b>123456</b>", "12345²"]
)
def test_what_is_no_code_is_refused_with_a_sentence(client, typed):
    ask(client)

    answer = client.post(CODE, {"code": typed})

    assert answer.status_code == 422
    assert b"error-summary" in answer.content


def test_digits_may_be_typed_in_arabic(client):
    ask(client)

    answer = client.post(CODE, {"code": token().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))})

    assert answer.status_code == 302


@pytest.mark.parametrize("email", HOSTILE)
def test_what_is_no_address_is_refused_with_a_sentence_and_nothing_is_written(client, email):
    answer = ask(client, email)

    assert answer.status_code == 422
    assert b"error-summary" in answer.content
    assert not User.objects.exists()
    assert not Job.objects.exists()


def test_another_code_can_be_asked_for_after_a_minute(client):
    ask(client)
    early = client.post(CODE, {"again": "yes"})
    first = token()
    EmailDevice.objects.update(last_generated_timestamp=timezone.now() - timedelta(seconds=61))
    later = client.post(CODE, {"again": "yes"})

    assert (early.status_code, later.status_code) == (429, 200)
    assert EmailDevice.objects.count() == 1
    assert Notification.objects.count() == 2
    assert client.post(CODE, {"code": token()}).status_code == 302
    assert token() != first


def test_too_many_codes_are_refused_without_a_mail(client):
    for _ in range(codes.PER_ADDRESS_AND_NETWORK.most):
        ask(type(client)())

    answer = ask(client)

    assert answer.status_code == 429
    assert "too many attempts" in answer.content.decode()
    assert Notification.objects.count() == codes.PER_ADDRESS_AND_NETWORK.most


def test_a_known_browser_still_gets_its_code_during_an_attack(client):
    sign_in(client)
    client.post("/sign-out/")
    for _ in range(codes.PER_ADDRESS.most + 5):
        ask(type(client)())

    assert browsers.COOKIE in client.cookies
    assert ask(type(client)()).status_code == 429
    assert ask(client).status_code == 302


def test_staff_never_sign_in_here(client):
    official = factories.official()
    ask(client, official.email)

    answer = client.post(CODE, {"code": "000000"})

    assert token(official.email) is None
    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_signing_out_ends_the_session_and_empties_the_browser(client):
    sign_in(client)
    session = client.cookies["session"].value

    answer = client.post("/sign-out/")
    client.cookies["session"] = session

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/my/").status_code == 302


def test_nobody_is_signed_out_by_a_link(client):
    sign_in(client)

    assert client.get("/sign-out/").status_code == 405
    assert client.get("/my/").status_code == 200


def test_the_language_of_signing_in_is_kept_for_mails(client):
    client.cookies["language"] = "de"
    sign_in(client)

    assert User.objects.get().language == "de"


def test_switching_the_language_keeps_address_and_way(client):
    client.post("/language/?next=/sign-in/", {"switch_to": "de", "email": "half@typed", "next": "/privacy/"})

    page = client.get(ADDRESS).content.decode()

    assert 'value="half@typed"' in page
    assert 'value="/privacy/"' in page


def test_who_is_signed_in_already_goes_straight_on(client):
    sign_in(client)

    assert client.get("/sign-in/?next=/privacy/")["Location"] == "/privacy/"
