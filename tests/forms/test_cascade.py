"""For how long frequent travellers receive a visa for multiple entries (Visa Code art. 24(2)), row by row."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from consular.rules import check, dmn
from consular.rules.dmn import Result

FILE = Path(settings.FORMS_DIR) / "schengen_visa" / "v1" / "cascade.dmn"
TABLE = dmn.load(FILE.read_bytes())
NOBODY = {"has_doubts": False, "two_year_visas": 0, "one_year_visas": 0, "visas": 0}


def asked(decision: str = "cascade", **facts: Any) -> Result:
    """The answer for somebody who has never had a visa, but for these facts."""
    days = {"on": date(2026, 5, 1), "valid_from": date(2026, 7, 1), "doc_valid_until": date(2035, 1, 1)}
    return TABLE.decide(decision, {**NOBODY, **days, **facts})


@pytest.mark.parametrize(
    ("facts", "years", "rule"),
    [
        ({}, None, "as_applied_for"),
        ({"visas": 2}, None, "as_applied_for"),
        ({"visas": 3}, 1, "one_year"),
        ({"one_year_visas": 1}, 2, "two_years"),
        ({"visas": 3, "one_year_visas": 1}, 2, "two_years"),
        ({"two_year_visas": 1}, 5, "five_years"),
        ({"visas": 9, "one_year_visas": 1, "two_year_visas": 1}, 5, "five_years"),
        ({"two_year_visas": 1, "has_doubts": True}, None, "doubts"),
        ({"two_year_visas": 1, "on": date(2020, 2, 2)}, 5, "five_years"),
        ({"two_year_visas": 1, "on": date(2020, 2, 1)}, None, "before_2020"),
    ],
)
def test_each_step_follows_from_the_visas_that_were_used(
    facts: dict[str, Any], years: int | None, rule: str
) -> None:
    result = asked(**facts)

    assert (result.value["years"], result.rules, result.errors) == (years, (rule,), ())


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        ({}, None),
        ({"visas": 3}, date(2027, 6, 30)),
        ({"one_year_visas": 1}, date(2028, 6, 30)),
        ({"two_year_visas": 1}, date(2031, 6, 30)),
        ({"two_year_visas": 1, "doc_valid_until": date(2029, 3, 15)}, date(2029, 3, 15)),
        ({"visas": 3, "valid_from": date(2028, 2, 29)}, date(2029, 2, 27)),
    ],
)
def test_it_ends_with_the_years_or_with_the_travel_document(
    facts: dict[str, Any], until: date | None
) -> None:
    result = asked("cascade_until", **facts)

    assert (result.value, result.errors) == (until, ())


def test_the_table_has_neither_gap_nor_dead_rule() -> None:
    assert check.check_file(FILE) == ()
