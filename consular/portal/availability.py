"""How long one waits for an appointment, by mission: the same for everybody, so that nobody needs to look often."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import dateparse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import casework, formspec
from consular.appointments.distribution import Mode
from consular.casework.availability import Told
from consular.core.wording import listed
from consular.missions.models import Mission
from consular.missions.titles import title


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The missions that have calendars."""
    found = tuple((code, *place) for code, place in casework.missions_with_calendars().items())
    missions = _missions(found, get_language() or "en") if found else ""
    return render(request, "portal/availability.html", {"missions": missions})


@require_safe
def of_mission(request: HttpRequest, mission_code: str) -> HttpResponse:
    """The free days and the figures of one mission, as of a minute ago at most."""
    told = casework.availability_of(mission_code.upper())
    if told is None:
        raise Http404
    context = {"figures": _figures(told, get_language() or "en")}
    return render(request, "portal/availability_mission.html", context)


@lru_cache(maxsize=8)
def _missions(found: tuple[tuple[str, str, str], ...], _language: str) -> SafeString:
    """The list of missions in a language, written once for as long as it is the same."""
    missions = sorted(((code, _name(kind, city)) for code, kind, city in found), key=lambda one: one[1])
    return render_to_string("portal/availability_missions.html", {"missions": missions})


@lru_cache(maxsize=512)
def _figures(told: Told, _language: str) -> SafeString:
    """What is told about one mission in a language, written once for everybody who asks before it is told anew."""
    values = told.values
    context = {
        "told": values,
        "name": _name(values["kind"], values["city"]),
        "made_at": told.made_at,
        "seconds": int(casework.AVAILABILITY_KEPT.total_seconds()),
        "calendars": [_calendar(calendar) for calendar in values["calendars"]],
    }
    return render_to_string("portal/availability_figures.html", context)


def _calendar(values: dict[str, Any]) -> dict[str, Any]:
    """One calendar in words."""
    mode = values.get("mode", Mode.DIRECT)  # told by a process of an older version a moment ago
    return {
        **values,
        "name": listed(_service(service) for service in values["services"]),
        "offered": Mode(mode).label if mode != Mode.DIRECT else "",
        "days": _days(values),
        "longer": [
            {**row, "name": _service(row["service"]), "days": _days(row)} for row in values.get("longer", ())
        ],
        "rows": [(_service(row["service"]), row, _minutes(row)) for row in values["figures"]],
    }


def _days(values: dict[str, Any]) -> list[tuple[date | None, int]]:
    return [(dateparse.parse_date(day["day"]), day["at_least"]) for day in values["free"]]


def _minutes(row: dict[str, Any]) -> int | None:
    seconds = row["median_seconds_until_taken"]
    return None if seconds is None else seconds // 60


def _service(service: str) -> str:
    return _(formspec.latest(service).form.title)


def _name(kind: str, city: str) -> str:
    return title(Mission(kind=kind, city=city))
