"""People who come together to one appointment: found by the code of any of them, and ticked who has really come."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.appointments import attendance
from consular.appointments import day as days
from consular.appointments.day import Appointment
from consular.appointments.visits import Act
from consular.core import clock
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.appointments import SEES_THE_DAY, day_address, missions_of, query_of
from consular.formspec.inputs import SeveralOf
from consular.missions.models import Mission
from consular.missions.titles import title

ISOLATED = "\u2068%s\u2069"
"""A text of its own direction within another one (Unicode 9, 3.1)."""


class ArrivalForm(forms.Form):
    """Who of them has come: everybody who is still expected is ticked at first.

    A value carries the number of the last entry that was seen; one that is not right any more was overtaken.
    """

    came = forms.MultipleChoiceField(
        label=gettext_lazy("Who has come"),
        widget=SeveralOf,
        error_messages={
            "required": gettext_lazy("Tick who has come."),
            "invalid_choice": gettext_lazy("Somebody else entered something meanwhile. Look again."),
        },
    )

    def __init__(self, data: Any, expected: list[Appointment], zone: ZoneInfo) -> None:
        choices = [(f"{row.reference} {row.visit.seen}", _named(row, zone)) for row in expected]
        super().__init__(data, initial={"came": [value for value, _name in choices]})
        self.fields["came"].choices = choices

    def seen(self) -> dict[str, int]:
        """The references that were ticked, and the number of the last entry about each."""
        pairs = (value.split(" ") for value in self.cleaned_data["came"])
        return {reference: int(number) for reference, number in pairs}


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*SEES_THE_DAY)
def together(request: HttpRequest, reference: str) -> HttpResponse:
    """Tick who of those who come together is here; they are written down at once, all or none."""
    mission, party = _found(request, reference)
    expected = still_expected(party, clock.now())
    zone, today = ZoneInfo(mission.time_zone), clock.today(mission.time_zone)
    form = ArrivalForm(request.POST if request.method == "POST" else None, expected, zone)
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            done = casework.check_in_together(form.seen(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        else:
            sentence = ngettext("%(number)d person has come.", "%(number)d people have come.", len(done))
            messages.success(request, sentence % {"number": len(done)})
            return redirect(f"{day_address(mission, today)}#b-{reference}")
    context = {
        "form": form,
        "there": [row for row in party if row not in expected],
        "has_expected": bool(expected),
        "name": title(mission),
        "query": query_of(mission, today),
    }
    with timezone.override(zone):
        return render(request, "desk/arrivals.html", context, status=status)


def still_expected(party: list[Appointment], now: datetime) -> list[Appointment]:
    """Those of them who can be checked in now."""
    return [
        row
        for row in party
        if Act.CHECK_IN in attendance.possible(row.visit, starts_at=row.starts_at, now=now)
    ]


def _found(request: HttpRequest, reference: str) -> tuple[Mission, list[Appointment]]:
    """All who come today with the person of this appointment, at one of my missions; 404 when there are none."""
    for mission in missions_of(request.duties):
        rows = days.of_day(mission, clock.today(mission.time_zone))
        party = next((row.party for row in rows if row.reference == reference), "")
        if party:
            return mission, [row for row in rows if row.party == party]
    raise Http404


def _named(row: Appointment, zone: ZoneInfo) -> str:
    return _("%(name)s, %(time)s, case %(case)s") % {
        "name": ISOLATED % row.name,
        "time": formats.time_format(row.starts_at.astimezone(zone)),
        "case": ISOLATED % row.case,
    }
