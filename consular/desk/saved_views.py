"""Saved views of the queue: kept under a name, one to begin with, shared by heads of section."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from consular import casework
from consular.accounts.models import Role
from consular.cases import queue_frame
from consular.casework.views import LONGEST_NAME
from consular.core.errors import Refused
from consular.desk import queue_filters
from consular.desk.access import officer_required
from consular.desk.numbers import number
from consular.missions.titles import title


@dataclass(frozen=True)
class Line:
    """One view with the address it leads to, and the mission it is shared with ("" for nobody)."""

    view: queue_frame.View
    address: str
    shared_with: str


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def views(request: HttpRequest) -> HttpResponse:
    """The views one has, or one more: the filters that were shown, under a name."""
    if request.method != "POST":
        return _page(request)
    frame = queue_frame.frame(request.user, request.duties)
    facts = queue_filters.parameters(queue_filters.Filters(frame, request.duties).read(request.POST))
    try:
        casework.save_view(
            request.POST.get("name", ""), facts, is_start="is_start" in request.POST, actor=request.user
        )
    except Refused as refusal:
        return _page(request, refusal, {"wanted": facts, "typed": request.POST.get("name", "")[:200]})
    messages.success(request, gettext("The view is saved."))
    return redirect("desk:views")


@require_POST
@officer_required()
def view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename, delete, begin with, or share one view."""
    act, name, mission = (request.POST.get(each, "") for each in ("act", "name", "mission"))
    verbs = {
        "rename": lambda: casework.rename_view(view_id, name, actor=request.user),
        "delete": lambda: casework.delete_view(view_id, actor=request.user),
        "start": lambda: casework.start_with(view_id, True, actor=request.user),
        "no_start": lambda: casework.start_with(view_id, False, actor=request.user),
        "share": lambda: casework.share_view(view_id, number(mission), actor=request.user),
        "keep": lambda: casework.share_view(view_id, None, actor=request.user),
    }
    try:
        verbs.get(act, lambda: None)()
    except Refused as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        return _page(request, refusal, {"renamed": view_id, "typed": name[:200]})
    return redirect("desk:views")


def _page(
    request: HttpRequest, refusal: Refused | None = None, more: dict[str, object] | None = None
) -> HttpResponse:
    frame = queue_frame.frame(request.user, request.duties)
    filters = queue_filters.Filters(frame, request.duties)
    headed = request.duties.missions_with({Role.HEAD_OF_SECTION})
    context = {
        "lines": [_line(each, frame, filters) for each in frame.views],
        "headed": [(number, title(frame.missions[number])) for number in sorted(headed)],
        "refusal": refusal and refusal.message,
        "longest": LONGEST_NAME,
        **(more or {}),
    }
    return render(request, "desk/views.html", context, status=refusal.status if refusal else 200)


def _line(view: queue_frame.View, frame: queue_frame.Frame, filters: queue_filters.Filters) -> Line:
    mission = frame.missions.get(view.mission_id) if view.mission_id else None
    return Line(view, queue_filters.address(filters.read(view.wanted)), title(mission) if mission else "")
