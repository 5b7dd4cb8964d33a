"""A test authority and a signing key for local work. Real keys come from outside and never through here."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from consular.core import clock

LIFETIME = timedelta(days=3 * 365)
BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
"""Local keys are valid since then, so that days of the past can be played through."""

SEALER = ("DE", "XX")
"""Country and name in the certificate of a local seal."""


def make_local() -> Path:
    """Make the local test authority, a signing key and a key for seals (ECDSA P-256) once; returns the signing key.

    Existing files stay as they are, and so does a key on a token. Refused in production, where a key that made itself
    would prove nothing.
    """
    if settings.PRODUCTION:
        raise ImproperlyConfigured(
            "SIGNING_KEY_FILE and SEAL_KEY_FILE come from your key management. See docs/operating.md."
        )
    file, sealing = Path(settings.SIGNING_KEY_FILE), Path(settings.SEAL_KEY_FILE)
    if not (file.exists() or settings.SIGNING_KEY_TOKEN):
        write(file, settings.SIGNING_KEY_PASSWORD, name="consular local test")
    if not (sealing.exists() or settings.SEAL_KEY_TOKEN):
        write_seal(sealing, settings.SEAL_KEY_PASSWORD)
    return file


def write_seal(file: Path, password: str) -> None:
    """Write a new key for seals to `file`, with a certificate that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    country, sealer = SEALER
    name = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, country), x509.NameAttribute(NameOID.COMMON_NAME, sealer)]
    )
    certificate = _certificate(name, name, key.public_key(), authority=False).sign(key, hashes.SHA256())
    _keep(
        file,
        pkcs12.serialize_key_and_certificates(
            b"seal", key, certificate, None, BestAvailableEncryption(password.encode())
        ),
    )


def write(file: Path, password: str, *, name: str) -> None:
    """Write a new authority's signing key to `file`, readable by its owner alone.

    The authority's own key is forgotten at once, so nobody can issue a second certificate in its name.
    """
    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    authority_name, key_name = _name(f"{name} authority"), _name(f"{name} signing key")
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    authority = _certificate(authority_name, authority_name, authority_key.public_key(), authority=True).sign(
        authority_key, hashes.SHA256()
    )
    certificate = (
        _certificate(key_name, authority_name, key.public_key(), authority=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    content = pkcs12.serialize_key_and_certificates(
        b"signing", key, certificate, [authority], BestAvailableEncryption(password.encode())
    )
    _keep(file, content)


def _keep(file: Path, content: bytes) -> None:
    """Write a key that its owner alone can read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = file.with_suffix(".new")
    partial.touch(mode=0o600)
    partial.write_bytes(content)
    partial.replace(file)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, authority: bool
) -> x509.CertificateBuilder:
    """A certificate for signing documents, or for the authority that signs certificates (RFC 5280)."""
    now = clock.now()
    limits = x509.BasicConstraints(ca=authority, path_length=0 if authority else None)
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(secrets.randbits(63) + 1)
        .not_valid_before(min(now, BEGINS))
        .not_valid_after(now + LIFETIME)
        .add_extension(limits, critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )
