"""The list of a day as a file: for a spreadsheet, and as a signed sheet to work with when the line is down."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular import casework
from consular.appointments import day as days
from consular.desk.access import officer_required
from consular.desk.appointments import SEES_THE_DAY, service_name, wanted_day, wanted_mission
from consular.desk.tables import as_file, download


@require_safe
@officer_required(*SEES_THE_DAY)
def as_table(request: HttpRequest) -> HttpResponse:
    """The list as CSV (RFC 4180), in UTF-8 with the mark that spreadsheets want."""
    mission = wanted_mission(request)
    day = wanted_day(request, mission)
    zone = ZoneInfo(mission.time_zone)
    head = (_("Time"), _("Until"), _("Code"), _("Applicant"), _("Case"), _("Service"), _("Status"))
    lines = [
        (
            f"{row.starts_at.astimezone(zone):%H:%M}",
            f"{row.ends_at.astimezone(zone):%H:%M}",
            row.code,
            row.name,
            row.case,
            service_name(row.service),
            str(row.visit.standing.label),
        )
        for row in days.of_day(mission, day)
    ]
    return as_file(head, lines, f"{mission.code}-{day}")


@require_safe
@officer_required(*SEES_THE_DAY)
def as_sheet(request: HttpRequest) -> HttpResponse:
    """The signed day sheet (PDF)."""
    mission = wanted_mission(request)
    day = wanted_day(request, mission)
    content = casework.day_sheet(mission, day, actor=request.user)
    return download(content, "application/pdf", f"{mission.code}-{day}.pdf")
