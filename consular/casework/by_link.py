"""Moving and cancelling an appointment by the link in a mail, without signing in.

Whoever can read the mail could sign in with a code sent to the same mailbox, so the link gives nothing away that the
mailbox does not. It acts for the owner of the case, and the history says that it was a link.
"""

from django.utils.translation import gettext_lazy as _

from consular.appointments import booking, displacing, links
from consular.appointments.models import Booking, State
from consular.cases.models import Case, Phase
from consular.casework import appointments, together
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused


def booking_of(token: str) -> Booking:
    """The appointment a link is for, with its slot, calendar and mission.

    Refused: (404) `not_found` when the link is not ours, (410) `over` when it was used, the appointment was changed
    otherwise, or its time has come.
    """
    link = links.read(token)
    if link is None:
        raise not_ours()
    found = booking.get(link.reference)
    is_to_come = found.state == State.CONFIRMED and found.slot.starts_at > clock.now()
    stands = found.sequence == link.sequence and (is_to_come or displacing.of_booking(found) is not None)
    if not stands or not found.owner.is_active:
        raise Refused(
            _(
                "This link was used already, or the appointment was changed or is over. A newer mail has a newer link."
            ),
            code="over",
            status=410,
        )
    return found


def not_ours() -> Refused:
    """What is said about a text that we have signed as no link."""
    return Refused(
        _("This link is not one of ours. Copy it from the mail again, completely."),
        code="not_found",
        status=404,
    )


@verb
def move_by_link(token: str, slot_id: int) -> Booking:
    """Move the appointment of a link to another time; the link is used up, unless it is moved to where it is.

    Refused as `booking_of` and `move_booking` are.
    """
    cases, found = _locked(token)
    if found.party:
        return together.moved(cases, found.party, slot_id, actor=found.owner, how="by_link")
    (case,) = cases.values()
    return appointments.moved(case, found.reference, slot_id, actor=found.owner, by_link=True)


@verb
def cancel_by_link(token: str) -> Booking:
    """Cancel the appointment of a link; the link is used up. Refused as `booking_of` is."""
    cases, found = _locked(token)
    if found.party:
        return together.cancelled(cases, found.party, actor=found.owner, how="by_link")
    (case,) = cases.values()
    return appointments.cancelled(case, found.reference, actor=found.owner, by_link=True)


def _locked(token: str) -> tuple[dict[int, Case], Booking]:
    """The case, or those of all who come together, locked, and the booking as it stands then: of two who press at once
    the second finds the link used.
    """
    first = booking_of(token)
    whose = {"bookings__party": first.party} if first.party else {"bookings": first}
    locked = Case.objects.select_for_update(of=("self",)).exclude(phase=Phase.DRAFT)
    cases = {case.pk: case for case in locked.filter(**whose, owner=first.owner_id).order_by("pk")}
    if not cases:
        raise Refused(_("There is no such appointment."), code="not_found", status=404)
    return cases, booking_of(token)
