"""How the appointments of a mission went, for those who steer them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consular.appointments import figures, overbooking
from consular.core import clock
from consular.core.wording import listed
from consular.desk.access import officer_required
from consular.desk.appointments import SEES_THE_DAY, query_of, service_name, wanted_day, wanted_mission
from consular.missions.titles import title


@require_safe
@officer_required(*SEES_THE_DAY)
def overview(request: HttpRequest) -> HttpResponse:
    """The figures of the last weeks, by calendar and service."""
    mission = wanted_mission(request)
    now = clock.now()
    tables = [
        {
            "name": listed(service_name(service) for service in one.calendar.services),
            "figures": one,
            "rows": [(service_name(count.service), count) for count in one.services],
            "longer": [(service_name(service), free) for service, free in one.longer],
            "learnt": overbooking.learnt(one.calendar, now=now),
        }
        for one in figures.of_mission(mission, now=now)
    ]
    context = {
        "mission": mission,
        "name": title(mission),
        "tables": tables,
        "days": figures.PERIOD.days,
        "query": query_of(mission, wanted_day(request, mission)),
    }
    return render(request, "desk/appointment_figures.html", context)
