"""Who comes today, or on another day: the list for the counter, to work in, to read or to print."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import formspec
from consular.accounts.models import Role
from consular.appointments import attendance
from consular.appointments import day as days
from consular.appointments.models import Calendar
from consular.appointments.visits import Act, Standing
from consular.cases.models import READERS
from consular.casework import by_hand
from consular.core import clock
from consular.core.wording import listed
from consular.desk.access import officer_required
from consular.missions.models import Mission
from consular.missions.postings import Duties
from consular.missions.titles import title

SEES_THE_DAY = (Role.INTAKE_CLERK, Role.SLOT_MANAGER, Role.HEAD_OF_SECTION)
BOOKS = (Role.INTAKE_CLERK, Role.HEAD_OF_SECTION)
"""Who of them may book, move and cancel, because they may open the cases."""

REACH = timedelta(days=3650)
"""How far from today a day may lie."""


@dataclass(frozen=True)
class Line:
    """One appointment as the list shows it: where it stands, and what can be entered about it now."""

    row: days.Appointment
    service: str
    standing: Standing
    acts: tuple[Act, ...]
    others: tuple[str, ...] = ()
    """The names of those who come along."""

    @property
    def can_change(self) -> bool:
        """Whether it can still be moved or cancelled."""
        return self.standing in {Standing.EXPECTED, Standing.LATE, Standing.ABSENT}


@dataclass(frozen=True)
class Opening:
    """A slot with free places; `services` says for what, where the mission has several calendars."""

    time: days.Time
    services: str


@dataclass(frozen=True)
class Moment:
    """The appointments that begin together, and the slots with free places then."""

    starts_at: datetime
    ends_at: datetime
    lines: tuple[Line, ...]
    slots: tuple[Opening, ...]

    @property
    def free(self) -> int:
        """How many more people the mission can take."""
        return sum(slot.time.free for slot in self.slots)


@dataclass(frozen=True)
class DayAtMission:
    """One mission's list of one day, and what its reader may do."""

    mission: Mission
    name: str
    moments: tuple[Moment, ...]
    minutes_behind: int
    may_open: bool
    may_book: bool
    query: str

    @property
    def is_empty(self) -> bool:
        """Whether nobody comes."""
        return not any(moment.lines for moment in self.moments)


@require_safe
@officer_required(*SEES_THE_DAY)
def of_day(request: HttpRequest) -> HttpResponse:
    """The confirmed appointments of a day at my missions."""
    held = request.duties
    missions = missions_of(held)
    day = wanted_day(request, missions[0] if missions else None)
    context = {
        "day": day,
        "lists": [_list(mission, day, held) for mission in missions],
        "emergencies": by_hand.emergencies(request.user).count() if held.missions_with(BOOKS) else 0,
        "previous_url": _address(day, -1),
        "next_url": _address(day, 1),
    }
    return render(request, "desk/appointments.html", context)


def missions_of(held: Duties) -> list[Mission]:
    """The missions whose days one may see, by code."""
    return list(Mission.objects.filter(pk__in=held.missions_with(SEES_THE_DAY)).order_by("code"))


def wanted_mission(request: HttpRequest) -> Mission:
    """The mission that an address names, or the first of mine; 404 when it is not one of mine."""
    missions = missions_of(request.duties)
    code = request.GET.get("mission", "")
    found = next((mission for mission in missions if not code or mission.code == code), None)
    if found is None:
        raise Http404
    return found


def wanted_day(request: HttpRequest, mission: Mission | None) -> date:
    """The day that an address names, or today at the mission."""
    found = parsed_day(request.GET.get("day", ""))
    return found or clock.today(mission.time_zone if mission else "UTC")


def parsed_day(text: str) -> date | None:
    """The day a text names; None when it names none, or one that nobody has appointments on."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day - clock.today()) < REACH else None


def query_of(mission: Mission, day: date) -> str:
    """What addresses of pages about this day at this mission end with."""
    return urlencode({"mission": mission.code, "day": day.isoformat()})


def day_address(mission: Mission, day: date) -> str:
    """The address of the list of a day."""
    return f"{reverse('desk:appointments')}?{query_of(mission, day)}"


def service_name(service: str) -> str:
    """The title of a service in the active language."""
    return _title(service, get_language() or "en")


@cache
def _title(service: str, _language: str) -> str:
    return _(formspec.latest(service).form.title)


def _list(mission: Mission, day: date, held: Duties) -> DayAtMission:
    now = clock.now()
    rows, slots = days.of_day(mission, day), _openings(mission, days.times(mission, day, day, now=now))
    return DayAtMission(
        mission=mission,
        name=title(mission),
        moments=tuple(_moments(rows, slots, now)),
        minutes_behind=int(days.behind(rows, now=now).total_seconds() // 60),
        may_open=any(held.has(role, mission.pk) for role in READERS),
        may_book=any(held.has(role, mission.pk) for role in BOOKS),
        query=query_of(mission, day),
    )


def _openings(mission: Mission, times: list[days.Time]) -> list[Opening]:
    """The slots of a day, each with the services one books in it."""
    if len({one.calendar for one in times}) < 2:
        return [Opening(one, "") for one in times]
    calendars = Calendar.objects.filter(mission=mission).values_list("pk", "services")
    names = {pk: listed(service_name(service) for service in services) for pk, services in calendars}
    return [Opening(one, names[one.calendar]) for one in times]


def _moments(rows: list[days.Appointment], slots: list[Opening], now: datetime) -> Iterator[Moment]:
    starts = sorted({(one.starts_at, one.ends_at) for one in (*rows, *(slot.time for slot in slots))})
    for starts_at, ends_at in starts:
        there_now = [row for row in rows if (row.starts_at, row.ends_at) == (starts_at, ends_at)]
        lines = tuple(_line(row, rows, now) for row in there_now)
        there = tuple(
            slot
            for slot in slots
            if (slot.time.starts_at, slot.time.ends_at) == (starts_at, ends_at) and slot.time.free
        )
        if lines or there:
            yield Moment(starts_at, ends_at, lines, there)


def _line(row: days.Appointment, rows: list[days.Appointment], now: datetime) -> Line:
    acts = attendance.possible(row.visit, starts_at=row.starts_at, now=now)
    is_of_today = row.starts_at - now < timedelta(hours=20) and now - row.starts_at < timedelta(hours=28)
    along = [one for one in rows if one.party == row.party and one is not row] if row.party else []
    others = tuple(one.name for one in along)
    return Line(row, service_name(row.service), row.visit.standing, acts if is_of_today else (), others)


def _address(day: date, distance: int) -> str:
    """The address of a neighbouring day."""
    return f"?day={day + timedelta(days=distance)}"
