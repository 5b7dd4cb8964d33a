"""Who is away and when: one's own absences, and those of the section for its head."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.accounts.models import Kind, Role, User
from consular.core import clock
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.numbers import number
from consular.missions.models import Absence, Posting
from consular.missions.postings import Duties

SHOWN = 200


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class AbsenceForm(forms.Form):
    """Who is away from when to when; whoever heads no section is asked for the days only."""

    user = forms.TypedChoiceField(label=_("Who"), coerce=int, widget=forms.Select)
    first = _day(_("First day of absence"))
    last = _day(_("Last day of absence"))

    def __init__(self, data: Any, people: list[tuple[int, str]]) -> None:
        super().__init__(data)
        if len(people) > 1:
            self.fields["user"].choices = people
        else:
            del self.fields["user"]


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def overview(request: HttpRequest) -> HttpResponse:
    """The absences from today on, and the form for another one."""
    people = _people(request.user, request.duties)
    form = AbsenceForm(request.POST if "enter" in request.POST else None, people)
    refusal = None
    if request.method == "POST":
        refusal = _act(request, form)
        if refusal is None and (not form.is_bound or form.is_valid()):
            return redirect("desk:absences")
    today = clock.today()
    context = {
        "form": form,
        "absences": _coming(people)[:SHOWN],
        "today": today,
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "desk/absences.html", context, status=status)


def _act(request: HttpRequest, form: AbsenceForm) -> Refused | None:
    """Enter an absence or end one; the refusal, where it does not belong to a field."""
    try:
        if not form.is_bound:
            casework.end_absence(number(request.POST.get("end", "")), actor=request.user)
            messages.success(request, gettext("The absence has been ended."))
        elif form.is_valid():
            given = form.cleaned_data
            who = given.get("user", request.user.pk)
            casework.enter_absence(who, given["first"], given["last"], actor=request.user)
            messages.success(request, gettext("The absence has been entered."))
    except Refused as refusal:
        if form.is_bound and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
            return None
        return refusal
    return None


def _people(officer: User, held: Duties) -> list[tuple[int, str]]:
    """The officer, and whoever is posted to a mission whose section the officer heads."""
    posted = Posting.objects.valid_on(clock.today())
    if Role.HEAD_OF_SECTION not in held.everywhere:
        posted = posted.filter(mission__in=held.missions_with({Role.HEAD_OF_SECTION}))
    section = User.objects.filter(kind=Kind.STAFF, is_active=True, pk__in=posted.values("user"))
    others = section.exclude(pk=officer.pk).order_by("name", "pk").values_list("pk", "name")
    return [(officer.pk, officer.name), *others[:SHOWN]]


def _coming(people: list[tuple[int, str]]) -> QuerySet[Absence]:
    now_or_later = Q(ends_on__gte=clock.today(), user__in=[pk for pk, _name in people])
    return (
        Absence.objects.filter(now_or_later).select_related("user", "entered_by").order_by("starts_on", "pk")
    )
