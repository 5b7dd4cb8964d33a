"""One statement each: hold, confirm, move, cancel, and what they refuse."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from consular.appointments import booking, slots
from consular.appointments.models import ACTIVE, Booking, Place, Slot, State
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def agreed() -> bool:
    """Whether places and bookings tell the same: a place is taken exactly as long as its active booking says."""
    return not Booking.objects.filter(state__in=ACTIVE).exclude(active_until=F("place__free_from")).exists()


def test_a_held_place_is_confirmed_and_keeps_its_reference() -> None:
    slot = factories.slot()
    held = factories.held(slot)
    assert (held.state, held.held_until, held.slot) == (State.HELD, NOW + booking.HOLD, slot)

    done = booking.confirm(held.reference, now=NOW + MINUTE)

    assert (done.reference, done.state, done.active_until, done.held_until) == (
        held.reference,
        State.CONFIRMED,
        slot.ends_at,
        None,
    )
    assert agreed()


def test_confirming_twice_changes_nothing() -> None:
    done = factories.confirmed(factories.slot())

    again = booking.confirm(done.reference, now=NOW + 5 * MINUTE)

    assert (again.reference, again.changed_at) == (done.reference, done.changed_at)


def test_a_full_slot_is_refused_with_a_sentence_and_nothing_is_written() -> None:
    slot = factories.slot(capacity=2)
    factories.confirmed(slot)
    factories.held(slot)

    with pytest.raises(Refused) as refusal:
        factories.held(slot)

    assert (refusal.value.code, refusal.value.status, refusal.value.field) == ("gone", 409, "slot")
    assert "no free place" in str(refusal.value.message)
    assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    ("notice", "horizon", "ahead", "is_bookable"),
    [
        (24, 60, timedelta(hours=24), True),
        (24, 60, timedelta(hours=23, minutes=59), False),
        (24, 60, timedelta(days=60), True),
        (24, 60, timedelta(days=60, minutes=1), False),
        (0, 60, timedelta(minutes=-1), False),
    ],
)
def test_lead_times_are_kept(notice: int, horizon: int, ahead: timedelta, is_bookable: bool) -> None:
    calendar = factories.calendar(notice_hours=notice, horizon_days=horizon)
    slot = factories.slot(calendar, starts_at=NOW + ahead)
    shown = slots.free(calendar, NOW.date(), slot.starts_at.date(), now=NOW)

    try:
        factories.held(slot)
        went = True
    except Refused:
        went = False

    assert went is is_bookable
    assert bool(shown) is is_bookable


def test_a_hold_ends_by_the_clock_alone() -> None:
    slot = factories.slot()
    first = factories.held(slot)
    with pytest.raises(Refused):
        factories.held(slot, now=NOW + booking.HOLD - MINUTE)

    second = factories.held(slot, now=NOW + booking.HOLD)

    first.refresh_from_db()
    assert (first.state, second.state) == (State.EXPIRED, State.HELD)
    with pytest.raises(Refused) as refusal, transaction.atomic():
        booking.confirm(first.reference, now=NOW + booking.HOLD)
    assert refusal.value.code == "expired"
    assert agreed()


def test_an_ended_hold_cannot_be_confirmed_even_if_nobody_took_the_place() -> None:
    held = factories.held(factories.slot())

    with pytest.raises(Refused) as refusal:
        booking.confirm(held.reference, now=NOW + booking.HOLD)

    assert refusal.value.code == "expired"


def test_one_person_has_one_active_booking_of_a_category_worldwide() -> None:
    who = factories.person()
    factories.confirmed(factories.slot(), who=who)
    elsewhere = factories.slot(factories.calendar(people.mission(time_zone="America/Chicago", country="US")))

    with pytest.raises(Refused) as refusal, transaction.atomic():
        factories.held(elsewhere, who=who)

    assert refusal.value.code == "already_booked"
    passports = factories.slot(factories.calendar(category="passport_id", services=["passport"]))
    assert factories.held(passports, who=who).category == "passport_id"


def test_after_an_ended_hold_and_after_the_appointment_the_person_may_book_again() -> None:
    who = factories.person()
    calendar = factories.calendar()
    first, second, third = (factories.slot(calendar, starts_at=NOW + timedelta(days=n)) for n in (1, 2, 9))
    ended = factories.held(first, who=who)
    kept = booking.confirm(
        factories.held(second, who=who, now=NOW + booking.HOLD).reference, now=NOW + booking.HOLD
    )

    later = factories.held(third, who=who, now=second.ends_at)

    ended.refresh_from_db()
    kept.refresh_from_db()
    assert (ended.state, kept.state, later.state) == (State.EXPIRED, State.PAST, State.HELD)


def test_a_move_swaps_the_places_and_counts() -> None:
    calendar = factories.calendar()
    old, new = factories.slot(calendar), factories.slot(calendar, starts_at=NOW + timedelta(days=8))
    before = factories.confirmed(old)

    moved = booking.move(before.reference, new.pk, now=NOW)

    assert (moved.reference, moved.slot, moved.sequence, moved.active_until) == (
        before.reference,
        new,
        1,
        new.ends_at,
    )
    assert Place.objects.get(slot=old).free_from == NOW
    assert factories.held(old).state == State.HELD
    assert agreed()


def test_a_move_to_a_full_slot_keeps_the_old_place() -> None:
    calendar = factories.calendar()
    old, full = factories.slot(calendar), factories.slot(calendar, starts_at=NOW + timedelta(days=8))
    mine = factories.confirmed(old)
    factories.confirmed(full)

    with pytest.raises(Refused) as refusal:
        booking.move(mine.reference, full.pk, now=NOW)

    assert refusal.value.code == "gone"
    assert booking.get(mine.reference).slot == old
    assert agreed()


def test_a_move_to_where_it_is_changes_nothing() -> None:
    slot = factories.slot(capacity=2)
    mine = factories.confirmed(slot)

    assert booking.move(mine.reference, slot.pk, now=NOW).sequence == 0


def test_a_third_move_is_refused() -> None:
    calendar = factories.calendar()
    places = [factories.slot(calendar, starts_at=NOW + timedelta(days=n)) for n in range(1, 5)]
    mine = factories.confirmed(places[0])
    booking.move(mine.reference, places[1].pk, now=NOW)
    booking.move(mine.reference, places[2].pk, now=NOW)

    with pytest.raises(Refused) as refusal:
        booking.move(mine.reference, places[3].pk, now=NOW)

    assert refusal.value.code == "too_many_moves"


def test_a_move_to_another_calendar_is_refused() -> None:
    mine = factories.confirmed(factories.slot())

    with pytest.raises(Refused):
        booking.move(mine.reference, factories.slot().pk, now=NOW)


def test_a_cancelled_place_is_free_at_once_and_cancelling_twice_changes_nothing() -> None:
    slot = factories.slot()
    mine = factories.confirmed(slot)

    gone = booking.cancel(mine.reference, now=NOW)
    again = booking.cancel(mine.reference, now=NOW)

    assert (gone.state, again.state, again.sequence) == (State.CANCELLED, State.CANCELLED, gone.sequence)
    assert factories.held(slot).state == State.HELD
    assert agreed()


def test_an_appointment_that_has_begun_is_neither_moved_nor_cancelled() -> None:
    calendar = factories.calendar()
    slot, later = factories.slot(calendar), factories.slot(calendar, starts_at=NOW + timedelta(days=20))
    mine = factories.confirmed(slot)

    with pytest.raises(Refused):
        booking.move(mine.reference, later.pk, now=slot.starts_at)
    with pytest.raises(Refused):
        booking.cancel(mine.reference, now=slot.starts_at)

    assert booking.get(mine.reference).state == State.CONFIRMED


def test_a_slot_with_less_capacity_gives_no_more_places_and_takes_none_away() -> None:
    slot = factories.slot(capacity=3)
    kept = factories.confirmed(slot)
    Slot.objects.filter(pk=slot.pk).update(capacity=0)

    with pytest.raises(Refused):
        factories.held(slot)

    assert booking.get(kept.reference).state == State.CONFIRMED


def test_an_unknown_reference_is_not_found() -> None:
    with pytest.raises(Refused) as refusal:
        booking.confirm("0000-0000-0000", now=NOW)

    assert refusal.value.status == 404


def test_a_case_has_one_active_booking() -> None:
    calendar = factories.calendar()
    case = factories.bookable_case(calendar)
    slots = [factories.slot(calendar, starts_at=NOW + timedelta(days=n)) for n in (1, 2)]

    def hold(slot: Slot) -> Booking:
        return booking.hold(slot.pk, owner=case.owner, case_id=case.pk, identity=factories.person(), now=NOW)

    hold(slots[0])
    with (
        pytest.raises(Refused, match="This case has an appointment already") as refusal,
        transaction.atomic(),
    ):
        hold(slots[1])

    assert refusal.value.code == "already_booked"


def test_every_step_is_one_statement(django_assert_num_queries: object) -> None:
    calendar = factories.calendar()
    slot, other = factories.slot(calendar), factories.slot(calendar, starts_at=NOW + timedelta(days=8))
    owner = people.applicant()
    with django_assert_num_queries(1):
        held = factories.held(slot, owner=owner)
    with django_assert_num_queries(1):
        booking.confirm(held.reference, now=NOW)
    with django_assert_num_queries(1):
        booking.move(held.reference, other.pk, now=NOW)
    with django_assert_num_queries(1):
        booking.cancel(held.reference, now=NOW)
