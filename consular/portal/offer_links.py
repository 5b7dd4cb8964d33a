"""The page behind the link in a mail about times that are kept for somebody: take one of them, or none.

Nobody is signed in here, so it shows the times and the place and nothing else. Opening it changes nothing, since mail
programs open links to look at them; a button does, and then the link is used up.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from consular import casework, formspec
from consular.appointments import offer_links
from consular.casework.offers_by_link import Offered
from consular.portal.appointment_links import at_chosen_time, guarded_by
from consular.portal.appointments import PAGE, TimeForm, span


def _name(token: str) -> str | None:
    """By what tries are counted."""
    link = offer_links.read(token)
    return f"{link.of}.{link.offer}" if link else None


@PAGE
@guarded_by(_name, casework.offered_by)
def offer(request: HttpRequest, token: str, made: Offered) -> HttpResponse:
    """Which times are kept, until when; the buttons take one, or let all go."""
    if request.method == "POST":
        return _answer(request, token, made)
    return _show(request, token, made, TimeForm())


def _answer(request: HttpRequest, token: str, made: Offered) -> HttpResponse:
    """Go on to the link of the appointment, or say that the times have been let go."""
    if "none" in request.POST:
        casework.decline_by_link(token)
        return render(request, "portal/appointment_link_over.html", {"is_declined": True})
    return at_chosen_time(
        TimeForm(request.POST),
        lambda slot: casework.take_by_link(token, slot),
        lambda form, status: _show(request, token, made, form, status),
        told="booked",
    )


def _show(request: HttpRequest, token: str, made: Offered, form: TimeForm, status: int = 200) -> HttpResponse:
    """Show the times on the clock of the mission."""
    mission = made.mission
    with timezone.override(ZoneInfo(mission.time_zone)):
        choices = [(slot.pk, span(slot.starts_at, ends_at)) for slot, ends_at in made.times]
        form.fields["slot"].widget = formspec.OneOf(choices=choices)
        context: dict[str, Any] = {"token": token, "made": made, "form": form}
        context |= {"mission": mission, "city": _(mission.city)}
        return render(request, "portal/offer_link.html", context, status=status)
