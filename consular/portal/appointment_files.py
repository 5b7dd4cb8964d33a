"""An appointment as a file for calendar programs: from the page of the case, and from the link in a mail."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular.appointments import checkin, ics
from consular.appointments.models import Booking, State
from consular.missions import details
from consular.missions.models import Mission
from consular.missions.titles import title
from consular.portal.access import applicant_required
from consular.portal.appointment_links import guarded
from consular.portal.appointments import found, latest_of


@require_safe
@applicant_required
def calendar_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The latest appointment of the case as a file for calendar programs; a cancelled one is taken away by it."""
    case = found(request, reference)
    mine = latest_of(case)
    if mine is None or not mine.was_confirmed:
        raise Http404
    return _file(mine, case.mission, reverse("portal:appointment", args=[case.reference]))


@require_safe
@guarded
def by_link(request: HttpRequest, token: str, mine: Booking) -> HttpResponse:
    """The appointment of a link as the same file; it names no application."""
    return _file(mine, mine.slot.calendar.mission, reverse("portal:my_cases"))


def _file(mine: Booking, mission: Mission, address: str) -> HttpResponse:
    entry = ics.Entry(
        uid=f"{mine.reference}@{urlsplit(settings.PUBLIC_URL).hostname}",
        sequence=mine.sequence,
        summary=_("Appointment at the mission in %(city)s") % {"city": _(mission.city)},
        description=_("Code for the door: %(code)s") % {"code": checkin.code(mine.reference)},
        location="\n".join(filter(None, [title(mission), details.address_at(mission, mine.slot.starts_at)])),
        url=settings.PUBLIC_URL + address,
        time_zone=mission.time_zone,
        starts_at=mine.slot.starts_at,
        ends_at=mine.ends_at,
        changed_at=mine.changed_at,
        cancelled=mine.state == State.CANCELLED,
    )
    method = "CANCEL" if entry.cancelled else "PUBLISH"
    answer = HttpResponse(
        ics.calendar_file(entry), content_type=f"text/calendar; charset=utf-8; method={method}"
    )
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer
