"""A cookie may carry anything; it is never answered with a failure."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
COOKIES = [
    'session="abcdefgh\\000ij"',
    "session=" + "a" * 5000,
    "session=" + "z" * 32,
    'session="\\377\\376abcdefgh"',
    'browser="\\000aaaa"; csrf="\\000"; language="\\000"; messages="\\000"',
    "session; =; ;;;",
]


@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/code/", "/desk/", "/desk/sign-in/"])
def test_strange_cookies_are_strangers(client, cookie, path):
    shown = client.get(path, HTTP_COOKIE=cookie)
    sent = client.post(path, {"email": "a@example.org"}, HTTP_COOKIE=cookie)

    assert shown.status_code in {200, 302}
    assert sent.status_code in {200, 302, 405, 422}


def test_without_the_check_a_strange_cookie_would_break_the_page(client, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    client.handler.load_middleware()
    client.raise_request_exception = False

    assert client.get("/sign-in/", HTTP_COOKIE=COOKIES[0]).status_code == 500


def test_nobody_chooses_the_id_of_a_session(client):
    client.cookies["session"] = "z" * 32

    factories.signed_in(client, factories.applicant())

    assert client.cookies["session"].value != "z" * 32
