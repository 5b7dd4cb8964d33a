"""Which calendar serves whom."""

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
