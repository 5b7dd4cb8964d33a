"""Slots are generated from rules, the same ones every time, and none on a closed day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from consular.appointments import slots
from consular.appointments.models import Booking, Place, Slot, State
from consular.core import clock
from consular.missions.closed import closed_days
from consular.missions.models import Closure
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

KOLKATA = ZoneInfo("Asia/Kolkata")


def generated(calendar: object, until: date = date(2027, 3, 15), now: datetime = NOW) -> slots.Generated:
    with clock.at(now):
        return slots.generate(calendar, until)


def starts(calendar: object) -> list[datetime]:
    return list(
        Slot.objects.filter(calendar=calendar, capacity__gt=0)
        .values_list("starts_at", flat=True)
        .order_by("starts_at")
    )


def test_a_rule_opens_its_weekday_in_the_time_of_the_mission() -> None:
    calendar = factories.calendar(slot_minutes=45)
    factories.rule(calendar, weekday=1, capacity=3)

    found = generated(calendar)

    assert found == slots.Generated(slots=4, new_places=12, withdrawn=0)
    assert starts(calendar) == [
        datetime(2027, 3, day, hour, minute, tzinfo=KOLKATA)
        for day in (2, 9)
        for hour, minute in ((9, 0), (9, 45))
    ]


def test_generating_twice_gives_the_same_rows() -> None:
    calendar = factories.calendar()
    factories.rule(calendar, capacity=2)
    generated(calendar)
    before = list(Place.objects.values_list("id", "slot", "number").order_by("id"))

    assert generated(calendar).new_places == 0
    assert list(Place.objects.values_list("id", "slot", "number").order_by("id")) == before


def test_changing_a_rule_and_changing_it_back_gives_the_same_rows() -> None:
    calendar = factories.calendar()
    rule = factories.rule(calendar)
    generated(calendar)
    before = list(Slot.objects.values().order_by("id"))
    rule.weekday = 2
    rule.save()
    assert generated(calendar).withdrawn == len(before)

    rule.weekday = 0
    rule.save()
    generated(calendar)

    assert [row for row in Slot.objects.values().order_by("id") if row["capacity"]] == before


def test_capacity_is_never_more_than_the_counters() -> None:
    calendar = factories.calendar(counters=2)
    factories.rule(calendar, capacity=5)
    generated(calendar)

    assert set(Slot.objects.values_list("capacity", flat=True)) == {2}


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2027, 1, 26), "Republic Day, India"),
        (date(2027, 5, 6), "Ascension, Germany"),
        (date(2027, 6, 10), "a closure"),
    ],
)
def test_nothing_on_a_closed_day(day: date, why: str) -> None:
    calendar = factories.calendar()
    for weekday in range(7):
        factories.rule(calendar, weekday=weekday)
    Closure.objects.create(
        mission=calendar.mission,
        first_day=date(2027, 6, 9),
        last_day=date(2027, 6, 11),
        reason="Moving house",
    )

    generated(calendar, date(2027, 6, 30), now=datetime(2027, 1, 1, tzinfo=UTC))

    days = {at.astimezone(KOLKATA).date() for at in starts(calendar)}
    assert day not in days, why
    assert day + timedelta(days=7) in days
    assert day in closed_days(calendar.mission, date(2027, 1, 1), date(2027, 12, 31))


def test_a_closure_withdraws_slots_and_keeps_the_bookings() -> None:
    calendar = factories.calendar()
    factories.rule(calendar, weekday=0)
    generated(calendar)
    slot = Slot.objects.order_by("starts_at").last()
    kept = factories.confirmed(slot)
    Closure.objects.create(
        mission=calendar.mission, first_day=date(2027, 3, 15), last_day=date(2027, 3, 15), reason="Storm"
    )

    assert generated(calendar).withdrawn == 4
    slot.refresh_from_db()
    assert (slot.capacity, Booking.objects.get(pk=kept.pk).state) == (0, State.CONFIRMED)


def test_rules_are_dated() -> None:
    calendar = factories.calendar()
    factories.rule(calendar, valid_to=date(2027, 3, 15))
    factories.rule(calendar, opens="14:00", closes="15:00", valid_from=date(2027, 3, 15))

    generated(calendar, date(2027, 3, 15))

    hours = {(at.astimezone(KOLKATA).day, at.astimezone(KOLKATA).hour) for at in starts(calendar)}
    assert hours == {(8, 9), (8, 10), (15, 14)}


def test_the_past_is_left_alone() -> None:
    calendar = factories.calendar()
    factories.rule(calendar)
    noon = datetime(2027, 3, 1, 10, 10, tzinfo=KOLKATA)

    generated(calendar, date(2027, 3, 1), now=noon)

    assert starts(calendar) == [datetime(2027, 3, 1, 10, 30, tzinfo=KOLKATA)]


def test_the_database_refuses_rules_that_overlap() -> None:
    calendar = factories.calendar()
    factories.rule(calendar)
    factories.rule(calendar, opens="11:00", closes="12:00")
    factories.rule(calendar, weekday=1)

    with pytest.raises(IntegrityError, match="rules_of_one_day_do_not_overlap"):
        factories.rule(calendar, opens="10:30", closes="11:30")


def test_free_days_and_times_are_told_in_local_days() -> None:
    """A slot at 23:30 UTC on the 8th is on the 9th in Kolkata."""
    calendar = factories.calendar()
    late = factories.slot(calendar, starts_at=datetime(2027, 3, 8, 23, 30, tzinfo=UTC), capacity=2)
    factories.slot(calendar, starts_at=datetime(2027, 3, 10, 6, 0, tzinfo=UTC))
    factories.held(late)

    assert slots.days(calendar, now=NOW) == (
        slots.FreeDay(date(2027, 3, 9), 1),
        slots.FreeDay(date(2027, 3, 10), 1),
    )
    found = slots.free(calendar, date(2027, 3, 9), date(2027, 3, 9), now=NOW)
    assert [(slot.id, slot.places) for slot in found] == [(late.pk, 1)]


def test_a_full_day_is_not_told_and_is_told_again_when_the_hold_has_ended() -> None:
    slot = factories.slot()
    calendar = slot.calendar
    held = factories.held(slot)

    assert slots.days(calendar, now=NOW) == ()
    assert len(slots.days(calendar, now=held.active_until)) == 1


def test_asking_for_free_times_takes_one_statement(django_assert_num_queries: object) -> None:
    calendar = factories.calendar()
    for n in range(1, 30):
        factories.slot(calendar, starts_at=NOW + timedelta(days=n), capacity=3)

    with django_assert_num_queries(1):
        assert len(slots.days(calendar, now=NOW)) == 29
    with django_assert_num_queries(1):
        assert len(slots.free(calendar, date(2027, 3, 1), date(2027, 3, 31), now=NOW)) == 29
