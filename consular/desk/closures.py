"""The days on which the mission is closed: entered and taken back, with a look at what it does before."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consular.appointments import proposing
from consular.appointments.changes import Change, Subject
from consular.appointments.proposing import Proposal
from consular.core import clock
from consular.desk import steering
from consular.desk.access import officer_required
from consular.desk.calendar_rows import day_field
from consular.desk.calendar_words import differences
from consular.desk.calendars import PAGE, SHOWN, shown
from consular.desk.numbers import number
from consular.missions.models import Closure, Mission


class ClosureForm(forms.Form):
    """From when to when, and why."""

    first = day_field(gettext_lazy("First closed day"))
    last = day_field(gettext_lazy("Last closed day"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("For colleagues. Applicants don't read it."),
    )

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """The days follow one another, and are not over."""
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and first < self.today:
            self.add_error("first", _("This day is over."))
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        if first and last and (last - first).days > 366:
            self.add_error("last", _("Enter a year at most."))
        return given


@PAGE
@officer_required()
def closures(request: HttpRequest, mission: str) -> HttpResponse:
    """The closures of a mission from today on, and what another one, or one less, would mean."""
    closed = steering.mission_of(request, mission)
    today = clock.today(closed.time_zone)
    form = ClosureForm(request.POST if "first" in request.POST else None, today)
    proposal, status, looked = None, 200, None
    if request.method == "POST":
        proposal = _proposal(request, closed, form)
        status = 422
    if proposal is not None:
        looked = steering.look(request, proposal)
        if looked.is_saved:
            return redirect("desk:closures", mission=closed.code)
        status = looked.status
    changes = Change.objects.filter(mission=closed, calendar=None).select_related("made_by")
    context = {
        "closures": Closure.objects.filter(mission=closed, last_day__gte=today).order_by("first_day", "pk"),
        "form": form,
        "looked": looked,
        "removed": request.POST.get("remove", "") if looked and not form.is_bound else "",
        "may_steer": steering.may_steer(request.duties, closed.pk),
        "changes": [(row, differences(row)) for row in changes.order_by("-made_at", "-pk")[:SHOWN]],
    }
    return shown(request, closed, "desk/closures.html", context, status)


def _proposal(request: HttpRequest, mission: Mission, form: ClosureForm) -> Proposal | None:
    """The closures with the one that was entered, or without the one that is to go; None when neither is right."""
    proposal = Proposal(Subject.CLOSURES, mission.pk, None, [])
    state = proposing.state_of(proposal)
    if form.is_bound:
        if not form.is_valid():
            return None
        given = form.cleaned_data
        state.append([given["first"].isoformat(), given["last"].isoformat(), given["reason"]])
    else:
        gone = Closure.objects.filter(mission=mission, pk=number(request.POST.get("remove", ""))).first()
        if gone is None:
            return None
        state.remove([gone.first_day.isoformat(), gone.last_day.isoformat(), gone.reason])
    return Proposal(Subject.CLOSURES, mission.pk, None, sorted(state))
