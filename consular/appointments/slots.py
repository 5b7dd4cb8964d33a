"""Slots from rules, and what is free.

Generation writes the rows the rules want and may run as often as one likes: the same rules give the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from consular.appointments import seating
from consular.appointments.models import Calendar, OpeningRule, Slot
from consular.appointments.opening import Span, moment, spans
from consular.core import clock
from consular.missions.closed import closed_days

_DAY = timedelta(days=1)

_PLACES = """
INSERT INTO appointments_place (slot_id, number, free_from)
SELECT s.id, n, TIMESTAMPTZ '2000-01-01 00:00:00+00'
FROM appointments_slot s CROSS JOIN LATERAL generate_series(1, s.capacity) AS n
WHERE s.calendar_id = %s AND s.starts_at > %s AND s.starts_at < %s
ON CONFLICT (slot_id, number) DO NOTHING
"""


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

    A slot the rules no longer want (a rule ended, a closure came) gets capacity 0; its bookings stay as they are.
    The caller holds the transaction; two runs for one calendar wait for each other.
    """
    calendar = Calendar.objects.select_for_update(of=("self",)).select_related("mission").get(pk=calendar.pk)
    zone, now = ZoneInfo(calendar.mission.time_zone), clock.now()
    first = now.astimezone(zone).date()
    wanted = {
        span.starts_at: (span, seats)
        for span, seats in _wanted(calendar, first, until)
        if span.starts_at > now
    }
    end = moment(until + _DAY, time(0), zone)
    there = Slot.objects.filter(calendar=calendar, starts_at__gt=now, starts_at__lt=end)
    withdrawn = there.exclude(starts_at__in=list(wanted)).exclude(capacity=0).update(capacity=0)
    Slot.objects.bulk_create(
        [
            Slot(calendar=calendar, starts_at=span.starts_at, ends_at=span.ends_at, capacity=seats)
            for span, seats in wanted.values()
        ],
        batch_size=5_000,
        update_conflicts=True,
        unique_fields=["calendar", "starts_at"],
        update_fields=["ends_at", "capacity"],
    )
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [calendar.pk, now, end])
        new = cursor.rowcount
    seating.seat(calendar, now=now)
    return Generated(slots=len(wanted), new_places=new, withdrawn=withdrawn)


def _wanted(calendar: Calendar, first: date, last: date) -> Iterator[tuple[Span, int]]:
    """The spans the rules want in these local days, in order, each with its capacity."""
    rules = list(OpeningRule.objects.filter(calendar=calendar).order_by("opens_at"))
    closed = closed_days(calendar.mission, first, last)
    zone, length = ZoneInfo(calendar.mission.time_zone), timedelta(minutes=calendar.slot_minutes)
    for n in range((last - first).days + 1):
        day = first + n * _DAY
        for rule in rules:
            if day not in closed and _applies(rule, day):
                seats = min(rule.capacity, calendar.counters)
                yield from ((span, seats) for span in spans(day, rule.opens_at, rule.closes_at, length, zone))


def _applies(rule: OpeningRule, day: date) -> bool:
    return (
        rule.weekday == day.weekday()
        and rule.valid_from <= day
        and (rule.valid_to is None or day < rule.valid_to)
    )


def days(calendar: Calendar, *, now: datetime) -> tuple[FreeDay, ...]:
    """The local days on which the calendar has free places that can be booked now."""
    zone = ZoneInfo(calendar.mission.time_zone)
    rows = (
        Slot.objects.filter(_bookable(calendar, now), _free(now))
        .annotate(day=TruncDate("starts_at", tzinfo=zone))
        .values_list("day")
        .annotate(seats=Count("places"))
        .order_by("day")
    )
    return tuple(FreeDay(*row) for row in rows)


def free(calendar: Calendar, first: date, last: date, *, now: datetime) -> tuple[FreeSlot, ...]:
    """The slots with free places from one local day to another, both included, that can be booked now."""
    zone = ZoneInfo(calendar.mission.time_zone)
    rows = (
        Slot.objects.filter(
            _bookable(calendar, now),
            _free(now),
            starts_at__gte=moment(first, time(0), zone),
            starts_at__lt=moment(last + _DAY, time(0), zone),
        )
        .values_list("id", "starts_at", "ends_at")
        .annotate(seats=Count("places"))
        .order_by("starts_at")
    )
    return tuple(FreeSlot(*row) for row in rows)


def _bookable(calendar: Calendar, now: datetime) -> Q:
    earliest = now + timedelta(hours=calendar.notice_hours)
    latest = now + timedelta(days=calendar.horizon_days)
    return Q(calendar=calendar, starts_at__gte=earliest, starts_at__lte=latest)


def _free(now: datetime) -> Q:
    return Q(places__free_from__lte=now, places__number__lte=F("capacity"))
