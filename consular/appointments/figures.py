"""How a mission's appointments went: released, taken, how fast, who did not come, how long until the next free place.

Counted from what was written down, over the appointments of the last weeks; a calendar whose mission writes down
nothing on the day has no figure of who came.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from consular.appointments import adjoining, calendars, slots
from consular.appointments.models import Calendar
from consular.core.prepared import all_rows
from consular.missions.models import Mission

PERIOD = timedelta(days=28)

_RELEASED = """
SELECT s.calendar_id, count(*)
FROM appointments_calendar c
JOIN appointments_slot s ON s.calendar_id = c.id
JOIN appointments_place p ON p.slot_id = s.id AND p.number <= s.capacity AND p.opens_at IS NOT NULL
WHERE c.mission_id = %(mission)s AND s.starts_at >= %(first)s::timestamptz AND s.starts_at < %(end)s::timestamptz
GROUP BY s.calendar_id
"""

# A moved or cancelled booking is one that was taken, too. Who waits, waits from coming to being called or served.
_TAKEN = """
SELECT c.id, k.service,
    count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY GREATEST(0, extract(epoch FROM b.held_at - b.open_since)))
        FILTER (WHERE b.open_since IS NOT NULL),
    count(*) FILTER (WHERE day.standing IN ('here', 'called', 'served')),
    count(*) FILTER (WHERE day.standing = 'absent')
FROM appointments_calendar c
JOIN appointments_slot s ON s.calendar_id = c.id
JOIN appointments_place p ON p.slot_id = s.id
JOIN appointments_booking b ON b.place_id = p.id AND b.state IN ('confirmed', 'past')
JOIN cases_case k ON k.id = b.case_id
LEFT JOIN LATERAL (
    SELECT v.standing FROM appointments_visitentry v WHERE v.booking_id = b.id ORDER BY v.number DESC LIMIT 1
) AS day ON true
WHERE c.mission_id = %(mission)s AND s.starts_at >= %(first)s::timestamptz AND s.starts_at < %(end)s::timestamptz
GROUP BY GROUPING SETS ((c.id, k.service), (c.id))
"""


@dataclass(frozen=True)
class Count:
    """The appointments of one service, or of a whole calendar (`service` is "")."""

    service: str
    taken: int
    seconds_until_taken: int | None
    came: int
    missed: int

    @property
    def no_show_rate(self) -> float | None:
        """The share of those who did not come, of all of whom it was written down whether they came."""
        known = self.came + self.missed
        return self.missed / known if known else None

    @property
    def no_show_percent(self) -> int | None:
        """The same as a whole percentage."""
        return None if self.no_show_rate is None else round(100 * self.no_show_rate)

    @property
    def minutes_until_taken(self) -> int | None:
        """Half of the places were taken within so many minutes of being free."""
        return None if self.seconds_until_taken is None else self.seconds_until_taken // 60


@dataclass(frozen=True)
class Free:
    """On which days somebody who needs `slots_each` slots that follow one another can come, and how many can."""

    slots_each: int
    days: tuple[slots.FreeDay, ...]
    today: date

    @property
    def days_until(self) -> int | None:
        """How many days until the next time that can be booked now; None when there is none."""
        return (self.days[0].day - self.today).days if self.days else None


@dataclass(frozen=True)
class Figures:
    """One calendar: its places and appointments of the period, in all and by service, and what is free now: for the
    services that take the fewest slots, and for each of those that take `longer`.
    """

    calendar: Calendar
    released: int
    total: Count
    services: tuple[Count, ...]
    free: Free
    longer: tuple[tuple[str, Free], ...]


def of_mission(mission: Mission, *, now: datetime) -> tuple[Figures, ...]:
    """The figures of each calendar of a mission."""
    values = {"mission": mission.pk, "first": now - PERIOD, "end": now}
    released: dict[int, int] = dict(all_rows(_RELEASED, values))
    counts: dict[int, list[Count]] = {}
    for calendar, service, taken, seconds, came, missed in all_rows(_TAKEN, values):
        until = None if seconds is None else int(seconds)
        counts.setdefault(calendar, []).append(Count(service or "", taken, until, came, missed))
    today = now.astimezone(ZoneInfo(mission.time_zone)).date()
    found = Calendar.objects.filter(mission=mission).select_related("mission").order_by("pk")
    return tuple(
        _figures(calendar, released.get(calendar.pk, 0), counts.get(calendar.pk, []), today, now)
        for calendar in found
    )


def _figures(calendar: Calendar, released: int, counts: list[Count], today: date, now: datetime) -> Figures:
    total = next((count for count in counts if not count.service), Count("", 0, None, 0, 0))
    services = tuple(sorted((count for count in counts if count.service), key=lambda count: count.service))
    needed = {service: calendars.slots_of(calendar, service) for service in calendar.services}
    least = min(needed.values(), default=1)
    free = {
        number: Free(number, adjoining.days_to_stay(calendar, number, now=now), today)
        for number in {least, *needed.values()}
    }
    longer = tuple((service, free[number]) for service, number in needed.items() if number > least)
    return Figures(calendar, released, total, services, free[least], longer)
