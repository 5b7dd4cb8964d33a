"""Keeping every calendar open far enough ahead."""

from datetime import timedelta

import structlog

from consular.appointments.models import Calendar
from consular.casework.appointments import generate_slots
from consular.core import clock

log = structlog.get_logger(__name__)

MARGIN = timedelta(days=7)
"""How far beyond the days one can book the slots are written."""


def open_calendars() -> int:
    """Write the missing slots of all calendars; returns how many places are new. One transaction a calendar."""
    new = 0
    for calendar in Calendar.objects.select_related("mission").order_by("pk"):
        until = clock.today(calendar.mission.time_zone) + timedelta(days=calendar.horizon_days) + MARGIN
        try:
            new += generate_slots(calendar, until).new_places
        except Exception:  # one mission's fault must not keep all others closed
            log.exception("calendar_not_opened", calendar=calendar.pk)
    return new
