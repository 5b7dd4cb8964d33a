"""What the model of all verbs knows of bookings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from consular.appointments.models import Booking, Slot
from consular.core.errors import Refused


@dataclass(frozen=True)
class Seat:
    """One person on one place; `until` is when it stops counting by itself. Who stays has a seat in each slot."""

    person: int
    slot: int
    until: datetime


@dataclass(frozen=True)
class Known:
    """What the model knows of a booking for one person, or for two who come together."""

    reference: str
    seats: tuple[Seat, ...]
    is_confirmed: bool = False
    moves: int = 0
    is_cancelled: bool = False
    is_offer: bool = False

    @property
    def people(self) -> int:
        return len({seat.person for seat in self.seats})

    @property
    def slots_each(self) -> int:
        return len(self.seats) // self.people

    def sitting(self, now: datetime) -> list[Seat]:
        return [seat for seat in self.seats if not self.is_cancelled and seat.until > now]


def seats_of(
    slots: Sequence[Slot], people: Sequence[int], places: Sequence[int], until: datetime | None = None
) -> tuple[Seat, ...]:
    """These people on those places, until the last of them ends, if nothing else is said."""
    each = len(places) // len(people)
    ends = [slots[places[n - n % each + each - 1]].ends_at for n in range(len(places))]
    return tuple(Seat(people[n // each], place, until or ends[n]) for n, place in enumerate(places))


def tried(now: datetime, verb: object, *arguments: object, **named: object) -> list[Booking]:
    """What the product says: bookings, or none when it refuses."""
    try:
        with transaction.atomic():
            done = verb(*arguments, now=now, **named)
    except Refused:
        return []
    return done if isinstance(done, list) else [done]
