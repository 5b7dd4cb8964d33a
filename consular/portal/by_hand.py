"""Times that the mission keeps for one case, and asking for an appointment in an emergency."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consular import casework, formspec
from consular.appointments import inviting
from consular.appointments.invitations import Invitation
from consular.cases.models import Case
from consular.casework import by_hand
from consular.casework.appointments import is_bookable
from consular.core import clock
from consular.core.errors import Refused
from consular.portal.access import applicant_required
from consular.portal.appointments import PAGE, TimeForm, found, span


class ReasonForm(forms.Form):
    """Why it cannot wait."""

    reason = forms.CharField(
        label=gettext_lazy("Why it cannot wait"),
        help_text=gettext_lazy(
            "Say what has happened, by when you have to travel and how you can prove it. An officer reads it."
        ),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Say why it cannot wait.")},
    )


@PAGE
@applicant_required
def offered(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one of the times that the mission keeps for this case, or none of them."""
    case = found(request, reference)
    made = inviting.standing(case.pk, clock.now())
    form = TimeForm(request.POST if request.method == "POST" and "none" not in request.POST else None)
    status = 200
    if request.method == "POST":
        try:
            if _answered(request, case, form):
                return redirect(
                    "portal:appointment" if form.is_bound else "portal:case", reference=case.reference
                )
            status = 422
        except Refused as refusal:
            form.add_error("slot" if refusal.field else None, str(refusal.message))
            status = refusal.status
    with timezone.override(ZoneInfo(case.mission.time_zone)):
        if made is not None:
            form.fields["slot"].widget = formspec.OneOf(choices=_choices(made))
        context = {"form": form, "made": made}
        return _shown(request, case, "portal/times_offered.html", context, status)


@PAGE
@applicant_required
def emergency(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for an appointment that cannot wait; an officer decides."""
    case = found(request, reference)
    form = ReasonForm(request.POST or None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            casework.ask_emergency(case.pk, form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error("reason" if refusal.field else None, str(refusal.message))
            status = refusal.status
        else:
            return redirect("portal:emergency", reference=case.reference)
    context = {"form": form, "asked": by_hand.emergency_of(case), "can_book": is_bookable(case)}
    return _shown(request, case, "portal/emergency.html", context, status)


def _answered(request: HttpRequest, case: Case, form: TimeForm) -> bool:
    if "none" in request.POST:
        casework.decline_times(case.pk, actor=request.user)
        return True
    if not form.is_valid():
        return False
    casework.take_time(case.pk, form.cleaned_data["slot"], actor=request.user)
    return True


def _choices(made: Invitation) -> list[tuple[int, str]]:
    return [(one.slot.pk, span(one.slot.starts_at, one.ends_at)) for one in inviting.times(made)]


def _shown(
    request: HttpRequest, case: Case, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    always = {"case": case, "mission": case.mission, "city": _(case.mission.city)}
    with timezone.override(ZoneInfo(case.mission.time_zone)):
        return render(request, template, always | context, status=status)
