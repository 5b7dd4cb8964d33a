"""The most specific district wins, and agrees with a search that reads every row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular.missions.areas import chain
from consular.routing.districts import Row, division, most_specific

AREAS = ["US", "US-CA", "US-CT", "US-CA/06037", "US-CA/06001", "US-CT/09001", "IN", "IN-MH", "CA"]


def naive(rows: list[Row], area: str) -> int | None:
    """Cut the code from the right until a row bears what is left."""
    for length in range(len(area), 1, -1):
        for row in rows:
            if row.area == area[:length]:
                return row.mission
    return None


tables = st.dictionaries(st.sampled_from(AREAS), st.integers(1, 4)).map(
    lambda table: [Row(area, mission) for area, mission in table.items()]
)


@given(tables, st.sampled_from(AREAS))
def test_the_search_agrees_with_the_naive_one(rows: list[Row], area: str) -> None:
    found = most_specific(rows, chain(area))

    assert (found.mission if found else None) == naive(rows, area)


@given(tables, st.sampled_from(AREAS))
def test_where_no_division_is_seen_every_part_has_the_same_mission(rows: list[Row], area: str) -> None:
    found = most_specific(rows, chain(area))
    parts = [row for row in rows if row.area.startswith((area + "-", area + "/"))]

    same = found is not None and all(row.mission == found.mission for row in parts)
    assert (division(rows, area, found) is None) == (same or not parts)


@pytest.mark.parametrize(
    ("rows", "area", "needed"),
    [
        ([Row("US-CA", 1), Row("US-CA/06037", 2)], "US-CA", "county"),
        ([Row("US-CA", 1), Row("US-CA/06037", 2)], "US-CA/06001", None),
        ([Row("US-CA", 1), Row("US-CA/06037", 1)], "US-CA", None),
        ([Row("US-CA", 1)], "US", "state"),
        ([Row("US", 1), Row("US-CA/06037", 2)], "US", "state"),
        ([Row("CA", 1)], "US-CA", None),
        ([], "US", None),
    ],
)
def test_a_divided_area_says_what_has_to_be_named(rows: list[Row], area: str, needed: str | None) -> None:
    assert division(rows, area, most_specific(rows, chain(area))) == needed
