"""Which calendar serves whom, and for how long."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consular.appointments.distribution import Mode
from consular.appointments.models import Calendar
from consular.core.errors import Refused
from consular.core.prepared import first_row
from consular.missions.models import Mission

_OF_SLOT = (
    "SELECT c.lengths::text, c.mode, c.most_people FROM appointments_slot s "
    "JOIN appointments_calendar c ON c.id = s.calendar_id WHERE s.id = %(slot)s"
)


@dataclass(frozen=True)
class OfSlot:
    """What the calendar of a slot says: how many slots its services take, whether one books its times directly, and how
    many people can come together.
    """

    lengths: Mapping[str, int]
    is_direct: bool
    most_people: int

    def slots_each(self, services: Iterable[str]) -> int:
        """How many slots each of those who come together stays: as many as the longest of their services takes."""
        return _longest(self.lengths, services)

    def require_direct(self) -> None:
        """Refused (409) `not_direct` where a mission offers its times to those who wait or were drawn."""
        if not self.is_direct:
            sentence = _(
                "The mission offers these times along a waiting list or by a draw. They cannot be booked directly."
            )
            raise Refused(sentence, code="not_direct", field="slot")

    def require_room_for(self, people: int) -> None:
        """Refused (409) `too_many` where not so many people can come together."""
        if people > self.most_people:
            raise Refused(_("So many people cannot have one appointment."), code="too_many")


def of(mission: Mission, service: str) -> Calendar | None:
    """The mission's calendar for a service, or None when it gives no appointments for it."""
    return (
        Calendar.objects.select_related("mission")
        .filter(mission=mission, services__contains=[service])
        .order_by("pk")
        .first()
    )


def slots_of(calendar: Calendar, service: str) -> int:
    """How many slots that follow one another a person needs for a service."""
    return int(calendar.lengths.get(service, 1))


def longest(calendar: Calendar, services: Iterable[str]) -> int:
    """How many slots each of those who come together stays: as many as the longest of their services takes."""
    return _longest(calendar.lengths, services)


def slots_from(slot_id: int, services: Iterable[str]) -> int:
    """The same in the calendar of a slot; 1 where there is no such slot."""
    return of_slot(slot_id).slots_each(services)


def of_slot(slot_id: int) -> OfSlot:
    """The calendar of a slot; where there is no such slot, one that says nothing."""
    lengths, mode, most = first_row(_OF_SLOT, {"slot": slot_id}) or ("{}", Mode.DIRECT, sys.maxsize)
    return OfSlot(json.loads(lengths), mode == Mode.DIRECT, most)


def _longest(lengths: Mapping[str, int], services: Iterable[str]) -> int:
    return max((int(lengths.get(service, 1)) for service in services), default=1)
