"""A draw for everybody to see: when one registers, which round decides, the list, the order, and how to check it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import casework
from consular.appointments.draws import Draw
from consular.core import clock

SHOWN = 500
"""So many tickets stand on the page; the file has all."""

FRESH = 60
"""Seconds for which anybody on the way may keep the file."""


@dataclass(frozen=True)
class Public:
    """The file as it is sent, its entity tag (RFC 9110, 8.8.3), and what the page says about it."""

    body: bytes
    tag: str
    registered: int
    drawn: tuple[str, ...]


@require_safe
def page(request: HttpRequest, draw_id: int) -> HttpResponse:
    """What is known about a draw now."""
    draw = _found(draw_id)
    public = _public(draw.pk, draw.published_at, draw.drawn_at)
    context = {
        "draw": draw,
        "city": _(draw.calendar.mission.city),
        "mission": draw.calendar.mission,
        "drawn": public.drawn,
        "registered": public.registered,
        "is_open": draw.opens_at <= clock.now() < draw.closes_at,
        "shown": SHOWN,
    }
    with timezone.override(ZoneInfo(draw.calendar.mission.time_zone)):
        return render(request, "portal/draw.html", context)


@require_safe
def file(request: HttpRequest, draw_id: int) -> HttpResponseBase | None:
    """The same as a file, by which anybody repeats the draw; reckoned once, and kept by whoever likes for a minute."""
    draw = _found(draw_id)
    public = _public(draw.pk, draw.published_at, draw.drawn_at)
    answer = HttpResponse(public.body, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
    answer["Cache-Control"] = f"public, max-age={FRESH}"
    answer["ETag"] = public.tag
    return get_conditional_response(request, etag=public.tag, response=answer)


@lru_cache(maxsize=4)
def _public(draw_id: int, _published_at: datetime | None, _drawn_at: datetime | None) -> Public:
    """What everybody may read of a draw. It changes when the list is published and when it is drawn, never else."""
    draw = Draw.objects.select_related("calendar__mission").get(pk=draw_id)
    told = casework.public_file(draw)
    body = json.dumps(told, indent=1).encode()
    return Public(
        body=body,
        tag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        registered=len(told.get("tickets", [])) + len(told.get("hardship", [])),
        drawn=tuple(told.get("order", [])[: draw.winners][:SHOWN]),
    )


def _found(draw_id: int) -> Draw:
    """The draw without its list, which may be long."""
    found = Draw.objects.defer("listed").select_related("calendar__mission").filter(pk=draw_id).first()
    if found is None:
        raise Http404
    return found
