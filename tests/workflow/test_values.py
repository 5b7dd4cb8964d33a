"""What FEEL computes becomes JSON."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from consular.workflow.values import to_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None), (True, True), ("text", "text"), (3, 3), (Decimal("3"), 3), (Decimal("3.50"), 3.5),
        (Decimal("1E+3"), 1000), (date(2026, 6, 1), "2026-06-01"), (time(8, 30), "08:30:00"),
        (datetime(2026, 6, 1, tzinfo=UTC), "2026-06-01T00:00:00+00:00"),
        ([Decimal(1), [date(2026, 1, 1)]], [1, ["2026-01-01"]]), ({"a": (Decimal(1),)}, {"a": [1]}),
        (Decimal("NaN"), None), (Decimal("Infinity"), None), (float("inf"), None), (Decimal("-1E+6000"), None),
        (timedelta(days=1), "1 day, 0:00:00"),
    ],
)  # fmt: skip
def test_every_value_becomes_json(value: object, expected: object) -> None:
    assert to_json(value) == expected
    json.dumps(to_json(value), allow_nan=False)
