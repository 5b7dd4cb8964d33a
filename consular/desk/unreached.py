"""Requests to other authorities that reached nobody, for those who can see to them."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from consular.cases.consultations import Consultation
from consular.casework.consultations import ENTERS
from consular.desk.access import officer_required
from consular.missions.titles import title

MOST = 100


@dataclass(frozen=True)
class Line:
    """One request that lies here; the day is the mission's."""

    reference: str
    partner: str
    mission: str
    since: date


@require_safe
@officer_required(*sorted(ENTERS))
def overview(request: HttpRequest) -> HttpResponse:
    """The requests of one's missions that reached nobody, the oldest first."""
    found = Consultation.objects.unreached().select_related("case__mission").order_by("unreached_at", "pk")
    if not ENTERS & request.duties.everywhere:
        found = found.filter(case__mission__in=request.duties.missions_with(ENTERS))
    lines = [_line(row) for row in found[: MOST + 1]]
    return render(
        request, "desk/unreached.html", {"lines": lines[:MOST], "is_more": len(lines) > MOST, "most": MOST}
    )


def _line(row: Consultation) -> Line:
    mission = row.case.mission
    since = row.unreached_at.astimezone(ZoneInfo(mission.time_zone)).date()
    return Line(row.case.reference, gettext(row.name), title(mission), since)
