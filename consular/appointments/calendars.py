"""Which calendar serves whom, and for how long."""

import json
from collections.abc import Iterable, Mapping

from consular.appointments.models import Calendar
from consular.core.prepared import first_row
from consular.missions.models import Mission

_LENGTHS = (
    "SELECT c.lengths::text FROM appointments_slot s JOIN appointments_calendar c ON c.id = s.calendar_id "
    "WHERE s.id = %(slot)s"
)


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
    found = first_row(_LENGTHS, {"slot": slot_id})
    return _longest(json.loads(found[0]), services) if found else 1


def _longest(lengths: Mapping[str, int], services: Iterable[str]) -> int:
    return max((int(lengths.get(service, 1)) for service in services), default=1)
