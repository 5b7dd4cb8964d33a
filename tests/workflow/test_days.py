"""Local days: counting working days in any time zone, and where a day is over."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consular.workflow import days
from consular.workflow.days import Clock, Week, end_of, last_day, working_after, working_between, working_from
from consular.workflow.timing import Duration, Ends, Timing, duration

ZONES = [
    "UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tehran",
    "Pacific/Kiritimati", "Pacific/Apia", "Pacific/Chatham", "America/Havana", "America/Asuncion", "Asia/Beirut",
    "Africa/Cairo", "America/Santiago", "Atlantic/Azores", "Asia/Amman", "America/Sao_Paulo",
]  # fmt: skip
APIA = ZoneInfo("Pacific/Apia")

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2006, 1, 1), datetime(2037, 1, 1)).map(  # noqa: DTZ001  made aware right here
    lambda naive: naive.replace(tzinfo=UTC, microsecond=0)
)
weeks = st.builds(
    Week,
    weekend=st.sampled_from([{6, 7}, {5, 6}, {4, 5}, {6}, {5, 7}, set(), {1, 2, 3, 4, 5, 6}]).map(frozenset),
    holidays=st.frozensets(st.dates(date(2006, 1, 1), date(2037, 12, 31)), max_size=40),
)
clocks = st.builds(lambda now, zone, week: Clock(now.astimezone(zone), week), moments, zones, weeks)
counts = st.integers(0, 60)
lengths = st.builds(Duration, months=st.integers(0, 30), days=counts, seconds=st.integers(0, 200_000))

many = settings(max_examples=400, deadline=None)


def is_open(day: date, clock: Clock) -> bool:
    return clock.calendar.is_working(day) and clock.exists(day)


@many
@given(clock=clocks, count=st.integers(1, 60))
@example(clock=Clock(datetime(2011, 12, 28, 10, tzinfo=APIA), Week()), count=2)
def test_a_counted_working_day_is_never_a_closed_one(clock: Clock, count: int) -> None:
    day = working_after(clock.now.date(), count, clock)

    assert is_open(day, clock)
    assert working_between(clock.now.date(), day, clock) == count


@many
@given(clock=clocks, first=counts, then=counts)
def test_counting_on_is_counting_at_once(clock: Clock, first: int, then: int) -> None:
    day = clock.now.date()

    assert working_after(working_after(day, first, clock), then, clock) == working_after(
        day, first + then, clock
    )


@many
@given(clock=clocks, count=counts)
@example(clock=Clock(datetime(2011, 12, 28, 10, tzinfo=APIA), Week()), count=2)
@example(clock=Clock(datetime(2028, 11, 4, tzinfo=ZoneInfo("America/Havana"))), count=0)
def test_a_deadline_in_working_days_lies_on_that_day_and_ends_with_it(clock: Clock, count: int) -> None:
    length = Timing(written=f"P{count}D", working=True)
    exact = length.due(clock, {})
    ended = Timing(written=f"P{count}D", working=True, ends=Ends.DAY).due(clock, {})

    assert clock.local(exact).date() == working_after(clock.now.date(), count, clock)
    assert last_day(ended, clock.zone) == clock.local(exact).date()


@many
@given(clock=clocks, one=lengths, more=lengths, working=st.booleans())
@example(
    Clock(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)),
    Duration(),
    Duration(0, 0, 1),
    False,
)
def test_a_longer_time_never_ends_earlier(clock: Clock, one: Duration, more: Duration, working: bool) -> None:
    for longer in (
        Duration(one.months, one.days + more.days, one.seconds),
        Duration(one.months, one.days, one.seconds + more.seconds),
    ):
        assert longer.after(clock, working=working) >= one.after(clock, working=working) >= clock.now


@many
@given(clock=clocks, length=lengths, working=st.booleans())
@example(Clock(datetime(2007, 11, 4, 0, 0, 30, tzinfo=ZoneInfo("America/St_Johns"))), Duration(), False)
def test_the_end_of_the_day_is_never_before_the_moment(clock: Clock, length: Duration, working: bool) -> None:
    exact = length.after(clock, working=working)
    text = f"P{length.months}M{length.days}DT{length.seconds}S"
    ended = Timing(written=text, working=working, ends=Ends.DAY).due(clock, {})
    on_a_working_day = Timing(written=text, working=working, ends=Ends.WORKING_DAY).due(clock, {})

    assert exact < ended <= on_a_working_day
    assert (
        clock.local(ended - timedelta(seconds=1)).date()
        == clock.local(exact).date()
        < clock.local(ended).date()
    )
    assert is_open(last_day(on_a_working_day, clock.zone), clock)


@many
@given(zone=zones, day=st.dates(date(2006, 1, 1), date(2037, 1, 1)))
def test_one_day_is_over_when_the_next_one_begins_whatever_the_clocks_do(zone: ZoneInfo, day: date) -> None:
    over, again = end_of(day, zone), end_of(day + timedelta(days=1), zone)

    assert timedelta() <= again - over <= timedelta(hours=25)
    assert again > over or not Clock(over.astimezone(zone)).exists(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("start", "zone", "length", "expected"),
    [
        # the clock skips an hour, shows one twice, or both were slept through
        ("2026-03-28T02:30", "Europe/Berlin", "P1D", "2026-03-29T01:30Z"),
        ("2026-10-24T02:30", "Europe/Berlin", "P1D", "2026-10-25T00:30Z"),
        ("2026-10-25T00:30Z", "Europe/Berlin", "PT1H", "2026-10-25T01:30Z"),
        ("2026-10-25T01:30Z", "Europe/Berlin", "PT1S", "2026-10-25T01:30:01Z"),
        ("2026-10-25T01:30Z", "Europe/Berlin", "P0D", "2026-10-25T01:30Z"),
        ("2026-04-04T10:00", "Australia/Lord_Howe", "P1D", "2026-04-04T23:30Z"),
        # leap days, the end of the year, a quarter of an hour, both sides of the date line, a day that never was
        ("2028-02-28T10:00", "Asia/Kathmandu", "P1D", "2028-02-29T04:15Z"),
        ("2027-02-28T10:00", "Asia/Kathmandu", "P1D", "2027-03-01T04:15Z"),
        ("2026-12-31T23:59", "Asia/Kolkata", "P1D", "2027-01-01T18:29Z"),
        ("2026-12-31T01:00", "Pacific/Kiritimati", "P1D", "2026-12-31T11:00Z"),
        ("2026-12-31T01:00", "Pacific/Pago_Pago", "P1D", "2027-01-01T12:00Z"),
        ("2011-12-29T10:00", "Pacific/Apia", "P1D", "2011-12-30T20:00Z"),
        ("2011-12-29T10:00", "Pacific/Apia", "P2D", "2011-12-30T20:00Z"),
    ],
)
def test_days_follow_the_clock_on_the_wall(start: str, zone: str, length: str, expected: str) -> None:
    place = ZoneInfo(zone)
    read = datetime.fromisoformat(start)
    now = read.astimezone(place) if read.tzinfo else read.replace(tzinfo=place)

    assert duration(length).after(now) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-29T22:00Z"),
        (date(2026, 12, 31), "Asia/Kathmandu", "2026-12-31T18:15Z"),
        (date(2026, 6, 1), "Pacific/Kiritimati", "2026-06-01T10:00Z"),
        (date(2026, 3, 28), "Asia/Beirut", "2026-03-28T22:00Z"),  # the next day begins at one o'clock
        (date(2007, 11, 3), "America/St_Johns", "2007-11-04T03:30Z"),  # one minute of Sunday, then Saturday again
        (date(2026, 10, 31), "America/Havana", "2026-11-01T04:00Z"),  # midnight comes twice, both times on Sunday
        (date(2011, 12, 29), "Pacific/Apia", "2011-12-30T10:00Z"),  # the next day is Saturday
    ],
)  # fmt: skip
def test_where_a_day_is_over(day: date, zone: str, expected: str) -> None:
    assert end_of(day, ZoneInfo(zone)) == datetime.fromisoformat(expected)


def test_working_days_follow_weekend_and_holidays_and_leave_out_the_day_of_the_event() -> None:
    amman = Clock(
        datetime(2026, 5, 20, 11, tzinfo=ZoneInfo("Asia/Amman")),
        Week(frozenset({5, 6}), frozenset({date(2026, 5, 25)})),
    )

    assert [working_after(amman.now.date(), count, amman).day for count in (0, 1, 2, 3)] == [20, 21, 24, 26]
    assert Timing(written="P3D", working=True).due(amman, {}) == datetime(2026, 5, 26, 8, tzinfo=UTC)


def test_a_deadline_that_begins_on_a_closed_day_begins_to_count_on_the_next_working_one() -> None:
    sunday = Clock(datetime(2026, 5, 24, 11, tzinfo=UTC))

    assert (
        working_after(sunday.now.date(), 1, sunday)
        == date(2026, 5, 25)
        == working_from(sunday.now.date(), sunday)
    )
    assert working_from(date(2026, 5, 25), sunday) == date(2026, 5, 25)


def test_where_nobody_ever_works_no_working_day_is_found() -> None:
    closed = Clock(datetime(2026, 5, 24, tzinfo=UTC), Week(frozenset(range(1, 8))))

    with pytest.raises(ValueError, match="no working day"):
        working_after(closed.now.date(), 1, closed)
    with pytest.raises(ValueError, match="more than"):
        working_after(closed.now.date(), days.MOST_WORKING_DAYS + 1, closed)


def test_what_is_due_at_midnight_is_due_the_day_before() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")

    assert last_day(datetime.combine(date(2026, 5, 2), time(), kolkata), kolkata) == date(2026, 5, 1)
    assert last_day(datetime(2026, 5, 1, 18, 30, 1, tzinfo=UTC), kolkata) == date(2026, 5, 2)
