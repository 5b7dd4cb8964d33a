"""What letters need to know of other parts of the service; who calls fetches it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from consular.missions.models import Mission


@dataclass(frozen=True)
class Booked:
    """An appointment that is confirmed, at the mission of the case unless another is named; `papers` are English
    messages. Without `ends_at` nothing is said of how long it takes.
    """

    reference: str
    starts_at: datetime
    papers: tuple[str, ...]
    mission: Mission | None = None
    ends_at: datetime | None = None


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


@dataclass(frozen=True)
class Listed:
    """A place on a waiting list, or a registration for a draw at `draw_at`; offers stand for `offer_hours`."""

    since: datetime
    people: int
    offer_hours: int
    ticket: str = ""
    draw_at: datetime | None = None


@dataclass(frozen=True)
class Drawn:
    """What came of a draw for one registration: drawn when `turn` is at most `winners`."""

    draw: int
    ticket: str
    drawn_at: datetime
    turn: int
    winners: int


Facts = Booked | Paid | Listed | Drawn
