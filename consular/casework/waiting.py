"""Waiting for an appointment: join, leave, be offered a place, and what officers may change about the order.

An offer is a place that is held for some hours: it is accepted by confirming it and declined by giving it back, with
the verbs of booking. Locked in this order: the list of the calendar (offering only), the cases by their ids, the
places, the bookings, the rows of those who wait by their ids.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import booking, calendars, offering, together
from consular.appointments.distribution import Mode
from consular.appointments.draws import Draw
from consular.appointments.models import Calendar
from consular.appointments.slots import FreeSlot
from consular.appointments.waiting import Offer, Waiting, Waits
from consular.cases.models import Case
from consular.casework import appointments, record
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.notifications import outbox

log = structlog.get_logger(__name__)


def has_list(calendar: Calendar | None) -> bool:
    """Whether one can wait for places of a calendar."""
    return calendar is not None and (
        calendar.mode == Mode.LIST or calendar.mode == Mode.DIRECT and calendar.list_first
    )


def open_draw(calendar: Calendar, now: datetime) -> Draw | None:
    """The draw for which one can register now."""
    draws = Draw.objects.filter(calendar=calendar, opens_at__lte=now, closes_at__gt=now, published_at=None)
    return draws.order_by("closes_at", "pk").first()


def _open_draw_locked(calendar: Calendar, now: datetime) -> Draw:
    """The same, so that its list is not published before the registration is written."""
    found = open_draw(calendar, now)
    draw = Draw.objects.select_for_update(no_key=True).get(pk=found.pk) if found else None
    if draw is None or draw.published_at is not None:
        raise Refused(_("Nobody can register for the draw now."), code="closed")
    return draw


@verb
def join(case_ids: Sequence[int], *, actor: User) -> Waiting:
    """Wait for a place for the people of these cases, all of them together; doing it twice changes nothing.

    Who waits at another mission already keeps the rank. Refused (409): `no_list`, `already_booked`, `already_waiting`
    when somebody else registered the person, `not_now`; (422) `no_identity`.
    """
    now = clock.now()
    found = {pk: appointments.locked_to_book(actor, pk, now)[0] for pk in sorted(set(case_ids))}
    cases = [found[pk] for pk in dict.fromkeys(case_ids)]
    calendar = _list_of(cases, now)
    return _entered(calendar, cases, actor, now)


def _list_of(cases: list[Case], now: datetime) -> Calendar:
    first = cases[0]
    calendar = calendars.of(first.mission, first.service) if first.mission else None
    if calendar is not None and calendar.mode == Mode.DRAW and open_draw(calendar, now) is None:
        raise Refused(_("Nobody can register for the draw now."), code="closed")
    if calendar is None or not (has_list(calendar) or calendar.mode == Mode.DRAW):
        raise Refused(_("The mission keeps no waiting list for this service."), code="no_list")
    if len(cases) > calendar.most_people:
        raise Refused(_("So many people cannot have one appointment."), code="too_many")
    for case in cases:
        appointments.require_open(case)
        is_ours = case.mission_id == calendar.mission_id and case.service in calendar.services
        if not is_ours or booking.current(case.pk, now=now) is not None:
            raise Refused(_("One of these applications has an appointment already."), code="already_booked")
    return calendar


def _entered(calendar: Calendar, cases: list[Case], actor: User, now: datetime) -> Waiting:
    """The entry of these people, with the earliest moment since which one of them waits."""
    owner = appointments.owner_of(cases[0], actor)
    who = [appointments.identity_of(case.answers.data) for case in cases]
    before = Waiting.objects.filter(identity__in=sorted(who), category=calendar.category, state=Waits.WAITING)
    party = list(_behind(before).select_for_update())
    old = [one for one in party if bytes(one.identity) in who]
    if any(one.owner_id != owner.pk for one in old):
        raise Refused(
            _(
                "One of these people waits already, registered from another account. One person can wait once."
            ),
            code="already_waiting",
        )
    heads = [one for one in old if one.head_id is None]
    if heads and _is_same(old, calendar, cases):
        return heads[0]
    since = min([now, *(one.since for one in old)])
    draw = _open_draw_locked(calendar, now) if calendar.mode == Mode.DRAW else None
    if draw is not None and any(one.turn for one in old):
        raise Refused(_("You were drawn already. You are offered a time."), code="drawn")
    _end(party, now)
    head = None
    try:
        with transaction.atomic():
            for case, identity in zip(cases, who, strict=True):
                row = Waiting.objects.create(
                    calendar=calendar, head=head, case=case, owner=owner, identity=identity,
                    category=calendar.category, people=len(cases), since=since, joined_at=now, changed_at=now,
                    passes=max((one.passes for one in old), default=0), draw=draw,
                    ticket=secrets.token_hex(16) if draw is not None and head is None else "",
                )  # fmt: skip
                head = head or row
    except IntegrityError:
        raise Refused(_("One of these people waits already."), code="already_waiting") from None
    for case in cases:
        record.event(case, "waiting_moved" if old else "waiting_joined", actor=actor, at=now)
    assert head is not None  # noqa: S101  there is at least one case
    return head


def _is_same(old: list[Waiting], calendar: Calendar, cases: list[Case]) -> bool:
    here = all(
        one.calendar_id == calendar.pk and bool(one.draw_id) == (calendar.mode == Mode.DRAW) for one in old
    )
    return here and {one.case_id for one in old} == {case.pk for case in cases}


def _behind(entries: Iterable[Waiting]) -> QuerySet[Waiting]:
    """Those who wait together with one of these."""
    heads = {one.head_id or one.pk for one in entries}
    return Waiting.objects.filter(Q(pk__in=heads) | Q(head__in=heads), state=Waits.WAITING).order_by("pk")


def _end(entries: Iterable[Waiting], now: datetime) -> None:
    """The caller has locked them, in the order of their ids."""
    Waiting.objects.filter(pk__in={one.pk for one in entries}).update(state=Waits.LEFT, changed_at=now)


@verb
def leave(case_id: int, *, actor: User) -> None:
    """Wait no longer, with all who come along; the rank is lost. An offer that stands is given back."""
    now = clock.now()
    entry = of(case_id)
    if entry is None:
        return
    ids = sorted({one.case_id for one in _behind([entry])} | {case_id})
    cases = [appointments.locked(actor, pk=pk) for pk in ids]
    made = offering.current(case_id, now)
    if made is not None:
        _give_back(made, now)
    _end(_behind([entry]).select_for_update(), now)
    for case in cases:
        record.event(case, "waiting_left", actor=actor, at=now)


def _give_back(made: Offer, now: datetime) -> None:
    held = made.booking
    if held.party:
        together.cancel(held.party, now=now)
    else:
        booking.cancel(held.reference, now=now)


def of(case_id: int) -> Waiting | None:
    """The entry by which somebody waits, that of the first of those who come together."""
    mine = Waiting.objects.select_related("calendar__mission", "head").filter(
        case=case_id, state=Waits.WAITING
    )
    found = mine.first()
    return found.head or found if found else None


def offer_places(at: datetime | None = None) -> int:
    """Offer what is free along all lists; returns how many offers were made. One transaction each."""
    made = 0
    lists = Calendar.objects.filter(waiting__state=Waits.WAITING).distinct()
    for calendar in lists.order_by("pk"):
        try:
            settle(calendar.pk)
            while offer_next(calendar.pk):
                made += 1
        except Refused:  # somebody else took a place in this moment: the next run offers what is left
            continue
        except Exception:  # one list's fault must not stop all others
            log.exception("places_not_offered", calendar=calendar.pk)
    return made


@verb
def settle(calendar_id: int) -> None:
    """Write down who on the list has an appointment meanwhile, and what became of offers.

    A transaction of its own, since whoever leaves the list holds a case before its row of the list: so does this, and
    nobody waits in a circle.
    """
    now = clock.now()
    calendar = _alone_with(calendar_id)
    cases = offering.unsettled(calendar, now)
    locked_cases(cases)
    for passed in offering.settle(calendar, cases, now=now):
        answer, is_last = passed.answer.value, passed.is_last_now
        record.event(passed.entry.case, "place_passed", actor=None, at=now, answer=answer, to_the_end=is_last)


@verb
def offer_next(calendar_id: int) -> bool:
    """Offer a place to the first on the list whom one fits; False when there is nobody or nothing left.

    Whoever does not fit is passed over and keeps the rank.
    """
    now = clock.now()
    calendar = _alone_with(calendar_id)
    free = offering.offerable(calendar, now)
    waiting = offering.unoffered(calendar, now).filter(case__phase__in=appointments.BOOKABLE)
    for entry in waiting if free else ():
        slot = offering.fitting(entry, free)
        if slot is None:
            continue
        with transaction.atomic():
            if _offered(entry.pk, slot, now):
                return True
            transaction.set_rollback(True)  # cases are locked in their order: these are let go before others
    return False


def _alone_with(calendar_id: int) -> Calendar:
    """A calendar along whose list nobody else offers."""
    calendar = Calendar.objects.select_related("mission").get(pk=calendar_id)
    offering.lock(calendar)
    return calendar


def locked_cases(ids: Sequence[int]) -> dict[int, Case]:
    """These cases by their ids, locked in the order of them."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("owner").filter(pk__in=ids)
    return {case.pk: case for case in rows.order_by("pk")} if ids else {}


def _offered(entry_id: int, slot: FreeSlot, now: datetime) -> bool:
    """Make one offer, under the locks of the cases; False when the person left or booked a moment ago."""
    party = Waiting.objects.filter(Q(pk=entry_id) | Q(head=entry_id))
    locked = locked_cases(list(party.values_list("case", flat=True)))
    entry = Waiting.objects.select_related("calendar", "owner").get(pk=entry_id)
    if entry.state != Waits.WAITING or any(not _may_come(case, entry, now) for case in locked.values()):
        return False
    made = offering.offer(entry, slot, now=now)
    if made is None:
        return False
    for case in locked.values():
        record.event(case, "place_offered", actor=None, at=now, until=made.until.isoformat())
    outbox.promise(
        "place_offered", to=entry.owner, case=locked[entry.case_id], key=f"place_offered:{made.pk}"
    )
    return True


def _may_come(case: Case, entry: Waiting, now: datetime) -> bool:
    is_here = case.mission_id == entry.calendar.mission_id and case.phase in appointments.BOOKABLE
    return is_here and booking.current(case.pk, now=now) is None


def follow(case: Case, mission: Mission) -> None:
    """A case that is locked goes to another mission: who waits for it waits there, since the same moment.

    Where that mission keeps no list, or several wait together, the entry rests with its rank: nothing is offered for
    it, no draw has it on its list, and joining elsewhere goes on with it.
    """
    entry, there, now = of(case.pk), calendars.of(mission, case.service), clock.now()
    if entry is None:
        return
    if entry.people > 1 or there is None or not has_list(there):
        party = Waiting.objects.filter(Q(pk=entry.pk) | Q(head=entry), draw__published_at=None)
        party.exclude(draw=None).update(draw=None, ticket="", changed_at=now)
        return
    entry.calendar, entry.changed_at = there, now
    entry.draw, entry.ticket, entry.turn = None, "", 0  # a list has no draw, and none can end the entry there
    entry.save(update_fields=["calendar", "changed_at", "draw", "ticket", "turn"])
    record.event(case, "waiting_moved", actor=None, at=now, mission=mission.code)
