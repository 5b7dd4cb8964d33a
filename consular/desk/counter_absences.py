"""Which absences leave a counter of a calendar without staff, with a look at what that does."""

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from consular.appointments import proposing
from consular.appointments.changes import Subject
from consular.appointments.models import Calendar
from consular.appointments.proposing import Proposal
from consular.core import clock
from consular.desk import steering
from consular.desk.access import officer_required
from consular.desk.calendars import PAGE, services_of, shown
from consular.formspec.inputs import SeveralOf
from consular.missions.models import Absence, Posting


class CountersForm(forms.Form):
    """The absences of colleagues; those that are ticked leave a counter empty."""

    absences = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Nobody stands in at a counter during"),
        coerce=int,
        widget=SeveralOf,
        required=False,
    )

    def __init__(self, data: object, rows: list[Absence], chosen: list[int]) -> None:
        super().__init__(data, initial={"absences": [str(pk) for pk in chosen]})
        self.fields["absences"].choices = [(str(row.pk), _words(row)) for row in rows]


@PAGE
@officer_required()
def absences(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """The absences from today on of those who work at the mission, and which of them leave a counter empty."""
    calendar = steering.calendar_of(request, calendar_id)
    may_steer = steering.may_steer(request.duties, calendar.mission_id)
    proposal = Proposal(Subject.ABSENCES, calendar.mission_id, calendar.pk, [])
    there = proposing.state_of(proposal)
    rows = list(_coming(calendar))
    form = CountersForm(request.POST if request.method == "POST" else None, rows, there)
    looked, status = None, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            shown_ones = {row.pk for row in rows}
            state = sorted({*form.cleaned_data["absences"], *(pk for pk in there if pk not in shown_ones)})
            looked = steering.look(
                request, Proposal(Subject.ABSENCES, calendar.mission_id, calendar.pk, state)
            )
            if looked.is_saved:
                return redirect("desk:calendar_absences", calendar_id=calendar.pk)
            status = looked.status
    context = {
        "calendar": calendar,
        "services": services_of(calendar),
        "form": form,
        "has_rows": bool(rows),
        "looked": looked,
        "may_steer": may_steer,
    }
    return shown(request, calendar.mission, "desk/calendar_absences.html", context, status)


def _coming(calendar: Calendar) -> QuerySet[Absence]:
    """The absences from today on of those who are posted to the mission."""
    today = clock.today(calendar.mission.time_zone)
    posted = Posting.objects.valid_on(today).filter(mission=calendar.mission_id)
    found = Absence.objects.filter(ends_on__gte=today, user__in=posted.values("user")).select_related("user")
    return found.order_by("starts_on", "pk")[:200]


def _words(row: Absence) -> str:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (row.starts_on, row.ends_on))
    return f"{row.user.name}: {first}–{last}"
