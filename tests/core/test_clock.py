"""One moment for everybody, and the day it is where somebody is."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from consular.core import clock

NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 12, 31)),
        ("Asia/Kolkata", date(2027, 1, 1)),
        ("America/Los_Angeles", date(2026, 12, 31)),
        ("Pacific/Kiritimati", date(2027, 1, 1)),
    ],
)
def test_a_day_begins_where_one_is(zone: str, day: date) -> None:
    with clock.at(NEW_YEAR):
        assert clock.today(zone) == day


def test_a_moment_of_any_zone_is_told_in_utc_and_only_inside_its_block() -> None:
    with clock.at(NEW_YEAR):
        with clock.at(NEW_YEAR.astimezone(timezone(timedelta(hours=9))) + timedelta(days=1)):
            inner = clock.now()
        outer = clock.now()

    assert (inner, inner.tzinfo) == (NEW_YEAR + timedelta(days=1), UTC)
    assert outer == NEW_YEAR
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
