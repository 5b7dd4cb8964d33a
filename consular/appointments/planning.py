"""What a change would do to one calendar: places a week, bookings that could not stay, and what each is offered.

The same steps are taken for a preview and when it is saved; the fingerprint tells whether the answer is still the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from consular.appointments import adjoining, blocking
from consular.appointments.models import Booking, Place, State
from consular.appointments.opening import Span
from consular.appointments.outlooks import DAY, Outlook
from consular.appointments.rhythm import Window
from consular.appointments.slots import FreeSlot

WEEKS = 12


@dataclass(frozen=True)
class Week:
    """A week from its Monday: its places as they are, and as they would be."""

    first: date
    now: int
    then: int


@dataclass(frozen=True)
class Booked:
    """An appointment to come; moments in UTC. `case` is its reference, `name` the applicant's. Whoever stays through
    several slots has one of these for each.
    """

    id: int
    reference: str
    case: str
    name: str
    starts_at: datetime
    ends_at: datetime
    held_at: datetime
    sequence: int
    party: str
    slots_each: int = 1
    part: int = 0
    who: bytes = b""
    service: str | None = None


@dataclass(frozen=True)
class Touched:
    """An appointment that could not stay, and the time that would be kept for its person, if there is one."""

    booked: Booked
    offer: Span | None


@dataclass(frozen=True)
class Lasting:
    """An appointment that keeps its slots, though its service would take another number of them."""

    booked: Booked
    slots_then: int


@dataclass(frozen=True)
class Plan:
    """What a change would do to a calendar."""

    calendar: int
    weeks: tuple[Week, ...]
    touched: tuple[Touched, ...]
    lasting: tuple[Lasting, ...] = ()
    fits: frozenset[int] = field(default=frozenset())
    """The bookings that could stay or stand again."""

    @property
    def people(self) -> tuple[Touched, ...]:
        """Whom it touches, each once, however many slots they stay."""
        return tuple(one for one in self.touched if one.booked.part == 0)

    @property
    def essence(self) -> list[object]:
        """What must still be the same when it is saved."""
        return [self.calendar] + [
            (one.booked.id, one.booked.sequence, one.offer.starts_at.isoformat() if one.offer else None)
            for one in self.touched
        ]


def compare(before: Outlook, after: Outlook, *, last: date, now: datetime) -> Plan:
    """What it would mean if a calendar that is as `before` became as `after`, judged up to the local day `last`."""
    first = now.astimezone(after.zone).date()
    there = booked(after.calendar, now)
    already = lost(before, there, first, last)
    lost_then = lost(after, there, first, last)
    moving = [one for one in there if one.id in lost_then - already]
    offers = _offers(after, moving, first, last, now)
    return Plan(
        calendar=after.calendar,
        weeks=_weeks(before, after, first, now),
        touched=tuple(Touched(one, offers.get(one.id)) for one in moving),
        lasting=tuple(_lasting(before, after, [one for one in there if one.id not in lost_then])),
        fits=frozenset(one.id for one in there) - lost_then,
    )


def booked(calendar: int, now: datetime) -> list[Booked]:
    """The confirmed appointments of a calendar that have not begun, earliest first, who booked first before others."""
    rows = Booking.objects.filter(
        place__slot__calendar=calendar,
        place__slot__starts_at__gt=now,
        state=State.CONFIRMED,
        active_until__gt=now,
    ).order_by("place__slot__starts_at", "held_at", "pk")
    columns = ("pk", "reference", "case__reference", "case__applicant_name", "place__slot__starts_at")
    rest = ("place__slot__ends_at", "held_at", "sequence", "party", "slots_each", "part", "identity")
    return [
        Booked(pk, reference, case or "", name or "", *others)
        for pk, reference, case, name, *others in rows.values_list(*columns, *rest, "case__service")
    ]


def lost(outlook: Outlook, there: Iterable[Booked], first: date, last: date) -> frozenset[int]:
    """The bookings that an outlook has no room for: the time is not open, or more came before than can be served.

    Who comes together stays together: when one of them cannot stay, none of them can.
    """
    windows: dict[date, list[Window]] = defaultdict(list)
    for window in outlook.windows(first, last):
        windows[window.starts_at.astimezone(outlook.zone).date()].append(window)
    kept: dict[date, list[Booked]] = defaultdict(list)
    gone: set[int] = set()
    waiting = sorted(there, key=lambda one: (one.held_at, one.id))
    begun = _begun(waiting)
    for one in waiting:
        day = one.starts_at.astimezone(outlook.zone).date()
        if one.id in begun or day > last or _has_room(one, windows[day], kept[day]):
            kept[day].append(one)
        else:
            gone.add(one.id)
    parties = {one.party for one in waiting if one.id in gone and one.party}
    return frozenset(gone | {one.id for one in waiting if one.party in parties})


def _lasting(before: Outlook, after: Outlook, staying: Sequence[Booked]) -> Iterator[Lasting]:
    """Those whose stay this change would make longer or shorter, if they booked anew: all who come together stay as
    long as the longest of their services takes.
    """
    for group in together([one for one in staying if one.part == 0]):
        was, then = (
            max(outlook.setup.lengths.get(one.service or "", 1) for one in group)
            for outlook in (before, after)
        )
        if was != then:
            yield from (Lasting(one, then) for one in group if one.slots_each != then)


def closed_out(outlook: Outlook, there: Iterable[Booked], first: date, last: date) -> frozenset[int]:
    """The bookings at times that are not open at all, however many are booked."""
    people: dict[tuple[str, bytes], list[Booked]] = defaultdict(list)
    for one in there:
        people[one.party or one.reference, one.who].append(one)
    return frozenset().union(*(lost(outlook, rows, first, last) for rows in people.values()))


def _begun(there: Sequence[Booked]) -> set[int]:
    """The later slots of those who sit in the first one already: nobody is sent away in the middle."""
    coming = {(one.party, one.who) for one in there if one.part == 0}
    return {one.id for one in there if one.part and (one.party, one.who) not in coming}


def _has_room(one: Booked, windows: Sequence[Window], kept: Sequence[Booked]) -> bool:
    over = [window for window in windows if window.starts_at < one.ends_at and one.starts_at < window.ends_at]
    reached = one.starts_at
    for window in sorted(over, key=lambda window: window.starts_at):
        if window.starts_at <= reached:
            reached = max(reached, window.ends_at)
    if reached < one.ends_at or not over:
        return False
    beside = sum(other.starts_at < one.ends_at and one.starts_at < other.ends_at for other in kept)
    return beside < over[0].capacity


def _weeks(before: Outlook, after: Outlook, first: date, now: datetime) -> tuple[Week, ...]:
    monday = first - timedelta(days=first.weekday())
    last = monday + WEEKS * 7 * DAY - DAY
    counts = [_by_week(outlook, first, last, now) for outlook in (before, after)]
    weeks = [monday + nth * 7 * DAY for nth in range(WEEKS)]
    return tuple(Week(week, counts[0][week], counts[1][week]) for week in weeks)


def _by_week(outlook: Outlook, first: date, last: date, now: datetime) -> Counter[date]:
    places: Counter[date] = Counter()
    for slot in outlook.slots(first, last):
        if slot.starts_at > now:
            day = slot.starts_at.astimezone(outlook.zone).date()
            places[day - timedelta(days=day.weekday())] += slot.capacity
    return places


def _offers(
    after: Outlook, moving: Sequence[Booked], first: date, last: date, now: datetime
) -> dict[int, Span]:
    """For each of them the next free time after theirs, in the order of their times; nobody's twice.

    People who come together are offered places side by side for all of them, or none.
    """
    if not moving:
        return {}
    room = _room(after, first, last, now)
    offers: dict[int, Span] = {}
    for group in together(moving):
        seats = _side_by_side(room, group)
        for one, span in zip(_by_person(group), seats, strict=False):
            room[span] -= 1
            offers[one.id] = span
    return offers


def together(moving: Sequence[Booked]) -> list[list[Booked]]:
    """Those who come together beside each other, in the order of the first of them."""
    groups: dict[str, list[Booked]] = {}
    for one in moving:
        groups.setdefault(one.party or one.reference, []).append(one)
    return list(groups.values())


def _by_person(group: Sequence[Booked]) -> list[Booked]:
    """Those who come together in the order of their times, each with all slots one after another."""
    turns: dict[bytes, int] = {}
    for one in group:
        turns.setdefault(one.who, len(turns))
    return sorted(group, key=lambda one: (turns[one.who], one.part))


def _side_by_side(room: Mapping[Span, int], group: Sequence[Booked]) -> list[Span]:
    """The time of each place of the next row of free ones without a gap, those of one person one after another; empty
    where there are nowhere as many.
    """
    after = max(one.ends_at for one in group)
    slots_each = group[0].slots_each
    free = [
        FreeSlot(0, span.starts_at, span.ends_at, places)
        for span, places in room.items()
        if places > 0 and span.starts_at >= after
    ]
    people = len({one.who for one in group})
    for first in range(len(free)):
        blocks = adjoining.blocks(free, first, people, slots_each)
        if blocks:
            seats = [block for block in blocks for _person in range(adjoining.seats(block))]
            return [Span(slot.starts_at, slot.ends_at) for block in seats[:people] for slot in block]
    return []


def _room(after: Outlook, first: date, last: date, now: datetime) -> dict[Span, int]:
    """How many places of the public share would be free in each slot, in order of time."""
    earliest = now + timedelta(hours=after.setup.notice_hours)
    taken = Place.objects.filter(
        slot__calendar=after.calendar, slot__starts_at__gt=now, free_from__gt=now
    ).values_list("slot__starts_at", "slot__ends_at")
    blocked = blocking.of(after.calendar, now)
    by_day: dict[date, list[tuple[datetime, datetime]]] = defaultdict(list)
    for starts_at, ends_at in taken:
        by_day[starts_at.astimezone(after.zone).date()].append((starts_at, ends_at))
    room = {}
    for slot in after.slots(first, last):
        if slot.starts_at < earliest or any(one.meets(slot.starts_at, slot.ends_at) for one in blocked):
            continue
        others = by_day[slot.starts_at.astimezone(after.zone).date()]
        beside = sum(starts < slot.ends_at and slot.starts_at < ends for starts, ends in others)
        room[Span(slot.starts_at, slot.ends_at)] = len(slot.opens) - beside
    return room
