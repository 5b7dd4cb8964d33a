"""Passkeys (WebAuthn) as second factor of staff; the device must check finger, face or PIN (user verification).

The page carries the options, a small script asks the device, and an ordinary form brings the answer back.
"""

import json
from datetime import timedelta
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

from consular.accounts import factors, throttle
from consular.accounts.models import User
from consular.accounts.throttle import Limit
from consular.core.errors import Refused

ONCE = Limit("passkey challenges", 1, timedelta(hours=1))
LONGEST = 20_000
"""Characters of an answer; real ones have one or two thousand."""

BROKEN = (
    OTPWebAuthnApiError, WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError,
    DataError, IntegrityError,
)  # fmt: skip
"""What an answer that no device of ours gave makes the libraries raise; two accounts cannot share a passkey."""


class Helper(WebAuthnHelper):  # type: ignore[misc]
    """The library's helper, asking for user verification always and naming people as the desk does."""

    def get_generate_registration_options_kwargs(self, *, user: User) -> dict[str, Any]:
        options: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        options["authenticator_selection"] = AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED,
            resident_key=self.get_discoverable_credentials_preference(),
        )
        return options

    def get_credential_display_name(self, user: User) -> str:
        return user.name or user.email


def creation_options(request: HttpRequest, user: User) -> str:
    """What a browser needs to make a passkey, as JSON; its challenge waits in the session."""
    options, state = Helper(request).register_begin(user)
    request.session["passkey_creation"] = state
    return json.dumps(options)


def enrol(request: HttpRequest, user: User, answer: str, name: str) -> WebAuthnCredential:
    """Take the passkey that a browser made into use. Refused (422) when the answer does not fit."""
    state = _take(request, "passkey_creation")
    try:
        with transaction.atomic():
            credential = Helper(request).register_complete(user, state, _parsed(answer))
            credential.name = name
            credential.save(update_fields=["name"])
            factors.changed(user)
    except BROKEN as problem:
        raise _not_accepted() from problem
    return credential


def request_options(request: HttpRequest, user: User) -> str:
    """What a browser needs to use a passkey of `user`, as JSON; its challenge waits in the session."""
    options, state = Helper(request).authenticate_begin(user, require_user_verification=True)
    request.session["passkey_request"] = state
    return json.dumps(options)


def verify(request: HttpRequest, user: User, answer: str) -> WebAuthnCredential:
    """The passkey whose signature this is; each challenge is answered once. Refused (422, 429) otherwise."""
    tries = [(factors.PER_PERSON, str(user.pk))]
    throttle.require(tries)
    state = _take(request, "passkey_request")
    try:
        with transaction.atomic():
            list(WebAuthnCredential.objects.select_for_update().filter(user=user))
            credential = Helper(request).authenticate_complete(user, state, _parsed(answer))
    except BROKEN as problem:
        raise _not_accepted() from problem
    if not credential.confirmed:
        raise _not_accepted()
    throttle.give_back(tries)
    return credential


def _take(request: HttpRequest, name: str) -> dict[str, Any]:
    """The waiting challenge, once: of two parallel requests with one challenge the second gets nothing."""
    state: dict[str, Any] | None = request.session.pop(name, None)
    if state is None or not throttle.spend(ONCE, state["challenge"]):
        raise _not_accepted()
    return state


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise ValueError("too long")
    parsed = json.loads(answer)
    if not isinstance(parsed, dict):
        raise TypeError("not an object")
    return parsed


def _not_accepted() -> Refused:
    return Refused(
        _("The passkey was not accepted. Try again, or use another factor."), code="wrong_passkey", status=422
    )
