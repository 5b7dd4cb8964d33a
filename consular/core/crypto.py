"""Keyed hashes and random secrets; keys come from settings and are never stored beside what they protect."""

import hashlib
import hmac
import secrets

from django.conf import settings


def fingerprint(value: str, *, purpose: str) -> bytes:
    """A keyed hash (HMAC-SHA-256, 32 bytes) of `value`: equal values meet, nobody reads them back.

    `purpose` separates uses, so that hashes of one cannot be matched with those of another.
    """
    key = hashlib.sha256(f"{purpose}\0{settings.IDENTITY_KEY}".encode()).digest()
    return hmac.digest(key, value.encode(), "sha256")


def token() -> str:
    """An unguessable secret of 160 bits, safe in URLs."""
    return secrets.token_urlsafe(20)
