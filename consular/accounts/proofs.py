"""Proof of work: what costs a browser a second and a bot with a thousand accounts its afternoon (APT-05).

The fields are those of ALTCHA's first version, so its solvers know them: the browser looks for the number whose SHA-256
with the salt is the challenge. The signature also covers the salt, the action and the browser: nothing can be moved to
another challenge, another button or another person. Nothing is stored until a proof is used, and then only a count.

Whoever has no JavaScript waits instead: a challenge that is a minute old is taken without its number, so often in a
network.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from consular.accounts import throttle
from consular.accounts.throttle import QUARTER, Limit
from consular.core import clock, crypto
from consular.core.errors import Refused

LASTS = timedelta(minutes=10)
WAIT = timedelta(minutes=1)
"""After this time a challenge is taken without its number."""

WORK = 60_000
"""The number lies below: on average half as many hashes, about a second in a browser."""

LONGEST = 1_000
"""More characters than a proof ever has."""

ONCE = Limit("proofs of work", 1, LASTS)
WAITS = Limit("waits instead of proofs of a network", 20, QUARTER)


@dataclass(frozen=True)
class Bound:
    """What a proof is good for: one kind of act, in one browser, which is named by a secret of its own."""

    action: str
    browser: str


def challenge(bound: Bound, *, work: int = WORK) -> str:
    """A new challenge, as the field of a form carries it: JSON in base64, still without its number."""
    until = int((clock.now() + LASTS).timestamp())
    salt = f"{secrets.token_hex(12)}?expires={until}&"
    wanted = _hash(salt, secrets.randbelow(work))
    asked = {"algorithm": "SHA-256", "challenge": wanted, "maxnumber": work, "salt": salt}
    return _packed({**asked, "signature": _signature(salt, wanted, bound)})


def solve(text: str) -> str:
    """The same with its number, found by trying: what the browser's script does."""
    asked = json.loads(base64.b64decode(text))
    numbers = range(asked["maxnumber"])
    found = next(number for number in numbers if _hash(asked["salt"], number) == asked["challenge"])
    return _packed({**asked, "number": found})


def require(text: str, bound: Bound, *, network: str) -> None:
    """Use up one proof, or one wait. Refused (422) `no_proof` when it is none, too old, another one's, or was used."""
    given = _unpacked(text)
    now = clock.now()
    until = _until(given, bound)
    if until is None or until <= now or until > now + LASTS or not _is_done(given, until - LASTS, now):
        raise _refused()
    if not throttle.spend(ONCE, str(given["salt"])):
        raise _refused()
    if "number" not in given:
        throttle.require([(WAITS, network)])


def _until(given: dict[str, object], bound: Bound) -> datetime | None:
    """When a challenge of ours ends; None for anything that we have not signed for this."""
    salt, wanted, signature = (given.get(name) for name in ("salt", "challenge", "signature"))
    if not (isinstance(salt, str) and isinstance(wanted, str) and isinstance(signature, str)):
        return None
    if not (signature.isascii() and hmac.compare_digest(_signature(salt, wanted, bound), signature)):
        return None
    return datetime.fromtimestamp(int(salt.partition("expires=")[2].rstrip("&")), tz=clock.now().tzinfo)


def _is_done(given: dict[str, object], made: datetime, now: datetime) -> bool:
    if "number" not in given:
        return now >= made + WAIT
    number = given["number"]
    return type(number) is int and _hash(str(given["salt"]), number) == given["challenge"]


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(salt: str, wanted: str, bound: Bound) -> str:
    signed = json.dumps([salt, wanted, bound.action, bound.browser])
    return crypto.fingerprint(signed, purpose="proof of work").hex()


def _packed(fields: dict[str, object]) -> str:
    return base64.b64encode(json.dumps(fields).encode()).decode()


def _unpacked(text: str) -> dict[str, object]:
    """What a field carries; nothing for what cannot be read."""
    if len(text) > LONGEST:
        return {}
    try:
        given = json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _refused() -> Refused:
    sentence = _(
        "Very many requests come from your account or your network at the moment. Press the button once more. If your "
        "browser runs no scripts, wait for a minute first."
    )
    return Refused(sentence, code="no_proof", status=422)
