"""The draws of my missions: announce one, see to hardship with a second officer, draw by the round."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.appointments.distribution import Mode
from consular.appointments.draws import Draw, Hardship
from consular.appointments.models import Calendar
from consular.casework.reordering import ORDERERS
from consular.core import clock
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.calendar_rows import within_reach
from consular.desk.numbers import number
from consular.missions.titles import title

SHOWN = 50


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=_("On the clock of the mission"),
        validators=[within_reach],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class AnnounceForm(forms.Form):
    """Which calendar, when one registers, and how many are drawn."""

    calendar = forms.ModelChoiceField(Calendar.objects.none(), label=_("Calendar"))
    opens_at = _moment(_("Registration begins"))
    closes_at = _moment(_("Registration ends"))
    winners = forms.IntegerField(label=_("How many are drawn"), min_value=1, max_value=100_000)

    def __init__(self, data: Any, missions: frozenset[int]) -> None:
        super().__init__(data)
        field = self.fields["calendar"]
        field.queryset = Calendar.objects.filter(mission__in=missions, mode=Mode.DRAW).select_related(
            "mission"
        )
        field.label_from_instance = lambda one: f"{title(one.mission)}: {one.get_category_display()}"


class HardshipForm(forms.Form):
    """Whose ticket is drawn first, and why."""

    draw = forms.IntegerField(widget=forms.HiddenInput)
    ticket = forms.CharField(label=_("Ticket"), max_length=40)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person can read it."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class RoundForm(forms.Form):
    """The signature of the round, from wherever."""

    draw = forms.IntegerField(widget=forms.HiddenInput)
    signature = forms.CharField(
        label=_("Signature of the round"), help_text=_("96 digits and letters from a to f"), max_length=200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*ORDERERS)
def overview(request: HttpRequest) -> HttpResponse:
    """The draws, the form for a new one, and what each of them waits for."""
    missions = request.duties.missions_with(ORDERERS)
    what = request.POST.get("do", "")
    form = AnnounceForm(request.POST if what == "announce" else None, missions)
    other = {"hardship": HardshipForm, "round": RoundForm}.get(what)
    asked = other(request.POST, auto_id=f"id_{what}_%s") if other else None
    refusal = _act(request, what, asked or form) if request.method == "POST" else None
    if request.method == "POST" and refusal is None and not (asked or form).errors:
        return redirect("desk:draws")
    draws = Draw.objects.filter(calendar__mission__in=missions).select_related("calendar__mission")
    context = {
        "form": form,
        "asked": asked,
        "what": what,
        "draws": [(draw, title(draw.calendar.mission)) for draw in draws.order_by("-pk")[:SHOWN]],
        "hardships": Hardship.objects.select_related("entry", "proposed_by").filter(
            approved_by=None, entry__draw__published_at=None, entry__draw__calendar__mission__in=missions
        ),
        "now": clock.now(),
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if (asked or form).errors else 200
    return render(request, "desk/draws.html", context, status=status)


def _act(request: HttpRequest, what: str, form: forms.Form) -> Refused | None:
    """Do what a form or a button says; the refusal, where it does not belong to a field."""
    try:
        if what == "agree":
            casework.agree_to_hardship(number(request.POST.get("hardship", "")), actor=request.user)
            messages.success(request, gettext("This ticket is drawn first."))
        elif form.is_valid():
            _submit(request, what, form.cleaned_data)
    except Refused as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
            return None
        return refusal
    return None


def _submit(request: HttpRequest, what: str, given: dict[str, Any]) -> None:
    actor = request.user
    if what == "announce":
        zone = ZoneInfo(given["calendar"].mission.time_zone)
        opens, closes = (given[name].replace(tzinfo=zone) for name in ("opens_at", "closes_at"))
        casework.announce_draw(given["calendar"].pk, opens, closes, given["winners"], actor=actor)
        messages.success(request, gettext("The draw has been announced."))
    elif what == "hardship":
        casework.propose_hardship(given["draw"], given["ticket"], given["reason"], actor=actor)
        messages.success(request, gettext("The proposal waits for a second officer now."))
    else:
        casework.draw_by(given["draw"], given["signature"].strip().lower(), actor=actor)
        messages.success(request, gettext("The draw has taken place."))
