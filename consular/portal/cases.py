"""A case of the applicant: its state and letters, messages to the mission."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from consular import casework, fees, formspec
from consular.appointments import inviting
from consular.appointments.models import ACTIVE, Booking, State
from consular.cases import forecast, history, outcomes, progress
from consular.cases.models import Audience, Case, Phase
from consular.casework.appointments import is_bookable
from consular.casework.withdrawing import WITHDREW
from consular.core import clock, references, typed
from consular.core.errors import Refused
from consular.decisions import download
from consular.decisions.models import Letter
from consular.missions.titles import title
from consular.portal import asked, displaced, forecasting, people
from consular.portal.access import applicant_required
from consular.portal.appointments import latest_of
from consular.routing import Because

NEXT = {
    Phase.RECEIVED: gettext_lazy("The mission will look at your application. You don't have to do anything."),
    Phase.IN_REVIEW: gettext_lazy(
        "The mission is examining your application. You don't have to do anything."
    ),
    Phase.YOUR_TURN: gettext_lazy("It is your turn: see below what the mission needs from you."),
    Phase.WAITING: gettext_lazy("The mission is waiting for an answer from another authority."),
    Phase.DECIDED: gettext_lazy("Your letter will be here in a moment."),
    Phase.READY: gettext_lazy("Your letter is ready to read. Collect your documents at the mission."),
    Phase.CLOSED: gettext_lazy("This case is closed."),
}

OPENED_HERE = gettext_lazy(
    "The mission has opened this case. You don't have to do anything unless it writes to you."
)
"""While the mission works on what nobody applied for."""

STILL_TO_BOOK = gettext_lazy(
    "The mission is examining your application. You still need an appointment: see below."
)


@dataclass(frozen=True)
class Fact:
    """One line of a list of facts."""

    label: str
    value: str


@dataclass(frozen=True)
class Appointment:
    """How a case stands with its appointment: `booking` counts now, `over` has been."""

    booking: Booking | None
    over: Booking | None
    can_book: bool
    is_missing: bool
    has_to_move: bool = False
    is_offered: bool = False


@require_safe
@applicant_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """What is happening with my case, and what I can do."""
    waiting = typed.typed(request)
    context = _context(found(request, reference)) | {"text": waiting.get("text", "") if waiting else ""}
    return render(request, "portal/case.html", context)


@require_POST
@applicant_required
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the mission a message; it also answers what the mission asked."""
    mine = found(request, reference)
    text = request.POST.get("text", "")
    try:
        casework.reply(mine.pk, text, actor=request.user)
    except Refused as refusal:
        context = _context(mine) | {"text": text, "refusal": refusal.message}
        return render(request, "portal/case.html", context, status=refusal.status)
    return redirect("portal:case", reference=mine.reference)


@require_safe
@applicant_required
def letter(request: HttpRequest, reference: str, letter_id: int) -> HttpResponse:
    """One of my letters, the same bytes as issued."""
    issued = Letter.objects.for_applicant().filter(pk=letter_id, case=found(request, reference)).first()
    if issued is None:
        raise Http404
    return download.answer(issued)


def found(request: HttpRequest, reference: str) -> Case:
    """The case of the person who is signed in; 404 for any other, and for drafts."""
    mine = Case.objects.visible_to(request.user).exclude(phase=Phase.DRAFT)
    cases = mine.select_related("mission", "answers", "mandate", "journey", "instance__definition").defer(
        "instance__definition__xml"
    )
    case = cases.filter(reference=references.tidy(reference)).first()
    if case is None:
        raise Http404
    return case


def title_of(case: Case) -> str:
    """The name of the service in the language of the page."""
    return str(case.form.title)


def appointment_of(case: Case) -> Appointment:
    """How the case stands with its appointment."""
    latest, now = latest_of(case), clock.now()
    has_to_move = displaced.context(latest)["displaced"] is not None
    counts = latest is not None and latest.state in ACTIVE and latest.active_until > now
    is_kept = latest is not None and latest.state in {State.CONFIRMED, State.PAST}
    can_book = is_bookable(case)
    return Appointment(
        is_offered=can_book and inviting.stands(case.pk, now),
        booking=latest if counts or has_to_move else None,
        has_to_move=has_to_move,
        over=latest if is_kept and not counts and not has_to_move else None,
        can_book=can_book,
        is_missing=can_book and case.phase != Phase.YOUR_TURN and not is_kept,
    )


def _period(case: Case) -> Iterator[Fact]:
    """How long a decision may take, as long as it is still to come."""
    folder = case.folder
    if case.phase in forecast.GOES_ON and "documents" in folder.tables:
        facts = case.answers.data | formspec.derived(folder.form, case.answers.data)
        time = fees.duration(folder, facts, clock.today(case.mission.time_zone))
        if time:
            yield Fact(_("Expected time"), forecasting.period(time))


def _next(case: Case, appointment: Appointment) -> object:
    """What happens next, and who has to do something."""
    if case.phase == Phase.IN_REVIEW and not case.form.is_for_applicants:
        return OPENED_HERE
    return STILL_TO_BOOK if appointment.is_missing else NEXT[Phase(case.phase)]


def _context(case: Case) -> dict[str, Any]:
    zone = ZoneInfo(case.mission.time_zone)
    appointment, told = appointment_of(case), progress.for_applicant(case)
    is_applied_for = case.form.is_for_applicants
    return {
        "case": case,
        "return_url": reverse("portal:case", args=[case.reference]),
        "service": title_of(case),
        "facts": [
            Fact(
                _("Sent") if is_applied_for else _("Opened"),
                date_format(localtime(case.submitted_at, zone), "SHORT_DATE_FORMAT"),
            ),
            Fact(_("Responsible"), title(case.mission)),
            Fact(_("Why"), Because.from_json(case.because).sentence),
            *_period(case),
        ],
        "what_next": _next(case, appointment),
        "is_applied_for": is_applied_for,
        "ended": outcomes.of(case),
        "turn": told.turn,
        "forecast": forecasting.own(forecast.of(case)),
        "can_withdraw": WITHDREW in told.awaited,
        "appointment": appointment,
        "letters": Letter.objects.filter(case=case).for_applicant().listed(),
        "messages_of_case": case.messages.exclude(audience=Audience.INTERNAL).order_by("sent_at"),
        "way": told.way,
        "timeline": history.for_applicant(case),
        "people": people.around(case),
        **asked.context(case),
    }
