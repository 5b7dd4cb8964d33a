"""What is told of a service that takes several slots: what is free for the whole of it, and each person once."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from consular.appointments import adjoining, availability, booking, figures, overbooking, together
from consular.appointments import day as days
from consular.appointments.adjoining import Wish
from consular.appointments.models import Booking, Calendar, Place, Slot
from consular.appointments.opening import moment
from consular.appointments.slots import FreeSlot
from consular.appointments.visits import Standing, VisitEntry
from consular.casework.availability import forget
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import LONG, NOW
from tests.appointments.test_lengths import calendar, staying
from tests.appointments.test_together import FIRST, HALF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    forget()
    with clock.at(NOW):
        yield
    forget()


def test_a_stay_beyond_midnight_is_a_time_of_the_day_on_which_it_begins() -> None:
    on = calendar(most_people=3)
    day = FIRST.date()
    midnight = moment(day + timedelta(days=1), time(0), ZoneInfo(on.mission.time_zone))
    late, early, after = (factories.slot(on, 1, midnight + n * HALF) for n in (-1, 0, 1))

    for wish, ends, starts in ((Wish(1, 2), after.starts_at, [late]), (Wish(3), late.ends_at, [late])):
        for one in adjoining.days(on, wish.people, wish.slots_each, now=NOW):
            found = adjoining.times(on, (one.day, one.day), wish, now=NOW)
            assert len(found) == one.places > 0
        found = adjoining.times(on, (day, day), wish, now=NOW)
        assert [(one.id, one.ends_at) for one in found] == [(slot.pk, ends) for slot in starts]
        there = days.starting(on, (day, day), wish.people, wish.slots_each, now=NOW)
        assert [one.id for one in there] == [slot.pk for slot in starts]
    assert [one.id for one in adjoining.times(on, (day, day), Wish(), now=NOW)] == [late.pk]
    assert [(one.id, one.room) for one in days.times(on.mission, day, day, now=NOW)] == [(late.pk, 3)]
    nxt = early.starts_at.astimezone(ZoneInfo(on.mission.time_zone)).date()
    assert [one.id for one in adjoining.times(on, (nxt, nxt), Wish(1, 2), now=NOW)] == [early.pk]


@pytest.mark.parametrize(
    ("places", "slots_each", "staying"),
    [
        ((1, 1, 1), 2, {0: 1}),  # the second and the third are free, but not for somebody else
        ((1, 1, 1, 1), 2, {0: 1, 2: 1}),
        ((2, 3, 1, 1), 2, {0: 2, 1: 1}),
        ((3, 1, 3), 2, {0: 1}),
        ((2, 2, 2, 2), 3, {0: 2}),
        ((1,), 2, {}),
        ((), 2, {}),
    ],
)
def test_so_many_can_stay_and_none_in_the_place_of_another(
    places: tuple[int, ...], slots_each: int, staying: dict[int, int]
) -> None:
    free = [FreeSlot(n, FIRST + n * HALF, FIRST + (n + 1) * HALF, seats) for n, seats in enumerate(places)]

    assert {slot.id: number for slot, number in adjoining.stays(free, slots_each)} == staying


def test_a_place_counts_for_a_service_where_the_whole_length_is_free() -> None:
    """A single place in a week; two days later five places in each of two slots, and one in a third."""
    on = calendar()
    factories.slot(on, 1, NOW + timedelta(days=7))
    for n, capacity in enumerate((5, 5, 1)):
        factories.slot(on, capacity, NOW + timedelta(days=9) + n * HALF)

    told = Client().get(f"/api/v1/missions/{on.mission.code}/availability/").json()["calendars"][0]
    page = (
        Client().get(f"/availability/{on.mission.code}/", headers={"Accept-Language": "en"}).content.decode()
    )

    days = [{"day": "2027-03-08", "at_least": 1}, {"day": "2027-03-10", "at_least": 10}]
    assert (told["slots_each"], told["days_until_free"], told["free"]) == (1, 7, days)
    longer = {"slots_each": 2, "days_until_free": 9, "free": [{"day": "2027-03-10", "at_least": 5}]}
    assert told["longer"] == [{"service": LONG, **longer}]
    assert "The next free place is in 7 days." in page
    assert "The next free place is in 9 days." in page
    assert [one.day.isoformat() for one in adjoining.days(on, 1, 2, now=NOW)] == ["2027-03-10"]


def test_where_every_service_takes_several_slots_single_places_are_not_told_as_free() -> None:
    on = factories.calendar(services=[LONG], lengths={LONG: 2})
    factories.slot(on, 1, NOW + timedelta(days=7))
    (found,) = figures.of_mission(on.mission, now=NOW)

    assert (found.free.slots_each, found.free.days_until, found.longer) == (2, None, ())
    assert availability._calendar(found)["free"] == []


@pytest.fixture
def week() -> Calendar:
    """Of the week before: six people who stayed through two slots each, and one who needed one.

    The second place of everybody who stayed came back an hour later than the first, twenty minutes before it was taken.
    """
    on = calendar(overbooking=2)
    begins = NOW - timedelta(days=7)
    earlier = begins - timedelta(days=1)
    with clock.at(earlier):
        times = [factories.slot(on, 7, begins + n * HALF) for n in range(2)]
        back = earlier - timedelta(minutes=20)
        Place.objects.update(made_at=back, opens_at=back - timedelta(days=1))
        Place.objects.filter(slot=times[0]).update(made_at=back - timedelta(hours=1))
        stayed = [held_then(times[0], on, earlier) for _ in range(6)]
        case = factories.bookable_case(on)
        who = {"owner": case.owner, "case_id": case.pk, "identity": factories.person()}
        booking.confirm(booking.hold(times[0].pk, **who, now=earlier).reference, now=earlier)
    clerk = people.applicant()
    for n, one in enumerate(stayed):
        standing = Standing.ABSENT if n < 2 else Standing.SERVED
        VisitEntry.objects.create(
            booking=one, number=1, act="miss" if n < 2 else "serve", standing=standing, at=NOW, by=clerk,
            entered_at=NOW,
        )  # fmt: skip
    return on


def held_then(slot: Slot, on: Calendar, now: datetime) -> Booking:
    return booking.confirm(together.hold(slot.pk, staying(on), now=now)[0].reference, now=now)


def test_who_stays_is_counted_once(week: Calendar) -> None:
    (found,) = figures.of_mission(week.mission, now=NOW)
    by_service = {count.service: count for count in found.services}

    assert Booking.objects.count() == 13
    assert found.released == 14
    long, short = by_service[LONG], by_service["schengen_visa"]
    assert (long.taken, long.came, long.missed, long.no_show_percent) == (6, 4, 2, 33)
    assert (short.taken, found.total.taken) == (1, 7)
    assert long.seconds_until_taken == 20 * 60  # from when both were free
    learnt = overbooking.learnt(week, now=NOW)
    assert (learnt.came, learnt.missed) == (4, 2)
