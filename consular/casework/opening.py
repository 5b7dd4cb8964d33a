"""Keeping every calendar open far enough ahead."""

from datetime import timedelta

from consular.appointments.models import Calendar
from consular.casework.appointments import generate_slots
from consular.core import clock

MARGIN = timedelta(days=7)
"""How far beyond the days one can book the slots are written."""


def open_calendars() -> int:
    """Write the missing slots of all calendars; returns how many places are new. One transaction a calendar."""
    new = 0
    for calendar in Calendar.objects.select_related("mission").order_by("pk"):
        until = clock.today(calendar.mission.time_zone) + timedelta(days=calendar.horizon_days) + MARGIN
        new += generate_slots(calendar, until).new_places
    return new
