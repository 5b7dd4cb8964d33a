"""Bytes of a visible digital seal: header, message and signature zone (ICAO Doc 9303 part 13, BSI TR-03171).

Pure: no key, no database, no picture. Header and message are what is signed.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

MAGIC, VERSION = 0xDC, 0x03
"""The first byte of every seal, and the version with a certificate reference of any length."""

DOCUMENT = (0x01, 0xC9)
"""Feature definition and category of an administrative document."""

SIGNATURE, SIGNATURE_LENGTH = 0xFF, 64
"""Tag of the signature zone; r and s of ECDSA on P-256 without any wrapping."""

LONGEST = 1556
"""Bytes that the largest DataMatrix can carry."""

_C40 = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALONE = 0xFE


class NoSeal(ValueError):
    """These bytes are no seal of this kind; the text says what is wrong."""


@dataclass(frozen=True)
class Header:
    """Who sealed, with which certificate, a document of which day.

    `country` has three letters (`D<<`); `signer` four: country and name of the certificate's holder.
    """

    country: str
    signer: str
    certificate: str
    issued_on: date
    sealed_on: date


@dataclass(frozen=True)
class Seal:
    """A seal as it was read: nothing is proven before the signature is."""

    header: Header
    fields: Mapping[int, bytes]
    signed: bytes
    signature: bytes


def message(header: Header, fields: Mapping[int, bytes]) -> bytes:
    """Header and message zone: the bytes to sign."""
    reference = f"{len(header.certificate):02X}{header.certificate}"
    head = bytes([MAGIC, VERSION]) + c40(header.country.replace("<", " "))
    head += c40(header.signer + reference) + day(header.issued_on) + day(header.sealed_on) + bytes(DOCUMENT)
    return head + b"".join(bytes([tag]) + _length(len(value)) + value for tag, value in fields.items())


def sealed(signed: bytes, signature: bytes) -> bytes:
    """The whole seal."""
    if len(signature) != SIGNATURE_LENGTH:
        raise ValueError("the signature has not the length of P-256")
    return signed + bytes([SIGNATURE]) + _length(len(signature)) + signature


def parse(content: bytes) -> Seal:
    """Read a seal. Raises NoSeal, whatever the bytes are."""
    try:
        return _parse(content)
    except (IndexError, UnicodeDecodeError, ValueError) as error:
        raise NoSeal(str(error) or "too short") from error


def _parse(content: bytes) -> Seal:
    if len(content) > LONGEST or content[:2] != bytes([MAGIC, VERSION]):
        raise NoSeal("no seal of this version")
    header, at = _header(content)
    fields: dict[int, bytes] = {}
    for tag, value, after in _values(content, at):
        if tag == SIGNATURE and len(value) == SIGNATURE_LENGTH and after == len(content):
            return Seal(header, fields, content[:at], value)
        if tag == SIGNATURE or tag in fields:
            raise NoSeal("a field stands twice, or something is behind the signature")
        fields[tag], at = value, after
    raise NoSeal("not signed")


def _header(content: bytes) -> tuple[Header, int]:
    """The header and the place behind it."""
    signs = 6 + int(un_c40(content[4:8])[4:6], 16)
    at = 4 + _c40_bytes(signs)
    named = un_c40(content[4:at])
    if len(named) != signs or tuple(content[at + 6 : at + 8]) != DOCUMENT:
        raise NoSeal("no seal of a letter")
    days = undated(content[at : at + 3]), undated(content[at + 3 : at + 6])
    return Header(un_c40(content[2:4]).replace(" ", "<"), named[:4], named[6:], *days), at + 8


def _values(content: bytes, at: int) -> Iterator[tuple[int, bytes, int]]:
    """Tag, value and the place behind it, one after the other (DER lengths)."""
    while at < len(content):
        tag, length, at = content[at], content[at + 1], at + 2
        if length >= 0x80:
            size = length - 0x80
            length, at = int.from_bytes(content[at : at + size], "big"), at + size
        if at + length > len(content):
            raise NoSeal("a field is longer than the seal")
        yield tag, content[at : at + length], at + length
        at += length


def _length(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    size = (length.bit_length() + 7) // 8
    return bytes([0x80 + size]) + length.to_bytes(size, "big")


def typed(text: str) -> bytes | None:
    """The bytes of a seal from hexadecimal digits or base64, however they are broken into lines; None for others."""
    tidied = re.sub(r"\s+", "", text)
    if len(tidied) > 2 * LONGEST:
        return None
    try:
        if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", tidied):
            return bytes.fromhex(tidied)
        return base64.b64decode(tidied, validate=True) or None
    except ValueError:
        return None


def day(value: date) -> bytes:
    """A date in three bytes: the number MMDDYYYY."""
    return (value.month * 1_000_000 + value.day * 10_000 + value.year).to_bytes(3, "big")


def undated(content: bytes) -> date:
    """The date in three bytes. Raises ValueError when there is no such day."""
    number = int.from_bytes(content, "big")
    return date(number % 10_000, number // 1_000_000, number // 10_000 % 100)


def c40(text: str) -> bytes:
    """Capital letters, digits and spaces, three in two bytes (ISO/IEC 16022)."""
    out = b""
    for start in range(0, len(text), 3):
        part = text[start : start + 3]
        if len(part) == 1:
            return out + bytes([_ALONE, ord(part) + 1])
        values = [_C40.index(sign) + 3 for sign in part] + [0]
        out += (1600 * values[0] + 40 * values[1] + values[2] + 1).to_bytes(2, "big")
    return out


def un_c40(content: bytes) -> str:
    """The text of such bytes."""
    text = ""
    for start in range(0, len(content), 2):
        first, second = content[start], content[start + 1]
        if first == _ALONE:
            return text + chr(second - 1)
        number = int.from_bytes(content[start : start + 2], "big") - 1
        values = (number // 1600, number // 40 % 40, number % 40)
        text += "".join(_C40[value - 3] for value in values if value >= 3)
    return text


def _c40_bytes(signs: int) -> int:
    """Bytes that so many signs take."""
    return -(-signs // 3) * 2
