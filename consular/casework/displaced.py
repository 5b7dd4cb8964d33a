"""Telling people that the mission cannot keep their appointment, and that they choose another time before others."""

from typing import Any

from django.db.models import Q

from consular.appointments import displacing, links
from consular.appointments.changes import Displacement, Outcome
from consular.appointments.models import Booking, State
from consular.cases.models import Case, Event, Phase
from consular.casework import record
from consular.casework.verb import verb
from consular.core import clock
from consular.notifications import outbox, sending
from consular.notifications.models import Kind, Notification

_KINDS = {"": "appointment_displaced", Outcome.STANDS: "appointment_stands"}
_ENDS = {"appointment_moved": Outcome.MOVED, "appointment_cancelled": Outcome.CANCELLED}


@verb
def tell(payload: dict[str, Any]) -> None:
    """Write it into the history of the case and promise the mail; nothing when it was settled otherwise meanwhile."""
    one = Displacement.objects.select_related("booking").get(pk=payload["displacement"])
    case = Case.objects.select_for_update(of=("self",)).filter(bookings=one.booking_id).first()
    one.refresh_from_db()
    kind = _KINDS.get(one.outcome)
    if case is None or kind is None or case.phase == Phase.CLOSED:
        return
    if Event.objects.filter(case=case, kind=kind, data__displacement=one.pk).exists():
        return
    record.event(
        case, kind, actor=None, at=clock.now(),
        displacement=one.pk, booking=one.booking.reference, starts_at=one.booking.slot.starts_at.isoformat(),
    )  # fmt: skip
    if case.owner is not None:
        outbox.promise(kind, to=case.owner, case=case, key=f"{kind}:{_first_of_party(one)}")


def _first_of_party(one: Displacement) -> int:
    """By whom the mail to those who come together is known: whoever of them is told first, it goes out once."""
    if not one.booking.party:
        return one.pk
    all_of_them = Displacement.objects.filter(booking__party=one.booking.party, made_at=one.made_at)
    return int(all_of_them.order_by("pk").values_list("pk", flat=True)[0])


def settle(kind: str, done: Booking) -> None:
    """A displaced appointment was moved or cancelled: what was kept for its person is free again.

    Nothing is waited for: whoever changes the calendar at this moment leaves it to the next hourly look.
    """
    outcome = _ENDS.get(kind)
    if outcome is None:
        return
    open_ones = Displacement.objects.select_for_update(skip_locked=True, of=("self",))
    rows = Q(booking=done)
    if done.slots_each > 1:
        rows = Q(booking__party=done.party, booking__identity=done.identity)
    for one in open_ones.filter(rows, settled_at=None).order_by("pk"):
        displacing.settle(one, outcome, now=clock.now(), taken=done.place_id)


@sending.last_word(Kind.APPOINTMENT_DISPLACED)
def _displaced(row: Notification) -> dict[str, Any] | None:
    """The link by which another time is chosen; nothing goes out when that has happened."""
    one = displacing.of_case(row.case_id) if row.case_id else None
    return {"token": links.issue(one.booking)} if one is not None else None


@sending.last_word(Kind.APPOINTMENT_STANDS)
def _stands(row: Notification) -> dict[str, Any] | None:
    """Nothing goes out when the appointment was cancelled, or has to move after all."""
    bookings = Booking.objects.filter(case=row.case_id, state=State.CONFIRMED)
    stands = row.case_id and displacing.of_case(row.case_id) is None and bookings.exists()
    return {} if stands else None
