"""Keyed hashes meet only for the same value, purpose and key; secrets do not repeat."""

from consular.core import crypto


def test_a_fingerprint_depends_on_value_purpose_and_key(settings):
    first = crypto.fingerprint("G1234567", purpose="booking")
    again = crypto.fingerprint("G1234567", purpose="booking")
    others = {
        crypto.fingerprint("G1234568", purpose="booking"),
        crypto.fingerprint("G1234567", purpose="token"),
    }
    settings.IDENTITY_KEY = "another key"
    others.add(crypto.fingerprint("G1234567", purpose="booking"))

    assert first == again
    assert len(first) == 32
    assert len(others | {first}) == 4


def test_every_secret_is_another_and_stands_in_an_address() -> None:
    secrets = {crypto.token() for _ in range(1000)}

    assert len(secrets) == 1000
    assert all(len(secret) == 27 and secret.replace("-", "").replace("_", "").isalnum() for secret in secrets)
