"""A draw for everybody to see: when one registers, which round decides, the list, the order, and how to check it."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import casework
from consular.appointments.draws import Draw
from consular.core import clock

SHOWN = 500
"""So many tickets stand on the page; the file has all."""


@require_safe
def page(request: HttpRequest, draw_id: int) -> HttpResponse:
    """What is known about a draw now."""
    draw = _found(draw_id)
    file = casework.public_file(draw)
    order = file.get("order", [])
    context = {
        "draw": draw,
        "file": file,
        "city": _(draw.calendar.mission.city),
        "mission": draw.calendar.mission,
        "drawn": order[: draw.winners][:SHOWN],
        "registered": len(file.get("tickets", [])) + len(file.get("hardship", [])),
        "is_open": draw.opens_at <= clock.now() < draw.closes_at,
        "shown": SHOWN,
    }
    with timezone.override(ZoneInfo(draw.calendar.mission.time_zone)):
        return render(request, "portal/draw.html", context)


@require_safe
def file(request: HttpRequest, draw_id: int) -> HttpResponse:
    """The same as a file, by which anybody repeats the draw."""
    answer = JsonResponse(casework.public_file(_found(draw_id)), json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
    return answer


def _found(draw_id: int) -> Draw:
    found = Draw.objects.select_related("calendar__mission").filter(pk=draw_id).first()
    if found is None:
        raise Http404
    return found
