"""Whoever stays through several slots and cannot keep them: told once, and a place is kept in each of others."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from consular import casework
from consular.accounts.models import User
from consular.appointments import displacing, setups
from consular.appointments.changes import Displacement, Outcome
from consular.appointments.models import Booking, Calendar, OpeningRule, Place, Slot
from consular.cases.models import Case
from consular.casework import appointments
from consular.core.errors import Refused
from tests.appointments import factories
from tests.appointments.factories import LONG, NOW
from tests.casework import test_steering as steering
from tests.casework.test_steering import MONDAY, closing, mails, told

pytestmark = pytest.mark.django_db

_now, calendar, manager = steering._now, steering.calendar, steering.manager


@pytest.fixture
def staying(calendar: Calendar) -> Booking:
    """Somebody whose service takes two slots has the first two of the Monday."""
    setup = replace(setups.of(calendar), lengths={LONG: 2})
    Calendar.objects.filter(pk=calendar.pk).update(services=[*calendar.services, LONG])
    setups.write(calendar, setup)
    case = factories.bookable_case(calendar)
    Case.objects.filter(pk=case.pk).update(service=LONG)
    first = Slot.objects.filter(calendar=calendar, starts_at__date=MONDAY).earliest("starts_at")
    held = appointments.hold_slot(case.pk, first.pk, actor=case.owner)
    return appointments.confirm_booking(held.reference, actor=case.owner)


def test_who_stays_through_several_slots_is_displaced_once_and_keeps_a_place_in_each(
    calendar: Calendar, manager: User, staying: Booking
) -> None:
    proposal = closing(calendar, (MONDAY, MONDAY))
    seen = casework.preview(proposal, actor=manager)
    assert (seen.touched, [one.booked.reference for one in seen.plans[0].people]) == (1, [staying.reference])
    casework.change(proposal, seen.fingerprint, actor=manager)
    told()
    assert mails("appointment_displaced") == 1
    right = displacing.of_case(staying.case_id)
    kept = displacing.kept_for(right, now=NOW)
    times = Slot.objects.filter(places__in=kept).order_by("starts_at")
    assert displacing.kept_slot(right, now=NOW) == times[0]
    assert times[0].ends_at == times[1].starts_at
    assert times[0].starts_at.date() == MONDAY + timedelta(days=1)

    for turn, slot in enumerate(
        [times[0], Slot.objects.filter(starts_at__date=date(2027, 3, 25)).earliest("pk")]
    ):
        took = appointments.move_booking(staying.reference, slot.pk, actor=staying.owner)
        assert (took.slot, took.ends_at) == (slot, slot.ends_at + timedelta(minutes=30))
        if not turn:  # that was none of their two moves, and all that was kept is theirs or free
            assert {place.pk for place in Place.objects.filter(bookings__party=staying.party)} == set(kept)
            assert set(Displacement.objects.values_list("outcome", flat=True)) == {Outcome.MOVED}
    assert Place.objects.filter(free_from__gt=NOW).count() == 2
    appointments.move_booking(staying.reference, times[0].pk, actor=staying.owner)
    with pytest.raises(Refused, match="twice"):
        appointments.move_booking(staying.reference, times[1].pk, actor=staying.owner)


def test_who_stays_is_told_when_only_the_second_slot_is_not_open_any_more(
    calendar: Calendar, manager: User, staying: Booking
) -> None:
    rule = OpeningRule.objects.filter(calendar=calendar, weekday=0)
    rule.update(closes_at=time(9, 30))
    appointments.generate_slots(calendar, MONDAY + timedelta(days=16))
    told()
    assert Displacement.objects.filter(booking__party=staying.party).count() == 2
    assert mails("appointment_displaced") == 1

    rule.update(closes_at=time(11, 0))
    appointments.generate_slots(calendar, MONDAY + timedelta(days=16))
    appointments.cancel_booking(staying.reference, actor=staying.owner)
    assert set(Displacement.objects.values_list("outcome", flat=True)) == {Outcome.CANCELLED}
