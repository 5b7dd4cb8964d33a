"""`Authorization: Bearer <key>`: partners' systems act as the account their key belongs to."""

from datetime import date

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from consular.accounts.models import User
from consular.api.models import Token
from consular.core import clock, crypto


class Bearer(BaseAuthentication):
    """Finds the account of a key; a wrong, old or revoked key is refused with one and the same answer."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = Token.objects.select_related("user").filter(digest=digest(key.decode("latin-1"))).first()
        if token is None or token.revoked_at or token.expires_on < clock.today() or not token.user.is_active:
            raise AuthenticationFailed
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def digest(key: str) -> bytes:
    """What is stored of a key."""
    return crypto.fingerprint(key, purpose="api token")


def create(user: User, *, name: str, expires_on: date) -> str:
    """Make a key for an account and return it; it cannot be read again."""
    key = crypto.token()
    Token.objects.create(
        name=name, user=user, digest=digest(key), created_at=clock.now(), expires_on=expires_on
    )
    return key
