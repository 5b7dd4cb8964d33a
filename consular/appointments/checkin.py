"""The code with which somebody is found at the door: six signs, printed on the confirmation, typed or scanned.

It is made from the reference of the booking with a key, is stored nowhere, and opens nothing: it only finds a line of
the list of one day at one mission. Two bookings of one day may have the same code; then both are shown.
"""

import segno
from django.utils.safestring import SafeString, mark_safe

from consular.core import crypto, references

SIGNS = 5
"""Of 32 each, before the sign that finds typing mistakes."""


def code(reference: str) -> str:
    """The code of a booking, in groups: `7KM2-PX`."""
    for attempt in range(64):
        digest = crypto.fingerprint(f"{reference}\0{attempt}", purpose="appointments.checkin")
        found = references.checked("".join(references.ALPHABET[byte % 32] for byte in digest[:SIGNS]))
        if found is not None:
            return found
    raise ValueError("no code can be made")  # one try in seven fails: sixty-four do not


def drawing(reference: str) -> SafeString:
    """The code as a QR code (ISO/IEC 18004), drawn inline."""
    text = code(reference)
    return mark_safe(segno.make(text, error="m", micro=False).svg_inline(title=text, omitsize=True))  # noqa: S308  ours
