"""Which places are given out, to whom and from when; two bookings never overlap at one counter."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from consular.appointments import booking, setups, slots
from consular.appointments.changes import Block
from consular.appointments.models import Booking, Calendar, Place, Slot
from consular.core import clock
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 8)


def written(calendar: Calendar, until: date = MONDAY, now: datetime = NOW) -> slots.Generated:
    with clock.at(now):
        return slots.generate(calendar, until)


def open_calendar(**fields: object) -> Calendar:
    """Next Monday from nine to eleven."""
    calendar = factories.calendar(**fields)
    factories.rule(calendar, capacity=3, internal=int(fields.get("counters") == 3))
    written(calendar)
    return calendar


def changed(calendar: Calendar, **what: object) -> None:
    setups.write(calendar, replace(setups.of(calendar), **what))
    written(calendar)


def most_at_once(calendar: Calendar) -> int:
    """Take every place there is; how many people are there at the same time, at most."""
    for slot in Slot.objects.filter(calendar=calendar).order_by("starts_at"):
        for _place in range(5):
            try:
                factories.held(slot)
            except Refused:
                break
    rows = Booking.objects.active(NOW).values_list("place__slot__starts_at", "place__slot__ends_at")
    spans = list(rows)
    return max(sum(start <= moment < end for start, end in spans) for moment, _end in spans)


@pytest.mark.parametrize("minutes", [20, 45, 60])
def test_with_another_length_of_slots_nobody_overlaps_and_bookings_keep_their_time(minutes: int) -> None:
    calendar = open_calendar(counters=2)
    second = Slot.objects.order_by("starts_at")[1]
    kept = factories.confirmed(second)
    times = (second.starts_at, second.ends_at)

    changed(calendar, slot_minutes=minutes)

    now = booking.get(kept.reference)
    assert ((now.slot.starts_at, now.slot.ends_at), now.sequence, now.was_confirmed) == (times, 0, True)
    assert most_at_once(calendar) == 2
    before = list(Slot.objects.order_by("pk").values_list("pk", "capacity"))
    changed(calendar)
    changed(calendar, slot_minutes=30)
    changed(calendar, slot_minutes=minutes)
    assert list(Slot.objects.order_by("pk").values_list("pk", "capacity")) == before


def test_without_leaving_room_more_would_come_than_can_be_served(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = open_calendar(counters=2)
    for _nth in range(2):
        factories.confirmed(Slot.objects.order_by("starts_at")[1])
    monkeypatch.setattr(slots, "beside", lambda wanted, _left: wanted)

    changed(calendar, slot_minutes=45)

    assert most_at_once(calendar) == 4


def test_who_looked_before_a_slot_was_withdrawn_does_not_get_its_place() -> None:
    calendar = open_calendar(counters=2)
    slot = Slot.objects.earliest("starts_at")
    changed(calendar, rules=())
    assert set(slot.places.values_list("opens_at", "staff_from")) == {(None, None)}

    # As somebody sees it who read the capacity before: the closed place alone turns them away.
    Slot.objects.filter(pk=slot.pk).update(capacity=2)
    with pytest.raises(Refused, match="no free place"):
        factories.held(slot)
    slot.places.update(opens_at=NOW)
    assert factories.held(slot)


def test_the_internal_share_is_booked_by_staff_only() -> None:
    calendar = open_calendar(counters=3)
    slot = Slot.objects.earliest("starts_at")
    assert slots.free(calendar, MONDAY, MONDAY, now=NOW)[0].places == 2
    for _nth in range(2):
        factories.held(slot)
    with pytest.raises(Refused):
        factories.held(slot)
    booking.hold_at_counter(
        slot.pk, owner=people.applicant(), case_id=None, identity=factories.person(), now=NOW
    )
    assert Booking.objects.active(NOW).count() == 3


def test_shares_are_released_a_week_before_and_on_the_day() -> None:
    calendar = open_calendar(counters=2, horizon_days=30)
    changed(calendar, week_share=50, day_share=25, release_at=time(8))
    start = datetime(2027, 3, 8, tzinfo=UTC)

    def free(at: datetime) -> int:
        return sum(one.places for one in slots.free(calendar, MONDAY, MONDAY, now=at))

    assert [free(at) for at in (start - timedelta(days=8), start - timedelta(days=6), start)] == [3, 7, 7]
    assert free(datetime(2027, 3, 8, 2, 45, tzinfo=UTC)) == 8  # quarter past eight in India, before it opens
    assert Place.objects.filter(opens_at=None).count() == 0


def block(calendar: Calendar, **more: object) -> Block:
    values = {
        "calendar": calendar,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(days=30),
        "reason": "Move of the office",
        "made_at": NOW,
        "made_by": people.official(),
        "until": NOW + timedelta(days=2),
    }
    return Block.objects.create(**{**values, **more})


def test_blocked_places_are_given_to_nobody_and_come_back_by_the_clock() -> None:
    calendar = open_calendar(counters=2)
    kept = factories.confirmed(Slot.objects.earliest("starts_at"))
    block(calendar)
    written(calendar)

    assert slots.days(calendar, now=NOW) == ()
    assert slots.days(calendar, now=NOW, before_others=True) == ()
    with pytest.raises(Refused):
        booking.hold_at_counter(
            kept.slot.pk, owner=people.applicant(), case_id=None, identity=factories.person(), now=NOW
        )
    assert booking.get(kept.reference) == kept
    # Nothing has to run for the end of a block.
    assert slots.days(calendar, now=NOW + timedelta(days=2))[0].places == 7


def test_some_places_are_blocked_the_last_of_each_time() -> None:
    calendar = open_calendar(counters=2)
    block(calendar, places=1)
    written(calendar)
    assert {one.places for one in slots.free(calendar, MONDAY, MONDAY, now=NOW)} == {1}
