"""Who a booking is for, without keeping it: a keyed hash of document number and birth date."""

import unicodedata
from datetime import date

from consular.core import crypto

_READ_AS = str.maketrans("OI", "01")
"""What nobody tells apart in the print of a passport, nor at the door."""


def fingerprint(document_number: str, birth_date: date | str) -> bytes:
    """32 bytes that are equal for the same document and birth date, however the number was typed.

    A full birth date is written `YYYY-MM-DD`.
    """
    return crypto.fingerprint(f"{plain(document_number)}\0{birth_date}", purpose="appointments.identity")


def plain(document_number: str) -> str:
    """The number without what can be typed otherwise: spaces, dashes, width, case, digits of other scripts, O for 0 and
    I for 1.
    """
    text = unicodedata.normalize("NFKC", document_number).upper()
    return "".join(_written(one) for one in text if one.isalnum()).translate(_READ_AS)


def _written(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdecimal() else character
