"""What letters need to know of other parts of the service, as plain values; who calls fetches it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Booked:
    """An appointment that is confirmed; `papers` are English messages."""

    reference: str
    starts_at: datetime
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Paid:
    """A fee that was taken or waived on a day; the local parts are None where it was due in the money of the place.

    `basis` is the source in law, an English message.
    """

    on: date
    amount: Decimal
    currency: str
    basis: str
    is_waived: bool
    local_amount: Decimal | None = None
    local_currency: str = ""
    per_euro: Decimal | None = None
    rate_of: date | None = None


Facts = Booked | Paid
