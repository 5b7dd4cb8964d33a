"""The working days of a mission, and what they cost."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from consular.missions import working_days
from consular.missions.models import Closure, Mission
from tests import factories

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 6, 7)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    working_days.forget()


@pytest.fixture
def delhi() -> Mission:
    return factories.mission("DELH")


def closed(mission: Mission, first: date, last: date) -> None:
    Closure.objects.create(mission=mission, first_day=first, last_day=last, reason="Moving house")


def test_a_mission_works_unless_it_is_weekend_holiday_or_closed(delhi: Mission) -> None:
    closed(delhi, date(2027, 6, 9), date(2027, 6, 10))
    calendar = working_days.of(delhi)

    free = [day for day in range(1, 31) if not calendar.is_working(date(2027, 6, day))]

    assert free == [5, 6, 9, 10, 12, 13, 16, 19, 20, 26, 27]


def test_a_closure_elsewhere_is_nothing_to_it(delhi: Mission) -> None:
    closed(factories.mission("MUMB"), MONDAY, MONDAY)

    assert working_days.of(delhi).is_working(MONDAY)


def test_a_mission_closed_for_good_stops_no_clock(delhi: Mission) -> None:
    closed(delhi, date(2021, 8, 15), date(2099, 12, 31))

    assert working_days.of(delhi).is_working(MONDAY)


def test_closures_are_read_when_the_first_working_day_is_asked_for_and_once_a_minute(
    delhi: Mission, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = 1_000.0
    monkeypatch.setattr(working_days, "monotonic", lambda: shown)
    with django_assert_num_queries(0):
        calendar = working_days.of(delhi)
    with django_assert_num_queries(1):
        assert all(working_days.of(delhi).is_working(MONDAY) for _ in range(3))
    closed(delhi, MONDAY, MONDAY)

    shown += 59
    assert calendar.is_working(MONDAY)
    shown += 2
    assert not calendar.is_working(MONDAY)
