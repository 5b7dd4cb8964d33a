"""What FEEL computes becomes JSON."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.rules import feel
from consular.rules.values import Months, Range
from consular.workflow.timing import Timing, duration
from consular.workflow.values import to_json
from tests import rows


@rows.every("value, expected", [
        (None, None), (True, True), ("text", "text"), (3, 3), (Decimal("3"), 3), (Decimal("3.50"), 3.5),
        (Decimal("1E+3"), 1000), (date(2026, 6, 1), "2026-06-01"), (time(8, 30), "08:30:00"),
        (datetime(2026, 6, 1, tzinfo=UTC), "2026-06-01T00:00:00+00:00"),
        ([Decimal(1), [date(2026, 1, 1)]], [1, ["2026-01-01"]]), ({"a": (Decimal(1),)}, {"a": [1]}),
        (Decimal("NaN"), None), (Decimal("Infinity"), None), (float("inf"), None), (Decimal("-1E+6000"), None),
        (timedelta(days=1), "P1D"), (timedelta(days=2, hours=3), "P2DT3H"), (timedelta(), "PT0S"),
        (Months(14), "P1Y2M"), (-timedelta(days=1), "-P1D"),
        ([Months(1)], ["P1M"]), (Range(Decimal(1), Decimal(2), True, False), "[1..2)"),
    ])  # fmt: skip
def test_every_value_becomes_json(value: object, expected: object) -> None:
    assert to_json(value) == expected
    json.dumps(to_json(value), allow_nan=False)


@given(
    st.one_of(st.timedeltas(timedelta(-9999), timedelta(9999)), st.builds(Months, st.integers(-9999, 9999)))
)
def test_a_duration_kept_as_json_is_read_back_in_feel(value: timedelta | Months) -> None:
    assert feel.evaluate("duration(kept)", {"kept": to_json(value)}) == value


@pytest.mark.parametrize("text", ["P1D", "P1Y2M", "P2DT3H"])
def test_a_timer_takes_a_duration_that_was_kept_as_json(text: str) -> None:
    kept = to_json(feel.evaluate("duration(text)", {"text": text}))
    timing = Timing(computed=feel.compile("kept"))
    now = datetime(2026, 1, 31, tzinfo=UTC)

    assert timing.due(now, {"kept": kept}) == duration(text).after(now)
