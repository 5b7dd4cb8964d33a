"""How long one waits for an appointment, by mission: the same for everybody, so that nobody needs to look often."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import dateparse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import casework, formspec
from consular.missions.models import Mission
from consular.missions.titles import title


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The missions that have calendars."""
    missions = [
        (code, _name(kind, city)) for code, (kind, city) in casework.missions_with_calendars().items()
    ]
    missions.sort(key=lambda mission: mission[1])
    return render(request, "portal/availability.html", {"missions": missions})


@require_safe
def of_mission(request: HttpRequest, mission_code: str) -> HttpResponse:
    """The free days and the figures of one mission, as of a minute ago at most."""
    told = casework.availability_of(mission_code)
    if told is None:
        raise Http404
    values = told.values
    context = {
        "told": values,
        "name": _name(values["kind"], values["city"]),
        "made_at": told.made_at,
        "seconds": int(casework.AVAILABILITY_KEPT.total_seconds()),
        "calendars": [_calendar(calendar) for calendar in values["calendars"]],
    }
    return render(request, "portal/availability_mission.html", context)


def _calendar(values: dict[str, Any]) -> dict[str, Any]:
    """One calendar in words."""
    return {
        **values,
        "name": ", ".join(_service(service) for service in values["services"]),
        "days": [(dateparse.parse_date(day["day"]), day["at_least"]) for day in values["free"]],
        "rows": [(_service(row["service"]), row, _minutes(row)) for row in values["figures"]],
    }


def _minutes(row: dict[str, Any]) -> int | None:
    seconds = row["median_seconds_until_taken"]
    return None if seconds is None else seconds // 60


def _service(service: str) -> str:
    return _(formspec.latest(service).form.title)


def _name(kind: str, city: str) -> str:
    return title(Mission(kind=kind, city=city))
