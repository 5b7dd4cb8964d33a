"""The waiting list of a case: join it, see where one stands and why, leave it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from consular import casework
from consular.appointments import booking, calendars, offering, outlook
from consular.appointments.distribution import Mode
from consular.appointments.draws import Hardship
from consular.appointments.models import Reordering, Waiting
from consular.appointments.waiting import Waits
from consular.cases.models import Case
from consular.casework import waiting
from consular.casework.appointments import BOOKABLE
from consular.core import clock
from consular.core.errors import Refused
from consular.portal import companions
from consular.portal.access import applicant_required
from consular.portal.appointments import PAGE, found


@PAGE
@applicant_required
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the people of this case stand on the list, or how to join it."""
    case = found(request, reference)
    refusal = None
    if request.method == "POST":
        try:
            _act(request, case)
        except Refused as refused:
            refusal = refused
        else:
            return redirect("portal:waiting", reference=case.reference)
    if refusal is None and booking.current(case.pk, now=clock.now()) is not None:
        return redirect("portal:appointment", reference=case.reference)
    return _shown(request, case, refusal)


def _act(request: HttpRequest, case: Case) -> None:
    if request.POST.get("do") == "leave":
        casework.leave(case.pk, actor=request.user)
        return
    chosen = companions.of(request, case, calendars.of(case.mission, case.service)).chosen
    casework.join([case.pk, *(one.pk for one in chosen)], actor=request.user)


def _shown(request: HttpRequest, case: Case, refusal: Refused | None) -> HttpResponse:
    now, mission = clock.now(), case.mission
    calendar = calendars.of(mission, case.service)
    entry = waiting.of(case.pk)
    context: dict[str, Any] = {
        "case": case,
        "mission": mission,
        "city": _(mission.city),
        "calendar": calendar,
        "has_list": waiting.has_list(calendar),
        "is_drawn": calendar is not None and calendar.mode == Mode.DRAW,
        "draw": waiting.open_draw(calendar, now) if calendar else None,
        "lost": _lost(case) if entry is None else None,
        "can_book": case.phase in BOOKABLE,
        "refusal": refusal and refusal.message,
        "entry": entry,
        "outlook": outlook.of(calendar, now) if calendar else None,
        "companions": companions.of(request, case, calendar),
    }
    if entry is not None:
        context |= _standing(entry, now)
    with timezone.override(ZoneInfo(mission.time_zone)):
        status = refusal.status if refusal else 200
        return render(request, "portal/waiting.html", context, status=status)


def _standing(entry: Waiting, now: datetime) -> dict[str, Any]:
    """What somebody who waits is told: the place, those who come along, every change of order and its reason."""
    along = [entry, *entry.companions.select_related("case").order_by("pk")]
    changes = Reordering.objects.filter(entry__case=entry.case_id).exclude(approved_at=None)
    return {
        "position": outlook.position(entry, now) if _is_here(entry) else None,
        "names": [one.case.applicant_name for one in along] if len(along) > 1 else [],
        "changes": list(changes.order_by("approved_at")),
        "offer_hours": entry.calendar.offer_hours,
        "hardship": Hardship.objects.filter(entry__case=entry.case_id).exclude(approved_at=None).last(),
        "passes_left": max(0, entry.calendar.passes_kept - entry.passes),
        "offer": offering.current(entry.case_id, now),
    }


def _lost(case: Case) -> Waiting | None:
    """The last registration of the case for a draw in which it was not drawn."""
    rows = Waiting.objects.select_related("draw").filter(Q(case=case) | Q(companions__case=case), turn__gt=0)
    return rows.filter(state=Waits.NOT_DRAWN).order_by("-pk").first()


def _is_here(entry: Waiting) -> bool:
    """Whether the list is that of the mission where the case is now."""
    return bool(entry.case.mission_id == entry.calendar.mission_id)
