"""Local times as moments, in every time zone there is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.appointments.opening import moment, spans

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
DAYS = st.dates(date(2010, 1, 1), date(2036, 12, 31))
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
LENGTHS = st.sampled_from([timedelta(minutes=n) for n in (5, 10, 15, 20, 30, 45, 60, 90)])


def on_the_wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


@given(DAYS, MINUTES, ZONES.map(ZoneInfo))
def test_a_local_time_is_the_first_moment_at_which_the_clock_shows_it_or_later(
    day: date, wall: time, zone: ZoneInfo
) -> None:
    at = moment(day, wall, zone)

    wanted = datetime.combine(day, wall)
    assert on_the_wall(at, zone) >= wanted
    for back in (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(hours=3)):
        assert on_the_wall(at - back, zone) < wanted


@given(DAYS, st.lists(MINUTES, min_size=2, max_size=2, unique=True).map(sorted), LENGTHS, ZONES.map(ZoneInfo))
def test_spans_follow_each_other_inside_the_opening_time(
    day: date, walls: list[time], length: timedelta, zone: ZoneInfo
) -> None:
    opens, closes = walls

    found = spans(day, opens, closes, length, zone)

    assert all(span.ends_at - span.starts_at == length for span in found)
    assert all(before.ends_at == after.starts_at for before, after in zip(found, found[1:], strict=False))
    assert all(moment(day, opens, zone) <= span.starts_at for span in found)
    assert all(span.ends_at <= moment(day, closes, zone) for span in found)
    assert moment(day, closes, zone) - moment(day, opens, zone) - length * len(found) < length


@given(DAYS, st.lists(MINUTES, min_size=3, max_size=3, unique=True).map(sorted), LENGTHS, ZONES.map(ZoneInfo))
def test_rules_that_meet_on_the_wall_do_not_overlap_in_time(
    day: date, walls: list[time], length: timedelta, zone: ZoneInfo
) -> None:
    first, middle, last = walls

    morning, afternoon = spans(day, first, middle, length, zone), spans(day, middle, last, length, zone)

    assert not (morning and afternoon) or morning[-1].ends_at <= afternoon[0].starts_at


BERLIN = ZoneInfo("Europe/Berlin")
HALF_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("day", "opens", "closes", "zone", "count"),
    [
        (date(2027, 3, 27), time(1), time(4), "Europe/Berlin", 6),
        (date(2027, 3, 28), time(1), time(4), "Europe/Berlin", 4),  # the hour from two does not exist
        (date(2027, 3, 28), time(2), time(3), "Europe/Berlin", 0),
        (date(2027, 3, 28), time(2, 30), time(4), "Europe/Berlin", 2),
        (date(2027, 10, 31), time(1), time(4), "Europe/Berlin", 8),  # the hour from two happens twice
        (date(2027, 10, 3), time(1), time(4), "Australia/Lord_Howe", 5),  # half an hour is skipped
        (date(2011, 12, 30), time(8), time(12), "Pacific/Apia", 0),  # the whole day was skipped
        (date(2027, 3, 1), time(9), time(9, 20), "Asia/Kathmandu", 0),
    ],
)
def test_days_on_which_clocks_change(day: date, opens: time, closes: time, zone: str, count: int) -> None:
    assert len(spans(day, opens, closes, HALF_HOUR, ZoneInfo(zone))) == count


def test_a_rule_that_opens_in_the_missing_hour_opens_when_the_clock_has_jumped() -> None:
    assert moment(date(2027, 3, 28), time(2, 30), BERLIN) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert moment(date(2027, 10, 31), time(2, 30), BERLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
