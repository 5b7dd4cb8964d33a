"""Signing in without a password: a six-digit code by e-mail, for ten minutes, once, in the browser that asked for it.

Every browser that asks gets a device of its own: a stranger's wrong guesses or new requests never spoil the owner's
code. Known, unknown, disabled and staff addresses go through the same statements and get the same answers.
"""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_email.models import EmailDevice

from consular.accounts import throttle
from consular.accounts.models import Kind, User
from consular.accounts.throttle import HOUR, QUARTER, Limit
from consular.core import clock
from consular.core.errors import Refused

GUESSES = 5
"""Wrong guesses after which a code is void."""

PER_NETWORK = Limit("codes of a network", 60, QUARTER)
PER_ADDRESS_AND_NETWORK = Limit("codes of an address and network", 5, QUARTER)
PER_ADDRESS = Limit("codes of an address", 12, HOUR)
PER_KNOWN_BROWSER = Limit("codes of an address in known browsers", 10, HOUR)
LATER_GUESSES = Limit("later guesses of an account", 10, HOUR)
"""Over all codes of an account, without the first guess on each code: that one stays open to the owner."""

GUESSES_PER_NETWORK = Limit("guesses of a network", 100, QUARTER)

NAME = "sign-in"
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Prepared:
    """A code that waits to be sent: to whom, on which device row it stands, and a key that names this very code."""

    user: User
    device_id: int
    key: str


@dataclass(frozen=True)
class Asking:
    """Who asks: the address as typed, from which network and in which language, in a browser it is known in or not."""

    email: str
    network: str
    language: str
    known_browser: bool = False


def tidy(email: str) -> str:
    """The one form in which an address is kept and counted."""
    return email.strip().lower()


def plain(text: str) -> str:
    """A code as it was meant: without spaces and dashes, digits of any script as 0 to 9."""
    kept = [character for character in text if not character.isspace() and character != "-"]
    return "".join(str(unicodedata.decimal(character, character)) for character in kept)


def account_of(email: str, *, language: str) -> User:
    """The account of an address, made on first use, locked until the end of the caller's transaction."""
    account = User(email=tidy(email), language=language, password=make_password(None))
    User.objects.bulk_create([account], ignore_conflicts=True)
    return User.objects.select_for_update(no_key=True).get(email=account.email)


def request(asking: Asking, device_id: int | None = None) -> Prepared:
    """Make a new code and, on first use, the account; `device_id` is this browser's device when it asks again.

    The caller holds a transaction and promises the mail in it. Refused (429) when there were too many codes or the
    last one is less than a minute old.
    """
    user = account_of(asking.email, language=asking.language)
    EmailDevice.objects.filter(user=user, name=NAME, valid_until__lt=clock.now() - KEPT).delete()
    device = EmailDevice.objects.filter(user=user, name=NAME, pk=device_id or 0).first()
    device = device or EmailDevice(user=user, name=NAME, confirmed=False)
    _renew(device)
    return Prepared(user=user, device_id=device.pk, key=f"sign_in_code:{device.pk}:{_moment(device)}")


def count(asking: Asking) -> None:
    """Count one request for a code, outside the transaction that makes it; Refused (429) when it is one too many."""
    email = tidy(asking.email)
    tries = [(PER_NETWORK, asking.network)]
    if asking.known_browser:
        tries += [(PER_KNOWN_BROWSER, email)]
    else:
        tries += [(PER_ADDRESS_AND_NETWORK, f"{email} {asking.network}"), (PER_ADDRESS, email)]
    throttle.require(tries)


def redeem(device_id: int, code: str, *, network: str) -> User:
    """The applicant whose code this is; the code is spent, also when many try at once. Refused (422) otherwise."""
    throttle.require([(GUESSES_PER_NETWORK, network)])
    with transaction.atomic():
        device = EmailDevice.objects.select_for_update().filter(pk=device_id, name=NAME).first()
        accepted = device is not None and _accepts(device, code)
    if device is None or not accepted:
        raise Refused(
            _("This code is wrong or no longer valid. Check the digits, or ask for a new code."),
            code="wrong_code",
            field="code",
            status=422,
        )
    user: User = device.user
    return user


def welcome(user: User, *, language: str) -> None:
    """Keep the language in which somebody signed in: mails follow it."""
    User.objects.filter(pk=user.pk).update(language=language)


def _accepts(device: EmailDevice, code: str) -> bool:
    """Judge one guess on a locked device; the wrong guess is counted."""
    wrong = device.throttling_failure_count
    spent = wrong >= GUESSES or (wrong > 0 and not throttle.spend(LATER_GUESSES, str(device.user_id)))
    if spent or not _may_sign_in(device.user):
        device.throttle_increment()
        return False
    return bool(device.verify_token(code))


def _renew(device: EmailDevice) -> None:
    """Put a new code on the device; nobody gets one who may not sign in this way, yet the same is done and written."""
    allowed, _reason = device.generate_is_allowed()
    if not allowed:
        raise Refused(
            _("We sent you a code less than a minute ago. Wait a moment before you ask for another one."),
            code="too_often",
            status=429,
        )
    device.throttle_reset(commit=False)
    device.cooldown_set(commit=False)
    device.generate_token(valid_secs=settings.OTP_EMAIL_TOKEN_VALIDITY, commit=False)
    if not _may_sign_in(device.user):
        device.token = None
    device.save()


def _may_sign_in(user: User) -> bool:
    return user.is_active and user.kind == Kind.APPLICANT


def _moment(device: EmailDevice) -> int:
    return int(device.last_generated_timestamp.timestamp() * 1000)
