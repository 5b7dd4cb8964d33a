"""Second factors of staff: authenticator app (TOTP), passkeys, recovery codes."""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from consular.accounts import throttle
from consular.accounts.models import User
from consular.accounts.throttle import HOUR, Limit
from consular.core import crypto, references
from consular.core.errors import Refused

APP_DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 12
"""Characters of a recovery code, five bits each."""

PER_PERSON = Limit("second factors of a person", 10, HOUR)
STRONG: dict[str, Any] = {"totp": TOTPDevice, "passkey": WebAuthnCredential}
READ_AS = str.maketrans("ILO", "110")
KINDS = {"totp": _("Authenticator app"), "passkey": _("Passkey"), "recovery": _("Recovery codes")}


@dataclass(frozen=True)
class Factor:
    """One factor as its owner sees it; `left` counts unused recovery codes."""

    kind: str
    id: int
    name: str
    created_at: datetime | None
    last_used_at: datetime | None
    left: int | None = None

    @property
    def title(self) -> str:
        """What sort of factor it is."""
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs: a picture to scan, or the same as text to type."""

    picture: str
    secret: str


def factors_of(user: User) -> tuple[Factor, ...]:
    """All confirmed factors, strong ones first."""
    found = [
        Factor(kind, device.pk, device.name, device.created_at, device.last_used_at)
        for kind, model in STRONG.items()
        for device in model.objects.filter(user=user, confirmed=True).order_by("pk")
    ]
    for device in StaticDevice.objects.filter(user=user, confirmed=True):
        left = device.token_set.count()
        found.append(Factor("recovery", device.pk, "", device.created_at, device.last_used_at, left))
    return tuple(found)


def has_strong(user: User) -> bool:
    """Whether the person has an authenticator app or a passkey: without one only enrolment is open."""
    return any(model.objects.filter(user=user, confirmed=True).exists() for model in STRONG.values())


def has(user: User, kind: str) -> bool:
    """Whether the person has a confirmed factor of this kind."""
    return bool(STRONG[kind].objects.filter(user=user, confirmed=True).exists())


@transaction.atomic
def begin_app(user: User) -> None:
    """Make a new secret for an authenticator app; it counts only when a first code has confirmed it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def app_enrolment(user: User) -> Enrolment | None:
    """The secret that waits to be confirmed, if there is one."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    if device is None:
        return None
    picture = segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, light="white")
    text = b32encode(device.bin_key).decode().rstrip("=")
    return Enrolment(picture=picture, secret=" ".join(text[i : i + 4] for i in range(0, len(text), 4)))


def confirm_app(user: User, code: str) -> Device:
    """Take the new authenticator app into use with its first code; it replaces the old one. Refused (422)."""
    throttle.require([(PER_PERSON, str(user.pk))])
    with transaction.atomic():
        waiting = TOTPDevice.objects.filter(user=user, confirmed=False).first()
        device = verify_token(user, waiting.persistent_id, code) if waiting else None
        if device is not None:
            TOTPDevice.objects.filter(user=user, confirmed=True).delete()
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            changed(user)
    if device is None:
        raise _wrong()
    return device


def verify(user: User, code: str) -> Device:
    """The factor that this code proves: of the app, or a recovery code; each works once. Refused (422, 429)."""
    tries = [(PER_PERSON, str(user.pk))]
    throttle.require(tries)
    of_app = len(code) == APP_DIGITS and code.isascii() and code.isdigit()
    model = TOTPDevice if of_app else StaticDevice
    token = code if of_app else _kept_as(user, code)
    for device in model.objects.filter(user=user, confirmed=True):
        verified = verify_token(user, device.persistent_id, token)
        if verified is not None:
            throttle.give_back(tries)
            return verified
    raise _wrong()


@transaction.atomic
def new_recovery_codes(user: User) -> tuple[str, ...]:
    """Ten new recovery codes, shown once; the old ones are void. Only keyed hashes are kept."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    device, _made = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery"})
    device.token_set.all().delete()
    plain = [_random_code() for _number in range(RECOVERY_CODES)]
    for code in plain:
        device.token_set.create(token=_kept_as(user, code))
    changed(user)
    return tuple(
        "-".join(code[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4)) for code in plain
    )


@transaction.atomic
def remove(user: User, kind: str, factor_id: int) -> None:
    """Take a factor out of use; the last strong one stays. Refused (404, 409)."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    strong = [factor for factor in factors_of(user) if factor.kind in STRONG]
    doomed = next((factor for factor in strong if (factor.kind, factor.id) == (kind, factor_id)), None)
    if doomed is None:
        raise Refused(_("There is no such factor."), code="not_found", status=404)
    if len(strong) == 1:
        raise Refused(
            _("This is your last second factor. Add another one before you remove it."), code="last"
        )
    STRONG[kind].objects.filter(user=user, pk=factor_id).delete()
    changed(user)


def changed(user: User) -> None:
    """End all other sessions of the account: what proves who it is has changed."""
    User.objects.filter(pk=user.pk).update(credentials_version=F("credentials_version") + 1)
    user.refresh_from_db(fields=["credentials_version"])


def _random_code() -> str:
    return "".join(secrets.choice(references.ALPHABET) for _position in range(RECOVERY_LENGTH))


def _kept_as(user: User, code: str) -> str:
    """What the database holds instead of a recovery code: 80 bits of a keyed hash."""
    plain = "".join(
        character for character in code.upper().translate(READ_AS) if character in references.ALPHABET
    )
    mark = crypto.fingerprint(f"{user.pk} {plain}", purpose="recovery code")
    return b32encode(mark).decode()[:16]


def _wrong() -> Refused:
    return Refused(
        _("This code is wrong, was used before or is no longer valid. Wait for the next one and try again."),
        code="wrong_code",
        field="code",
        status=422,
    )
