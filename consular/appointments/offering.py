"""Offering places along a waiting list: who is first, what fits, what became of offers.

Only one worker at a time offers places of a calendar: a lock on its list (an advisory one, which nothing else takes)
comes before the cases by their ids, the places, the bookings and the rows of those who wait. So the order is kept
however many workers there are. Who does not fit is passed over and keeps the rank.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from consular.appointments import calendars, leaving, together, together_sql
from consular.appointments.changes import Displacement
from consular.appointments.distribution import Mode
from consular.appointments.invitations import Invitation
from consular.appointments.models import ACTIVE, Booking, Calendar, Place, State
from consular.appointments.slots import FreeSlot
from consular.appointments.together import Comer, Group
from consular.appointments.waiting import Answer, Offer, Waiting, Waits
from consular.core.prepared import first_row

SHORTEST = timedelta(hours=1)
"""Nothing is offered that would have to be answered sooner."""

AFTER = timedelta(minutes=10)
"""For so long after an offer has lapsed its place stays away from everybody but the next one on the list."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('appointments.offering'), %(calendar)s::int)"

# What is free, and what was given back and is not free for everybody yet; where one books directly only that. Nothing
# that is kept for one person.
_OFFERABLE = """
    p.number <= s.capacity AND p.opens_at <= %(now)s
    AND s.starts_at >= %(now)s + make_interval(hours => c.notice_hours)
    AND s.starts_at <= %(now)s + make_interval(days => c.horizon_days)
    AND (c.mode <> 'direct' AND p.free_from <= %(now)s OR p.free_from > %(now)s AND NOT EXISTS (
        SELECT FROM appointments_booking b
        WHERE b.place_id = p.id AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s))
    AND NOT EXISTS (
        SELECT FROM appointments_displacement d
        WHERE d.place_id = p.id AND d.settled_at IS NULL AND d.kept_until > %(now)s)
    AND NOT EXISTS (
        SELECT FROM appointments_invitation_places i JOIN appointments_invitation v ON v.id = i.invitation_id
        WHERE i.place_id = p.id AND v.outcome = '' AND v.until > %(now)s)
"""

HOLD = together_sql.holding(_OFFERABLE)


@dataclass(frozen=True)
class Passed:
    """An offer that was not taken: what became of it, and whether the person went to the end of the list."""

    entry: Waiting
    answer: Answer
    is_last_now: bool


def lock(calendar: Calendar) -> None:
    """Be the only one who offers places of this calendar, until the transaction ends."""
    first_row(_LOCK, {"calendar": calendar.pk})


def in_order(calendar: Calendar, now: datetime) -> QuerySet[Waiting]:
    """Those who wait for the calendar, first come first; who has an appointment meanwhile waits no longer."""
    booked = Booking.objects.filter(
        identity=OuterRef("identity"), category=OuterRef("category"),
        state=State.CONFIRMED, active_until__gt=now,
    )  # fmt: skip
    waiting = Waiting.objects.filter(
        calendar=calendar, state=Waits.WAITING, head=None, case__mission=calendar.mission_id
    )
    waiting = waiting.exclude(Exists(booked))
    if calendar.mode == Mode.DRAW:
        return waiting.filter(turn__gt=0).order_by("draw", "turn", "since", "pk")
    return waiting.order_by("since", "pk")


def unoffered(calendar: Calendar, now: datetime) -> QuerySet[Waiting]:
    """Those of them who have no offer at this moment, nor one of which is not written down what became of it."""
    held = Booking.objects.active(now).filter(case=OuterRef("case"))
    asked = Offer.objects.filter(entry=OuterRef("pk"), answer="")
    found = in_order(calendar, now).exclude(Exists(held) | Exists(asked)).select_related("calendar", "case")
    return found.prefetch_related("companions__case" if calendar.lengths else "companions")


def offerable(calendar: Calendar, now: datetime) -> tuple[FreeSlot, ...]:
    """The times with places that can be offered, earliest first, and how many each has."""
    active = Booking.objects.filter(place=OuterRef("pk"), state__in=ACTIVE, active_until__gt=now)
    displaced = Displacement.objects.filter(place=OuterRef("pk"), settled_at=None, kept_until__gt=now)
    invited = Invitation.objects.filter(places=OuterRef("pk"), outcome="", until__gt=now)
    earliest = now + timedelta(hours=calendar.notice_hours) + SHORTEST
    places = Place.objects.filter(
        slot__calendar=calendar, slot__starts_at__gte=earliest, number__lte=F("slot__capacity"), opens_at__lte=now,
        slot__starts_at__lte=now + timedelta(days=calendar.horizon_days),
    ).exclude(Exists(active) | Exists(displaced) | Exists(invited))  # fmt: skip
    if calendar.mode == Mode.DIRECT:
        places = places.filter(free_from__gt=now)
    rows = places.values_list("slot", "slot__starts_at", "slot__ends_at").annotate(seats=Count("pk"))
    return tuple(FreeSlot(*row) for row in rows.order_by("slot__starts_at"))


def fitting(entry: Waiting, free: Sequence[FreeSlot]) -> FreeSlot | None:
    """The earliest time from which there are places for the person and those who come along."""
    return next(iter(together.starts(free, entry.people, slots_each(entry))), None)


def slots_each(entry: Waiting) -> int:
    """How many slots each of those who wait together stays."""
    if not entry.calendar.lengths:
        return 1
    people = [entry, *entry.companions.all()] if entry.people > 1 else [entry]
    return calendars.longest(entry.calendar, [one.case.service for one in people])


def offer(entry: Waiting, slot: FreeSlot, *, now: datetime) -> Offer | None:
    """Keep the places for some hours; None when somebody was faster."""
    calendar = entry.calendar
    until = min(
        now + timedelta(hours=calendar.offer_hours), slot.starts_at - timedelta(hours=calendar.notice_hours)
    )
    people = [entry, *entry.companions.order_by("pk")]
    who = [Comer(one.case_id, bytes(one.identity)) for one in people]
    group = Group(entry.owner, who, slots_each(entry))
    held = together.place(HOLD, slot.id, group, until=until, now=now)
    if not held:
        return None
    party = held[0].party
    mine = Place.objects.filter(bookings__party=party) if party else Place.objects.filter(bookings__in=held)
    mine.update(free_from=until + AFTER)
    return Offer.objects.create(entry=entry, booking=held[0], made_at=now, until=until)


def unsettled(calendar: Calendar, now: datetime) -> list[int]:
    """The cases of those who have an appointment meanwhile, or whose offer has ended, and of all who come along."""
    stands = Booking.objects.active(now).filter(state=State.HELD, pk=OuterRef("booking"))
    ended = Offer.objects.filter(entry__calendar=calendar, answer="").exclude(Exists(stands))
    rows = [*_served(calendar, now).values_list("pk", "head"), *ended.values_list("entry", "entry__head")]
    heads = {head or pk for pk, head in rows}
    party = Waiting.objects.filter(Q(pk__in=heads) | Q(head__in=heads)) if heads else Waiting.objects.none()
    return sorted(set(party.values_list("case", flat=True)))


def settle(calendar: Calendar, cases: Sequence[int], *, now: datetime) -> list[Passed]:
    """Write down for these cases, which the caller has locked, who has an appointment, and what became of offers; who
    let too many pass goes to the end.
    """
    end_served(calendar, cases, now)
    passed = []
    offers = Offer.objects.filter(entry__calendar=calendar, entry__case__in=cases, answer="").select_related(
        "entry__case", "entry__owner", "booking__place__slot"
    )
    for made in offers.order_by("pk"):
        answer = _answer(made, now)
        if answer is not None:
            made.answer = answer
            made.save(update_fields=["answer"])
            if answer != Answer.ACCEPTED and made.entry.state == Waits.WAITING:
                passed.append(_pass(made.entry, answer, calendar.passes_kept, now))
    return passed


def current(case_id: int, now: datetime) -> Offer | None:
    """The offer that somebody can accept now."""
    open_now = Booking.objects.active(now).filter(state=State.HELD, pk=OuterRef("booking"))
    found = Offer.objects.select_related("booking__place__slot").filter(Exists(open_now), answer="")
    return found.filter(entry__case=case_id).first() or found.filter(entry__companions__case=case_id).first()


def _answer(made: Offer, now: datetime) -> Answer | None:
    """What became of an offer; None while it stands."""
    held = made.booking
    if held.state in {State.CONFIRMED, State.PAST} or held.was_confirmed:
        return Answer.ACCEPTED
    if held.state == State.CANCELLED:
        return Answer.DECLINED
    return Answer.LAPSED if held.active_until <= now else None


def _pass(entry: Waiting, answer: Answer, kept: int, now: datetime) -> Passed:
    entry.passes += 1
    is_last = entry.passes > kept
    if is_last and entry.turn:  # a draw has no end to go to: the next one has the place
        Waiting.objects.filter(Q(pk=entry.pk) | Q(head=entry)).update(state=Waits.LEFT, changed_at=now)
        return Passed(entry, answer, is_last)
    if is_last:
        entry.passes, entry.since = 0, now
    entry.changed_at = now
    entry.save(update_fields=["passes", "since", "changed_at"])
    return Passed(entry, answer, is_last)


def end_served(calendar: Calendar, cases: Sequence[int], now: datetime) -> None:
    """Let nobody of these cases, which the caller has locked, wait who has an appointment."""
    found = list(_served(calendar, now).filter(case__in=cases).order_by("pk"))
    if found:
        leaving.served(found, now)


def _served(calendar: Calendar, now: datetime) -> QuerySet[Waiting]:
    """Those who wait though they have an appointment."""
    booked = Booking.objects.filter(
        identity=OuterRef("identity"), category=OuterRef("category"),
        state=State.CONFIRMED, active_until__gt=now,
    )  # fmt: skip
    return Waiting.objects.filter(Exists(booked), calendar=calendar, state=Waits.WAITING)
