"""When fewer people can be served than before, no more are let in than that, and nobody loses their appointment."""

from datetime import date, timedelta

import pytest

from consular.appointments import booking, seating, slots
from consular.appointments.models import ACTIVE, Booking, Calendar, Slot
from consular.core import clock
from consular.core.errors import Refused
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 8)


@pytest.fixture
def slot() -> Slot:
    """Half an hour for three people at a time, next Monday."""
    calendar = factories.calendar(counters=3)
    factories.rule(calendar, capacity=3, closes="09:30")
    with clock.at(NOW):
        slots.generate(calendar, MONDAY)
    return Slot.objects.get()


def booked(slot: Slot, *, given_back: int) -> list[Booking]:
    """All three places booked, and the first ones given back."""
    made = [factories.confirmed(slot) for _ in range(3)]
    for one in made[:given_back]:
        booking.cancel(one.reference, now=NOW)
    return made[given_back:]


def lowered(slot: Slot, counters: int = 2) -> None:
    Calendar.objects.update(counters=counters)
    with clock.at(NOW):
        slots.generate(slot.calendar, MONDAY)


def filled(slot: Slot) -> int:
    """Take what is free; how many come in the end."""
    for _ in range(3):
        try:
            factories.held(slot)
        except Refused:
            break
    return Booking.objects.active(NOW).filter(place__slot=slot).count()


@pytest.mark.parametrize("given_back", [0, 1, 2, 3])
def test_no_more_come_than_can_be_served_unless_they_had_booked(slot: Slot, given_back: int) -> None:
    kept = booked(slot, given_back=given_back)

    lowered(slot)

    shown = sum(found.places for found in slots.free(slot.calendar, MONDAY, MONDAY, now=NOW))
    assert shown == max(0, 2 - len(kept))
    assert filled(slot) == max(2, len(kept))
    for one in kept:
        now = booking.get(one.reference)
        assert (now.slot, now.state, now.sequence, now.changed_at) == (slot, one.state, 0, one.changed_at)
        assert now.place.free_from == now.active_until


def test_a_hold_that_has_ended_makes_room(slot: Slot) -> None:
    early = NOW - timedelta(hours=1)
    ended = [factories.held(slot, now=early) for _ in range(2)]
    kept = factories.confirmed(slot)
    assert [one.place.number for one in (*ended, kept)] == [1, 2, 3]

    lowered(slot)

    assert booking.get(kept.reference).place.number <= 2
    assert filled(slot) == 2
    assert Booking.objects.filter(state__in=ACTIVE).count() == 2


def test_raised_again_the_slot_gives_all_its_places(slot: Slot) -> None:
    booked(slot, given_back=2)
    lowered(slot)
    lowered(slot, counters=3)

    assert filled(slot) == 3


def test_without_seating_three_would_come_to_two_counters(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked(slot, given_back=2)
    monkeypatch.setattr(seating, "seat", lambda *_, **__: None)

    lowered(slot)

    assert filled(slot) == 3
