"""The waiting lists of my missions: who waits in which order, and changes of it that two officers make."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.appointments import offering, outlook
from consular.appointments.models import Calendar, Reordering, Waiting
from consular.appointments.waiting import Waits
from consular.casework.reordering import ORDERERS
from consular.core import clock, references
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.calendar_rows import day_field
from consular.desk.numbers import number
from consular.missions.titles import title

SHOWN = 200


class OrderForm(forms.Form):
    """Whose rank is to change, since when they count as waiting, and why."""

    reference = forms.CharField(label=_("Reference of the application"), max_length=30)
    since = day_field(_("Counts as waiting since"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person can read it."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


@dataclass(frozen=True)
class List:
    """The list of one calendar: the first entries, how many there are, and how long it takes."""

    calendar: Calendar
    name: str
    entries: list[Waiting]
    length: int
    outlook: outlook.Outlook | None


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*ORDERERS)
def overview(request: HttpRequest) -> HttpResponse:
    """The lists, the proposals that wait for a second officer, and the form for a new one."""
    form = OrderForm(request.POST if "propose" in request.POST else None)
    refusal = None
    if request.method == "POST":
        refusal = _act(request, form)
        if refusal is None and (not form.is_bound or form.is_valid()):
            return redirect("desk:waiting")
    missions = request.duties.missions_with(ORDERERS)
    proposals = Reordering.objects.select_related("entry__case", "entry__calendar__mission", "proposed_by")
    context = {
        "form": form,
        "lists": _lists(missions),
        "proposals": proposals.filter(approved_by=None, entry__calendar__mission__in=missions).order_by("pk"),
        "refusal": refusal and refusal.message,
        "shown": SHOWN,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "desk/waiting.html", context, status=status)


def _act(request: HttpRequest, form: OrderForm) -> Refused | None:
    """Propose, agree or drop; the refusal, where it does not belong to a field."""
    try:
        if form.is_bound:
            if form.is_valid():
                _propose(request, form.cleaned_data)
                messages.success(request, gettext("The change waits for a second officer now."))
        elif "agree" in request.POST:
            casework.agree_to_order(number(request.POST["agree"]), actor=request.user)
            messages.success(request, gettext("The order has been changed. The person can see why."))
        else:
            casework.drop_order(number(request.POST.get("drop", "")), actor=request.user)
            messages.success(request, gettext("The proposal has been dropped."))
    except Refused as refusal:
        if form.is_bound and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
            return None
        return refusal
    return None


def _propose(request: HttpRequest, given: dict[str, Any]) -> None:
    reference = references.tidy(given["reference"])
    entry = Waiting.objects.filter(case__reference=reference, state=Waits.WAITING).first()
    first = (entry.head_id or entry.pk) if entry else 0
    try:
        casework.propose_order(first, given["since"], given["reason"], actor=request.user)
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
        raise Refused(refusal.message, code=refusal.code, field="reference", status=404) from None


def _lists(missions: frozenset[int]) -> list[List]:
    now = clock.now()
    waiting = Calendar.objects.filter(mission__in=missions, waiting__state=Waits.WAITING).distinct()
    return [
        List(
            calendar,
            title(calendar.mission),
            list(offering.in_order(calendar, now).select_related("case")[:SHOWN]),
            offering.in_order(calendar, now).count(),
            outlook.of(calendar, now),
        )
        for calendar in waiting.select_related("mission").order_by("mission__code", "pk")
    ]
