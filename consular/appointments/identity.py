"""Who a booking is for, without keeping it: a keyed hash of document number and birth date."""

import unicodedata
from datetime import date

from consular.core import crypto


def fingerprint(document_number: str, birth_date: date | str) -> bytes:
    """32 bytes that are equal for the same document and birth date, however the number was typed.

    Spaces, dashes, width and case of letters do not count; a full birth date is written `YYYY-MM-DD`.
    """
    plain = unicodedata.normalize("NFKC", document_number).upper()
    number = "".join(character for character in plain if character.isalnum())
    return crypto.fingerprint(f"{number}\0{birth_date}", purpose="appointments.identity")
