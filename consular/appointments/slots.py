"""Slots from rules, and what is free.

Generation writes the rows the rules want and may run as often as one likes: the same rules give the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from consular.appointments import blocking, outlooks, overbooking, seating, slot_rows
from consular.appointments.models import Calendar, Slot
from consular.appointments.opening import moment
from consular.appointments.outlooks import Wanted
from consular.appointments.slot_rows import Left
from consular.core import clock

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Generated:
    """What a run of generation found: slots the rules want, places that are new, slots that were taken back."""

    slots: int
    new_places: int
    withdrawn: int


@dataclass(frozen=True)
class FreeDay:
    """A local day with free places, and how many."""

    day: date
    places: int


@dataclass(frozen=True)
class FreeSlot:
    """A slot with free places, and how many; moments in UTC."""

    id: int
    starts_at: datetime
    ends_at: datetime
    places: int


def generate(calendar: Calendar, until: date) -> Generated:
    """Write the future slots of a calendar from today up to and including the local day `until`.

    A slot the rules no longer want (a rule ended, a closure came) gets capacity 0; its bookings stay as they are, and
    where a new slot meets the time of some, it gets so many places less. The caller holds the transaction; two runs
    for one calendar wait for each other.
    """
    calendar = Calendar.objects.select_for_update(of=("self",)).select_related("mission").get(pk=calendar.pk)
    zone, now = ZoneInfo(calendar.mission.time_zone), clock.now()
    first = now.astimezone(zone).date()
    outlook = outlooks.of(calendar, first, until)
    wanted = [slot for slot in outlook.slots(first, until) if slot.starts_at > now]
    future = slot_rows.Future(calendar.pk, now, moment(until + _DAY, time(0), zone))
    withdrawn = slot_rows.withdraw(future, wanted)
    fitting = beside(
        overbooking.widened(wanted, overbooking.learnt(calendar, now=now)), slot_rows.left(future)
    )
    new = slot_rows.write(future, fitting, blocking.of(calendar.pk, now))
    seating.seat(calendar, now=now)
    return Generated(slots=len(wanted), new_places=new, withdrawn=withdrawn)


def beside(wanted: Sequence[Wanted], left: Sequence[Left]) -> list[Wanted]:
    """The wanted slots with room for those only who can be served beside the bookings of slots that are gone."""
    return [_smaller(slot, left) for slot in wanted] if left else list(wanted)


def _smaller(slot: Wanted, left: Sequence[Left]) -> Wanted:
    taken = sum(
        one.bookings
        for one in left
        if one.starts_at < slot.ends_at
        and slot.starts_at < one.ends_at
        and (one.starts_at, one.ends_at) != (slot.starts_at, slot.ends_at)
    )
    if not taken:
        return slot
    seats = max(0, slot.capacity - taken)
    internal = min(slot.internal, seats)
    return replace(slot, capacity=seats, internal=internal, opens=slot.opens[: seats - internal])


def days(calendar: Calendar, *, now: datetime, before_others: bool = False) -> tuple[FreeDay, ...]:
    """The local days on which the calendar has free places that can be booked now; with those that only staff give out,
    or that are not released yet, for somebody who chooses `before_others`.
    """
    zone = ZoneInfo(calendar.mission.time_zone)
    rows = (
        Slot.objects.filter(_open(calendar, now, before_others))
        .annotate(day=TruncDate("starts_at", tzinfo=zone))
        .values_list("day")
        .annotate(seats=Count("places"))
        .order_by("day")
    )
    return tuple(FreeDay(*row) for row in rows)


def free(
    calendar: Calendar, first: date, last: date, *, now: datetime, before_others: bool = False
) -> tuple[FreeSlot, ...]:
    """The slots with free places from one local day to another, both included, that can be booked now."""
    zone = ZoneInfo(calendar.mission.time_zone)
    rows = (
        Slot.objects.filter(
            _open(calendar, now, before_others),
            starts_at__gte=moment(first, time(0), zone),
            starts_at__lt=moment(last + _DAY, time(0), zone),
        )
        .values_list("id", "starts_at", "ends_at")
        .annotate(seats=Count("places"))
        .order_by("starts_at")
    )
    return tuple(FreeSlot(*row) for row in rows)


def _open(calendar: Calendar, now: datetime, before_others: bool) -> Q:
    if before_others:
        free_now = Q(
            places__free_from__lte=now, places__staff_from__lte=now, places__number__lte=F("capacity")
        )
        return Q(calendar=calendar, starts_at__gt=now) & free_now
    return _bookable(calendar, now) & _free(now)


def _bookable(calendar: Calendar, now: datetime) -> Q:
    earliest = now + timedelta(hours=calendar.notice_hours)
    latest = now + timedelta(days=calendar.horizon_days)
    return Q(calendar=calendar, starts_at__gte=earliest, starts_at__lte=latest)


def _free(now: datetime) -> Q:
    return Q(places__free_from__lte=now, places__opens_at__lte=now, places__number__lte=F("capacity"))
