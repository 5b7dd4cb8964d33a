"""Local keys are made once, kept private, and never made in production."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.exceptions import ImproperlyConfigured

from consular.decisions import keys


def test_the_local_key_is_made_once(settings: object, tmp_path: Path):
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.p12"

    first = keys.make_local().read_bytes()

    assert keys.make_local().read_bytes() == first
    assert settings.SIGNING_KEY_FILE.stat().st_mode & 0o077 == 0


def test_the_key_is_on_p_256_and_may_not_issue_certificates(tmp_path: Path):
    keys.write(tmp_path / "key.p12", "secret", name="test")

    bundle = pkcs12.load_pkcs12((tmp_path / "key.p12").read_bytes(), b"secret")

    assert isinstance(bundle.key, ec.EllipticCurvePrivateKey)
    assert bundle.key.curve.name == "secp256r1"
    assert [c.certificate.subject == bundle.cert.certificate.issuer for c in bundle.additional_certs] == [
        True
    ]


def test_production_makes_no_keys(settings: object, tmp_path: Path):
    settings.PRODUCTION = True
    settings.SIGNING_KEY_FILE = tmp_path / "signing.p12"

    with pytest.raises(ImproperlyConfigured):
        keys.make_local()
    assert not settings.SIGNING_KEY_FILE.exists()
