"""Hold a place, confirm it, move it, cancel it. The caller holds the transaction and, where there is one, the case.

What is true when two people want the same thing is decided by constraints and by the lock order in
`consular.appointments.sql`, never by looking first. A refusal is explained by looking afterwards.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import sql
from consular.appointments.models import Booking, Place, Slot, State
from consular.core import references
from consular.core.errors import Refused
from consular.core.prepared import first_row

HOLD = timedelta(minutes=10)
"""How long a place is kept for somebody who has not confirmed it yet."""

MOVES = 2
"""How often one appointment can be moved, so that places are not traded (row APT-02 of the security requirements)."""

_TAKEN: dict[str, tuple[str, Promise]] = {
    "one_active_booking_per_person_and_category": (
        "already_booked",
        _("There is already an appointment of this kind for this travel document. One person can have one."),
    ),
    "one_active_booking_per_case": ("already_booked", _("This case has an appointment already.")),
    "whoever_has_come_stays": (
        "has_come",
        _("Whoever has come to the appointment keeps it: it cannot be moved or cancelled any more."),
    ),
    "one_active_booking_per_place": ("gone", _("This time was taken a moment ago. Choose another one.")),
}


def hold(slot_id: int, *, owner: User, case_id: int | None, identity: bytes, now: datetime) -> Booking:
    """Keep a place of a slot for ten minutes.

    Refused (409) with code `gone` when the slot has no free place, is not bookable now, or is not of the case's
    mission and service; with code `already_booked` when the person has an active booking of the category anywhere.
    """
    row = _run(
        sql.HOLD,
        slot=slot_id,
        owner=owner.pk,
        case=case_id,
        identity=identity,
        reference=references.issue(),
        until=now + HOLD,
        now=now,
    )
    if row is None:
        raise Refused(
            _("This time has no free place any more. Choose another one."), code="gone", field="slot"
        )
    return row


def confirm(reference: str, *, now: datetime) -> Booking:
    """Turn a hold into an appointment; doing it twice changes nothing. Refused (409) when the hold has ended."""
    row = _run(sql.CONFIRM, reference=reference, now=now)
    if row is not None:
        return row
    found = get(reference)
    if found.state == State.CONFIRMED and found.active_until > now:
        return found
    if found.state in {State.HELD, State.EXPIRED}:
        raise Refused(
            _("The time was kept for you for ten minutes, and they are over. Choose a time again."),
            code="expired",
        )
    raise _over()


def move(reference: str, slot_id: int, *, now: datetime) -> Booking:
    """Swap an appointment's place for one of another slot of the calendar; the old one is kept until then.

    Moving it to where it is already changes nothing. Refused (409): `gone`, `too_many_moves`, `over`.
    """
    row = _run(sql.MOVE, reference=reference, slot=slot_id, moves=MOVES, now=now, chance=_chance())
    if row is not None:
        return row
    found = get(reference)
    if found.state != State.CONFIRMED or found.slot.starts_at <= now:
        raise _over()
    if found.slot.pk == slot_id:
        return found
    if found.sequence >= MOVES:
        raise Refused(
            _("An appointment can be moved twice. You can keep this one, or cancel it and book again."),
            code="too_many_moves",
        )
    raise Refused(
        _("This time has no free place any more. You still have your old appointment."),
        code="gone",
        field="slot",
    )


def cancel(reference: str, *, now: datetime) -> Booking:
    """Give a place back, to be free some time later; twice changes nothing. Refused (409) when the time has begun."""
    row = _run(sql.CANCEL, reference=reference, now=now, chance=_chance())
    if row is not None:
        return row
    found = get(reference)
    if found.state == State.CONFIRMED:
        raise _over()
    return found


def get(reference: str) -> Booking:
    """The booking with this reference, with its place, slot and calendar; Refused (404) when there is none."""
    bookings = Booking.objects.select_related("owner", "place__slot__calendar__mission")
    found = bookings.filter(reference=reference).first()
    if found is None:
        raise Refused(_("There is no such appointment."), code="not_found", status=404)
    return found


def current(case_id: int, *, now: datetime) -> Booking | None:
    """The booking of a case that counts at this moment, with its place and slot."""
    return Booking.objects.active(now).select_related("place__slot").filter(case=case_id).first()


def _chance() -> float:
    """A number from 0 to below 1 that nobody can foretell."""
    return secrets.randbits(32) / 2**32


def _over() -> Refused:
    return Refused(_("This appointment was cancelled or is over."), code="over")


def _run(statement: str, **values: Any) -> Booking | None:
    """Run one statement of booking; a broken constraint is a refusal, and the caller's transaction ends with it."""
    try:
        row = first_row(statement, values)
    except IntegrityError as error:
        code, sentence = _TAKEN.get(_constraint(error), (None, None))
        if code is None or sentence is None:
            raise
        raise Refused(sentence, code=code) from error
    return _booking(dict(zip(sql.COLUMNS, row, strict=True))) if row else None


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _booking(row: dict[str, Any]) -> Booking:
    """The booking of one row, with its place and slot at hand."""
    slot = Slot(
        id=row.pop("slot_id"),
        calendar_id=row.pop("calendar_id"),
        starts_at=row.pop("starts_at"),
        ends_at=row.pop("ends_at"),
        capacity=row.pop("capacity"),
    )
    place = Place(id=row.pop("place_id"), slot=slot, number=row.pop("number"), free_from=row["active_until"])
    booking = Booking(place=place, **row)
    booking._state.adding = False
    return booking
