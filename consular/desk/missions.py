"""The administration of a mission: what it says of itself, who works there, and every change, to be undone."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consular import casework, formspec
from consular.accounts.models import Role, User
from consular.casework.mission_changes import KEEPERS, may_keep
from consular.core import clock
from consular.core.errors import Refused
from consular.desk import mission_words
from consular.desk.access import officer_required
from consular.missions import details
from consular.missions.changes import Detail, MissionChange, StaffProposal, Subject
from consular.missions.models import Mission
from consular.missions.titles import title

SHOWN = 50
FIXED = (details.ADDRESS, details.HOURS, details.COLLECT, details.LANGUAGES, details.RATE)


@dataclass(frozen=True)
class Told:
    """One detail: what holds today, and what will hold from when."""

    name: str
    label: str
    value: str
    coming: list[str]


@require_safe
@officer_required(*KEEPERS)
def overview(request: HttpRequest) -> HttpResponse:
    """The missions one keeps; of one alone its page."""
    held = request.duties
    found = Mission.objects.order_by("code")
    if not held.everywhere & KEEPERS:
        found = found.filter(pk__in=held.missions_with(KEEPERS))
    missions = [(title(one), one) for one in found]
    if len(missions) == 1:
        return redirect("desk:mission", mission=missions[0][1].code)
    return render(request, "desk/missions.html", {"missions": sorted(missions, key=lambda one: one[0])})


@require_safe
@officer_required(*KEEPERS)
def mission(request: HttpRequest, mission: str) -> HttpResponse:
    """What a mission says of itself, and what was changed about it."""
    kept = mission_of(request, mission)
    context = {
        "told": _told(kept),
        "changes": _changes(kept),
        "proposals": StaffProposal.objects.filter(mission=kept, settled_at=None).count(),
    }
    return shown(request, kept, "desk/mission.html", context)


@require_POST
@officer_required(*KEEPERS)
def undo(request: HttpRequest, change_id: int) -> HttpResponse:
    """Undo a change, and go back to where it is listed."""
    made = MissionChange.objects.select_related("mission").filter(pk=min(change_id, 2**63 - 1)).first()
    if made is None or not may_keep(request.duties, made.mission_id):
        raise PermissionDenied
    try:
        done = casework.undo_mission_change(made.pk, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said_after(done))
    return redirect("desk:mission", mission=made.mission.code)


def said_after(done: object) -> str:
    """What the page says after a change: saved, or waiting for the second person."""
    if isinstance(done, StaffProposal):
        return _("Proposed. A second person has to agree before it counts.")
    return _("Saved.") if done else _("Nothing has changed.")


def mission_of(request: HttpRequest, code: str) -> Mission:
    """A mission that one keeps; 404 for any other."""
    found = Mission.objects.filter(code=code.upper()).first()
    if found is None or not may_keep(request.duties, found.pk):
        raise Http404
    return found


def shown(
    request: HttpRequest, kept: Mission, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page about a mission, under its name."""
    more = {"mission": kept, "mission_name": title(kept), "is_head": _heads(request, kept)}
    return render(request, template, more | context, status=status)


def names() -> list[str]:
    """The details a mission can set, in the order in which they are shown."""
    return [*FIXED, *(details.TEXT + folder.service for folder in formspec.services())]


def _heads(request: HttpRequest, kept: Mission) -> bool:
    return bool(request.duties.has(Role.HEAD_OF_SECTION, kept.pk))


def _told(kept: Mission) -> list[Told]:
    today = clock.today(kept.time_zone)
    standing = details.of(kept, today)
    coming: dict[str, list[str]] = {}
    for row in Detail.objects.filter(mission=kept, valid_from__gt=today).order_by("valid_from"):
        words = mission_words.line(Subject.DETAIL, row.name, [row.valid_from.isoformat(), row.value])
        coming.setdefault(row.name, []).append(words)
    return [
        Told(name, mission_words.name_of(name), _value(standing, name, kept), coming.get(name, []))
        for name in names()
    ]


def _value(standing: details.Details, name: str, kept: Mission) -> str:
    """What holds today on one line."""
    if name == details.RATE:
        if standing.rate is None:
            return _("%(currency)s, at the rate of the ministry's list") % {"currency": kept.currency}
        rate = standing.rate
        own = {"currency": rate.currency, "per_euro": f"{rate.per_euro:f}", "step": f"{rate.step:f}"}
        since = _("since %(day)s") % {"day": date_format(rate.since, "SHORT_DATE_FORMAT")}
        return f"{mission_words.value_of(name, own)} ({since})"
    plain: dict[str, Any] = {
        details.ADDRESS: standing.address,
        details.HOURS: standing.hours,
        details.COLLECT: standing.collect,
        details.LANGUAGES: standing.languages,
    }
    value = plain[name] if name in plain else standing.texts.get(name.removeprefix(details.TEXT), {})
    return mission_words.value_of(name, value)


def _changes(kept: Mission) -> list[dict[str, Any]]:
    """The latest changes in words, and whether each was undone."""
    rows = MissionChange.objects.filter(mission=kept).select_related("made_by", "agreed_by", "undoes")
    listed = list(rows.order_by("-pk")[:SHOWN])
    undone = set(MissionChange.objects.filter(undoes__in=listed).values_list("undoes", flat=True))
    people = _people(row.about for row in listed if row.subject == Subject.STAFF)
    return [
        {
            "row": row,
            "about": mission_words.about(row, people),
            "lines": mission_words.differences(row.subject, row.about, row.before, row.after),
            "is_undone": row.pk in undone,
        }
        for row in listed
    ]


def _people(numbers: Any) -> dict[str, User]:
    wanted: Collection[int] = {int(number) for number in numbers}
    return {str(pk): user for pk, user in User.objects.in_bulk(wanted).items()}
