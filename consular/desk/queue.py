"""The officer's queue: what is to be done at my missions in my roles, oldest deadline first."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from consular import casework
from consular.accounts.models import Role
from consular.cases import queue
from consular.casework import teamwork
from consular.casework.proceedings import OPENING
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.rows import in_words
from consular.missions.models import Mission
from consular.missions.postings import Duties
from consular.missions.titles import title

TOO_BIG = 2**63
"""The first number the database cannot hold."""


@dataclass(frozen=True)
class Lane:
    """One queue a person may take the next task of."""

    mission_id: int
    role: str
    name: str
    mission: str


@require_safe
@officer_required()
def tasks(request: HttpRequest) -> HttpResponse:
    """One page of open tasks, all of my queues or only mine."""
    only_mine = request.GET.get("show") == "mine"
    after = position(request.GET.get("after", ""))
    if only_mine:
        rows, following = queue.mine(request.user, request.duties, after=after)
    else:
        rows, following = queue.page(request.duties, after=after)
    context = {
        "rows": in_words(rows),
        "lanes": _lanes(request.duties),
        "mentions": teamwork.to_read(request.user, request.duties),
        "only_mine": only_mine,
        "may_annul": bool(request.duties.roles & OPENING),
        "next_url": _address(only_mine, following) if following else "",
        "first_url": _address(only_mine, None) if after else "",
    }
    return render(request, "desk/queue.html", context)


@require_POST
@officer_required()
def claim_next(request: HttpRequest) -> HttpResponse:
    """Take the next task of a queue and open its case."""
    mission, role = request.POST.get("mission", ""), request.POST.get("role", "")
    known = {(str(lane.mission_id), lane.role): lane for lane in _lanes(request.duties)}
    lane = known.get((mission, role))
    if lane is None:
        return redirect("desk:queue")
    try:
        reference = casework.claim_next(lane.mission_id, Role(lane.role), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("desk:queue")
    return redirect("desk:case", reference=reference)


def _lanes(duties: Duties) -> list[Lane]:
    """The queues of these duties, mission by mission."""
    mine = sorted((mission, role) for mission, role in duties.at if role in queue.DOES_TASKS)
    missions = Mission.objects.in_bulk({mission for mission, _role in mine})
    return [Lane(mission, role.value, str(role.label), title(missions[mission])) for mission, role in mine]


def _address(only_mine: bool, after: queue.Position | None) -> str:
    """The address of a page: the first one, or the one that begins after a position."""
    parts = {"show": "mine" if only_mine else "", "after": str(after) if after else ""}
    return "?" + urlencode({name: value for name, value in parts.items() if value})


def position(text: str) -> queue.Position | None:
    """Where a page begins, from its address; anything else than what we wrote there means the first page."""
    moment, _, token = text.partition("-")
    try:
        number = int(token)
        return (
            queue.Position(datetime.fromtimestamp(float(moment), UTC), number)
            if 0 < number < TOO_BIG
            else None
        )
    except (ValueError, OverflowError, OSError):
        return None
