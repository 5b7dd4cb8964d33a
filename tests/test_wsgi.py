"""The entry point takes requests whatever they call their character set."""

import io

import pytest
from django.core.exceptions import TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest

from consular.wsgi import application

pytestmark = pytest.mark.django_db

HARMFUL = ["hex", "zlib", "undefined", "idna"]
HARMLESS = ["utf-8", "utf-7", "utf-16", "latin-1", "nonsense", "x" * 10_000, ""]


def ask(charset):
    """Send a form in UTF-8 and call it something else; returns the status and the page."""
    body, said = "email=ä&next=ä".encode(), []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/verify/",
        "QUERY_STRING": "q=%C3%A4",
        "CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    }
    page = b"".join(application(environ, lambda status, *_: said.append(status)))
    return said[0], page.decode()


@pytest.mark.parametrize("charset", HARMFUL + HARMLESS)
def test_any_character_set_is_answered(charset):
    status, page = ask(charset)

    assert status == "403 Forbidden"  # no CSRF token: the request was read, and refused by us
    assert "<h1" in page


@pytest.mark.parametrize("charset", HARMFUL)
def test_without_our_request_it_would_fail(charset, monkeypatch):
    monkeypatch.setattr(application, "request_class", WSGIRequest)

    with pytest.raises((LookupError, UnicodeError, TooManyFieldsSent)):
        ask(charset)
