"""The page behind the link in a mail about an appointment: see when and where it is, move it, cancel it.

Nobody is signed in here, so it shows the time and the place of the appointment and nothing else. Opening a page changes
nothing, since mail programs open links to look at them; a button does, and then the link is used up.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consular import casework
from consular.accounts import throttle
from consular.accounts.networks import network_of
from consular.accounts.throttle import QUARTER, Limit
from consular.appointments import links
from consular.appointments.models import Booking
from consular.core.errors import Refused
from consular.missions import details
from consular.portal import companions, displaced
from consular.portal.appointments import PAGE, TimeForm, code_of, free_times
from consular.portal.companions import Wish

OF_A_NETWORK = Limit("appointment links of a network", 120, QUARTER)
OF_A_BOOKING = Limit("appointment links of a booking", 30, QUARTER)

View = Callable[..., HttpResponse]


def guarded_by(name: Callable[[str], str | None], look: Callable[[str], object]) -> Callable[[View], View]:
    """Count the try for what a link names, and answer a link that does not work with a page that says why.

    `look` finds what it is for, which the page is given.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, token: str) -> HttpResponse:
            try:
                throttle.require([(OF_A_NETWORK, network_of(request))])
                named = name(token)
                throttle.require([(OF_A_BOOKING, named)] if named else [])
                return view(request, token, look(token))
            except Refused as refusal:
                said = {"refusal": refusal.message}
                return render(request, "portal/appointment_link_over.html", said, status=refusal.status)

        return never_cache(counted)

    return guarded


def _reference(token: str) -> str | None:
    link = links.read(token)
    return link.reference if link else None


guarded = guarded_by(_reference, casework.booking_of)


@require_safe
@guarded
def appointment(request: HttpRequest, token: str, mine: Booking) -> HttpResponse:
    """When and where the appointment is."""
    return _show(
        request,
        token,
        mine,
        "portal/appointment_link.html",
        {
            "is_moved": "moved" in request.GET,
            "is_booked": "booked" in request.GET,
            **code_of(mine),
            **displaced.context(mine),
        },
    )


@PAGE
@guarded
def cancel(request: HttpRequest, token: str, mine: Booking) -> HttpResponse:
    """Ask once, then cancel."""
    if request.method == "POST":
        casework.cancel_by_link(token)
        return render(request, "portal/appointment_link_over.html", {"is_cancelled": True})
    return _show(request, token, mine, "portal/appointment_link_cancel.html", {})


@PAGE
@guarded
def move(request: HttpRequest, token: str, mine: Booking) -> HttpResponse:
    """Choose another time; the old one is kept until the new one is certain."""
    if request.method == "POST":
        return _move(request, token, mine)
    return _times(request, token, mine, TimeForm())


def _move(request: HttpRequest, token: str, mine: Booking) -> HttpResponse:
    """Move it to the posted time, and go on to the link of the appointment as it is then."""
    return at_chosen_time(
        TimeForm(request.POST),
        lambda slot: casework.move_by_link(token, slot),
        lambda form, status: _times(request, token, mine, form, status),
        told="moved",
    )


def at_chosen_time(
    form: TimeForm,
    act: Callable[[int], Booking],
    show: Callable[[TimeForm, int], HttpResponse],
    *,
    told: str,
) -> HttpResponse:
    """Do it with the time that was chosen, and go on to the link of the appointment; or show what is wrong.

    `told` says on that page what was done.
    """
    if not form.is_valid():
        return show(form, 422)
    try:
        done = act(form.cleaned_data["slot"])
    except Refused as refusal:
        if refusal.status in {404, 410}:
            raise
        form.add_error("slot" if refusal.field else None, str(refusal.message))
        return show(form, refusal.status)
    return redirect(f"{reverse('portal:appointment_link', args=[links.issue(done)])}?{told}")


def _times(
    request: HttpRequest, token: str, mine: Booking, form: TimeForm, status: int = 200
) -> HttpResponse:
    people = len(companions.names(mine)) or 1
    wish = Wish(people, mine.slots_each)
    free = free_times(request, mine.slot.calendar, form, wish, mine)
    answer = _show(request, token, mine, "portal/appointment_link_move.html", free)
    answer.status_code = status
    return answer


def _show(
    request: HttpRequest, token: str, mine: Booking, template: str, context: dict[str, Any]
) -> HttpResponse:
    """Show a page on which every time is the mission's."""
    mission = mine.slot.calendar.mission
    always = {"token": token, "booking": mine, "mission": mission, "city": _(mission.city), "by_link": True}
    always["address"] = details.address_at(mission, mine.slot.starts_at)
    with timezone.override(ZoneInfo(mission.time_zone)):
        return render(request, template, always | context)
