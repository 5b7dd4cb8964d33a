"""What an applicant, or an officer for them, does with an appointment: hold, confirm, move, cancel.

Locked in this order: the case, the place, the booking, the process.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular.accounts import throttle
from consular.accounts.models import Role, User
from consular.accounts.throttle import HOUR, Limit
from consular.appointments import booking, calendars, displacing, identity, slots, together
from consular.appointments.models import Booking, Calendar, State
from consular.appointments.together import Comer, Group
from consular.cases.models import Case, Phase
from consular.casework import booking_rows, displaced, record, steering
from consular.casework.verb import verb
from consular.core import clock, references
from consular.core.errors import Refused
from consular.missions.postings import duties
from consular.notifications import outbox
from consular.workflow import store
from consular.workflow.state import Deliver, HistoryItem

CONFIRMED = "appointment.confirmed"
"""The message a process waits for."""

BOOKABLE = frozenset({Phase.RECEIVED, Phase.IN_REVIEW, Phase.YOUR_TURN})
"""The phases in which an appointment can be booked or moved."""

BOOKERS = frozenset({Role.INTAKE_CLERK, Role.CASEWORKER, Role.HEAD_OF_SECTION})
"""The officers who may do it for an applicant of their mission."""


HOLDS = Limit("holds of an identity", 10, HOUR)
"""Times that one person may hold, so that nobody keeps one busy by holding it again and again."""


def hold_slot(case: int | str, slot_id: int, *, actor: User) -> Booking:
    """Keep a place for ten minutes, for a case by its number or its reference; what it held before is given back.

    Refused (409): `already_booked`, `gone`, `not_direct`, `not_now`; (422) `no_identity` when document or
    birth date is missing.
    """
    try:
        return _hold(case, slot_id, actor=actor)
    except Refused as refusal:
        if refusal.code != "already_booked":
            raise
    # A button pressed twice: the second press waited for the case, but had looked for its booking before.
    return _hold(case, slot_id, actor=actor)


@verb
def _hold(which: int | str, slot_id: int, *, actor: User) -> Booking:
    now = clock.now()
    case, is_booked = locked_to_book(actor, which, now)
    require_open(case)
    if is_booked and (kept := _make_way(case, slot_id, now)):
        return kept
    who = identity_of(case.answers.data)
    alone = Group(owner_of(case, actor), [Comer(case.pk, who)])
    held = held_for(alone, case.service, slot_id, now=now)
    throttle.require([(HOLDS, who.hex())])
    recorded("appointment_held", case, held, actor, now)
    return held


def held_for(alone: Group, service: str, slot_id: int, *, now: datetime, at_counter: bool = False) -> Booking:
    """A place or, for a service that takes several slots, one in each of them: that is found out by trying, and costs
    the others nothing.
    """
    (who,) = alone.who
    one = booking.hold_at_counter if at_counter else booking.hold
    try:
        return one(slot_id, owner=alone.owner, case_id=who.case_id, identity=who.identity, now=now)
    except Refused as refusal:
        if refusal.code != "gone":
            raise
        there = calendars.of_slot(slot_id)
        if not at_counter:
            there.require_direct()
        slots_each = there.slots_each([service])
        if slots_each == 1:
            raise
    staying = replace(alone, slots_each=slots_each)
    return together.hold(slot_id, staying, now=now, at_counter=at_counter)[0]


@verb
def confirm_booking(reference: str, *, actor: User) -> Booking:
    """Turn a hold into an appointment; the process learns that it is booked. Doing it twice changes nothing."""
    return confirmed(locked(actor, booking=reference), reference, actor=actor)


@verb
def extend_hold(reference: str, *, actor: User) -> Booking:
    """Keep a held time ten minutes longer, once, so that a form can be finished."""
    locked(actor, booking=reference)
    return booking.extend(reference, now=clock.now())


@verb
def move_booking(reference: str, slot_id: int, *, actor: User) -> Booking:
    """Move an appointment to another time of the same calendar; the old place is kept until the new one is certain."""
    return moved(locked(actor, booking=reference), reference, slot_id, actor=actor)


@verb
def cancel_booking(reference: str, *, actor: User) -> Booking:
    """Give a held or confirmed place back; the process learns that nothing is booked. Twice changes nothing.

    Refused (409) with `together` for one of several people, as `confirm_booking` and `move_booking` are.
    """
    case = locked(actor, booking=reference)
    booking.alone(booking.get(reference))
    return cancelled(case, reference, actor=actor)


@verb
def generate_slots(calendar: Calendar, until: date) -> slots.Generated:
    """Write the future slots of one calendar up to a local day, from its rules, holidays and closures.

    Whoever is booked at a time that is not open, and has not been told, is told.
    """
    generated = slots.generate(calendar, until)
    steering.displace_unnoticed(calendar, until)
    return generated


def confirmed(case: Case, reference: str, *, actor: User, by_link: bool = False) -> Booking:
    """Turn the hold of a case that is locked into an appointment."""
    now = clock.now()
    if case.phase not in BOOKABLE and booking.get(reference).state == State.HELD:
        require_open(case)
    done = booking.confirm(reference, now=now)
    if done.changed_at == now:
        booked(case, done, actor, now, by_link=by_link)
    return done


def booked(case: Case, done: Booking, actor: User, now: datetime, **more: bool) -> None:
    """What follows from an appointment that a case has now: history, process, mail."""
    arranged(case, done, actor, now, **more)
    promise("appointment_confirmed", case, done, actor)


def moved(case: Case, reference: str, slot_id: int, *, actor: User, by_link: bool = False) -> Booking:
    """Move the appointment of a case that is locked."""
    require_open(case)
    now = clock.now()
    done = _moved(case, reference, slot_id, now)
    if done.changed_at == now:
        recorded("appointment_moved", case, done, actor, now, by_link=by_link)
        promise("appointment_moved", case, done, actor)
    return done


def _moved(case: Case, reference: str, slot_id: int, now: datetime) -> Booking:
    """The booking, moved; by whom the mission could not keep its word to, before others."""
    right = displacing.of_case(case.pk)
    if right is None or right.booking.reference != reference:
        return booking.move(reference, slot_id, now=now)
    return booking.move_displaced(reference, slot_id, kept=displacing.kept_for(right, now=now), now=now)


def cancelled(case: Case, reference: str, *, actor: User, by_link: bool = False, reason: str = "") -> Booking:
    """Give back the place that a case, which is locked, holds or has; `reason` is the mission's, as a code."""
    now = clock.now()
    before = booking.current(case.pk, now=now)
    gone = booking.cancel(reference, now=now)
    if gone.changed_at == now and before is not None and before.state == State.CONFIRMED:
        recorded("appointment_cancelled", case, gone, actor, now, by_link=by_link, reason=reason)
        tell_process(case, booked=False, actor=actor, now=now)
        promise("appointment_cancelled", case, gone, actor)
    return gone


def _make_way(case: Case, slot_id: int, now: datetime) -> Booking | None:
    """Give back the place held before, unless it is of the same slot; refused when the case has an appointment."""
    before = booking.current(case.pk, now=now)
    if before is None:
        return None
    if before.state == State.CONFIRMED:
        raise Refused(_("You have an appointment already. You can move it."), code="already_booked")
    if before.slot.pk == slot_id:
        return before
    booking.cancel(before.reference, now=now)
    return None


def locked(
    actor: User, *, pk: int | None = None, reference: str | None = None, booking: str | None = None
) -> Case:
    """The sent case, locked, by its number, its reference or one of its bookings; Refused (404) for anybody who may not
    book for it.
    """
    return _required(booking_rows.locked(pk=pk, reference=reference, booking=booking), actor)


def locked_to_book(actor: User, which: int | str, now: datetime) -> tuple[Case, bool]:
    """The sent case with its answers, locked, and whether a booking was there when the waiting for the lock began."""
    pk, reference = (which, None) if isinstance(which, int) else (None, references.tidy(which))
    case, is_booked = booking_rows.to_book(pk, reference, now) or (None, False)
    return _required(case, actor), is_booked


def _required(found: Case | None, actor: User) -> Case:
    if found is None or not _may_book(found, actor):
        raise Refused(
            _("There is no such appointment or case, or it is not yours."), code="not_found", status=404
        )
    return found


def owner_of(case: Case, actor: User) -> User:
    """Whose booking it is: the owner of the case, or who acts where there is none."""
    return actor if case.owner_id == actor.pk or case.owner is None else case.owner


def _may_book(case: Case, actor: User) -> bool:
    if not actor.is_active:
        return False
    if not actor.is_official:
        return case.owner_id == actor.pk
    held = duties(actor)
    return any(held.has(role, case.mission_id) for role in BOOKERS)


def is_bookable(case: Case) -> bool:
    """Whether an appointment can be booked or moved: as long as the case goes on, and only where people apply."""
    return case.phase in BOOKABLE and case.form.is_for_applicants


def require_open(case: Case) -> None:
    """Refused (409) `not_now` where the case needs no appointment, or none any more."""
    if not is_bookable(case):
        raise Refused(_("This case needs no appointment any more."), code="not_now")


def identity_of(answers: Mapping[str, Any]) -> bytes:
    """Who comes: the number of the document or, where somebody has none yet, the names, with the date of birth."""
    number, born = document_of(answers), answers.get("birth_date")
    if not number or not born:
        raise Refused(
            _("The appointment is tied to the travel document. Its number or the date of birth is missing."),
            code="no_identity",
            status=422,
        )
    return identity.fingerprint(number, str(born))


def document_of(answers: Mapping[str, Any]) -> str:
    """The number of the document or, where somebody has none yet, the names; "" without either."""
    names = " ".join(answers[part] for part in ("surname", "given_names") if answers.get(part))
    return str(answers.get("doc_number") or names)


def recorded(
    kind: str, case: Case, done: Booking, actor: User | None, now: datetime, **more: str | bool | int
) -> None:
    """Write down what became of a booking; of `more` only what is true."""
    record.event(case, kind, actor=actor, at=now, **_facts(done, more))
    displaced.settle(kind, done)


def arranged(case: Case, done: Booking, actor: User, now: datetime, **more: str | bool | int) -> None:
    """A case has an appointment now: its history says so, in the statement with which a process that waits for it goes
    on; where none waits, it finds the variable when it gets there.
    """
    line = HistoryItem("appointment_confirmed", "", _facts(done, more))
    message = Deliver(CONFIRMED, variables={"booked": True})
    record.deliver_or_inform(case, message, line, actor=actor, at=now)


def _facts(done: Booking, more: Mapping[str, str | bool | int]) -> dict[str, Any]:
    """What the history says of a booking; of `more` only what is true."""
    said = {name: value for name, value in more.items() if value}
    return {"booking": done.reference, "starts_at": done.slot.starts_at.isoformat(), **said}


def promise(kind: str, case: Case, done: Booking, actor: User) -> None:
    """Promise a mail about a booking, once for each of its states."""
    key = f"{kind}:{done.reference}:{done.sequence}"
    outbox.promise(kind, to=owner_of(case, actor), case=case, key=key, facts={})


def tell_process(case: Case, *, booked: bool, actor: User | None, now: datetime) -> None:
    """Tell the process whether there is an appointment; it finds the variable when it gets there."""
    if case.instance_id is None:
        return
    step = store.inform(case.instance_id, variables={"booked": booked}, now=now)
    if step is not None:
        record.advance(case, step, actor=actor, at=now)
