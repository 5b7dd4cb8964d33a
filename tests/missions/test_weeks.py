"""The working week: it ends before the next working day, in the calendar of the place."""

from datetime import date

import pytest

from consular.missions import weeks, working_days
from consular.missions.models import Closure
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("country", "today", "ends"),
    [
        ("IN", date(2027, 3, 10), date(2027, 3, 14)),
        ("IN", date(2027, 2, 13), date(2027, 2, 21)),
        ("EG", date(2027, 4, 13), date(2027, 4, 17)),
    ],
)
def test_the_week_ends_before_the_next_working_day(country: str, today: date, ends: date) -> None:
    assert weeks.last_day(factories.mission(country=country), today) == ends


def test_a_closed_monday_belongs_to_the_week_before() -> None:
    mission = factories.mission()
    monday = date(2027, 3, 15)
    Closure.objects.create(mission=mission, first_day=monday, last_day=monday, reason="Move")
    working_days.forget()

    assert weeks.last_day(mission, date(2027, 3, 10)) == monday
    assert weeks.last_working_day(mission, monday, date(2027, 3, 10)) == date(2027, 3, 12)
    assert weeks.last_working_day(mission, date(2027, 3, 14), date(2027, 3, 14)) == date(2027, 3, 14)
