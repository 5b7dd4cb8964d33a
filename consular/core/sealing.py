"""Sealing bytes that lie in the database: encrypted and bound to their place, with a key that is kept elsewhere."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


class Broken(Exception):
    """The bytes were changed, belong elsewhere, or were sealed with another key."""


def seal(content: bytes, *, purpose: str, about: str) -> bytes:
    """`content` encrypted and authenticated (AES-256-GCM), to be opened for the same `purpose` and `about` only.

    `about` names the place, such as the row: sealed bytes that somebody moves to another one do not open there.
    """
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, content, about.encode())


def unseal(sealed: bytes, *, purpose: str, about: str) -> bytes:
    """What was sealed. Raises Broken when it is not exactly that."""
    try:
        return AESGCM(_key(purpose)).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise Broken from error


def _key(purpose: str) -> bytes:
    return hashlib.sha256(f"seal {purpose}\0{settings.IDENTITY_KEY}".encode()).digest()
