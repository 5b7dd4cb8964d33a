"""Electronic signatures on letters: PAdES B-T with a time-stamp service, B-B without, certified so that nothing may be
added afterwards.

The key lies behind one small interface, `Signer`: in a PKCS#12 file, or on a PKCS#11 token with its certificates in
a file. It is loaded once per process; a token is opened with the first signature.
"""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from asn1crypto import x509 as asn1  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from consular.core import clock
from consular.decisions import timestamps, token_keys
from consular.decisions.token_keys import Address, TokenKey

log = structlog.get_logger(__name__)

FIELD = "Consular"
_WITH_STAMP = 2 * 12 * 1024
"""Hexadecimal digits kept free for a signature with its time stamp: no trial stamp has to be asked for."""
_NO_CHAIN = "the signing key needs its certificate and the certificate of its authority"


class _Writer(IncrementalPdfFileWriter):
    """Adds a revision that stays PDF/A-3: version 1.7 (ISO 19005-3), and the metadata as it was written.

    The library would rewrite the XMP, and the marks of PDF/A and PDF/UA do not survive that.
    """

    output_version = (1, 7)

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        super().ensure_output_version(min(version, (1, 7)))  # type: ignore[no-untyped-call]

    def _update_meta(self) -> None:
        """Leave the metadata alone."""


class _OnToken(signers.Signer):
    """Asks a token for each signature."""

    def __init__(self, key: TokenKey, certificates: list[x509.Certificate]) -> None:
        own, *others = (asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates)
        super().__init__(signing_cert=own, cert_registry=SimpleCertificateStore.from_certs(others))  # type: ignore[no-untyped-call]
        self.token = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature of `data`; in a dry run as many bytes as one has at most (DER adds to two numbers)."""
        return bytes(self.token.public.key_size // 4 + 16) if dry_run else self.token.sign(data)


@dataclass(frozen=True)
class Signer:
    """A key with its certificate and the authority that issued it."""

    key: signers.Signer
    root: Any

    @property
    def ends_at(self) -> datetime:
        """When the first certificate of the chain ends: after that nothing may be signed."""
        ends: list[datetime] = [one.not_valid_after for one in (self.key.signing_cert, self.root) if one]
        return min(ends)

    @property
    def begins_at(self) -> datetime:
        """Since when all certificates of the chain are valid."""
        begins: list[datetime] = [one.not_valid_before for one in (self.key.signing_cert, self.root) if one]
        return max(begins)

    def require_its_key(self) -> None:
        """Raises TokenError when the key is on a token that cannot be asked for it."""
        if isinstance(self.key, _OnToken):
            self.key.token.require()

    def require_its_days(self) -> None:
        """Raises ValueError before the certificate has begun, and once it has ended."""
        if clock.now() < self.begins_at:
            raise ValueError("the certificate of the signing key has not begun")
        if clock.now() > self.ends_at:
            raise ValueError("the certificate of the signing key has ended")

    def sign(self, pdf: bytes, *, contact: str = "", stamping: timestamps.Service | None = None) -> bytes:
        """The same document with one more revision: the signature over all of it (ETSI EN 319 142-1).

        `contact` is an address at which the signature can be verified (ISO 32000-1, table 252). With a time-stamp
        service the signature says when it was there already (B-T). Raises ValueError outside the certificate's days.
        """
        self.require_its_days()
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            contact_info=contact or None,
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        writer = _Writer(io.BytesIO(pdf))
        signer = signers.PdfSigner(metadata, self.key, timestamper=stamping)
        signed: io.BytesIO = signer.sign_pdf(writer, bytes_reserved=_WITH_STAMP if stamping else None)
        return signed.getvalue()


@dataclass(frozen=True)
class Seal:
    """What the signature of a file says: whether the bytes are those that were signed, and whether by us."""

    intact: bool
    ours: bool

    @property
    def good(self) -> bool:
        """Whether this is a letter of ours, to the last byte."""
        return self.intact and self.ours


NO_SEAL = Seal(intact=False, ours=False)


def sign(pdf: bytes, *, contact: str = "") -> bytes:
    """Sign with the key of this service, with a time stamp where a service for that is configured.

    Raises OSError or ValueError when the key cannot be read, or when there is no time stamp and none may be missing.
    """
    stamping = timestamps.service()
    if stamping is None:
        return current().sign(pdf, contact=contact)
    try:
        return _stamped(pdf, contact, stamping)
    except timestamps.NoTimestamp:
        if settings.TIMESTAMP_REQUIRED:
            raise
    log.warning("timestamp_missing")
    return current().sign(pdf, contact=contact)


def _stamped(pdf: bytes, contact: str, stamping: timestamps.Service) -> bytes:
    """Signed, and the time stamp looked at once more: one for something else would prove nothing."""
    try:
        signed = current().sign(pdf, contact=contact, stamping=stamping)
        status = _status(signed)
    except (TimestampRequestError, SigningError, ValueError, TypeError, KeyError) as error:
        raise timestamps.NoTimestamp(type(error).__name__) from error
    stamp = status.timestamp_validity if status else None
    if stamp is None or not (stamp.intact and stamp.valid):
        raise timestamps.NoTimestamp("the time stamp is not for this signature")
    if abs(stamp.timestamp - clock.now()) > timestamps.APART:
        raise timestamps.NoTimestamp("the time stamp is of another time")
    return signed


def sign_list(content: bytes) -> bytes:
    """A signature beside `content` (CMS, detached, DER), with the key of the letters."""
    signer = current()
    signer.require_its_days()
    signed = asyncio.run(signer.key.async_sign_general_data(content, "sha256", detached=True))
    der: bytes = signed.dump()
    return der


def check(pdf: bytes) -> Seal:
    """What the signature in `pdf` is worth; never raises, whatever the bytes are.

    Good only if exactly one signature covers the whole file and its certificate comes from our own authority.
    """
    try:
        status = _status(pdf)
    except Exception:  # a forged file may break the parser anywhere; whatever it breaks, it is not ours
        return NO_SEAL
    if status is None:
        return NO_SEAL
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and bool(status.docmdp_ok)
    return Seal(intact=bool(status.intact and status.valid and whole), ours=bool(status.trusted))


def _status(pdf: bytes) -> PdfSignatureStatus | None:
    """The library's judgement of the one signature in the file; None when there is not exactly one."""
    signatures = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
    if len(signatures) != 1:
        return None
    trust = ValidationContext(trust_roots=[current().root], allow_fetching=False, revocation_mode="soft-fail")
    return validate_pdf_signature(signatures[0], signer_validation_context=trust)


@cache
def current() -> Signer:
    """The signer of this service; read once per process."""
    return configured()


def configured() -> Signer:
    """The signer as the settings name it: `SIGNING_KEY_FILE`, and `SIGNING_KEY_TOKEN` where the key is on a token."""
    file, secret = Path(settings.SIGNING_KEY_FILE), settings.SIGNING_KEY_PASSWORD
    if settings.SIGNING_KEY_TOKEN:
        return on_token(token_keys.parse(settings.SIGNING_KEY_TOKEN), secret, file)
    return load(file, secret)


def load(file: Path, password: str) -> Signer:
    """A signer from a PKCS#12 file that holds the key, its certificate and the chain up to or below the authority.

    Raises OSError when the file is not there and ValueError when it cannot be opened or has no chain.
    """
    content = file.read_bytes()
    bundle = pkcs12.load_pkcs12(content, password.encode())
    if bundle.cert is None or not bundle.additional_certs:
        raise ValueError(_NO_CHAIN)
    return _signer(
        signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password.encode())
    )


def on_token(address: Address, pin: str, certificates: Path) -> Signer:
    """A signer whose key is on a token; the file (PEM) holds its certificate, then the chain. The token is not opened.

    Raises OSError when the file is not there and ValueError when it cannot be read, or is for no key that could sign.
    """
    chain = x509.load_pem_x509_certificates(certificates.read_bytes())
    public = chain[0].public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise ValueError("the signing key has to be one for ECDSA or RSA")
    return _signer(_OnToken(TokenKey(address, pin, public), chain))


def _signer(key: signers.Signer) -> Signer:
    key.embed_roots = False  # nothing verifies the bytes of an embedded root: they could be changed unseen
    return Signer(key=key, root=_top(key))


def _top(key: signers.Signer) -> Any:
    """The last certificate of the key's chain: that of the authority, or of the highest one below it in the file."""
    issuers = {certificate.subject.hashable: certificate for certificate in key.cert_registry}
    top: Any = key.signing_cert
    while above := issuers.pop(top.issuer.hashable, None):
        top = above
    if top is key.signing_cert:
        raise ValueError(_NO_CHAIN)
    return top
