"""What the mission does with appointments at its counter: book somebody who stands there, move, cancel with a reason.

Without the notice and the number of moves that bind applicants, and never into a place that is taken.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import booking
from consular.appointments.models import Booking, State
from consular.appointments.together import Comer, Group
from consular.cases.models import Event
from consular.casework import appointments, together
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused


class Reason(models.TextChoices):
    """Why the mission cancels an appointment; the person reads it."""

    ASKED = "asked", _("The person asked for it.")
    CLOSED = "closed", _("The mission cannot serve anybody at this time.")
    NOT_NEEDED = "not_needed", _("The appointment is not needed any more.")
    WRONG_SERVICE = "wrong_service", _("The appointment was booked for the wrong service.")
    WRONG_PERSON = "wrong_person", _("The appointment was not booked for the person who applied.")
    PASSED_ON = "passed_on", _("Another mission deals with the application now.")


AT_THE_COUNTER = tuple(reason for reason in Reason if reason != Reason.PASSED_ON)
"""The reasons that an officer chooses; the other one is given where a case goes to another mission."""


@verb
def book_at_counter(reference: str, slot_id: int, *, actor: User) -> Booking:
    """Book a free place for a case whose person stands at the counter, or is on the telephone.

    A hold that the person had is given back. Refused as `hold_slot` is, and (404) for applicants.
    """
    now = clock.now()
    case = appointments.locked(actor, reference=reference) if actor.is_official else None
    if case is None:
        raise Refused(_("There is no such case."), code="not_found", status=404)
    appointments.require_open(case)
    before = booking.current(case.pk, now=now)
    if before is not None and before.state == State.CONFIRMED:
        raise Refused(_("This case has an appointment already. It can be moved."), code="already_booked")
    if before is not None:
        booking.cancel(before.reference, now=now)
    who = Comer(case.pk, appointments.identity_of(case.answers.data))
    alone = Group(appointments.owner_of(case, actor), [who])
    held = appointments.held_for(alone, case.service, slot_id, now=now, at_counter=True)
    done = booking.confirm(held.reference, now=now)
    appointments.booked(case, done, actor, now, at_counter=True)
    return done


@verb
def move_for_mission(reference: str, slot_id: int, *, actor: User) -> Booking:
    """Move an appointment to any free time of its calendar, and all who come together; the person is told.

    Refused (404) for applicants.
    """
    party = _party(reference, actor)
    if party:
        return together.moved(together.locked(party, actor), party, slot_id, actor=actor, how="by_mission")
    case = appointments.locked(actor, booking=reference)
    appointments.require_open(case)
    now = clock.now()
    done = booking.move_for_mission(reference, slot_id, now=now)
    if done.changed_at == now:
        appointments.recorded("appointment_moved", case, done, actor, now, by_mission=True)
        appointments.promise("appointment_moved", case, done, actor)
    return done


@verb
def cancel_for_mission(reference: str, reason: str, *, actor: User) -> Booking:
    """Cancel an appointment for a reason, that of all who come together; the person is told, and reads the reason.

    Refused (404) for applicants.
    """
    party = _party(reference, actor)
    if reason not in AT_THE_COUNTER:
        raise Refused(_("Choose a reason."), code="invalid", field="reason", status=422)
    if party:
        return together.cancelled(
            together.locked(party, actor), party, actor=actor, how="by_mission", reason=reason
        )
    case = appointments.locked(actor, booking=reference)
    return appointments.cancelled(case, reference, actor=actor, reason=reason)


def reason_of(cancelled: Booking) -> str:
    """Why the mission cancelled a booking, in the active language; "" when it did not, or gave no reason."""
    events = Event.objects.filter(case=cancelled.case_id, kind="appointment_cancelled")
    last = events.filter(data__booking=cancelled.reference).order_by("-id").first()
    code = last.data.get("reason", "") if last else ""
    return str(Reason(code).label) if code in Reason.values else ""


def _party(reference: str, actor: User) -> str:
    """With whom somebody comes, which never changes; "" for one who comes alone. Refused (404) for applicants."""
    if not actor.is_official:
        raise Refused(_("There is no such appointment."), code="not_found", status=404)
    return booking.get(reference).party
