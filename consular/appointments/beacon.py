"""Randomness that nobody makes alone: the rounds of drand, a network of independent operators.

A round is the BLS signature of its number by more than half of them (scheme `bls-unchained-g1-rfc9380`: the signature
on G1, the public key on G2, hash to the curve of RFC 9380). Nobody can know it before its time or make another one.
Where the signature comes from does not matter: it is right or it is not. There is no other source, least of all a local
one.
"""

import hashlib
import struct
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pyblst

_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
_GENERATOR = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
"""The generator of G2, compressed."""

_NOWHERE = 0x40
"""The bit that marks the point at infinity, which is no key and no signature."""


class BadRound(Exception):
    """What was given is not the round; says what does not fit."""


@dataclass(frozen=True)
class Chain:
    """One chain of rounds: its name, its public key, when it began, and how many seconds a round takes."""

    name: str
    hash: str
    public_key: str
    group_hash: str
    genesis: int
    period: int

    def computed_hash(self) -> str:
        """The hash that all values together have; it is the name under which the network knows the chain."""
        numbers = struct.pack(">Iq", self.period, self.genesis)
        keys = bytes.fromhex(self.public_key) + bytes.fromhex(self.group_hash)
        return hashlib.sha256(numbers + keys + self.name.encode()).hexdigest()

    def at(self, number: int) -> datetime:
        """When a round is made; the first one at the beginning."""
        return datetime.fromtimestamp(self.genesis + (number - 1) * self.period, UTC)

    def first_after(self, moment: datetime) -> int:
        """The number of the first round that is made after a moment."""
        return max(1, int((moment.timestamp() - self.genesis) // self.period) + 2)


@cache
def chains() -> dict[str, Chain]:
    """The chains we know, by name."""
    data = tomllib.loads(Path(__file__).with_name("chains.toml").read_text(encoding="utf-8"))
    return {name: Chain(name, **values) for name, values in data.items()}


def randomness(chain: Chain, number: int, signature: str) -> bytes:
    """The 32 random bytes of a round, after its signature was checked. Raises BadRound."""
    if chain.computed_hash() != chain.hash:
        raise BadRound("the values of the chain do not have its hash")
    key, given = _bytes(chain.public_key, 96, "public key"), _bytes(signature, 48, "signature")
    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    try:
        signed = pyblst.BlstP1Element().uncompress(given)
        public, generator = (pyblst.BlstP2Element().uncompress(point) for point in (key, _GENERATOR))
    except ValueError:
        raise BadRound("signature or public key is no point of its curve") from None
    hashed = pyblst.BlstP1Element.hash_to_group(message, _DOMAIN)
    if not pyblst.final_verify(pyblst.miller_loop(signed, generator), pyblst.miller_loop(hashed, public)):
        raise BadRound("the signature is not that of this round of this chain")
    return hashlib.sha256(given).digest()


def _bytes(text: str, length: int, what: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != length or text != found.hex() or found[0] & _NOWHERE:
        raise BadRound(f"the {what} is not {length} bytes as hexadecimal digits, or nowhere on the curve")
    return found
