"""`Authorization: Bearer <key>`: partners' systems act as the account their key belongs to."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from consular.accounts import tokens
from consular.accounts.models import User


class Bearer(BaseAuthentication):
    """Finds the account of a key; a wrong, old or revoked key is refused with one and the same answer.

    Cookies prove nothing here, so that no page of another site can act for somebody who is signed in.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        user = tokens.owner_of(key.decode("latin-1"))
        if user is None:
            raise AuthenticationFailed
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="consular"'


class BearerInSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = Bearer
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
