"""For heads of section: what lies where, with whom, what is late, and what will be late by the end of the week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import formspec
from consular.accounts.models import Role, User
from consular.cases import load
from consular.cases.load import Counts, Heap, Horizon
from consular.cases.queue import DOES_TASKS
from consular.core import clock
from consular.desk.access import officer_required
from consular.missions import weeks
from consular.missions.models import Absence, Mission, Posting
from consular.missions.postings import Duties
from consular.missions.titles import title
from consular.workflow import store
from consular.workflow.days import last_day
from consular.workflow.models import Definition


@dataclass(frozen=True)
class Row:
    """One line of a table of counts; `query` narrows the page for moving tasks to this line."""

    name: str
    counts: Counts
    query: str = ""
    note: str = ""


@dataclass(frozen=True)
class Due:
    """One task that is due this week: its last day, and the last day before it on which somebody works."""

    reference: str
    service: str
    task: str
    day: date
    work_by: date
    assignee: str


@require_safe
@officer_required(Role.HEAD_OF_SECTION)
def overview(request: HttpRequest) -> HttpResponse:
    """The load of one mission by queue and person, and of all whose section one heads."""
    mission = section_of(request)
    until = horizon(mission)
    found = load.heaps(mission.pk, until)
    tasks, has_more = load.due(mission.pk, until)
    missions = section_missions(request.duties)
    context = {
        "missions": _missions(request.duties, missions, until) if len(missions) > 1 else [],
        "queues": _queues(found),
        "people": _people(mission, found),
        "total": sum((heap.counts for heap in found), Counts()),
        "waiting": load.waiting(mission.pk),
        "due": _due(mission, tasks),
        "has_more": has_more,
        "week_ends": last_day(until.week, ZoneInfo(mission.time_zone)),
    }
    return shown(request, mission, "desk/section.html", context)


def section_missions(held: Duties) -> dict[int, Mission]:
    """The missions whose section one heads."""
    if Role.HEAD_OF_SECTION in held.everywhere:
        return Mission.objects.in_bulk()
    return Mission.objects.in_bulk(held.missions_with({Role.HEAD_OF_SECTION}))


def section_of(request: HttpRequest) -> Mission:
    """The mission the address names, or the first whose section one heads; 404 for any other."""
    missions = section_missions(request.duties)
    wanted = request.GET.get("mission", "").upper()
    found = [one for one in missions.values() if wanted in {"", one.code}]
    if not found:
        raise Http404
    return min(found, key=lambda one: one.code)


def shown(
    request: HttpRequest, mission: Mission, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page about a section, under the name of its mission."""
    more = {"mission": mission, "mission_name": title(mission)}
    return render(request, template, more | context, status=status)


def horizon(mission: Mission) -> Horizon:
    """Now, the end of today and the end of the working week, in the calendar of a mission."""
    now, zone = clock.now(), ZoneInfo(mission.time_zone)
    today = now.astimezone(zone).date()
    return Horizon(now, _end(today, zone), _end(weeks.last_day(mission, today), zone))


def _end(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def _missions(held: Duties, missions: dict[int, Mission], until: Horizon) -> list[Row]:
    everywhere = Role.HEAD_OF_SECTION in held.everywhere
    wanted: Collection[int] | None = None if everywhere else list(missions)
    counted = load.of_missions(wanted, until)
    rows = [Row(title(missions[pk]), counts, missions[pk].code) for pk, counts in counted.items()]
    return sorted(rows, key=lambda row: row.name)


def _queues(found: list[Heap]) -> list[Row]:
    rows = load.by(found, lambda heap: (heap.lane, heap.service))
    named = [
        Row(
            f"{Role(lane).label} – {service_name(service)}",
            counts,
            f"lane={lane}&service={service}",
        )
        for (lane, service), counts in rows.items()
    ]
    return sorted(named, key=lambda row: row.name)


def _people(mission: Mission, found: list[Heap]) -> list[Row]:
    """Who has tasks, or could have them; who is away is said."""
    counted = load.by(found, lambda heap: heap.assignee_id)
    today = clock.today(mission.time_zone)
    posted = Posting.objects.valid_on(today).filter(mission=mission, role__in=DOES_TASKS)
    known = [pk for pk in counted if pk is not None]
    names = dict(
        User.objects.filter(pk__in=[*known, *posted.values_list("user", flat=True)]).values_list("pk", "name")
    )
    away = set(Absence.objects.valid_on(today).filter(user__in=names).values_list("user", flat=True))
    rows = [
        Row(name, counted.get(pk, Counts()), f"person={pk}", _("absent today") if pk in away else "")
        for pk, name in sorted(names.items(), key=lambda one: (one[1], one[0]))
    ]
    return [Row(_("Nobody"), counted[None], "person=nobody"), *rows] if None in counted else rows


def _due(mission: Mission, tasks: list[load.DueTask]) -> list[Due]:
    zone, today = ZoneInfo(mission.time_zone), clock.today(mission.time_zone)
    definitions = Definition.objects.defer("xml").in_bulk({task.definition_id for task in tasks})
    days = {task.token_id: last_day(task.due_at, zone) for task in tasks}
    work_by = {day: weeks.last_working_day(mission, day, today) for day in set(days.values())}
    return [
        Due(
            task.reference,
            service_name(task.service),
            _(store.graph(definitions[task.definition_id]).node(task.node).name),
            days[task.token_id],
            work_by[days[task.token_id]],
            task.assignee,
        )
        for task in tasks
    ]


def service_name(service: str) -> str:
    """The title of a service in the active language."""
    return _(formspec.latest(service).form.title)
