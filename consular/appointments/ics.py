"""An appointment as a calendar file (RFC 5545, RFC 5546): it can be added, updated and taken away again."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, Timezone, TimezoneStandard


@dataclass(frozen=True)
class Entry:
    """What the file says. `uid` and `sequence` let a calendar program replace an earlier version of the entry."""

    uid: str
    sequence: int
    summary: str
    description: str
    location: str
    url: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    cancelled: bool


def calendar_file(entry: Entry) -> bytes:
    """The bytes of the file; a cancelled appointment gives one that takes the entry away (METHOD:CANCEL)."""
    zone = ZoneInfo(entry.time_zone)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.url)
    event.add("organizer", f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")  # RFC 5546, 3.2.1 and 3.2.5
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")

    calendar = Calendar()
    calendar.add("prodid", "-//consular//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(_clock(entry.time_zone, entry.starts_at.astimezone(zone)))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _clock(name: str, moment: datetime) -> Timezone:
    """The zone, as far as this file speaks of it: what its clocks show at the appointment.

    What a library makes by looking for changes over decades misses short ones: Morocco turns its clocks for a month.
    """
    offset = moment.utcoffset()
    shown = TimezoneStandard()
    shown.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  on the clock of the zone (RFC 5545, 3.6.5)
    shown.TZOFFSETFROM = shown.TZOFFSETTO = offset
    zone = Timezone()
    zone.add("tzid", name)
    zone.add_component(shown)
    return zone
