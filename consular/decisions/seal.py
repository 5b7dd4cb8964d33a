"""The visible digital seal of a letter: who wrote it, when, to whom, and the hash of its facts, signed with a key of
its own. It is proven with the certificate alone, without a connection (docs/decisions/0020-seal.md).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from consular.core import clock
from consular.decisions import seal_code, token_keys
from consular.decisions.letter import Letter
from consular.decisions.seal_code import Header, NoSeal
from consular.decisions.token_keys import Address, TokenKey

STATE = "D<<"
"""The state in whose name all letters are written, as travel documents name it."""

PROFILE = UUID("6f1d7c1e-3c53-4f0e-9a55-5b9f2d0c8e41")
"""Says that the fields mean what is written here."""

OF_PROFILE, VALID_FROM, STATUS, KIND, NUMBER, MISSION, NAME, FACTS = (
    0x00,
    0x01,
    0x05,
    0x0A,
    0x0B,
    0x0C,
    0x0D,
    0x0E,
)
LONGEST_NAME = 60
"""Signs of the name that fit; the letter itself has all of it."""

_HALF = 32
_WRONG_CURVE = "the key of the seal has to be on the curve P-256"


@dataclass(frozen=True)
class Key:
    """The key of the seal, in a file or on a token, with its certificate."""

    private: ec.EllipticCurvePrivateKey | TokenKey
    certificate: x509.Certificate

    def sign(self, data: bytes) -> bytes:
        """The signature of `data` (ECDSA with SHA-256, in DER). Raises TokenError."""
        if isinstance(self.private, TokenKey):
            return self.private.sign(data)
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))

    def require(self) -> None:
        """Raises TokenError when the key is on a token that cannot be asked for it."""
        if isinstance(self.private, TokenKey):
            self.private.require()


@dataclass(frozen=True)
class Facts:
    """What a proven seal says; `facts` is the SHA-256 of the letter's facts, in hexadecimal digits."""

    issuer: str
    signer: str
    certificate: str
    issued_on: date
    sealed_on: date
    kind: str
    number: str
    mission: str
    applicant: str
    verify_address: str
    facts: str


class NotProven(ValueError):
    """This seal proves nothing.

    `reason` is `not_a_seal`, `unknown_certificate`, `not_signed_by_it` or `out_of_date`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def put_on(letter: Letter, *, mission: str, on: date) -> Letter:
    """The letter with its seal. Raises OSError or ValueError when the key cannot be read or used."""
    key = current()
    today = clock.today()
    if today > key.certificate.not_valid_after_utc.date():
        raise ValueError("the certificate of the seal has ended")
    if today < key.certificate.not_valid_before_utc.date():
        raise ValueError("the certificate of the seal has not begun")
    header = Header(STATE, signer(key.certificate), reference(key.certificate), on, today)
    values: dict[int, str | bytes] = {
        OF_PROFILE: PROFILE.bytes,
        VALID_FROM: on.strftime("%Y%m%d"),
        STATUS: letter.verify_address,
        KIND: letter.name or letter.kind,
        NUMBER: letter.number,
        MISSION: mission,
        NAME: letter.applicant[:LONGEST_NAME],
        FACTS: hashlib.sha256(letter.facts()).digest(),
    }
    fields = {tag: value.encode() if isinstance(value, str) else value for tag, value in values.items()}
    signed = seal_code.message(header, fields)
    r, s = utils.decode_dss_signature(key.sign(signed))
    return replace(letter, seal=seal_code.sealed(signed, r.to_bytes(_HALF) + s.to_bytes(_HALF)).hex())


def prove(content: bytes, certificates: Iterable[x509.Certificate]) -> Facts:
    """What a seal says, if one of these certificates proves it. Raises NotProven, whatever the bytes are."""
    try:
        seal = seal_code.parse(content)
        facts = _facts(seal)
    except (NoSeal, KeyError, UnicodeDecodeError) as error:
        raise NotProven("not_a_seal") from error
    named = [one for one in certificates if _names(one) == (seal.header.signer, seal.header.certificate)]
    if not named:
        raise NotProven("unknown_certificate")
    for certificate in named:
        if _is_signed_by(certificate, seal):
            _require_its_days(certificate, seal.header.sealed_on)
            return facts
    raise NotProven("not_signed_by_it")


def _facts(seal: seal_code.Seal) -> Facts:
    text = {tag: value.decode() for tag, value in seal.fields.items() if tag not in {OF_PROFILE, FACTS}}
    if seal.fields[OF_PROFILE] != PROFILE.bytes:
        raise NoSeal("not of our profile")
    return Facts(
        issuer=seal.header.country,
        signer=seal.header.signer,
        certificate=seal.header.certificate,
        issued_on=seal.header.issued_on,
        sealed_on=seal.header.sealed_on,
        kind=text[KIND],
        number=text[NUMBER],
        mission=text[MISSION],
        applicant=text[NAME],
        verify_address=text[STATUS],
        facts=seal.fields[FACTS].hex(),
    )


def _is_signed_by(certificate: x509.Certificate, seal: seal_code.Seal) -> bool:
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    halves = (int.from_bytes(part) for part in (seal.signature[:_HALF], seal.signature[_HALF:]))
    try:
        key.verify(utils.encode_dss_signature(*halves), seal.signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _require_its_days(certificate: x509.Certificate, sealed_on: date) -> None:
    first, last = certificate.not_valid_before_utc.date(), certificate.not_valid_after_utc.date()
    if not first <= sealed_on <= last:
        raise NotProven("out_of_date")


def _names(certificate: x509.Certificate) -> tuple[str, str]:
    return signer(certificate), reference(certificate)


def signer(certificate: x509.Certificate) -> str:
    """Four letters: country and common name of the certificate's holder (Doc 9303 part 13)."""
    said = [_said(certificate, kind) for kind in (NameOID.COUNTRY_NAME, NameOID.COMMON_NAME)]
    if [len(part) for part in said] != [2, 2] or not "".join(said).isascii() or not "".join(said).isalnum():
        raise ValueError("the certificate of the seal names its country and two letters as common name")
    return "".join(said).upper()


def _said(certificate: x509.Certificate, kind: x509.ObjectIdentifier) -> str:
    return next((str(one.value) for one in certificate.subject.get_attributes_for_oid(kind)), "")


def reference(certificate: x509.Certificate) -> str:
    """The number of the certificate in hexadecimal digits."""
    return f"{certificate.serial_number:X}"


def own_certificates() -> tuple[x509.Certificate, ...]:
    """The certificate in use and those of earlier keys (`SEAL_CERTIFICATES`)."""
    return (current().certificate, *read_certificates(settings.SEAL_CERTIFICATES.encode()))


def read_certificates(content: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a list in PEM that a seal may name. Raises ValueError when it cannot be read."""
    listed = x509.load_pem_x509_certificates(content) if content.strip() else []
    for certificate in listed:
        signer(certificate)
    return tuple(listed)


@cache
def current() -> Key:
    """The key of the seal; read once per process."""
    return configured()


def configured() -> Key:
    """The key as the settings name it: `SEAL_KEY_FILE`, and `SEAL_KEY_TOKEN` where the key is on a token."""
    file, secret = Path(settings.SEAL_KEY_FILE), settings.SEAL_KEY_PASSWORD
    if settings.SEAL_KEY_TOKEN:
        return on_token(token_keys.parse(settings.SEAL_KEY_TOKEN), secret, file)
    return load(file, secret)


def load(file: Path, password: str) -> Key:
    """The key in a PKCS#12 file. Raises OSError, or ValueError when it is not a key on P-256 with its certificate."""
    key, certificate, _chain = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode())
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(_WRONG_CURVE)
    if certificate is None:
        raise ValueError("the key of the seal needs its certificate")
    return _fitting(Key(key, certificate))


def on_token(address: Address, pin: str, file: Path) -> Key:
    """A key on a token, with its certificate in a file (PEM). The token is not opened. Raises OSError or ValueError."""
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ValueError(_WRONG_CURVE)
    return _fitting(Key(TokenKey(address, pin, public), certificate))


def _fitting(key: Key) -> Key:
    public = key.certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise ValueError(_WRONG_CURVE)
    signer(key.certificate)
    return key
