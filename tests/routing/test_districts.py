"""The most specific district wins, and agrees with a search that reads every row."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from consular.missions import areas
from consular.missions.areas import chain
from consular.missions.models import District, ServiceGroup
from consular.routing.answers import NotPrecise
from consular.routing.districts import Row, division, find, most_specific
from tests import factories

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


FIRST = date(2026, 1, 1)
days = st.integers(0, 12).map(lambda number: FIRST + timedelta(days=number))
histories = st.dictionaries(
    st.sampled_from([(group, area) for group in ("visa_c", "notarial") for area in AREAS]),
    st.lists(st.tuples(days, st.integers(0, 3)), min_size=1, max_size=3, unique_by=lambda change: change[0]),
)


class DatedRows(TestCase):
    """The same against the database, on every day around the changes."""

    @settings(max_examples=30, deadline=None)
    @given(histories, st.sampled_from(AREAS), st.sampled_from(["visa_c", "notarial"]), days)
    def test_the_search_agrees_with_the_naive_one_on_every_day(
        self, histories: dict[tuple[str, str], list[tuple[date, int]]], area: str, group: str, day: date
    ) -> None:
        missions = [factories.mission() for _ in range(4)]
        rows = []
        for (held, place), changes in histories.items():
            ordered = sorted(changes)
            ends = [since for since, _ in ordered[1:]] + [None]
            for (since, number), end in zip(ordered, ends, strict=True):
                rows.append((held, place, since, end, missions[number].pk))
                District.objects.create(
                    service_group=held, area=place, valid_from=since, valid_to=end, mission=missions[number]
                )
        today = [
            Row(place, mission)
            for held, place, since, end, mission in rows
            if held == group and since <= day and (end is None or day < end)
        ]

        needed = division(today, area, most_specific(today, chain(area)))
        if needed:
            with pytest.raises(NotPrecise, match="Several missions share"):
                find(ServiceGroup(group), areas.canonical(area), day)
        else:
            found = find(ServiceGroup(group), areas.canonical(area), day).district
            assert (found.mission_id if found else None) == naive(today, area)
