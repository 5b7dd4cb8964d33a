"""The mission at its counter: books who stands there, moves, cancels with a reason; and a hold that is kept longer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.appointments import booking
from consular.appointments.models import Booking, Place, State
from consular.cases.models import Case, Event
from consular.casework.counter import Reason, reason_of
from consular.core import clock
from consular.core.errors import Refused
from consular.notifications.models import Notification
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.at(NOW):
        yield


def code(function: object, *arguments: object, **more: object) -> str:
    with pytest.raises(Refused) as refused:
        function(*arguments, **more)
    return refused.value.code


def test_somebody_at_the_counter_gets_a_free_place_of_now_that_nobody_could_book_from_home() -> None:
    calendar = factories.calendar(notice_hours=24)
    slot = factories.slot(calendar, 1, NOW - timedelta(minutes=5))
    case, other = factories.bookable_case(calendar), factories.bookable_case(calendar)
    clerk = people.official(Role.INTAKE_CLERK, mission=calendar.mission)
    assert code(casework.hold_slot, case.pk, slot.pk, actor=case.owner) == "gone"

    done = casework.book_at_counter(case.reference, slot.pk, actor=clerk)

    event = Event.objects.get(case=case, kind="appointment_confirmed")
    assert (done.state, done.owner_id, event.actor_id) == (State.CONFIRMED, case.owner_id, clerk.pk)
    assert event.data["at_counter"] is True
    assert code(casework.book_at_counter, other.reference, slot.pk, actor=clerk) == "gone"
    assert code(casework.book_at_counter, case.reference, slot.pk, actor=clerk) == "already_booked"
    assert code(casework.book_at_counter, other.reference, slot.pk, actor=other.owner) == "not_found"


def test_the_mission_moves_as_often_as_it_must_and_the_person_is_told_each_time() -> None:
    calendar = factories.calendar(notice_hours=24)
    case = factories.bookable_case(calendar)
    clerk = people.official(Role.INTAKE_CLERK, mission=calendar.mission)
    slots = [factories.slot(calendar, 1, NOW + timedelta(hours=hours)) for hours in (30, 1, 2, 3)]
    held = casework.hold_slot(case.pk, slots[0].pk, actor=case.owner)
    mine = casework.confirm_booking(held.reference, actor=case.owner).reference

    for slot in slots[1:]:
        casework.move_for_mission(mine, slot.pk, actor=clerk)

    assert Booking.objects.get().slot == slots[3]
    assert Notification.objects.filter(kind="appointment_moved").count() == 3
    assert code(casework.move_for_mission, mine, slots[0].pk, actor=case.owner) == "not_found"
    Place.objects.filter(slot=slots[1]).update(free_from=NOW + timedelta(days=9))
    assert code(casework.move_for_mission, mine, slots[1].pk, actor=clerk) == "gone"


def test_the_mission_cancels_with_a_reason_that_the_person_reads() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)
    clerk = people.official(Role.INTAKE_CLERK, mission=slot.calendar.mission)
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    mine = casework.confirm_booking(held.reference, actor=case.owner).reference
    assert code(casework.cancel_for_mission, mine, "because", actor=clerk) == "invalid"
    assert code(casework.cancel_for_mission, mine, Reason.CLOSED, actor=case.owner) == "not_found"

    gone = casework.cancel_for_mission(mine, Reason.CLOSED, actor=clerk)

    assert gone.state == State.CANCELLED
    assert reason_of(gone) == "The mission cannot serve anybody at this time."
    assert Notification.objects.filter(kind="appointment_cancelled").count() == 1


def test_a_hold_is_kept_longer_once_and_its_place_with_it() -> None:
    slot = factories.slot()
    case = factories.bookable_case(slot.calendar)
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    assert booking.can_extend(held)

    longer = casework.extend_hold(held.reference, actor=case.owner)

    assert longer.active_until == NOW + 2 * booking.HOLD
    assert Place.objects.get(slot=slot).free_from == longer.active_until
    assert not booking.can_extend(longer)
    assert code(casework.extend_hold, held.reference, actor=case.owner) == "extended"
    assert code(casework.extend_hold, held.reference, actor=people.applicant()) == "not_found"
    with clock.at(longer.active_until):
        assert code(casework.extend_hold, held.reference, actor=case.owner) == "expired"


def test_a_family_confirms_its_hold_after_one_of_them_has_withdrawn() -> None:
    calendar, owner = factories.calendar(most_people=3), people.applicant()
    slot = factories.slot(calendar, 3, NOW + timedelta(days=2))
    family = [factories.bookable_case(calendar, owner=owner) for _ in range(3)]
    held = casework.hold_together([case.pk for case in family], slot.pk, actor=owner)
    booking.cancel(booking.current(family[0].pk, now=NOW).reference, now=NOW)
    Case.objects.filter(pk=family[0].pk).update(phase="closed")

    casework.confirm_together(held[0].party, actor=owner)

    states = {Booking.objects.get(case=case).state for case in family[1:]}
    assert (states, booking.current(family[0].pk, now=NOW)) == ({State.CONFIRMED}, None)
    two = [factories.bookable_case(calendar, owner=owner) for _ in range(2)]
    later = factories.slot(calendar, 2, NOW + timedelta(days=3))
    party = casework.hold_together([case.pk for case in two], later.pk, actor=owner)[0].party
    Case.objects.filter(pk=two[1].pk).update(phase="closed")
    assert code(casework.confirm_together, party, actor=owner) == "not_now"
