"""Keys that never leave their token: hardware, a service in the network, or software, behind a PKCS#11 module.

Each process opens the token when it first needs a key of it, and again after an error or a fork (PKCS#11 3.0, section
5.4). One thread at a time asks: a module need not bear two. What a token answers is proven with the certificate
before anybody uses it.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_to_bytes

import pkcs11
import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

log = structlog.get_logger(__name__)

SECONDS = 20.0
"""How long a signature waits for those before it: a token that hangs must not hold all threads."""

PAUSES = (0.1, 0.4)
"""Seconds before the second and the third try: processes that begin at once disturb each other on some tokens."""

_OF_TOKEN, _OF_KEY = {"token", "serial", "manufacturer", "model"}, {"object", "id"}
_PIN = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked, pkcs11.PinExpired)
_LAST_TRY = pkcs11.TokenFlag.USER_PIN_FINAL_TRY | pkcs11.TokenFlag.USER_PIN_LOCKED


class TokenError(OSError):
    """The token has not signed. Nothing is issued; jobs are tried again."""


class TokenAway(TokenError):
    """The module cannot be loaded, the token is not there, or it does not answer."""


class WrongPin(TokenError):
    """The token refuses the PIN."""


class KeyMissing(TokenError):
    """The token does not hold exactly one such key."""


class WrongCertificate(TokenError):
    """The token has signed, but the certificate does not prove it."""


@dataclass(frozen=True)
class Address:
    """Which key on which token, and the module to ask (RFC 7512)."""

    module: str
    token: tuple[tuple[str, str], ...]
    label: str | None
    id: bytes | None


def parse(text: str) -> Address:
    """The address in a PKCS#11 URI. Raises ValueError with what is wrong; never repeats a value."""
    path, _, query = text.removeprefix("pkcs11:").partition("?")
    names, options = _pairs(path, ";"), _pairs(query, "&")
    if not text.startswith("pkcs11:"):
        raise ValueError("an address of a key begins with pkcs11: (RFC 7512)")
    if {"pin-value", "pin-source"} & set(options):
        raise ValueError("the PIN does not stand in the address, but in the file of the password")
    if unknown := (set(names) - _OF_TOKEN - _OF_KEY - {"type"}) | (set(options) - {"module-path"}):
        raise ValueError(f"the address says something that is not understood: {', '.join(sorted(unknown))}")
    if not options.get("module-path", "").startswith("/"):
        raise ValueError("the address names the module with its whole path (?module-path=/...)")
    if not _OF_TOKEN & set(names) or not _OF_KEY & set(names) or names.get("type", "private") != "private":
        raise ValueError("the address names a token (token= or serial=) and a private key (object= or id=)")
    return Address(
        unquote(options["module-path"]),
        tuple((name, unquote(value)) for name, value in sorted(names.items()) if name in _OF_TOKEN),
        unquote(names["object"]) if "object" in names else None,
        unquote_to_bytes(names["id"]) if "id" in names else None,
    )


def _pairs(text: str, between: str) -> dict[str, str]:
    split = (part.partition("=") for part in text.split(between) if part)
    return {name: value for name, _, value in split}


PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True)
class TokenKey:
    """A private key on a token, and the public key of its certificate."""

    address: Address
    pin: str = field(repr=False)
    public: PublicKey

    def sign(self, data: bytes) -> bytes:
        """A signature with SHA-256: ECDSA (DER) or RSA (PKCS#1 v1.5), as the certificate says. Raises TokenError."""
        signature = self._asked(lambda key: _signature(key, self.public, data))
        if not _is_proven(self.public, signature, data):
            raise WrongCertificate("the certificate does not belong to the key on the token")
        return signature

    def require(self) -> None:
        """Look for the key, without signing. Raises TokenError."""
        self._asked(lambda _key: b"")

    def _asked(self, question: Callable[[pkcs11.SignMixin], bytes]) -> bytes:
        """The answer, if need be with everything opened anew."""
        with _here.turn():
            for pause in (*PAUSES, None):
                try:
                    return question(_here.key(self.address, self.pin))
                except WrongPin:
                    raise
                except (pkcs11.PKCS11Error, TokenError) as error:
                    _here.close(self.address.module)
                    if pause is None:
                        raise _said(error) from error
                    log.warning("token_opened_anew", error=type(error).__name__)
                    time.sleep(pause)
        raise AssertionError("unreachable")


def _said(error: pkcs11.PKCS11Error | TokenError) -> TokenError:
    if isinstance(error, TokenError):
        return error
    if isinstance(error, pkcs11.NoSuchKey | pkcs11.MultipleObjectsReturned):
        return KeyMissing("the token does not hold exactly one private key of this name")
    return TokenAway(f"the module or the token does not answer: {type(error).__name__}")


def _signature(key: pkcs11.SignMixin, public: PublicKey, data: bytes) -> bytes:
    """Hashed by us where that is what every token can do."""
    if isinstance(public, rsa.RSAPublicKey):
        return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
    both = bytes(key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA))
    half = len(both) // 2
    return utils.encode_dss_signature(int.from_bytes(both[:half]), int.from_bytes(both[half:]))


def _is_proven(public: PublicKey, signature: bytes, data: bytes) -> bool:
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


class _Sessions:
    """What this process has opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Address, pkcs11.Session] = {}
        self._refused: set[tuple[str, object, str]] = set()
        self._of_parent: set[str] = set()

    def after_fork(self) -> None:
        """A child has none of its parent's sessions, and no thread that could hold its lock."""
        self._lock = threading.Lock()
        self._of_parent |= {address.module for address in self._open}
        self._open.clear()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One at a time. Raises TokenAway when those before it take too long."""
        if not self._lock.acquire(timeout=SECONDS):
            raise TokenAway("the token has not answered others for too long")
        try:
            yield
        finally:
            self._lock.release()

    def key(self, address: Address, pin: str) -> pkcs11.SignMixin:
        """The key, in a session that is there or begins now."""
        if address.module in self._of_parent:
            self.close(address.module)
        if address not in self._open:
            self._open[address] = self._begun(address, pin)
        found = self._open[address].get_key(
            object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=address.label, id=address.id
        )
        if not isinstance(found, pkcs11.SignMixin):
            raise KeyMissing("the key on the token may not sign")
        return found

    def _begun(self, address: Address, pin: str) -> pkcs11.Session:
        """A session that has signed in. A PIN is refused once in a process, and the last try is left to people:
        with it a token locks itself for good.
        """
        if (address.module, address.token, pin) in self._refused:
            raise WrongPin("the token has refused the PIN; it is tried again after the next start")
        token = _token(address)
        signed_in = {(one.module, session.token.slot.slot_id) for one, session in self._open.items()}
        if (address.module, token.slot.slot_id) in signed_in:
            return token.open()  # signing in counts for the whole process
        if token.flags & _LAST_TRY:
            raise WrongPin("the token locks itself with the next wrong PIN: sign in once by hand")
        try:
            return token.open(user_pin=pin)
        except _PIN as error:
            self._refused.add((address.module, address.token, pin))
            self.close(address.module)
            raise WrongPin(f"the token refuses the PIN: {type(error).__name__}") from error

    def close(self, module: str) -> None:
        """Let go of all a module has opened; the next one who asks begins anew."""
        self._of_parent.discard(module)
        self._open = {address: one for address, one in self._open.items() if address.module != module}
        with suppress(pkcs11.PKCS11Error):
            pkcs11.lib(module).finalize()


def _token(address: Address) -> pkcs11.Token:
    tokens = [slot.get_token() for slot in pkcs11.lib(address.module).get_slots(token_present=True)]
    fitting = [token for token in tokens if dict(address.token).items() <= _names(token).items()]
    if len(fitting) != 1:
        raise TokenAway("the module does not show exactly one such token")
    return fitting[0]


def _names(token: pkcs11.Token) -> dict[str, str]:
    serial = token.serial.decode("utf-8", "replace").strip()
    return {
        "token": token.label, "serial": serial, "manufacturer": token.manufacturer_id, "model": token.model,
    }  # fmt: skip


_here = _Sessions()
os.register_at_fork(after_in_child=_here.after_fork)
