"""What the mission does with appointments: book somebody who stands at the counter, move, cancel with a reason."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consular import casework, formspec
from consular.appointments import booking, calendars, together
from consular.appointments import day as days
from consular.appointments.models import Booking, Slot, State
from consular.cases.models import Case
from consular.casework.counter import AT_THE_COUNTER
from consular.core import clock, references
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.appointments import BOOKS, day_address, parsed_day, query_of, wanted_day, wanted_mission
from consular.missions.models import Mission
from consular.missions.titles import title

PAGE = require_http_methods(["GET", "HEAD", "POST"])


class SlotForm(forms.Form):
    """Which of the free times of a day."""

    slot = forms.TypedChoiceField(
        label=gettext_lazy("Time"),
        coerce=int,
        widget=formspec.OneOf,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose a time that is free.")
        ),
    )

    def __init__(self, data: Any, times: list[days.Time], zone: ZoneInfo, chosen: str = "") -> None:
        super().__init__(data, initial={"slot": chosen})
        self.fields["slot"].choices = [(str(time.id), _time(time, zone)) for time in times if time.free]
        self.offered = {value for value, _name in self.fields["slot"].choices}


class WalkInForm(SlotForm):
    """Who stands at the counter, and when they are served: the times are known when the case is."""

    case = forms.CharField(
        label=gettext_lazy("Case"),
        max_length=40,
        help_text=gettext_lazy("The reference of the application, such as 1A2B-3C4D-5E6F."),
        widget=forms.TextInput({"class": "code width-20", "autocomplete": "off", "spellcheck": "false"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput({"type": "date", "class": "width-10"}, format="%Y-%m-%d"),
    )
    field_order = ["case", "day", "slot"]

    def look(self, case: Case | None, mine: Booking | None) -> None:
        """Only the times for the case are wanted: say what is wrong with it, and nothing about a time."""
        self.errors.pop("slot", None)
        if case is None and not self.errors:
            self.add_error("case", _("There is no such case."))
        elif mine is not None:
            self.add_error("case", _("This case has an appointment already. It can be moved."))

    def clean_case(self) -> str:
        """The reference as we write it."""
        found = references.tidy(self.cleaned_data["case"])
        if found is None:
            raise forms.ValidationError(_("This is no reference of ours. Look at it once more."))
        return found


class CancelForm(forms.Form):
    """Why the mission cancels."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(reason.value, reason.label) for reason in AT_THE_COUNTER],
        widget=formspec.OneOf,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose a reason.")),
    )


@PAGE
@officer_required(*BOOKS)
def walk_in(request: HttpRequest) -> HttpResponse:
    """Book a free place of a day for a case."""
    mission = wanted_mission(request)
    day = wanted_day(request, mission)
    wanted = request.GET.get("slot", "")
    data, case = None, _case(request, mission)
    if request.method == "POST":
        data = request.POST.copy()
        data.setdefault("day", day.isoformat())
        day = parsed_day(data["day"]) or day
    times, slots_each = _walk_in_times(day, case)
    if data is not None:
        data.setdefault("slot", _at_the_same_time(wanted, times))
    form = WalkInForm(data, times, ZoneInfo(mission.time_zone))
    form.initial["day"] = day
    context = {"form": form, "day": day, "case": case, "slots_each": slots_each}
    context |= {
        "is_elsewhere": "look" in request.POST and wanted and form.offered and not form["slot"].value()
    }
    if data is not None and ("look" in data or case is None):
        context["mine"] = _appointment_of(case)
        form.look(case, context["mine"])
    elif data is not None and form.is_valid():
        given = form.cleaned_data
        try:
            done = casework.book_at_counter(given["case"], given["slot"], actor=request.user)
        except Refused as refusal:
            form.add_error("slot" if refusal.field == "slot" else "case", str(refusal.message))
            return _show(request, mission, "desk/walk_in.html", context, refusal.status)
        messages.success(request, _("The appointment is booked."))
        return redirect(f"{day_address(mission, day)}#b-{done.reference}")
    return _show(request, mission, "desk/walk_in.html", context, 422 if form.errors else 200)


def _case(request: HttpRequest, mission: Mission) -> Case | None:
    """The case whose reference was typed, if it is one of the mission."""
    typed = references.tidy(request.POST.get("case", "")[:40])
    mine = Case.objects.visible_to(request.user).select_related("mission")
    return mine.filter(mission=mission, reference=typed).first()


def _appointment_of(case: Case | None) -> Booking | None:
    """What a case has already, which can only be moved."""
    mine = booking.current(case.pk, now=clock.now()) if case else None
    return mine if mine and mine.state == State.CONFIRMED else None


def _at_the_same_time(wanted: str, times: list[days.Time]) -> str:
    """The time that begins when a chosen one does, which may be one of another calendar of the mission; "" for none."""
    chosen = Slot.objects.filter(pk=wanted[:18]).first() if wanted.isascii() and wanted.isdecimal() else None
    return next((str(one.id) for one in times if chosen and one.starts_at == chosen.starts_at), "")


def _walk_in_times(day: date, case: Case | None) -> tuple[list[days.Time], int]:
    """The times of a day at which a case can be booked, with room for as long as it takes, and how many slots that are;
    none as long as nobody knows the case.
    """
    calendar = calendars.of(case.mission, case.service) if case and case.mission else None
    if case is None or calendar is None:
        return [], 1
    slots_each = calendars.slots_of(calendar, case.service)
    return days.starting(calendar, (day, day), 1, slots_each, now=clock.now()), slots_each


@PAGE
@officer_required(*BOOKS)
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose another time of the same calendar."""
    mine, mission = _found(request, reference)
    people = _together(mine)
    zone = ZoneInfo(mission.time_zone)
    day = (
        wanted_day(request, mission) if "day" in request.GET else mine.slot.starts_at.astimezone(zone).date()
    )
    there = days.starting(mine.slot.calendar, (day, day), len(people), mine.slots_each, now=clock.now())
    times = [time for time in there if time.id != people[0].slot.pk]
    data = request.POST if request.method == "POST" else None
    form = SlotForm(data, times, zone, request.GET.get("slot", ""))
    if data is not None and form.is_valid():
        try:
            casework.move_for_mission(mine.reference, form.cleaned_data["slot"], actor=request.user)
        except Refused as refusal:
            form.add_error("slot" if refusal.field else None, str(refusal.message))
            status = refusal.status
        else:
            messages.success(request, _("The appointment was moved. The person is told."))
            return redirect(f"{day_address(mission, day)}#b-{mine.reference}")
    else:
        status = 422 if form.errors else 200
    wanted = request.GET.get("slot", "")
    context = {"form": form, "day": day, "booking": people[0], "together": people, "has_times": bool(times)}
    context |= {"slots_each": mine.slots_each, "is_elsewhere": wanted and wanted not in form.offered}
    return _show(request, mission, "desk/booking_move.html", context, status)


@PAGE
@officer_required(*BOOKS)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel for a reason, which the person reads."""
    mine, mission = _found(request, reference)
    day = mine.slot.starts_at.astimezone(ZoneInfo(mission.time_zone)).date()
    form = CancelForm(request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            casework.cancel_for_mission(mine.reference, form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        else:
            messages.success(request, _("The appointment was cancelled. The person is told."))
            return redirect(day_address(mission, day))
    context = {"form": form, "day": day, "booking": mine, "together": _together(mine)}
    return _show(request, mission, "desk/booking_cancel.html", context, status)


def _found(request: HttpRequest, reference: str) -> tuple[Booking, Mission]:
    """The appointment, if it is at a mission at which the officer books; 404 otherwise."""
    try:
        found = booking.get(references.tidy(reference) or "")
    except Refused:
        raise Http404 from None
    mission = found.slot.calendar.mission
    if not any(request.duties.has(role, mission.pk) for role in BOOKS) or found.case is None:
        raise Http404
    return found, mission


def _together(mine: Booking) -> list[Booking]:
    """All who come by an appointment, in the order of their times; of one that is over only the one asked for."""
    found = together.members(mine.party, now=clock.now())
    return sorted(found, key=lambda one: (one.slot.starts_at, one.place.number)) or [mine]


def _time(time: days.Time, zone: ZoneInfo) -> str:
    return _("%(time)s (%(free)d free)") % {
        "time": formats.time_format(time.starts_at.astimezone(zone)),
        "free": time.free,
    }


def _show(
    request: HttpRequest, mission: Mission, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Show a page on which every time is the mission's."""
    always = {"mission": mission, "name": title(mission), "query": query_of(mission, context["day"])}
    with timezone.override(ZoneInfo(mission.time_zone)):
        return render(request, template, always | context, status=status)
