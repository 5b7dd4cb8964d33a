"""Services that take several slots: whoever stays has a place in each of those that follow one another, or in none."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from consular.appointments import booking, calendars, seating, setups, slots, together
from consular.appointments.models import Booking, Calendar, Place, Slot, State
from consular.appointments.slots import FreeSlot
from consular.appointments.together import Comer, Group, Right
from consular.cases.models import Case
from consular.core import clock
from consular.core.errors import Refused
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import LONG, NOW
from tests.appointments.test_together import FIRST, HALF, checked, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def calendar(length: int = 2, **fields: object) -> Calendar:
    """A calendar for short visits, and for long ones that take so many slots."""
    return factories.calendar(services=["schengen_visa", LONG], lengths={LONG: length}, **fields)


def staying(on: Calendar, size: int = 1, slots_each: int = 2) -> Group:
    """People whose service takes several slots."""
    owner = people.applicant()
    cases = [factories.bookable_case(on, owner=owner) for _ in range(size)]
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(service=LONG)
    return Group(owner, [Comer(case.pk, factories.person()) for case in cases], slots_each)


def held(slot: Slot, group: Group) -> list[Booking]:
    with transaction.atomic():
        return together.hold(slot.pk, group, now=NOW)


def seats(found: Booking) -> list[tuple[int, int, int | None]]:
    """Slot, part and case of each row of a party."""
    rows = Booking.objects.filter(party=found.party).order_by("identity", "part")
    return list(rows.values_list("place__slot", "part", "case"))


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        act()
    return refused.value.code


def test_a_person_stays_through_slots_that_follow_and_counts_once() -> None:
    on = calendar()
    first, second, third = row(on, 1, 2, 1)
    group = staying(on)
    case = group.who[0].case_id

    (mine,) = held(first, group)
    checked()
    assert seats(mine) == [(first.pk, 0, case), (second.pk, 1, None)]
    assert (mine.case_id, mine.people, mine.slots_each, mine.part) == (case, 1, 2, 0)
    assert mine.ends_at == second.ends_at
    assert booking.can_extend(mine)
    longer = booking.extend(mine.reference, now=NOW)
    assert longer.active_until == NOW + 2 * booking.HOLD
    assert set(Booking.objects.filter(party=mine.party).values_list("active_until", flat=True)) == {
        longer.active_until
    }
    assert code_of(lambda: booking.extend(mine.reference, now=NOW)) == "extended"

    done = booking.confirm(mine.reference, now=NOW)
    checked()
    assert (done.state, done.active_until, done.was_confirmed) == (State.CONFIRMED, second.ends_at, True)
    assert booking.confirm(mine.reference, now=NOW).reference == mine.reference
    ends = dict(Place.objects.filter(bookings__party=mine.party).values_list("slot", "free_from"))
    assert ends == {first.pk: first.ends_at, second.pk: second.ends_at}
    assert [one.reference for one in together.members(mine.party, now=NOW)] == [mine.reference]
    assert {one.id: one.places for one in slots.free(on, FIRST.date(), FIRST.date(), now=NOW)} == {
        second.pk: 1,
        third.pk: 1,
    }
    assert booking.get(mine.reference).ends_at == second.ends_at


def test_who_stays_moves_and_cancels_whole() -> None:
    on = calendar(3)
    times = row(on, *[1] * 7)
    (mine,) = held(times[0], staying(on, slots_each=3))
    booking.confirm(mine.reference, now=NOW)

    assert booking.move(mine.reference, times[0].pk, now=NOW).sequence == 0  # where it is
    assert (
        code_of(lambda: booking.move(mine.reference, times[2].pk, now=NOW)) == "gone"
    )  # own places are not free
    assert code_of(lambda: booking.move(mine.reference, times[5].pk, now=NOW)) == "gone"  # two are too few
    done = booking.move(mine.reference, times[4].pk, now=NOW)
    checked()
    assert [slot for slot, *_ in seats(mine)] == [slot.pk for slot in times[4:]]
    assert (done.sequence, done.active_until, done.ends_at) == (1, times[6].ends_at, times[6].ends_at)
    assert Place.objects.filter(slot__in=times[:4], free_from__lte=NOW).count() == 4

    back = booking.move_for_mission(mine.reference, times[1].pk, now=NOW)
    assert back.ends_at == times[3].ends_at
    assert code_of(lambda: booking.move(mine.reference, times[4].pk, now=NOW)) == "too_many_moves"

    begun = times[1].starts_at
    assert code_of(lambda: booking.cancel(mine.reference, now=begun)) == "over"
    assert booking.cancel(mine.reference, now=NOW).state == State.CANCELLED
    checked()
    assert booking.cancel(mine.reference, now=NOW).state == State.CANCELLED
    assert Booking.objects.filter(party=mine.party, state=State.CANCELLED).count() == 3
    assert Place.objects.filter(slot__in=times, free_from__gt=NOW).count() == 0


def test_who_cannot_keep_the_time_takes_what_is_kept_in_each_slot() -> None:
    on = calendar()
    old, _next, new, last = row(on, 1, 1, 1, 1)
    (mine,) = held(old, staying(on))
    booking.confirm(mine.reference, now=NOW)
    kept = list(Place.objects.filter(slot__in=[new, last]).order_by("slot").values_list("pk", flat=True))
    Place.objects.filter(pk__in=kept).update(free_from=FIRST)

    assert code_of(lambda: booking.move_displaced(mine.reference, new.pk, kept=kept[:1], now=NOW)) == "gone"
    assert booking.move_displaced(mine.reference, new.pk, kept=kept, now=NOW).ends_at == last.ends_at
    checked()
    assert [slot for slot, *_ in seats(mine)] == [new.pk, last.pk]


def test_the_statement_for_one_slot_refuses_a_service_that_takes_more() -> None:
    on = calendar()
    first, _second = row(on, 2, 2)
    group = staying(on)
    who = {
        "owner": group.owner,
        "case_id": group.who[0].case_id,
        "identity": group.who[0].identity,
        "now": NOW,
    }

    assert code_of(lambda: booking.hold(first.pk, **who)) == "gone"
    assert code_of(lambda: booking.hold_at_counter(first.pk, **who)) == "gone"
    assert code_of(lambda: held(first, Group(group.owner, group.who, 1))) == "gone"
    assert code_of(lambda: held(first, Group(group.owner, group.who, 3))) == "gone"
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    ("capacities", "gap", "taken"),
    [((1,), 0, ()), ((1, 1), 5, ()), ((2, 1), 0, (1,)), ((1, 2), 0, (0,)), ((1, 0), 0, ())],
)
def test_without_a_place_in_each_slot_there_is_none(
    capacities: tuple[int, ...], gap: int, taken: tuple[int, ...]
) -> None:
    on = calendar()
    times = row(on, *capacities, gap=timedelta(minutes=gap))
    for n in taken:
        factories.confirmed(times[n])

    assert code_of(lambda: held(times[0], staying(on))) == "gone"
    assert Booking.objects.count() == len(taken)
    assert Place.objects.filter(free_from__gt=NOW).count() == len(taken)


def test_a_family_sits_in_blocks_and_who_drops_out_goes_with_all_slots() -> None:
    on = calendar()
    times = row(on, 2, 3, 1, 1)
    group = staying(on, 3)

    got = held(times[0], group)
    checked()
    assert [one.slot for one in got] == [times[0], times[0], times[2]]
    assert [one.ends_at for one in got] == [times[1].ends_at, times[1].ends_at, times[3].ends_at]
    party = got[0].party
    assert code_of(lambda: booking.confirm(got[1].reference, now=NOW)) == "together"
    assert len(together.confirm(party, now=NOW)) == 3
    checked()

    booking.cancel(got[0].reference, now=NOW)
    checked()
    assert {one.pk for one in together.members(party, now=NOW)} == {got[1].pk, got[2].pk}
    assert Booking.objects.active(NOW).filter(party=party).count() == 4

    new = [factories.slot(on, 2, FIRST + timedelta(days=1) + n * HALF) for n in range(2)]
    moved = together.move(party, new[0].pk, now=NOW, right=Right.OF_MISSION)
    checked()
    assert {one.slot for one in moved} == {new[0]}
    assert {one.active_until for one in moved} == {new[1].ends_at}
    assert {one.state for one in together.cancel(party, now=NOW)} == {State.CANCELLED}
    checked()
    assert Booking.objects.active(NOW).count() == 0


def test_who_comes_for_several_services_stays_as_long_as_the_longest_takes() -> None:
    on = calendar(3)

    assert calendars.slots_of(on, LONG) == 3
    assert calendars.slots_of(on, "schengen_visa") == 1
    assert calendars.longest(on, ["schengen_visa", LONG]) == 3
    assert calendars.slots_from(row(on, 1)[0].pk, [LONG]) == 3
    assert calendars.slots_from(0, [LONG]) == 1


def test_a_hold_to_stay_ends_by_the_clock_and_leaves_room() -> None:
    on = calendar()
    first, second = row(on, 1, 1)
    (late,) = held(first, staying(on))
    end = late.active_until

    assert code_of(lambda: booking.confirm(late.reference, now=end)) == "expired"
    factories.confirmed(second, now=end)
    with transaction.atomic():
        again = factories.held(first, who=bytes(late.identity), now=end)
    checked()
    assert (again.slots_each, again.stays_until) == (1, None)


@pytest.mark.parametrize("places", [(1, 1, 1, 1), (3, 1, 2, 1), (1, 2, 2, 0)])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_time_is_shown_where_it_can_be_held_and_nowhere_else(places: tuple[int, ...], size: int) -> None:
    on = calendar()
    times = row(on, *places)

    free = slots.free(on, FIRST.date(), FIRST.date(), now=NOW)
    shown = {slot.id: slot for slot in together.starts(free, size, 2)}

    for n, slot in enumerate(times):
        point = transaction.savepoint()
        try:
            got = together.hold(slot.pk, staying(on, size), now=NOW)
        except Refused:
            got = []
        assert (slot.pk in shown) is bool(got)
        if got:
            assert shown[slot.pk].ends_at == got[0].ends_at == times[n + 1].ends_at
        transaction.savepoint_rollback(point)


def test_a_gap_between_times_ends_the_row() -> None:
    later = FIRST + 2 * HALF + timedelta(minutes=5)
    starts = [FIRST, FIRST + HALF, later]
    free = [FreeSlot(n, begin, begin + HALF, 1) for n, begin in enumerate(starts)]

    assert [slot.id for slot in together.starts(free, 1, 2)] == [0]
    assert together.starts(free, 1, 3) == ()


def test_who_stays_is_seated_anew_where_capacity_shrinks() -> None:
    on = calendar()
    first, second = row(on, 2, 2)
    factories.confirmed(first)
    leaving = factories.confirmed(second)
    (mine,) = held(first, staying(on))
    booking.confirm(mine.reference, now=NOW)
    booking.cancel(leaving.reference, now=NOW)
    Slot.objects.filter(pk=second.pk).update(capacity=1)

    seating.seat(on, now=NOW)
    checked()

    place = Place.objects.get(bookings__party=mine.party, slot=second)
    assert (place.number, place.free_from) == (1, second.ends_at)


def test_lengths_are_part_of_what_staff_decide() -> None:
    on = calendar(4)
    setup = setups.of(on)

    assert setups.from_json(setups.as_json(setup)) == setup
    before = {name: value for name, value in setups.as_json(setup).items() if name != "lengths"}
    assert setups.from_json(before).lengths == {}  # written down before services had lengths
    setups.write(on, setups.from_json(before))
    on.refresh_from_db()
    assert on.lengths == {}
