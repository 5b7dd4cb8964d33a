"""Durations and moments."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from consular.rules import feel
from consular.workflow.days import last_day
from consular.workflow.timing import Duration, Ends, Timing, duration, moment

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P2D", Duration(days=2)), ("P3W", Duration(days=21)), ("P1M", Duration(months=1)),
        ("P1Y2M", Duration(months=14)), ("PT36H", Duration(seconds=129_600)), ("P1DT1H1M1S", Duration(0, 1, 3_661)),
        (" P0D ", Duration()),
    ],
)  # fmt: skip
def test_iso_durations_are_read(text: str, expected: Duration) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "2D", "P-1D", "P1.5D", "P1DT", "P1H", "P٣D", "P99999Y"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        duration(text)


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        ((2026, 1, 31, 12), "P1M", (2026, 2, 28, 12)),
        ((2028, 1, 31, 12), "P1M", (2028, 2, 29, 12)),
        ((2028, 2, 29, 12), "P1Y", (2029, 2, 28, 12)),
        ((2026, 12, 31, 12), "P2M", (2027, 2, 28, 12)),
        ((2026, 3, 28, 12), "P1D", (2026, 3, 29, 12)),
        ((2026, 3, 28, 12), "PT24H", (2026, 3, 29, 13)),
        ((2026, 10, 24, 12), "P1D", (2026, 10, 25, 12)),
        ((2026, 10, 24, 12), "PT24H", (2026, 10, 25, 11)),
        ((2026, 3, 28, 2), "P1D", (2026, 3, 29, 3)),
    ],
)  # fmt: skip
def test_days_and_months_follow_the_wall_clock_and_hours_do_not(
    start: tuple[int, int, int, int], length: str, expected: tuple[int, int, int, int]
) -> None:
    due = duration(length).after(datetime(*start, tzinfo=BERLIN))

    assert due.astimezone(BERLIN) == datetime(*expected, tzinfo=BERLIN)
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-07-01T08:00:00", datetime(2026, 7, 1, 6, tzinfo=UTC)),
        ("2026-07-01T08:00:00+05:30", datetime(2026, 7, 1, 2, 30, tzinfo=UTC)),
    ],
)
def test_moments_without_an_offset_are_local(text: str, expected: datetime) -> None:
    assert moment(text, BERLIN) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('date("2026-07-01")', datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ('date and time("2026-07-01T08:00:00")', datetime(2026, 7, 1, 6, tzinfo=UTC)),
        ('date and time("2026-07-01T08:00:00Z")', datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ('duration("P1Y2M")', datetime(2027, 8, 1, 10, tzinfo=UTC)),
        ('duration("P2DT3H")', datetime(2026, 6, 3, 13, tzinfo=UTC)),
        ("wait", datetime(2026, 6, 11, 10, tzinfo=UTC)),
    ],
)
def test_expressions_may_say_when(expression: str, expected: datetime) -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=BERLIN)

    assert Timing(computed=feel.compile(expression)).due(now, {"wait": "P10D"}) == expected


@pytest.mark.parametrize("ends", Ends)
@pytest.mark.parametrize(
    "expression", ['date("9999-12-31")', 'date and time("0001-01-01T00:00:00Z")', 'duration("P2800000D")']
)
def test_the_ends_of_the_calendar_can_still_be_shown_everywhere(expression: str, ends: Ends) -> None:
    due = Timing(computed=feel.compile(expression), ends=ends).due(datetime(2026, 6, 1, tzinfo=BERLIN), {})

    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert 1899 <= last_day(due, ZoneInfo(zone)).year <= 9000


def test_feel_takes_48_hours_for_two_days_and_the_file_does_not() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=BERLIN)

    assert Timing(computed=feel.compile('duration("PT48H")')).due(before, {}).astimezone(BERLIN).hour == 12
    assert Timing(written="PT48H").due(before, {}).astimezone(BERLIN).hour == 11


@pytest.mark.parametrize("expression", ["null", "3", "true", '"soon"', "[1]", "{}", "missing"])
def test_an_expression_that_says_nothing_sensible_is_an_error(expression: str) -> None:
    with pytest.raises(ValueError, match=r"duration|moment|iso"):
        Timing(computed=feel.compile(expression)).due(datetime(2026, 6, 1, tzinfo=UTC), {})
