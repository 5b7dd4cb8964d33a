"""A link by which a booking is moved or cancelled without signing in: signed, for one state of one booking.

It names the booking and its `sequence`. A move and a cancellation count that up, so a link works once and no earlier
link works after it; it ends when the appointment begins. Nothing of it is stored, and nothing in it is about a person.
"""

import base64
import hmac
from dataclasses import dataclass

from consular.appointments.models import Booking
from consular.core import crypto, references

LONGEST = 60
_SIGNATURE = 18  # bytes: 24 characters


@dataclass(frozen=True)
class Link:
    """What a link is for."""

    reference: str
    sequence: int


def issue(booking: Booking) -> str:
    """The token for a booking as it stands now, safe in addresses."""
    return _signed(Link(booking.reference, booking.sequence))


def read(token: str) -> Link | None:
    """What a token of ours is for; None for any other text."""
    parts = token.split(".")
    if len(token) > LONGEST or len(parts) != 3 or not token.isascii() or not parts[1].isdecimal():
        return None
    link = Link(references.tidy(parts[0]) or "", int(parts[1]))
    return link if hmac.compare_digest(token, _signed(link)) else None


def _signed(link: Link) -> str:
    plain = f"{link.reference}.{link.sequence}"
    digest = crypto.fingerprint(plain, purpose="appointments.link")[:_SIGNATURE]
    return f"{plain}.{base64.urlsafe_b64encode(digest).decode()}"
