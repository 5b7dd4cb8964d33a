"""Years and fractions that Python has no dates for keep the laws of the calendar."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.rules import feel
from consular.rules.feel import far, writing
from consular.rules.values import Far, Months

NEAR = st.dates(date(2000, 1, 1), date(2399, 12, 31))
YEARS = st.integers(-999_000_000, 999_000_000)
SPANS = st.timedeltas(timedelta(days=-900_000), timedelta(days=900_000))


def of_year(day: date, year: int) -> date | Far | None:
    """The same day of another year, or null for a 29 February that is none."""
    return far.day(year, day.month, day.day)


@given(NEAR, YEARS, st.integers(-900_000, 900_000))
def test_days_forth_and_back_are_the_same_day_in_every_year(day: date, year: int, days: int) -> None:
    start = of_year(day, year)
    if start is not None:
        later = far.moved(start, timedelta(days=days))
        assert far.moved(later, timedelta(days=-days)) == start
        assert far.between(later, start) == timedelta(days=days)


@given(NEAR, st.integers(-5, 19), st.integers(-300_000, 300_000), st.integers(-4000, 4000))
def test_the_calendar_is_that_of_python_some_eras_on(day: date, eras: int, days: int, months: int) -> None:
    """400 years later everything falls on the same days."""
    there = far.made(day, eras)
    for near, distant in (
        (far.moved(day, timedelta(days=days)), far.moved(there, timedelta(days=days))),
        (far.moved_months(day, months), far.moved_months(there, months)),
    ):
        assert far.year(distant) == far.year(near) + 400 * eras
        assert far.parts(distant)[0].strftime("%m-%d %a") == far.parts(near)[0].strftime("%m-%d %a")


@given(st.datetimes(), SPANS)
def test_what_python_can_hold_is_python(moment: datetime, span: timedelta) -> None:
    try:
        expected: datetime | None = moment + span
    except OverflowError:
        expected = None
    found = far.moved(moment, span)
    assert found == expected if expected else isinstance(found, Far)


@given(NEAR, YEARS, NEAR, YEARS)
def test_order_is_that_of_years_and_then_of_days(one: date, year: int, other: date, later: int) -> None:
    a, b = of_year(one, year), of_year(other, later)
    if a is not None and b is not None:
        context = {"a": a, "b": b}
        first = (year, one.month, one.day) < (later, other.month, other.day)
        assert feel.evaluate("a < b", context) is first
        assert feel.evaluate("[a <= a, a = a, a != a, a in [a..a]]", context) == [True, True, False, True]


@given(st.integers(0, 999_999_999), st.integers(0, 999_999_999))
def test_nanoseconds_are_kept_and_compared(one: int, other: int) -> None:
    a, b = (feel.evaluate(f'time("10:00:00.{nanos:09d}")', {}) for nanos in (one, other))
    assert (feel.evaluate("a < b", {"a": a, "b": b}), feel.evaluate("a = b", {"a": a, "b": b})) == (
        one < other,
        one == other,
    )
    assert feel.evaluate('number(split(string(t) + ".0", "\\.")[2])', {"t": a}) == Decimal(
        f"{one:09d}".rstrip("0") or 0
    )


WRITTEN = [
    ('@"0000-02-29" + @"P1Y"', '@"0001-02-28"'),
    ('@"0001-01-01" - @"P1D"', '@"0000-12-31"'),
    ('@"-0001-12-31" + @"P1D"', '@"0000-01-01"'),
    ('@"9999-12-31T23:59:59Z" + @"PT1S"', '@"10000-01-01T00:00:00Z"'),
    ('@"10000-01-01T00:00:00@Europe/Paris" - @"PT1S"', '@"9999-12-31T23:59:59@Europe/Paris"'),
    ('@"999999999-12-31" + @"P1D"', "null"),
    ('@"10000-01-01" - @"9999-12-31T12:00:00"', '@"PT12H"'),
    ('@"999999999-01-01" - @"-999999999-01-01"', "null"),
    ('[@"10000-01-01".year, day of year(@"10000-03-01"), day of week(@"10000-01-01")]', '[10000, 61, "Saturday"]'),
    ('string(date and time(@"10000-01-01", @"10:00:00.5"))', '"10000-01-01T10:00:00.5"'),
    ('time(@"10000-01-01T10:00:00")', '@"10:00:00"'),
    ('(function(d: date and time) d)(@"10000-01-01")', '@"10000-01-01T00:00:00Z"'),
    ('time("10:00:00@Europe/Paris") - time("10:00:00")', "null"),
    ('time("10:00:00.000000001@Europe/Paris") = time("10:00:00.000000001")', "false"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_far_dates_are_read_moved_and_written(text: str, expected: str) -> None:
    assert writing.write(feel.evaluate(text, {})) == expected


def test_a_far_value_may_be_handed_in_again() -> None:
    value = feel.evaluate('@"10000-01-31"', {})
    assert feel.evaluate('string(x + @"P1M")', {"x": value}) == "10000-02-29"
    assert feel.evaluate("years and months duration(x, x + d)", {"x": value, "d": Months(5)}) == Months(4)
