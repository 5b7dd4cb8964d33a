"""Browsers in which an account has signed in before: they have tries of their own.

A stranger who uses up the tries of an address therefore does not keep its owner out. The cookie holds keyed hashes
of accounts, signed, and lets nobody in by itself.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from consular.accounts.models import User
from consular.core import crypto

COOKIE = "__Host-browser" if settings.PRODUCTION else "browser"
SALT = "consular.accounts.browsers"
LIFETIME = 180 * 24 * 3600
MOST = 5
"""How many accounts one browser remembers; the oldest goes first."""


def knows(request: HttpRequest, email: str) -> bool:
    """Whether this address has signed in from this browser before."""
    return _mark(email) in _marks(request)


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Note in the browser that this account has signed in from it."""
    mark = _mark(user.email)
    marks = [mark, *(other for other in _marks(request) if other != mark)][:MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(marks, salt=SALT),
        max_age=LIFETIME,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )


def _mark(email: str) -> str:
    return crypto.fingerprint(email, purpose="browser").hex()[:32]


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return []
    return [mark for mark in marks if isinstance(mark, str)]
