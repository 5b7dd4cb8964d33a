"""The appointments of one day at one mission, in order, and where each of them stands."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, FilteredRelation, Q, Value, When
from django.db.models.functions import Coalesce

from consular.appointments import checkin, together, visits
from consular.appointments.models import Booking, BookingQuerySet, Calendar, Slot, State
from consular.appointments.opening import moment
from consular.appointments.slots import FreeSlot
from consular.appointments.visits import Visit
from consular.core import references
from consular.missions.models import Mission

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Appointment:
    """One line of the day's list; moments in UTC. Whoever stays through several slots has one line, to the end of the
    last: `slots` says how many. `place` is the number of its place in the first of them, and people who come together
    have the same `party`.
    """

    starts_at: datetime
    ends_at: datetime
    reference: str
    case: str
    name: str
    booking: int
    service: str
    place: int
    calendar: int
    party: str = ""
    slots: int = 1
    visit: Visit = Visit()

    @property
    def code(self) -> str:
        """The code with which its person is found at the door."""
        return checkin.code(self.reference)


@dataclass(frozen=True)
class Time:
    """One slot: how many places are taken and how many are free for somebody at the counter; moments in UTC. From it on
    `room` slots that follow one another have a free place.
    """

    id: int
    calendar: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    free: int
    room: int = 0


def of_day(mission: Mission, day: date) -> list[Appointment]:
    """The confirmed appointments of a local day, earliest first, and what became of them; two queries."""
    rows = list(
        _between(mission, day, day)
        .filter(case__isnull=False)
        .annotate(
            until=Coalesce("stays_until", "place__slot__ends_at"),
            group=Case(When(people__gt=1, then="party"), default=Value("")),
        )
        .order_by("place__slot__starts_at", "place__number", "pk")
        .values_list(
            "place__slot__starts_at",
            "until",
            "reference",
            "case__reference",
            "case__applicant_name",
            "pk",
            "case__service",
            "place__number",
            "place__slot__calendar",
            "group",
            "slots_each",
        )
    )
    found = visits.of_bookings(row[5] for row in rows)
    return [Appointment(*row, found.get(row[5], Visit())) for row in rows]


def times(mission: Mission, first: date, last: date, *, now: datetime) -> list[Time]:
    """The slots from one local day to another with what is taken, and free for the mission itself; one query, and one
    more where something is open at midnight.
    """
    _starts_at, end = _bounds(mission, first, last)
    return [one for one in _with_room(_beyond(mission, first, last, now)) if one.starts_at < end]


def starting(
    calendar: Calendar, days: tuple[date, date], people: int = 1, slots_each: int = 1, *, now: datetime
) -> list[Time]:
    """The times of a calendar from one local day to another, both included, from which so many people find places side
    by side that the mission may give, each for so many slots, also beyond midnight.
    """
    _starts_at, end = _bounds(calendar.mission, *days)
    found = [one for one in _beyond(calendar.mission, *days, now) if one.calendar == calendar.pk]
    free = [FreeSlot(time.id, time.starts_at, time.ends_at, time.free) for time in found if time.free]
    fitting = {slot.id for slot in together.starts(free, people, slots_each)}
    return [time for time in found if time.id in fitting and time.starts_at < end]


def _beyond(mission: Mission, first: date, last: date, now: datetime) -> list[Time]:
    """The slots from one local day to another and, where one ends at midnight, those of the day after."""
    _starts_at, end = _bounds(mission, first, last)
    found = _slots(mission, first, last, now)
    is_open = any(one.free and one.ends_at >= end for one in found)
    return found + _slots(mission, last + _DAY, last + _DAY, now) if is_open else found


def _slots(mission: Mission, first: date, last: date, now: datetime) -> list[Time]:
    starts_at, ends_at = _bounds(mission, first, last)
    booked = FilteredRelation(
        "places__bookings", condition=Q(places__bookings__state__in=[State.CONFIRMED, State.PAST])
    )
    is_released = Q(places__opens_at=None) | Q(places__opens_at__lte=now)
    free = is_released & Q(
        places__staff_from__lte=now,
        places__free_from__lte=now,
        places__number__lte=F("capacity"),
        ends_at__gt=now,
    )
    rows = (
        Slot.objects.filter(calendar__mission=mission, starts_at__gte=starts_at, starts_at__lt=ends_at)
        .annotate(booked=booked)
        .annotate(
            taken=Count("booked", distinct=True),
            free=Count("places", filter=free, distinct=True),
        )
        .filter(Q(capacity__gt=0) | Q(taken__gt=0))
        .order_by("starts_at", "calendar_id")
        .values_list("id", "calendar_id", "starts_at", "ends_at", "capacity", "taken", "free")
    )
    return [Time(*row) for row in rows]


def _with_room(found: list[Time]) -> list[Time]:
    """The same times, earliest first, each with how many follow one another with a free place."""
    room: dict[tuple[int, datetime], int] = {}
    for one in reversed(found):
        after = room.get((one.calendar, one.ends_at), 0)
        room[one.calendar, one.starts_at] = 1 + after if one.free else 0
    return [replace(one, room=room[one.calendar, one.starts_at]) for one in found]


def find(typed: str, appointments: list[Appointment]) -> list[Appointment]:
    """The lines of a day that somebody may mean by a code or a whole reference, however it was typed: of people who
    come together also that of the first of them, which all were told.
    """
    meant = references.tidy(typed[:40])
    if not meant:
        return []
    mine = [row for row in appointments if meant in {row.reference, row.code}]
    return mine or [
        row for row in appointments if row.party and meant in {row.party, checkin.code(row.party)}
    ]


def behind(appointments: list[Appointment], *, now: datetime) -> timedelta:
    """How far the counters are behind: the longest that somebody who is here waits beyond their time."""
    waiting = [row.starts_at for row in appointments if row.visit.standing == visits.Standing.HERE]
    return max((now - starts_at for starts_at in waiting if starts_at < now), default=timedelta())


def _between(mission: Mission, first: date, last: date) -> BookingQuerySet:
    starts_at, ends_at = _bounds(mission, first, last)
    return Booking.objects.filter(
        place__slot__calendar__mission=mission,
        place__slot__starts_at__gte=starts_at,
        place__slot__starts_at__lt=ends_at,
        state__in=[State.CONFIRMED, State.PAST],
    )


def _bounds(mission: Mission, first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which the local days begin and have ended."""
    zone = ZoneInfo(mission.time_zone)
    return moment(first, time(0), zone), moment(last + _DAY, time(0), zone)
