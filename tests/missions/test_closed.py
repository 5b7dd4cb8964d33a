"""Weekends and holidays of two countries, as data that may be corrected."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import holidays
import pytest

from consular.missions import closed, gazetteer
from consular.missions.closed import is_holiday, is_weekend, public_holidays

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[Mapping[str, object]]]]:
    """Data of the test's own, read as if they had been shipped."""
    found: dict[str, list[Mapping[str, object]]] = {"weekend": [], "correction": []}
    monkeypatch.setattr(gazetteer, "WORKING_DAYS", found)
    closed.public_holidays.cache_clear()
    closed.weekends.cache_clear()
    yield found
    closed.public_holidays.cache_clear()
    closed.weekends.cache_clear()


@pytest.mark.parametrize(
    ("country", "free"),
    [
        ("DE", [6, 7]), ("IN", [6, 7]), ("XX", [6, 7]), ("JO", [5, 6]), ("EG", [5, 6]), ("AF", [4, 5]), ("BN", [5, 7]),
        ("NP", [6]), ("AE", [6, 7]),
    ],
)  # fmt: skip
def test_the_weekend_is_the_one_of_the_host_country(country: str, free: list[int]) -> None:
    week = [FRIDAY + timedelta(days=n) for n in range(7)]

    assert sorted(day.isoweekday() for day in week if is_weekend(country, day)) == free


def test_a_weekend_holds_from_a_day_to_before_another() -> None:
    assert is_weekend("AE", date(2021, 12, 31))
    assert not is_weekend("AE", date(2022, 1, 7))


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("IN", date(2027, 1, 26), True), ("IN", date(2027, 5, 6), True), ("IN", date(2027, 5, 7), False),
        ("DE", date(2027, 1, 26), False), ("XX", date(2027, 10, 3), True), ("US", date(2026, 7, 3), True),
    ],
)  # fmt: skip
def test_holidays_are_those_of_host_and_germany(country: str, day: date, *, expected: bool) -> None:
    assert is_holiday(country, day) is expected


def test_a_country_without_a_known_calendar_has_no_holidays_of_its_own() -> None:
    assert public_holidays("XX", 2027) == frozenset()


def test_a_correction_moves_a_feast_whose_day_was_an_estimate(
    data: dict[str, list[Mapping[str, object]]],
) -> None:
    estimated = min(day for day, name in _holidays_of("PK", 2027) if "estimated" in name)
    announced = estimated - timedelta(days=1)
    data["correction"] = [
        {"country": "PK", "day": estimated, "free": False}, {"country": "PK", "day": announced, "free": True},
        {"country": "IN", "day": date(2027, 1, 26), "free": False},
    ]  # fmt: skip

    assert (is_holiday("PK", estimated), is_holiday("PK", announced)) == (False, True)


def _holidays_of(country: str, year: int) -> list[tuple[date, str]]:
    return list(holidays.country_holidays(country, years=year).items())


def test_the_shipped_data_are_well_formed() -> None:
    shipped = gazetteer.WORKING_DAYS

    assert shipped.keys() <= {"weekend", "correction"}
    for row in shipped["weekend"]:
        assert row.keys() <= {"countries", "days", "valid_from", "valid_to", "uncertain"}
        assert set(row["days"]) < {1, 2, 3, 4, 5, 6, 7}
        assert row.get("valid_from", date.min) < row.get("valid_to", date.max)
    for row in shipped.get("correction", ()):
        assert row.keys() <= {"country", "day", "free", "uncertain"}
