"""90 days in 180, beside a count day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular.travel.stays import ALLOWED, PERIOD, Examination, History, Stay, Trip, examine, merged
from tests.effort import calls

DAY = timedelta(days=1)


def stay(first: str, last: str) -> Stay:
    return Stay.of(first, last)


@st.composite
def _stays(draw: st.DrawFn) -> list[Stay]:
    begin = st.dates(date(2024, 1, 1), date(2025, 12, 31))
    return [
        Stay(first, first + draw(st.integers(0, 120)) * DAY) for first in draw(st.lists(begin, max_size=6))
    ]


def days_of(stays: list[Stay]) -> set[date]:
    return {each.first + number * DAY for each in stays for number in range(each.days)}


def naive_used(present: set[date], on: date) -> int:
    return sum(on - number * DAY in present for number in range(PERIOD))


def naive_fits(present: set[date], first: date, days: int) -> bool:
    planned = {first + number * DAY for number in range(days)}
    return all(naive_used(present | planned, day) <= ALLOWED for day in planned)


@given(_stays(), st.dates(date(2024, 1, 1), date(2026, 9, 30)))
@settings(max_examples=80, deadline=None)
def test_used_and_left_are_those_of_a_count_day_by_day(stays: list[Stay], on: date) -> None:
    used = naive_used(days_of(stays), on)
    history = History(stays)

    assert (history.used(on), history.left(on)) == (used, max(0, ALLOWED - used))


@given(_stays(), st.dates(date(2024, 6, 1), date(2026, 3, 31)), st.integers(1, 90))
@settings(max_examples=25, deadline=None)
def test_the_first_possible_day_is_that_of_a_count_day_by_day(stays: list[Stay], on: date, days: int) -> None:
    present = days_of(stays)
    possible = on
    while not naive_fits(present, possible, days):
        possible += DAY

    assert History(stays).first_possible(days, on) == possible


@given(_stays(), st.dates(date(2024, 6, 1), date(2026, 3, 31)))
@settings(max_examples=25, deadline=None)
def test_the_longest_stay_fits_and_a_longer_one_does_not(stays: list[Stay], first: date) -> None:
    present, longest = days_of(stays), History(stays).longest(first)

    assert longest == 0 or naive_fits(present, first, longest)
    assert not naive_fits(present, first, longest + 1)


@given(_stays())
def test_merging_keeps_the_days_and_leaves_gaps(stays: list[Stay]) -> None:
    joined = merged(stays)

    assert days_of(list(joined)) == days_of(stays)
    assert sum(each.days for each in joined) == len(days_of(stays))
    assert all(one.last + DAY < other.first for one, other in zip(joined, joined[1:], strict=False))


def test_ninety_days_at_once() -> None:
    history = History([stay("2025-01-01", "2025-03-31")])

    assert (history.used(date(2025, 3, 31)), history.left(date(2025, 4, 1))) == (90, 0)
    assert history.longest(date(2025, 6, 29)) == 0
    assert history.first_possible(1, date(2025, 4, 1)) == date(2025, 6, 30)
    assert history.first_possible(90, date(2025, 4, 1)) == date(2025, 6, 30)
    assert (history.left(date(2025, 6, 30)), history.longest(date(2025, 6, 30))) == (1, 90)


@pytest.mark.parametrize(
    ("stays", "on", "used", "longest"),
    [
        (["2025-03-01..2025-03-30", "2025-05-01..2025-05-30"], "2025-07-01", 60, 30),
        (["2025-01-01..2025-01-10", "2025-06-01..2025-06-05"], "2025-07-05", 9, 85),
        (["2025-01-01..2025-01-10", "2025-01-05..2025-01-12"], "2025-01-12", 12, 79),
        (["2025-01-01..2025-01-01"], "2025-01-01", 1, 90),
        (["2025-01-01..2025-01-01"], "2025-06-29", 1, 90),
        (["2025-01-01..2025-01-01"], "2025-06-30", 0, 90),
        (["2024-02-28..2024-03-01"], "2024-03-01", 3, 88),
        (["2025-08-01..2025-08-10"], "2025-07-05", 0, 90),
        ([], "2025-07-05", 0, 90),
    ],
)
def test_known_cases(stays: list[str], on: str, used: int, longest: int) -> None:
    history = History(stay(*each.split("..")) for each in stays)
    day = date.fromisoformat(on)

    assert (history.used(day), history.left(day)) == (used, ALLOWED - used)
    assert history.longest(day) == longest


def test_a_trip_is_judged_by_days_and_by_the_validity_of_the_visa() -> None:
    history = History([stay("2025-03-01", "2025-03-30"), stay("2025-05-01", "2025-05-30")])
    visa = stay("2025-07-01", "2025-07-20")

    fits, long = (
        history.judge(stay("2025-07-01", "2025-07-30")),
        history.judge(stay("2025-07-01", "2025-08-02")),
    )
    outside = history.judge(stay("2025-06-29", "2025-07-22"), visa)
    elsewhere = history.judge(stay("2025-09-01", "2025-09-02"), visa)

    assert (fits.fits, fits.used, fits.overstay, fits.outside) == (True, 90, None, 0)
    assert (long.fits, long.overstay) == (False, date(2025, 7, 31))
    assert (outside.fits, outside.overstay, outside.outside) == (False, None, 4)
    assert (elsewhere.fits, elsewhere.outside) == (False, 2)


def test_an_exit_before_the_entry_and_a_length_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        stay("2025-03-02", "2025-03-01")
    for days in (0, 91, -1):
        with pytest.raises(ValueError, match="1 to 90"):
            History([]).first_possible(days, date(2025, 1, 1))


def test_the_ends_of_the_calendar_do_no_harm() -> None:
    always = History([Stay(date.min, date.max)])

    assert always.first_possible(1, date.min + 90 * DAY) is None
    assert (always.used(date.min), always.used(date.max)) == (1, 180)
    assert History([]).first_possible(90, date.max - 88 * DAY) is None
    assert not History([]).judge(Stay(date.max - 100 * DAY, date.max)).fits
    assert calls(lambda: always.first_possible(1, date.min + 90 * DAY)) < 1_000_000


def test_an_officer_sees_what_earlier_stays_leave_for_a_journey() -> None:
    earlier = [
        stay("2025-03-01", "2025-03-30"),
        stay("2025-05-01", "2025-05-30"),
        stay("2025-05-10", "2025-05-20"),
    ]

    assert examine(earlier, stay("2025-07-01", "2025-07-31")) == Examination(
        stays=(stay("2025-03-01", "2025-03-30"), stay("2025-05-01", "2025-05-30")),
        used=60,
        left=30,
        longest=30,
        possible_from=date(2025, 7, 29),
        trip=Trip(fits=False, used=91, overstay=date(2025, 7, 31)),
    )
    long = examine([], stay("2025-07-01", "2025-12-31"), stay("2025-07-01", "2025-12-30"))
    assert (long.possible_from, long.trip.fits, long.trip.outside) == (None, False, 1)


def test_answers_that_are_no_dates_are_no_stay() -> None:
    for first, last in (("", ""), ("2025-03", "2025-03-30"), ("2025-03-30", "2025-03-01"), ("x", "y")):
        with pytest.raises(ValueError, match=r".+"):
            Stay.of(first, last)
