"""The appointment of a case: choose a time, confirm it, move it, cancel it, take it into one's own calendar."""

from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from consular import casework, formspec
from consular.appointments import booking, calendars, checkin, offering, slots
from consular.appointments.models import Booking, Calendar, State
from consular.cases.models import Case, CaseQuerySet, Phase
from consular.casework import appointments, waiting
from consular.casework.counter import reason_of
from consular.core import clock, references
from consular.core.errors import Refused
from consular.missions import details
from consular.portal import companions, displaced, proving
from consular.portal.access import applicant_required
from consular.portal.companions import Companions, Wish

PAGE = require_http_methods(["GET", "HEAD", "POST"])


class TimeForm(forms.Form):
    """Which of the free times of a day."""

    slot = forms.IntegerField(
        label=gettext_lazy("Time"),
        min_value=1,
        max_value=2**63 - 1,
        widget=formspec.OneOf,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("Choose a time.")
        ),
    )

    minutes: int | None = None
    """How long all of them last, where they last equally long."""

    def offer(self, times: tuple[slots.FreeSlot, ...], zone: ZoneInfo) -> None:
        """Show these times, on the clock of the mission."""
        choices = [(time.id, formats.time_format(time.starts_at.astimezone(zone))) for time in times]
        self.fields["slot"].widget = formspec.OneOf(choices=choices)
        lasting = {(time.ends_at - time.starts_at) // timedelta(minutes=1) for time in times}
        self.minutes = lasting.pop() if len(lasting) == 1 else None


@PAGE
@applicant_required
def appointment(request: HttpRequest, reference: str) -> HttpResponse:
    """The appointment, if there is one; otherwise the free times, of which one is held."""
    if request.method == "POST":
        return _hold(request, reference)
    case = found(request, reference)
    mine = displaced.current(case.pk, clock.now())
    offer = offering.current(case.pk, clock.now()) if mine and mine.state == State.HELD else None
    if mine is None and companions.is_by_list(case):
        return redirect("portal:waiting", reference=case.reference)
    if mine is None or (mine.state == State.HELD and "day" in request.GET and offer is None):
        return _times(request, case, None)
    if mine.state == State.HELD:
        return redirect("portal:appointment_confirm", reference=case.reference)
    more = {**code_of(mine), **displaced.context(mine)}
    return _show(request, case, "portal/appointment.html", {"booking": mine, **more})


@PAGE
@applicant_required
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the time that is held."""
    if request.method == "POST":
        try:
            casework.confirm_appointment(_posted(request), actor=request.user)
        except Refused as refusal:
            case = found(request, reference)
            return _show(
                request, case, "portal/appointment_confirm.html", {"refusal": refusal.message}, refusal.status
            )
        return redirect("portal:appointment", reference=reference)
    case = found(request, reference)
    mine = booking.current(case.pk, now=clock.now())
    if mine is None or mine.state != State.HELD:
        return redirect("portal:appointment", reference=case.reference)
    held = {
        **{"booking": mine, "can_extend": booking.can_extend(mine), "seconds_left": _seconds_left(mine)},
        "offer": offering.current(case.pk, clock.now()),
    }
    return _show(request, case, "portal/appointment_confirm.html", held)


@PAGE
@applicant_required
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose another time; the old one is kept until the new one is certain."""
    case = found(request, reference)
    mine = displaced.current(case.pk, clock.now())
    if mine is None or mine.state == State.HELD:
        return redirect("portal:appointment", reference=case.reference)
    if request.method == "POST":
        return _move(request, case, mine)
    return _times(request, case, mine)


@PAGE
@applicant_required
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once, then cancel."""
    case = found(request, reference)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            casework.cancel_appointment(_posted(request), actor=request.user)
        except Refused as refused:
            refusal, status = refused.message, refused.status
        else:
            return redirect("portal:appointment", reference=case.reference)
    mine = booking.current(case.pk, now=clock.now())
    if mine is None and refusal is None:
        return redirect("portal:appointment", reference=case.reference)
    return _show(
        request, case, "portal/appointment_cancel.html", {"booking": mine, "refusal": refusal}, status
    )


@require_POST
@applicant_required
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the time that is held some minutes longer."""
    case = found(request, reference)
    try:
        casework.extend_appointment(_posted(request), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("portal:appointment_confirm", reference=case.reference)


def _seconds_left(held: Booking) -> int:
    """For how much longer the time is kept."""
    return max(0, ceil((held.active_until - clock.now()).total_seconds()))


def span(starts_at: datetime, ends_at: datetime) -> str:
    """From when till when, on the clock of the page."""
    day = formats.date_format(timezone.localtime(starts_at), "DATETIME_FORMAT")
    return f"{day} – {formats.time_format(timezone.localtime(ends_at))}"


def code_of(mine: Booking) -> dict[str, Any]:
    """The code with which an appointment is found at the door, and its drawing."""
    return {"code": checkin.code(mine.reference), "drawing": checkin.drawing(mine.reference)}


def latest_of(case: Case) -> Booking | None:
    """The last booking of a case, whatever has become of it."""
    return Booking.objects.select_related("place__slot").filter(case=case).order_by("-pk").first()


def _hold(request: HttpRequest, reference: str) -> HttpResponse:
    """Hold the posted time; what went wrong is shown above the free times."""
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _times(request, found(request, reference), None, form, 422)
    try:
        proving.for_a_hold(request)
        if companions.FIELD in request.POST:
            case = found(request, reference)
            companions.hold(request, case, form.cleaned_data["slot"])
        else:
            appointments.hold_slot(reference, form.cleaned_data["slot"], actor=request.user)
    except Refused as refusal:
        return _refused(request, found(request, reference), None, form, refusal)
    return redirect("portal:appointment_confirm", reference=reference)


def _move(request: HttpRequest, case: Case, mine: Booking) -> HttpResponse:
    """Move the appointment to the posted time; what went wrong is shown above the free times."""
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _times(request, case, mine, form, 422)
    try:
        casework.move_appointment(mine.reference, form.cleaned_data["slot"], actor=request.user)
    except Refused as refusal:
        return _refused(request, case, mine, form, refusal)
    return redirect("portal:appointment", reference=case.reference)


def _refused(
    request: HttpRequest, case: Case, mine: Booking | None, form: TimeForm, refusal: Refused
) -> HttpResponse:
    form.add_error("slot" if refusal.field else None, str(refusal.message))
    return _times(request, case, mine, form, refusal.status)


def _times(
    request: HttpRequest, case: Case, mine: Booking | None, failed: TimeForm | None = None, status: int = 200
) -> HttpResponse:
    """The days with free places and the times of one of them, to hold one or to move `mine` there."""
    now = clock.now()
    latest = None if mine else latest_of(case)
    calendar = calendars.of(case.mission, case.service)
    others = Companions() if mine else companions.of(request, case, calendar)
    people = len(companions.names(mine)) if mine and mine.people > 1 else others.people
    slots_each = calendars.slots_of(calendar, case.service) if calendar else 1
    wish = Wish(people, mine.slots_each if mine else slots_each)
    context = {
        **free_times(request, calendar, failed or TimeForm(), wish, mine),
        "booking": mine,
        "companions": others,
        "proof": "" if mine else proving.challenge(request, proving.HOLD),
        "has_list": waiting.has_list(calendar),
        "people": people,
        "has_expired": _has_expired(latest, now),
        "why": reason_of(latest) if latest and latest.state == State.CANCELLED else "",
        "cancelled": latest if latest and latest.state == State.CANCELLED and latest.was_confirmed else None,
    }
    return _show(request, case, "portal/appointment_times.html", context, status)


def free_times(
    request: HttpRequest,
    calendar: Calendar | None,
    form: TimeForm,
    wish: Wish,
    mine: Booking | None = None,
) -> dict[str, Any]:
    """The days on which a calendar has free places, and in the form the times of the day that was asked for.

    Somebody whose time the mission could not keep (`mine`) sees more than others.
    """
    now, right = clock.now(), displaced.context(mine)
    more = {"before_others": right["displaced"] is not None}
    days = companions.days(calendar, wish, now, **more) if calendar else ()
    day = _day(request.POST.get("day") or request.GET.get("day"), days)
    if calendar and day:
        form.offer(companions.times(calendar, day, wish, now, **more), ZoneInfo(calendar.mission.time_zone))
    return {"form": form, "days": days, "day": day, "calendar": calendar, **right}


def _has_expired(latest: Booking | None, now: datetime) -> bool:
    """Whether the last thing that happened was a hold that ended by the clock."""
    return latest is not None and latest.state in {State.HELD, State.EXPIRED} and latest.active_until <= now


def _day(text: str | None, days: tuple[slots.FreeDay, ...]) -> date | None:
    """The wanted day if it has free places, otherwise the first that has."""
    free = {day.day.isoformat(): day.day for day in days}
    return free.get(text or "") or next(iter(free.values()), None)


def _show(
    request: HttpRequest, case: Case, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Show a page on which every time is the mission's."""
    mission, mine = case.mission, context.get("booking")
    always = {
        "case": case,
        "mission": mission,
        "city": _(mission.city),
        "can_book": appointments.is_bookable(case),
        "names": companions.names(mine),
        "address": details.address_at(mission, mine.slot.starts_at) if mine else "",
    }
    with timezone.override(ZoneInfo(mission.time_zone)):
        return render(request, template, always | context, status=status)


def _posted(request: HttpRequest) -> str:
    return references.tidy(request.POST.get("booking", "")) or ""


def _sent(request: HttpRequest, reference: str) -> CaseQuerySet:
    return (
        Case.objects.visible_to(request.user)
        .exclude(phase=Phase.DRAFT)
        .filter(reference=references.tidy(reference))
    )


def found(request: HttpRequest, reference: str) -> Case:
    """A sent case of the visitor, with its mission; 404 for anybody else's."""
    found = _sent(request, reference).select_related("mission").first()
    if found is None:
        raise Http404
    return found
