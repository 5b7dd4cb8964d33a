"""Who comes today, or on another day: the list for the counter, to read or to print."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consular.accounts.models import Role
from consular.appointments import day as days
from consular.cases.models import READERS
from consular.core import clock
from consular.desk.access import officer_required
from consular.missions.models import Mission
from consular.missions.postings import Duties
from consular.missions.titles import title

SEES_THE_DAY = (Role.INTAKE_CLERK, Role.SLOT_MANAGER, Role.HEAD_OF_SECTION)
REACH = timedelta(days=3650)
"""How far from today a day may lie."""


@dataclass(frozen=True)
class DayAtMission:
    """One mission's list of one day, and whether its reader may open the cases."""

    mission: Mission
    name: str
    appointments: list[days.Appointment]
    may_open: bool


@require_safe
@officer_required(*SEES_THE_DAY)
def of_day(request: HttpRequest) -> HttpResponse:
    """The confirmed appointments of a day at my missions."""
    held = request.duties
    missions = list(Mission.objects.filter(pk__in=held.missions_with(SEES_THE_DAY)).order_by("code"))
    day = _day(request.GET.get("day", "")) or clock.today(missions[0].time_zone if missions else "UTC")
    context = {
        "day": day,
        "lists": [_list(mission, day, held) for mission in missions],
        "previous_url": _address(day, -1),
        "next_url": _address(day, 1),
    }
    return render(request, "desk/appointments.html", context)


def _list(mission: Mission, day: date, held: Duties) -> DayAtMission:
    may_open = any(held.has(role, mission.pk) for role in READERS)
    return DayAtMission(mission, title(mission), days.of_day(mission, day), may_open)


def _day(text: str) -> date | None:
    """The day an address names; None when it names none, or one that nobody has appointments on."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day - clock.today()) < REACH else None


def _address(day: date, distance: int) -> str:
    """The address of a neighbouring day."""
    return f"?day={day + timedelta(days=distance)}"
