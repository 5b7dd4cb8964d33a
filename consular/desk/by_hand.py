"""What officers give out by hand: emergencies that wait for an answer, and times that are kept for one case."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from consular import casework
from consular.appointments import booking, calendars, inviting
from consular.appointments import day as days
from consular.appointments.day import Time
from consular.appointments.models import Booking, State
from consular.cases.models import Case, Phase
from consular.casework import by_hand
from consular.casework.appointments import is_bookable
from consular.core import clock, references
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.appointments import BOOKS
from consular.formspec.inputs import SeveralOf
from consular.missions.titles import title

SHOWN = timedelta(days=6)
"""The page shows the free times of a week."""


class TimesForm(forms.Form):
    """Which times are offered, and for how long they are kept."""

    slots = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Times to offer"),
        help_text=gettext_lazy("One to three. The person takes one of them; the others are free again."),
        coerce=int,
        widget=SeveralOf,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose one to three times that are free.")
        ),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days for which they are kept"),
        min_value=1,
        max_value=by_hand.MOST_DAYS,
        initial=3,
        widget=forms.NumberInput({"class": "width-5"}),
    )

    def __init__(self, data: Any, times: list[Time]) -> None:
        super().__init__(data)
        self.fields["slots"].choices = [(time.id, _local(time.starts_at)) for time in times]


class RefusalForm(forms.Form):
    """Why an emergency is none."""

    text = forms.CharField(
        label=gettext_lazy("Reason of the refusal"),
        help_text=gettext_lazy("The person reads it as a message."),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say why.")},
    )


@require_safe
@officer_required(*BOOKS)
def emergencies(request: HttpRequest) -> HttpResponse:
    """The requests that nobody has answered, the oldest first."""
    found = list(by_hand.emergencies(request.user))
    rows = [{"asked": one, "mission": title(one.case.mission)} for one in found]
    return render(request, "desk/emergencies.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*BOOKS)
def times(request: HttpRequest, reference: str) -> HttpResponse:
    """Offer times for a case; answer its emergency by it, or refuse that."""
    case = _found(request, reference)
    zone = ZoneInfo(case.mission.time_zone)
    with timezone.override(zone):
        first = _first(request.GET.get("day", ""), clock.now().astimezone(zone).date())
        mine = booking.current(case.pk, now=clock.now())
        free = _free(case, first, mine)
        is_refusal = "refuse" in request.POST
        form = TimesForm(request.POST if request.method == "POST" and not is_refusal else None, free)
        refusal = RefusalForm(request.POST if is_refusal else None)
        status = 200
        if request.method == "POST":
            status = _done(request, case, refusal if is_refusal else form)
            if status == 302:
                return redirect("desk:case", reference=case.reference)
        context = {
            "case": case,
            "day": first,
            "form": refusal if is_refusal else form,
            "times": form,
            "refusal_form": refusal,
            "asked": by_hand.emergencies(request.user).filter(case=case).first(),
            "offered": inviting.standing(case.pk, clock.now()),
            "mine": mine,
            "can_book": is_bookable(case),
        }
        return render(request, "desk/times.html", context, status=status)


def _done(request: HttpRequest, case: Case, form: forms.Form) -> int:
    """Do what was asked for: 302, or the status of the page that says why not."""
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    try:
        if isinstance(form, RefusalForm):
            casework.refuse_emergency(case.reference, given["text"], actor=request.user)
            messages.success(request, _("The request is refused, and the reason is sent."))
        else:
            casework.offer_times(case.reference, given["slots"], given["days"], actor=request.user)
            messages.success(request, _("The times are kept, and the person is told."))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return refusal.status
    return 302


def _found(request: HttpRequest, reference: str) -> Case:
    seen = Case.objects.visible_to(request.user).exclude(phase=Phase.DRAFT).select_related("mission")
    case = seen.filter(reference=references.tidy(reference), mission__isnull=False).first()
    if case is None or not any(request.duties.has(role, case.mission_id) for role in BOOKS):
        raise Http404
    return case


def _free(case: Case, first: date, mine: Booking | None) -> list[Time]:
    """The times with room for as long as the appointment takes that would move there, or the service."""
    calendar = calendars.of(case.mission, case.service)
    if calendar is None:
        return []
    has_one = mine is not None and mine.state == State.CONFIRMED
    slots_each = mine.slots_each if mine and has_one else calendars.slots_of(calendar, case.service)
    now = clock.now()
    there = days.starting(calendar, (first, first + SHOWN), 1, slots_each, now=now)
    return [time for time in there if time.starts_at > now]


def _first(text: str, today: date) -> date:
    """The day from which on times are shown: the wanted one, or today."""
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(wanted, today), today + timedelta(days=730))


def _local(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
