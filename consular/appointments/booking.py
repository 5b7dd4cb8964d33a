"""Hold a place, confirm it, move it, cancel it. The caller holds the transaction and, where there is one, the case.

What is true when two people want the same thing is decided by constraints and by the lock order in
`consular.appointments.sql`, never by looking first. A refusal is explained by looking afterwards.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import sql, together_sql
from consular.appointments.models import Booking, Place, Slot, State
from consular.core import references
from consular.core.errors import Refused
from consular.core.prepared import all_rows

HOLD = timedelta(minutes=10)
"""How long a place is kept for somebody who has not confirmed it yet."""

MOVES = 2
"""How often one appointment can be moved, so that places are not traded (row APT-02 of the security requirements)."""

ANY_NUMBER = 32_000
"""How often the mission may move one: as often as the column can count."""

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
    return _held(sql.HOLD, slot_id, owner=owner, case_id=case_id, identity=identity, now=now)


def hold_at_counter(
    slot_id: int, *, owner: User, case_id: int | None, identity: bytes, now: datetime
) -> Booking:
    """The same for somebody who stands at the counter: without notice, as long as the slot has not ended."""
    return _held(sql.HOLD_AT_COUNTER, slot_id, owner=owner, case_id=case_id, identity=identity, now=now)


def _held(statement: str, slot_id: int, *, now: datetime, **who: Any) -> Booking:
    owner, case, identity = who["owner"].pk, who["case_id"], who["identity"]
    row = _run(
        statement,
        slot=slot_id,
        owner=owner,
        case=case,
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


def extend(reference: str, *, now: datetime) -> Booking:
    """Keep a held place ten minutes longer, once. Refused (409): `extended` (twice), `expired`, `over`, `together`."""
    row = _run(sql.EXTEND, reference=reference, hold=HOLD, now=now)
    if row is not None:
        return row
    found = get(reference)
    stays = _staying(found, together_sql.EXTEND, hold=HOLD, now=now)
    if stays is not None:
        return stays
    raise not_longer(alone(found), now=now)


def not_longer(found: Booking, *, now: datetime) -> Refused:
    """Why a booking is not kept longer."""
    if found.state == State.HELD and found.active_until > now:
        return Refused(_("The time was kept longer already. That is possible once."), code="extended")
    return _expired() if found.state in {State.HELD, State.EXPIRED} else _over()


def can_extend(booking: Booking) -> bool:
    """Whether a held place can still be kept longer."""
    return booking.state == State.HELD and booking.active_until == booking.held_at + HOLD


def confirm(reference: str, *, now: datetime) -> Booking:
    """Turn a hold into an appointment; doing it twice changes nothing. Refused (409) when the hold has ended, and with
    `together` for one of several people.
    """
    row = _run(sql.CONFIRM, reference=reference, now=now)
    if row is not None:
        return row
    found = get(reference)
    stays = _staying(found, together_sql.CONFIRM, now=now)
    if stays is not None:
        return stays
    if found.state == State.HELD and found.active_until > now:
        alone(found)
    if found.state == State.CONFIRMED and found.active_until > now:
        return found
    if found.state in {State.HELD, State.EXPIRED}:
        raise _expired()
    raise _over()


def move(reference: str, slot_id: int, *, now: datetime) -> Booking:
    """Swap an appointment's place for one of another slot of the calendar; the old one is kept until then.

    Moving it to where it is already changes nothing. Refused (409): `gone`, `too_many_moves`, `over`, `together`.
    """
    values: dict[str, Any] = {"slot": slot_id, "moves": MOVES, "now": now, "chance": chance()}
    row = _run(sql.MOVE, reference=reference, **values)
    if row is not None:
        return row
    found = alone(get(reference))
    return _elsewhere(found, together_sql.MOVE, **values) or unmoved(found, slot_id, now=now)


def move_for_mission(reference: str, slot_id: int, *, now: datetime) -> Booking:
    """The same by the mission: without notice and however often, to any slot that has not ended."""
    values: dict[str, Any] = {"slot": slot_id, "moves": ANY_NUMBER, "now": now, "chance": chance()}
    row = _run(sql.MOVE_FOR_MISSION, reference=reference, **values)
    if row is not None:
        return row
    found = alone(get(reference))
    stays = _elsewhere(found, together_sql.MOVE_FOR_MISSION, **values)
    return stays or unmoved(found, slot_id, now=now, moves=ANY_NUMBER)


def move_displaced(reference: str, slot_id: int, *, kept: Sequence[int], now: datetime) -> Booking:
    """The same for somebody whose time the mission could not keep, also after it has passed: any time to come that is
    not released to others yet, or the places that are `kept` for them; it is none of their two moves.
    """
    values: dict[str, Any] = {"slot": slot_id, "now": now, "chance": chance()}
    row = _run(sql.MOVE_DISPLACED, reference=reference, kept=kept[0] if kept else None, **values)
    if row is not None:
        return row
    found = alone(get(reference))
    stays = _elsewhere(found, together_sql.MOVE_DISPLACED, kept=list(kept), moves=ANY_NUMBER, **values)
    return stays or unmoved(found, slot_id, now=now, moves=ANY_NUMBER, is_displaced=True)


def unmoved(
    found: Booking, slot_id: int, *, now: datetime, moves: int = MOVES, is_displaced: bool = False
) -> Booking:
    """A booking that is where it was to be moved to; Refused, and why, when it could not be moved there."""
    if not is_displaced and (found.state != State.CONFIRMED or found.slot.starts_at <= now):
        raise _over()
    if found.slot.pk == slot_id:
        return found
    if found.sequence >= moves + found.displacements.filter(outcome="moved").count():
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
    row = _run(sql.CANCEL, reference=reference, now=now, chance=chance())
    if row is not None:
        return row
    found = get(reference)
    gone = _parts(found, together_sql.LEAVE, identity=bytes(found.identity), now=now, chance=chance())
    if gone is not None:
        return gone
    if found.state == State.CONFIRMED:
        raise _over()
    return found


def get(reference: str) -> Booking:
    """The booking with this reference, with its place, slot and calendar; Refused (404) when there is none."""
    bookings = Booking.objects.select_related("owner", "case", "place__slot__calendar__mission")
    found = bookings.filter(reference=reference).first()
    if found is None:
        raise Refused(_("There is no such appointment."), code="not_found", status=404)
    return found


def alone(found: Booking) -> Booking:
    """The booking of somebody who comes alone; Refused (409) for one of those who come together."""
    if found.people > 1:
        sentence = _(
            "These people are booked together: their appointment is moved or cancelled for all of them."
        )
        raise Refused(sentence, code="together")
    return found


def current(case_id: int, *, now: datetime) -> Booking | None:
    """The booking of a case that counts at this moment, with its place and slot."""
    return Booking.objects.active(now).select_related("place__slot").filter(case=case_id).first()


def chance() -> float:
    """A number from 0 to below 1 that nobody can foretell."""
    return secrets.randbits(32) / 2**32


def _staying(found: Booking, statement: str, **values: Any) -> Booking | None:
    """What is done for somebody who comes alone and stays through several slots: for all of them or for none."""
    return _parts(found, statement, **values) if found.people == 1 else None


def _elsewhere(found: Booking, statement: str, *, slot: int, **values: Any) -> Booking | None:
    """The same for a move: whoever begins there already stays where they are."""
    return None if found.slot.pk == slot else _staying(found, statement, slot=slot, **values)


def _parts(found: Booking, statement: str, **values: Any) -> Booking | None:
    """The same for one of several people, by a statement that concerns one."""
    if found.slots_each == 1:
        return None
    who = {"party": found.party, "people": 1, "slots_each": found.slots_each}
    done = whole(several(statement, together_sql.COLUMNS, **who, **values))
    return done[0] if done else None


def whole(rows: Sequence[Booking]) -> list[Booking]:
    """The bookings of which these are all rows: that of the first slot for each person."""
    firsts = [one for one in rows if one.part == 0]
    if len(rows) != sum(one.slots_each for one in firsts):
        raise changed()
    return firsts


def changed() -> Refused:
    """What is said when somebody else was faster: the caller's transaction ends with it."""
    return Refused(_("The appointment was changed a moment ago. Please look again."), code="changed")


def _expired() -> Refused:
    sentence = _("The time was kept for you for some minutes, and they are over. Choose a time again.")
    return Refused(sentence, code="expired")


def _over() -> Refused:
    return Refused(_("This appointment was cancelled or is over."), code="over")


def _run(statement: str, **values: Any) -> Booking | None:
    """Run one statement of booking; a broken constraint is a refusal, and the caller's transaction ends with it."""
    found = several(statement, sql.COLUMNS, **values)
    return found[0] if found else None


def several(statement: str, columns: Sequence[str], **values: Any) -> list[Booking]:
    """The bookings that one statement gives, each with its place and slot; Refused when a constraint was broken."""
    try:
        rows = all_rows(statement, values)
    except IntegrityError as error:
        code, sentence = _TAKEN.get(_constraint(error), (None, None))
        if code is None or sentence is None:
            raise
        raise Refused(sentence, code=code) from error
    return [_booking(dict(zip(columns, row, strict=True))) for row in rows]


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


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
