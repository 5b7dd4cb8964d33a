"""A service that takes several slots, by the verbs of booking: one case, one appointment, however many rows."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking, inviting, links, slots, together
from consular.appointments.models import Booking, Calendar, Place, Slot, State
from consular.cases.models import Case, Event
from consular.casework import appointments, by_hand, by_link, counter, waiting
from consular.core import clock
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import LONG, NOW
from tests.appointments.test_lengths import calendar
from tests.appointments.test_together import FIRST, checked, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def long_case(on: Calendar, **fields: object) -> Case:
    case = factories.bookable_case(on, **fields)
    Case.objects.filter(pk=case.pk).update(service=LONG)
    case.refresh_from_db()
    return case


def booked(case: Case, slot: Slot) -> Booking:
    held = appointments.hold_slot(case.pk, slot.pk, actor=case.owner)
    return casework.confirm_appointment(held.reference, actor=case.owner)


def taken(on: Calendar) -> list[int]:
    rows = Booking.objects.active(NOW).filter(place__slot__calendar=on)
    return list(rows.order_by("place__slot__starts_at").values_list("place__slot", flat=True))


def test_one_appointment_is_held_confirmed_moved_and_cancelled() -> None:
    on = calendar()
    first, second, third, fourth = times = row(on, 1, 1, 1, 1)
    case = long_case(on, is_awaited=True)
    actor = {"actor": case.owner}

    held = appointments.hold_slot(case.pk, first.pk, **actor)
    assert appointments.hold_slot(case.pk, first.pk, **actor).reference == held.reference
    appointments.extend_hold(held.reference, **actor)
    other = appointments.hold_slot(case.reference, second.pk, **actor)  # makes way for all of it
    assert taken(on) == [second.pk, third.pk]
    mine = casework.confirm_appointment(other.reference, **actor)
    checked()
    assert booking.current(case.pk, now=NOW).reference == mine.reference
    with pytest.raises(Refused, match="already"):
        appointments.hold_slot(case.pk, first.pk, **actor)
    with pytest.raises(Refused):
        casework.move_appointment(mine.reference, third.pk, **actor)
    assert taken(on) == [second.pk, third.pk]

    later = [factories.slot(on, 1, FIRST + timedelta(days=1, minutes=30 * n)) for n in range(2)]
    moved = casework.move_appointment(mine.reference, later[0].pk, **actor)
    assert (moved.reference, moved.ends_at) == (mine.reference, later[1].ends_at)
    back = by_link.move_by_link(links.issue(moved), first.pk)
    assert back.ends_at == second.ends_at
    gone = casework.cancel_appointment(mine.reference, **actor)
    checked()
    assert (gone.state, taken(on)) == (State.CANCELLED, [])

    kinds = Event.objects.filter(case=case, kind__startswith="appointment").order_by("pk")
    assert [one.kind.partition(".")[0] for one in kinds] == [
        "appointment_held",
        "appointment_held",
        "appointment_confirmed",
        "appointment_moved",
        "appointment_moved",
        "appointment_cancelled",
    ]
    mails = Notification.objects.filter(case=case, kind__startswith="appointment")
    assert sorted(mails.values_list("kind", flat=True)) == [
        "appointment_cancelled", "appointment_confirmed", "appointment_moved", "appointment_moved",
    ]  # fmt: skip
    assert len(slots.free(on, FIRST.date(), FIRST.date(), now=NOW)) == len(times)


def test_a_family_stays_as_long_as_the_longest_of_its_services_takes() -> None:
    on = calendar(most_people=3)
    row(on, 2, 2, 1, 1)
    (first, second, *_rest) = Slot.objects.filter(calendar=on).order_by("starts_at")
    owner = people.applicant()
    family = [long_case(on, owner=owner), factories.bookable_case(on, owner=owner)]

    held = casework.hold_together([case.pk for case in family], first.pk, actor=owner)
    assert (
        casework.hold_together([case.pk for case in family], first.pk, actor=owner)[0].party != held[0].party
    )
    party = booking.current(family[0].pk, now=NOW).party
    with pytest.raises(Refused, match="together"):
        appointments.cancel_booking(party, actor=owner)
    casework.confirm_appointment(party, actor=owner)
    checked()
    assert taken(on) == [first.pk, first.pk, second.pk, second.pk]
    assert {one.case_id for one in together.members(party, now=NOW)} == {case.pk for case in family}

    booking.cancel(booking.current(family[0].pk, now=NOW).reference, now=NOW)  # as whoever withdraws
    checked()
    assert taken(on) == [first.pk, second.pk]
    casework.cancel_appointment(booking.current(family[1].pk, now=NOW).reference, actor=owner)
    checked()
    assert taken(on) == []


def test_at_the_counter_too_nobody_gets_half_of_it() -> None:
    on = calendar(notice_hours=24 * 30)
    first, second, third = row(on, 1, 1, 1)
    case, clerk = long_case(on), people.official(Role.INTAKE_CLERK, mission=on.mission)
    with pytest.raises(Refused):
        counter.book_at_counter(case.reference, third.pk, actor=clerk)

    done = counter.book_at_counter(case.reference, second.pk, actor=clerk)
    assert (done.state, done.ends_at, taken(on)) == (State.CONFIRMED, third.ends_at, [second.pk, third.pk])
    with pytest.raises(Refused):
        counter.move_for_mission(done.reference, first.pk, actor=clerk)
    counter.cancel_for_mission(done.reference, counter.Reason.CLOSED, actor=clerk)
    checked()
    assert taken(on) == []


def test_times_that_the_mission_keeps_are_as_long_as_the_service() -> None:
    on = calendar()
    times = row(on, 1, 2, 1, 1, 1)
    case, clerk = long_case(on), people.official(Role.INTAKE_CLERK, mission=on.mission)
    for wrong in ([times[4]], [times[0], times[2], times[3]]):
        with pytest.raises(Refused, match="free place"):
            by_hand.offer_times(case.reference, [slot.pk for slot in wrong], 2, actor=clerk)
    assert not Place.objects.filter(free_from__gt=NOW).exists()

    made = by_hand.offer_times(case.reference, [times[0].pk, times[1].pk, times[3].pk], 2, actor=clerk)
    assert [one.slot for one in inviting.times(made)] == [times[0], times[1], times[3]]
    assert Place.objects.filter(free_from=made.until).count() == 6
    with pytest.raises(Refused, match="not kept"):
        by_hand.take_time(case.pk, times[2].pk, actor=case.owner)

    mine = by_hand.take_time(case.pk, times[1].pk, actor=case.owner)
    checked()
    assert (mine.state, mine.ends_at, taken(on)) == (
        State.CONFIRMED,
        times[2].ends_at,
        [times[1].pk, times[2].pk],
    )
    assert Place.objects.filter(free_from__gt=NOW).count() == 2

    by_hand.offer_times(case.reference, [times[3].pk], 2, actor=clerk)
    lasting(on, 1)  # who has an appointment is offered as long a time
    again = by_hand.take_time(case.pk, times[3].pk, actor=case.owner)
    checked()
    assert (again.reference, again.ends_at, taken(on)) == (
        mine.reference,
        times[4].ends_at,
        [times[3].pk, times[4].pk],
    )
    assert Place.objects.filter(free_from__gt=NOW).count() == 2


def lasting(on: Calendar, length: int) -> None:
    """From now on the service takes another number of slots."""
    Calendar.objects.filter(pk=on.pk).update(lengths={} if length == 1 else {LONG: length})


def invited(length: int, then: int, *capacities: int) -> tuple[Case, list[Slot]]:
    """A case that was offered a time while its service took so many slots; it takes another number of them then."""
    on = calendar()
    lasting(on, length)
    times, case = row(on, *capacities), long_case(on)
    clerk = people.official(Role.INTAKE_CLERK, mission=on.mission)
    by_hand.offer_times(case.reference, [times[0].pk], 2, actor=clerk)
    lasting(on, then)
    return case, times


@pytest.mark.parametrize(
    ("length", "then", "capacities", "slots_each"),
    [
        (2, 1, (1, 1, 1), 2),  # what was promised stays
        (3, 2, (1, 1, 1), 3),
        (1, 2, (1, 1, 1), 2),  # staff need longer, and the time after it is free
        (2, 3, (1, 1, 1), 3),
        (1, 2, (1,), 1),  # nothing follows: it is as long as was promised
        (2, 3, (1, 1), 2),
    ],
)
def test_a_kept_time_can_be_taken_though_the_service_takes_longer_or_shorter_by_now(
    length: int, then: int, capacities: tuple[int, ...], slots_each: int
) -> None:
    case, times = invited(length, then, *capacities)
    kept = inviting.times(inviting.current(case.pk))
    assert [(one.slot, one.ends_at) for one in kept] == [(times[0], times[length - 1].ends_at)]

    mine = by_hand.take_time(case.pk, times[0].pk, actor=case.owner)

    checked()
    assert (mine.state, mine.slots_each, mine.ends_at) == (
        State.CONFIRMED,
        slots_each,
        times[slots_each - 1].ends_at,
    )
    assert Place.objects.filter(free_from__gt=NOW).count() == slots_each


def test_who_needs_longer_by_now_takes_no_place_of_others() -> None:
    case, times = invited(1, 2, 1, 1)
    other = factories.confirmed(times[1])

    mine = by_hand.take_time(case.pk, times[0].pk, actor=case.owner)

    checked()
    assert (mine.slots_each, booking.get(other.reference).slot) == (1, times[1])


def test_a_hold_and_an_offer_stay_as_long_as_they_were_made_for() -> None:
    on = calendar(mode="list")
    row(on, 1, 1)
    case = long_case(on)
    casework.join([case.pk], actor=case.owner)
    waiting.offer_places()
    lasting(on, 3)

    mine = casework.confirm_appointment(booking.current(case.pk, now=NOW).reference, actor=case.owner)

    checked()
    assert (mine.state, mine.slots_each) == (State.CONFIRMED, 2)


def test_whoever_needs_one_slot_pays_no_statement_for_those_who_need_more() -> None:
    def counted(on: Calendar) -> int:
        case, (slot,) = factories.bookable_case(on), row(on, 1)
        with CaptureQueriesContext(
            connection,
        ) as found:
            booked(case, slot)
        return len(found)

    counted(calendar())  # what is asked once for a process
    assert counted(calendar()) == counted(factories.calendar())
