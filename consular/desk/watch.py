"""What should not be, for heads of section: cases nobody moves, overdue tasks, and whether the clock is late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import formspec
from consular.accounts.models import Role
from consular.cases import watch
from consular.cases.models import Phase
from consular.cases.queue import Position
from consular.cases.watch import Overdue, Range, Stalled
from consular.core import clock
from consular.decisions import expiry
from consular.desk.access import officer_required
from consular.desk.queue import position
from consular.missions.models import Mission
from consular.missions.postings import Duties
from consular.missions.titles import title
from consular.workflow import store
from consular.workflow.days import last_day
from consular.workflow.models import Definition


@dataclass(frozen=True)
class Line:
    """One case that does not move, or one task that is late; the day is the mission's."""

    reference: str
    service: str
    what: str
    mission: str
    day: object
    assignee: str = ""


@require_safe
@officer_required(Role.HEAD_OF_SECTION)
def overview(request: HttpRequest) -> HttpResponse:
    """One page of stalled cases, or of overdue tasks, of the missions whose section one heads."""
    now = clock.now()
    shows_tasks = request.GET.get("show") == "tasks"
    after = position(request.GET.get("after", ""))
    part = Range(_missions(request.duties), after)
    lines, following = _overdue(now, part) if shows_tasks else _stalled(now, part)
    context = {
        "lines": lines,
        "shows_tasks": shows_tasks,
        "next_url": _address(shows_tasks, following) if following else "",
        "first_url": _address(shows_tasks, None) if after else "",
        "machinery": watch.machinery(now),
        "certificates": expiry.soon(now),
        "counted": watch.COUNTED,
    }
    return render(request, "desk/watch.html", context)


def _missions(held: Duties) -> Collection[int] | None:
    """The missions whose section one heads; None for all."""
    return None if Role.HEAD_OF_SECTION in held.everywhere else held.missions_with({Role.HEAD_OF_SECTION})


def _stalled(now: datetime, part: Range) -> tuple[list[Line], Position | None]:
    rows, following = watch.stalled(now, part)
    missions = _named(rows)
    return [
        Line(
            row.reference,
            _(formspec.latest(row.service).form.title),
            str(Phase(row.phase).label),
            title(missions[row.mission_id]),
            row.since.astimezone(ZoneInfo(missions[row.mission_id].time_zone)).date(),
        )
        for row in rows
    ], following


def _overdue(now: datetime, part: Range) -> tuple[list[Line], Position | None]:
    rows, following = watch.overdue(now, part)
    missions = _named(rows)
    definitions = Definition.objects.defer("xml").in_bulk({row.definition_id for row in rows})
    return [
        Line(
            row.reference,
            _(formspec.latest(row.service).form.title),
            _(store.graph(definitions[row.definition_id]).node(row.node).name),
            title(missions[row.mission_id]),
            last_day(row.due_at, ZoneInfo(missions[row.mission_id].time_zone)),
            row.assignee,
        )
        for row in rows
    ], following


def _named(rows: Collection[Stalled | Overdue]) -> dict[int, Mission]:
    return Mission.objects.in_bulk({row.mission_id for row in rows})


def _address(shows_tasks: bool, after: Position | None) -> str:
    parts = {"show": "tasks" if shows_tasks else "", "after": str(after) if after else ""}
    return "?" + urlencode({name: value for name, value in parts.items() if value})
