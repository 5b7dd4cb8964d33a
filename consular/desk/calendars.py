"""The calendars of the mission: how each of them stands, what is changed about it, and what was changed before."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consular import casework
from consular.appointments import setups, standing
from consular.appointments.changes import Change, Subject
from consular.appointments.models import Calendar
from consular.appointments.proposing import Proposal
from consular.appointments.standing import Standing
from consular.core import clock
from consular.core.errors import Refused
from consular.core.wording import listed
from consular.desk import steering
from consular.desk.access import officer_required
from consular.desk.appointments import service_name
from consular.desk.calendar_form import SetupForm
from consular.desk.calendar_words import differences
from consular.missions.models import Mission
from consular.missions.titles import title

PAGE = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 100


@dataclass(frozen=True)
class Line:
    """One calendar in the list."""

    calendar: Calendar
    services: str
    figures: Standing


@dataclass(frozen=True)
class AtMission:
    """The calendars of one mission."""

    mission: Mission
    name: str
    may_steer: bool
    lines: list[Line]


@require_safe
@officer_required()
def overview(request: HttpRequest) -> HttpResponse:
    """The calendars of my missions, with their figures for the next four weeks."""
    found = Calendar.objects.select_related("mission").order_by("mission__code", "pk")
    seen = steering.missions(request.duties)
    if seen is not None:
        found = found.filter(mission__in=seen)
    if wanted := request.GET.get("mission", "")[:8]:
        found = found.filter(mission__code=wanted.upper())
    calendars = list(found[:SHOWN])
    figures = standing.of([calendar.pk for calendar in calendars], clock.now())
    groups: dict[int, AtMission] = {}
    for calendar in calendars:
        mission = calendar.mission
        group = groups.setdefault(
            mission.pk,
            AtMission(mission, title(mission), steering.may_steer(request.duties, mission.pk), []),
        )
        group.lines.append(Line(calendar, services_of(calendar), figures[calendar.pk]))
    context = {"groups": list(groups.values()), "is_full": len(calendars) == SHOWN, "wanted": wanted}
    return render(request, "desk/calendars.html", context)


@PAGE
@officer_required()
def calendar(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """The settings and hours of a calendar: to look at, and for those who may, to change after a preview."""
    found = steering.calendar_of(request, calendar_id)
    today = clock.today(found.mission.time_zone)
    may_steer = steering.may_steer(request.duties, found.mission_id)
    posted = request.POST if request.method == "POST" and may_steer else None
    services = {service: service_name(service) for service in found.services}
    form = SetupForm(posted, setups.of(found), today=today, services=services, extra="add" in request.POST)
    looked, status = None, 200 if may_steer or request.method != "POST" else 403
    if posted is not None and "add" not in posted:
        status = 422
        if form.is_valid():
            wanted = setups.as_json(form.setup())
            looked = steering.look(request, Proposal(Subject.SETUP, found.mission_id, found.pk, wanted))
            if looked.is_saved:
                return redirect("desk:calendar", calendar_id=found.pk)
            status = looked.status
    elif posted is not None:
        form.forget_errors()
    context = {"form": form, "looked": looked, "may_steer": may_steer}
    return shown(request, found.mission, "desk/calendar.html", _about(found) | context, status)


@require_safe
@officer_required()
def history(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """What was changed about a calendar, and about the closed days of its mission; the latest first."""
    found = steering.calendar_of(request, calendar_id)
    changes = Change.objects.filter(
        mission=found.mission_id, calendar__in=[found.pk]
    ) | Change.objects.filter(mission=found.mission_id, calendar=None)
    rows = changes.select_related("made_by", "undoes").order_by("-made_at", "-pk")[:SHOWN]
    undone = set(Change.objects.filter(undoes__in=[row.pk for row in rows]).values_list("undoes", flat=True))
    context = {
        "changes": [(row, differences(row), row.pk in undone) for row in rows],
        "may_steer": steering.may_steer(request.duties, found.mission_id),
    }
    return shown(request, found.mission, "desk/calendar_history.html", _about(found) | context)


@PAGE
@officer_required()
def undo(request: HttpRequest, change_id: int) -> HttpResponse:
    """What it would mean to take a change back, and doing it."""
    try:
        proposal = casework.undoing(min(change_id, 2**63 - 1), actor=request.user)
    except Refused as refusal:
        context: dict[str, Any] = {"refusal": refusal.message}
        return render(request, "desk/calendar_undo.html", context, status=refusal.status)
    made = Change.objects.select_related("mission", "made_by").get(pk=proposal.undoes)
    looked = steering.look(request, proposal)
    if looked.is_saved:
        return redirect("desk:calendars")
    context = {"change": made, "differences": differences(made), "looked": looked}
    return shown(request, made.mission, "desk/calendar_undo.html", context, looked.status)


def shown(
    request: HttpRequest, mission: Mission, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Show a page on which every time is the mission's."""
    always = {"mission": mission, "mission_name": title(mission)}
    with timezone.override(ZoneInfo(mission.time_zone)):
        return render(request, template, always | context, status=status)


def services_of(found: Calendar) -> str:
    """What one books in a calendar, in the active language."""
    return listed(service_name(service) for service in found.services)


def _about(found: Calendar) -> dict[str, Any]:
    return {"calendar": found, "services": services_of(found)}
