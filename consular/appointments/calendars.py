"""Which calendar serves whom, and for how long."""

from collections.abc import Iterable

from consular.appointments.models import Calendar
from consular.missions.models import Mission


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
    return max((slots_of(calendar, service) for service in services), default=1)


def slots_from(slot_id: int, services: Iterable[str]) -> int:
    """The same in the calendar of a slot; 1 where there is no such slot."""
    calendar = Calendar.objects.filter(slots=slot_id).first()
    return longest(calendar, services) if calendar else 1
