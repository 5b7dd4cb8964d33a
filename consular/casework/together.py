"""People who come together to one appointment: held, confirmed, moved and cancelled for all of them or for none.

Each of them has an application of their own, sent from one account to one mission. Locked in this order: the cases by
their ids, their own places, free places, the bookings, the processes.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from consular.accounts import throttle
from consular.accounts.models import User
from consular.appointments import booking, calendars, displacing, together
from consular.appointments.models import Booking, State
from consular.appointments.together import Comer, Group, Right
from consular.cases.models import Case
from consular.casework import appointments
from consular.casework.appointments import cancel_booking, confirm_booking, extend_hold, move_booking
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused

How = Literal["", "by_link", "by_mission"]
"""By which way something is done, if not by the person's own account, as the history of the case has it."""


@verb
def hold_together(case_ids: Sequence[int], slot_id: int, *, actor: User) -> list[Booking]:
    """Keep places side by side for ten minutes, for the people of these cases; the first one gives the reference.

    A hold that one of them had is given back. Refused (409): `already_booked`, `gone`, `not_direct`, `not_now`,
    `same_person`, `too_many`; (422) `no_identity` when document or birth date of somebody is missing.
    """
    now = clock.now()
    found = {pk: appointments.locked_to_book(actor, pk, now)[0] for pk in sorted(set(case_ids))}
    cases = [found[pk] for pk in dict.fromkeys(case_ids)]
    for case in cases:
        appointments.require_open(case)
        _give_back(case, now)
    who = [Comer(case.pk, appointments.identity_of(case.answers.data)) for case in cases]
    there = calendars.of_slot(slot_id)
    there.require_direct()
    there.require_room_for(len(cases))
    slots_each = there.slots_each(case.service for case in cases)
    group = Group(appointments.owner_of(cases[0], actor), who, slots_each)
    held = together.hold(slot_id, group, now=now)
    for identity in sorted(one.identity.hex() for one in who):
        throttle.require([(appointments.HOLDS, identity)])
    for one in held:
        appointments.recorded("appointment_held", found[_case_of(one)], one, actor, now, people=len(held))
    return held


@verb
def confirm_together(party: str, *, actor: User) -> Booking:
    """Turn the hold of all into an appointment; each process learns that it is booked. Twice changes nothing."""
    return confirmed(locked(party, actor), party, actor=actor)


@verb
def extend_together(party: str, *, actor: User) -> Booking:
    """Keep the held time of all ten minutes longer, once."""
    locked(party, actor)
    return together.extend(party, now=clock.now())[0]


@verb
def move_together(party: str, slot_id: int, *, actor: User) -> Booking:
    """Move all to another time of the calendar; the old places are kept until the new ones are certain."""
    return moved(locked(party, actor), party, slot_id, actor=actor)


@verb
def cancel_together(party: str, *, actor: User) -> Booking:
    """Give the places of all back; each process learns that nothing is booked. Twice changes nothing."""
    return cancelled(locked(party, actor), party, actor=actor)


def confirm_appointment(reference: str, *, actor: User) -> Booking:
    """Confirm what a reference names: the hold of one person, or of all who come together."""
    return _of_one_or_all(confirm_booking, confirm_together, reference, actor=actor)


def extend_appointment(reference: str, *, actor: User) -> Booking:
    """Keep what a reference names longer: the hold of one person, or of all who come together."""
    return _of_one_or_all(extend_hold, extend_together, reference, actor=actor)


def move_appointment(reference: str, slot_id: int, *, actor: User) -> Booking:
    """Move what a reference names: the appointment of one person, or of all who come together."""
    return _of_one_or_all(move_booking, move_together, reference, slot_id, actor=actor)


def cancel_appointment(reference: str, *, actor: User) -> Booking:
    """Cancel what a reference names: the appointment of one person, or of all who come together."""
    return _of_one_or_all(cancel_booking, cancel_together, reference, actor=actor)


def _of_one_or_all(
    one: Callable[..., Booking],
    all_of_them: Callable[..., Booking],
    reference: str,
    *wanted: int,
    actor: User,
) -> Booking:
    """Most come alone: that somebody does not is found out by trying, and costs the others nothing."""
    try:
        return one(reference, *wanted, actor=actor)
    except Refused as refusal:
        if refusal.code != "together":
            raise
    all_of_them(booking.get(reference).party, *wanted, actor=actor)
    return booking.get(reference)


def confirmed(cases: dict[int, Case], party: str, *, actor: User, how: How = "") -> Booking:
    """Turn the hold of all, whose cases are locked, into an appointment."""
    now = clock.now()
    members = together.members(party, now=now)  # whoever has withdrawn is none of them any more
    if any(one.state == State.HELD for one in members):
        for one in members:
            appointments.require_open(cases[_case_of(one)])
    done = together.confirm(party, now=now)
    for one in _changed(done, now):
        case = cases[_case_of(one)]
        appointments.arranged(case, one, actor, now, **_more(done, how))
    return _told("appointment_confirmed", done, cases, actor, now)


def moved(cases: dict[int, Case], party: str, slot_id: int, *, actor: User, how: How = "") -> Booking:
    """Move the appointment of all, whose cases are locked."""
    now = clock.now()
    for one in together.members(party, now=now):
        appointments.require_open(cases[_case_of(one)])
    done = together.move(party, slot_id, now=now, right=_right(cases, how))
    for one in _changed(done, now):
        more = _more(done, how)
        appointments.recorded("appointment_moved", cases[_case_of(one)], one, actor, now, **more)
    return _told("appointment_moved", done, cases, actor, now)


def _more(done: list[Booking], how: How) -> dict[str, int]:
    """What the history says besides; only what is true stays."""
    return {"people": len(done), "by_link": how == "by_link", "by_mission": how == "by_mission"}


def _right(cases: Iterable[int], how: How) -> Right:
    if how == "by_mission":
        return Right.OF_MISSION
    return Right.DISPLACED if any(displacing.of_case(pk) for pk in cases) else Right.OWN


def cancelled(cases: dict[int, Case], party: str, *, actor: User, how: How = "", reason: str = "") -> Booking:
    """Give the places of all back, whose cases are locked; `reason` is the mission's, as a code."""
    now = clock.now()
    was_confirmed = any(one.state == State.CONFIRMED for one in together.members(party, now=now))
    done = together.cancel(party, now=now)
    if not was_confirmed:
        return done[0]
    for one in _changed(done, now):
        case, more = cases[_case_of(one)], _more(done, how)
        appointments.recorded("appointment_cancelled", case, one, actor, now, reason=reason, **more)
        appointments.tell_process(case, booked=False, actor=actor, now=now)
    return _told("appointment_cancelled", done, cases, actor, now)


def locked(party: str, actor: User) -> dict[int, Case]:
    """The cases of all who were booked together, locked in the order of their ids; Refused (404) as for one."""
    booked = Booking.objects.filter(party=party, part=0).exclude(party="").order_by("case")
    coming = booked.exclude(state=State.CANCELLED)  # who dropped out may be at another mission meanwhile
    ids = (coming if coming.exists() else booked).values_list("case", flat=True)
    found = {pk: appointments.locked(actor, pk=pk) for pk in ids if pk is not None}
    if not found:
        raise Refused(
            _("There is no such appointment or case, or it is not yours."), code="not_found", status=404
        )
    return found


def others(case: Case, actor: User, now: datetime) -> list[Case]:
    """The applications whose people may come along: sent from the same account to the same mission for the same
    service, and not booked yet.
    """
    booked = Booking.objects.active(now).filter(state=State.CONFIRMED, case=OuterRef("pk"))
    return list(
        Case.objects.visible_to(actor)
        .filter(
            owner=case.owner_id,
            mission=case.mission_id,
            service=case.service,
            phase__in=appointments.BOOKABLE,
        )
        .exclude(pk=case.pk)
        .exclude(Exists(booked))
        .order_by("pk")[:20]
    )


def _give_back(case: Case, now: datetime) -> None:
    """Give back what the case held before; refused when it has an appointment."""
    before = booking.current(case.pk, now=now)
    if before is None:
        return
    if before.state == State.CONFIRMED:
        raise Refused(_("One of these applications has an appointment already."), code="already_booked")
    booking.cancel(before.reference, now=now)


def _changed(done: list[Booking], now: datetime) -> list[Booking]:
    return [one for one in done if one.changed_at == now]


def _told(kind: str, done: list[Booking], cases: dict[int, Case], actor: User, now: datetime) -> Booking:
    """Promise one mail for all of them, and give the booking it is about: that of the first who comes."""
    for one in _changed(done, now)[:1]:
        appointments.promise(kind, cases[_case_of(one)], one, actor)
    return done[0]


def _case_of(one: Booking) -> int:
    assert one.case_id is not None  # noqa: S101  people are booked together for their cases
    return one.case_id
