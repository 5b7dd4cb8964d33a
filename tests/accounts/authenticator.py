"""An authenticator in software (WebAuthn level 2): makes one passkey and signs with it."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """One device of one person. `origin` is the page it believes to be on; `verifies` whether it checks the person."""

    def __init__(self, origin: str = "http://localhost:8000", *, verifies: bool = True) -> None:
        self.origin = origin
        self.flags = USER_PRESENT | (USER_VERIFIED if verifies else 0)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.count = 0

    def create(self, options: str) -> str:
        """Answer creation options with a new passkey, without attestation."""
        wanted = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(wanted["rp"]["id"], HAS_CREDENTIAL) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", wanted, {"attestationObject": _text(attestation)})

    def get(self, options: str) -> str:
        """Answer request options with a signature."""
        wanted = json.loads(options)
        data = self._data(wanted["rpId"])
        client = self._client("webauthn.get", wanted)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"authenticatorData": _text(data), "signature": _text(signature)}
        return self._answer("webauthn.get", wanted, response)

    def _data(self, domain: str, flags: int = 0) -> bytes:
        self.count += 1
        return hashlib.sha256(domain.encode()).digest() + struct.pack(">BI", self.flags | flags, self.count)

    def _client(self, kind: str, wanted: dict) -> bytes:
        return json.dumps({"type": kind, "challenge": wanted["challenge"], "origin": self.origin}).encode()

    def _answer(self, kind: str, wanted: dict, response: dict) -> str:
        response["clientDataJSON"] = _text(self._client(kind, wanted))
        return json.dumps(
            {
                "id": _text(self.id),
                "rawId": _text(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
