"""A week of one mission as a table: which times are taken, and where there is room."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consular.appointments import day as days
from consular.appointments.models import Calendar
from consular.core import clock
from consular.core.wording import listed
from consular.desk.access import officer_required
from consular.desk.appointments import (
    SEES_THE_DAY,
    missions_of,
    query_of,
    service_name,
    wanted_day,
    wanted_mission,
)
from consular.missions.titles import title


@dataclass(frozen=True)
class Week:
    """One calendar's week: the days that have times, and a row for each time on the wall."""

    name: str
    dates: tuple[date, ...]
    rows: tuple[tuple[time, tuple[days.Time | None, ...]], ...]


@require_safe
@officer_required(*SEES_THE_DAY)
def of_week(request: HttpRequest) -> HttpResponse:
    """The week around a day."""
    mission = wanted_mission(request)
    day = wanted_day(request, mission)
    monday = day - timedelta(days=day.weekday())
    found = days.times(mission, monday, monday + timedelta(days=6), now=clock.now())
    calendars = Calendar.objects.filter(pk__in={slot.calendar for slot in found}).order_by("pk")
    zone = ZoneInfo(mission.time_zone)
    context = {
        "mission": mission,
        "name": title(mission),
        "missions": [(other, title(other), query_of(other, day)) for other in missions_of(request.duties)],
        "monday": monday,
        "weeks": [_week(calendar, found, zone) for calendar in calendars],
        "query": query_of(mission, day),
        "previous_url": "?" + query_of(mission, monday - timedelta(days=7)),
        "next_url": "?" + query_of(mission, monday + timedelta(days=7)),
    }
    return render(request, "desk/week.html", context)


def _week(calendar: Calendar, found: list[days.Time], zone: ZoneInfo) -> Week:
    """The slots of one calendar by the time on the wall and by day."""
    cells: dict[tuple[time, date], days.Time] = {}
    for slot in found:
        if slot.calendar == calendar.pk:
            local = slot.starts_at.astimezone(zone)
            cells.setdefault((local.time(), local.date()), slot)
    there = tuple(sorted({day for _wall, day in cells}))
    walls = sorted({wall for wall, _day in cells})
    rows = tuple((wall, tuple(cells.get((wall, day)) for day in there)) for wall in walls)
    return Week(listed(service_name(service) for service in calendar.services), there, rows)
