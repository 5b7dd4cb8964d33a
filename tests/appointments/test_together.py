"""People who come together get places side by side, or none; what is done is done for all of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from consular.appointments import booking, slots, together
from consular.appointments.models import Booking, Calendar, Place, Slot, State
from consular.appointments.slots import FreeSlot
from consular.appointments.together import Comer, Group
from consular.core import clock
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW
from tests.harm import without_trigger

pytestmark = pytest.mark.django_db

HALF = timedelta(minutes=30)
FIRST = NOW + timedelta(days=7)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def row(calendar: Calendar, *capacities: int, gap: timedelta = timedelta()) -> list[Slot]:
    """Slots one after the other."""
    return [factories.slot(calendar, seats, FIRST + n * (HALF + gap)) for n, seats in enumerate(capacities)]


def family(calendar: Calendar, size: int) -> Group:
    owner = people.applicant()
    cases = [factories.bookable_case(calendar, owner=owner) for _ in range(size)]
    return Group(owner, [Comer(case.pk, factories.person()) for case in cases])


def held(slot: Slot, group: Group) -> list[Booking]:
    with transaction.atomic():
        return together.hold(slot.pk, group, now=NOW)


def checked() -> None:
    """What is checked at the end of a transaction, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def seats(found: list[Booking]) -> list[tuple[int, int]]:
    rows = Booking.objects.filter(party=found[0].party).order_by("place__slot__starts_at", "place__number")
    return list(rows.values_list("place__slot", "place__number"))


@pytest.mark.parametrize("places", [(1, 1, 1), (3, 1, 1), (1, 2, 1)])
def test_a_time_is_shown_for_as_many_as_find_places_side_by_side_from_it(places: tuple[int, ...]) -> None:
    free = [FreeSlot(n, FIRST + n * HALF, FIRST + (n + 1) * HALF, seats) for n, seats in enumerate(places)]

    for size in range(1, 7):
        fits = [n for n in range(3) if sum(places[n:]) >= size]
        assert [slot.id for slot in together.starts(free, size)] == fits


def test_a_gap_between_times_ends_the_row() -> None:
    later = FIRST + HALF + timedelta(minutes=5)
    free = [FreeSlot(1, FIRST, FIRST + HALF, 1), FreeSlot(2, later, later + HALF, 1)]

    assert [slot.id for slot in together.starts(free, 1)] == [1, 2]
    assert together.starts(free, 2) == ()


def test_three_people_fill_a_slot_of_two_and_go_on_in_the_next() -> None:
    calendar = factories.calendar()
    first, second, third = row(calendar, 2, 2, 1)

    got = held(first, family(calendar, 3))
    checked()

    assert seats(got) == [(first.pk, 1), (first.pk, 2), (second.pk, 1)]
    assert {one.party for one in got} == {got[0].reference}
    assert {one.people for one in got} == {3}
    assert [one.state for one in together.confirm(got[0].party, now=NOW)] == [State.CONFIRMED] * 3
    checked()
    assert Place.objects.get(slot=second, number=1).free_from == second.ends_at
    shown = {slot.id: slot.places for slot in slots.free(calendar, FIRST.date(), FIRST.date(), now=NOW)}
    assert shown == {second.pk: 1, third.pk: 1}

    again = together.confirm(got[0].party, now=NOW)
    assert again[0].reference == got[0].reference


@pytest.mark.parametrize(
    ("capacities", "gap", "taken"),
    [
        ((1, 1), timedelta(minutes=5), ()),
        ((1, 1, 2), timedelta(), (1,)),
        ((2,), timedelta(), (0,)),
        ((1, 2), timedelta(), (0,)),
    ],
)
def test_where_there_are_not_as_many_side_by_side_nobody_gets_a_place(
    capacities: tuple[int, ...], gap: timedelta, taken: tuple[int, ...]
) -> None:
    calendar = factories.calendar()
    times = row(calendar, *capacities, gap=gap)
    for n in taken:
        factories.confirmed(times[n])

    with pytest.raises(Refused) as refused:
        held(times[0], family(calendar, 2))

    assert refused.value.code == "gone"
    assert Booking.objects.count() == len(taken)
    assert Place.objects.filter(free_from__gt=NOW).count() == len(taken)


def test_a_family_moves_and_cancels_as_one() -> None:
    calendar = factories.calendar()
    old, *_, new, last = row(calendar, 2, 1, 1, 1)
    party = held(old, family(calendar, 2))[0].party
    together.confirm(party, now=NOW)

    moved = together.move(party, new.pk, now=NOW)
    checked()
    assert seats(moved) == [(new.pk, 1), (last.pk, 1)]
    assert [one.sequence for one in moved] == [1, 1]
    assert Place.objects.filter(slot=old, free_from__lte=NOW).count() == 2

    with pytest.raises(Refused) as refused:
        together.move(party, last.pk, now=NOW)
    assert refused.value.code == "gone"

    assert {one.state for one in together.cancel(party, now=NOW)} == {State.CANCELLED}
    checked()
    assert together.members(party, now=NOW) == []
    assert {one.state for one in together.cancel(party, now=NOW)} == {State.CANCELLED}
    assert Place.objects.filter(slot__calendar=calendar, free_from__gt=NOW).count() == 0


def test_one_person_does_not_move_or_confirm_without_the_others_but_may_drop_out() -> None:
    calendar = factories.calendar()
    first, other = row(calendar, 2, 2)
    got = held(first, family(calendar, 2))

    with pytest.raises(Refused):
        booking.confirm(got[1].reference, now=NOW)
    together.confirm(got[0].party, now=NOW)
    with pytest.raises(Refused):
        booking.move(got[1].reference, other.pk, now=NOW)

    booking.cancel(got[0].reference, now=NOW)
    checked()
    assert [one.reference for one in together.members(got[0].party, now=NOW)] == [got[1].reference]
    assert [one.slot for one in together.move(got[0].party, other.pk, now=NOW)] == [other]


@pytest.mark.parametrize("whose", ["same_person", "already_booked", "other_mission", "too_many"])
def test_who_may_not_come_along_keeps_all_away(whose: str) -> None:
    calendar = factories.calendar(most_people=2)
    (slot,) = row(calendar, 4)
    group = family(calendar, 3 if whose == "too_many" else 2)
    first, second = group.who[:2]
    if whose == "same_person":
        group = Group(group.owner, [first, Comer(second.case_id, first.identity)])
    if whose == "already_booked":
        factories.confirmed(factories.slot(), who=second.identity)
    if whose == "other_mission":
        elsewhere = factories.bookable_case(factories.calendar(), owner=group.owner)
        group = Group(group.owner, [first, Comer(elsewhere.pk, second.identity)])

    with pytest.raises(Refused) as refused:
        held(slot, group)

    assert refused.value.code == {"other_mission": "gone", "too_many": "gone"}.get(whose, whose)
    assert Booking.objects.filter(place__slot=slot).count() == 0


def test_a_hold_of_several_ends_by_the_clock_and_leaves_room_for_the_next_ones() -> None:
    calendar = factories.calendar()
    (slot,) = row(calendar, 2)
    late = held(slot, family(calendar, 2))
    end = late[0].active_until

    with pytest.raises(Refused) as refused:
        together.confirm(late[0].party, now=end)
    assert refused.value.code == "expired"

    with transaction.atomic():
        together.hold(slot.pk, family(calendar, 2), now=end)
    checked()
    assert Booking.objects.filter(party=late[0].party, state=State.EXPIRED).count() == 2


def _half_confirmed() -> None:
    calendar = factories.calendar()
    (slot,) = row(calendar, 2)
    got = held(slot, family(calendar, 2))
    Booking.objects.filter(pk=got[0].pk).update(state=State.CONFIRMED)
    checked()


def test_the_database_refuses_half_a_family() -> None:
    with pytest.raises(IntegrityError, match="booked together"):
        _half_confirmed()


def test_without_the_trigger_half_a_family_is_booked() -> None:
    with without_trigger("appointments.Booking:a_party_stays_together"):
        _half_confirmed()
