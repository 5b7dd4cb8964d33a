"""A link by which times that are kept for somebody are taken or declined without signing in: signed, for one offer.

It names the offer, which ends by its answer or by the clock: so a link acts once, and no longer than the places are
kept. Nothing of it is stored, and nothing in it is about a person.
"""

import base64
import hmac
from dataclasses import dataclass
from enum import StrEnum

from consular.core import crypto

LONGEST = 60
_DIGITS = 18
_SIGNATURE = 18  # bytes: 24 characters


class Of(StrEnum):
    """Where the offer comes from: the waiting list, or the mission that keeps times for one case."""

    PLACE = "place"
    TIMES = "times"


@dataclass(frozen=True)
class Link:
    """What a link is for: the row of the offer."""

    of: Of
    offer: int


def issue(link: Link) -> str:
    """The token for an offer, safe in addresses."""
    plain = f"{link.of}.{link.offer}"
    digest = crypto.fingerprint(plain, purpose="appointments.offer_link")[:_SIGNATURE]
    return f"{plain}.{base64.urlsafe_b64encode(digest).decode()}"


def read(token: str) -> Link | None:
    """What a token of ours is for; None for any other text."""
    parts = token.split(".")
    if len(token) > LONGEST or len(parts) != 3 or not token.isascii() or parts[0] not in set(Of):
        return None
    if not parts[1].isdecimal() or len(parts[1]) > _DIGITS:
        return None
    link = Link(Of(parts[0]), int(parts[1]))
    return link if hmac.compare_digest(token, issue(link)) else None
