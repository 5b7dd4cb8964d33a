"""Whoever stays through several slots where places are blocked, a counter is empty, or the calendar is changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consular import casework
from consular.accounts.models import User
from consular.appointments import overbooking, setups, slots, together
from consular.appointments.changes import Displacement
from consular.appointments.models import Booking, Calendar, Slot
from consular.appointments.overbooking import Learnt
from consular.appointments.slots import FreeSlot
from consular.casework import appointments
from consular.casework.blocks import Wish
from consular.core import clock
from tests.appointments.factories import LONG, NOW
from tests.appointments.test_together import HALF, checked
from tests.casework import test_lengths_displaced as displaced
from tests.casework.test_lengths import booked, long_case
from tests.casework.test_steering import MONDAY, changed, closing, setting_up

pytestmark = pytest.mark.django_db

_now, calendar, manager, staying = displaced._now, displaced.calendar, displaced.manager, displaced.staying


def long_times(on: Calendar) -> list[FreeSlot]:
    return list(together.starts(slots.free(on, MONDAY, MONDAY, now=clock.now()), 1, 2))


def test_a_block_of_the_second_slot_ends_the_row_and_leaves_who_is_booked(
    calendar: Calendar, manager: User, staying: Booking
) -> None:
    first = staying.slot
    assert [(slot.starts_at - first.starts_at) // HALF for slot in long_times(calendar)] == [0, 1, 2]
    assert [slot.places for slot in long_times(calendar)] == [2, 2, 3]

    begins = first.starts_at + 2 * HALF
    wish = Wish(begins, begins + HALF, None, "Inspection", NOW + timedelta(days=2))
    made = casework.block(calendar.pk, wish, actor=manager)
    assert [slot.starts_at for slot in long_times(calendar)] == [first.starts_at]
    whole = Wish(first.starts_at, begins + 2 * HALF, None, "Inspection", NOW + timedelta(days=2))
    other = casework.block(calendar.pk, whole, actor=manager)
    assert long_times(calendar) == []
    assert Booking.objects.active(NOW).filter(party=staying.party).count() == 2
    assert not Displacement.objects.exists()
    with clock.at(NOW + timedelta(days=2)):
        assert len(long_times(calendar)) == 3
    for one in (made, other):
        casework.lift(one.pk, actor=manager)
    assert len(long_times(calendar)) == 3


def test_with_fewer_counters_who_booked_last_goes_with_all_slots_and_once(
    calendar: Calendar, manager: User, staying: Booking
) -> None:
    with clock.at(NOW + timedelta(minutes=1)):
        last = booked(long_case(calendar), Slot.objects.get(pk=staying.slot.pk + 1))
    with clock.at(NOW + timedelta(minutes=2)):
        proposal = setting_up(calendar, counters=1)
        seen = casework.preview(proposal, actor=manager)
        assert [one.booked.reference for one in seen.plans[0].people] == [last.reference]
        casework.change(proposal, seen.fingerprint, actor=manager)
        checked()
        rows = Displacement.objects.order_by("place__slot__starts_at")
        assert {one.booking.party for one in rows} == {last.party}
        kept = [one.place.slot for one in rows]
        assert kept[0].ends_at == kept[1].starts_at
        assert kept[0].starts_at >= last.ends_at

        changed(setting_up(calendar, counters=3), manager)
        assert {one.outcome for one in Displacement.objects.all()} == {"stands"}


def test_another_length_touches_nobody_who_is_booked(
    calendar: Calendar, manager: User, staying: Booking
) -> None:
    for lengths in ({LONG: 3}, {}):
        proposal = setting_up(calendar, lengths=lengths)
        assert casework.preview(proposal, actor=manager).touched == 0
        changed(proposal, manager)
        mine = Booking.objects.get(reference=staying.reference)
        assert (mine.slots_each, mine.ends_at) == (2, staying.ends_at)
    later = MONDAY + timedelta(days=1)
    there = slots.free(calendar, later, later, now=NOW)
    moved = casework.move_appointment(staying.reference, there[0].id, actor=staying.owner)
    assert (moved.slots_each, moved.ends_at) == (2, there[1].ends_at)
    case = long_case(calendar)
    assert booked(case, Slot.objects.get(pk=there[2].id)).slots_each == 1


def test_nobody_is_sent_away_in_the_middle(calendar: Calendar, manager: User, staying: Booking) -> None:
    """The day is closed while somebody sits in the first of two slots."""
    with clock.at(staying.slot.starts_at + timedelta(minutes=10)):
        seen = casework.preview(closing(calendar, (MONDAY, MONDAY)), actor=manager)
        assert (seen.touched, seen.plans[0].touched) == (0, ())
        casework.change(seen.proposal, seen.fingerprint, actor=manager)
        appointments.generate_slots(calendar, MONDAY + timedelta(days=16))
    assert not Displacement.objects.exists()


def test_places_beyond_those_who_can_be_served_are_added_in_each_slot(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    setups.write(calendar, replace(setups.of(calendar), overbooking=1, lengths={LONG: 2}))
    calendar.refresh_from_db()
    monkeypatch.setattr(overbooking, "learnt", lambda *_on, **_now: Learnt(100, 900, 1))
    appointments.generate_slots(calendar, MONDAY)

    assert [slot.places for slot in long_times(calendar)] == [4, 4, 4]
