"""Fees are as the law says, row by row, on the days before and after a change."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from consular import fees
from consular.fees import tables
from consular.formspec import Folder, Form
from consular.rules import dmn
from tests import rows

V1 = Path(settings.FORMS_DIR) / "schengen_visa" / "v1"
TODAY = date(2026, 3, 1)
RISE = date(2024, 6, 11)


def folder(**files: str) -> Folder:
    """The decision tables of the Schengen visa, without its form; `files` replaces the text of a table."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in V1.glob("*.dmn")} | files
    return Folder(
        service="schengen_visa",
        version=1,
        form=Form(title="Schengen visa", service_group="visa_c", pages=(), tasks={}, declarations=()),
        process=b"",
        tables={stem: dmn.load(text.encode()) for stem, text in texts.items()},
    )


SCHENGEN = folder()


def born(years: int, on: date = TODAY, days: int = 0) -> str:
    """The birth date of somebody who completed `years` on a day, `days` before it."""
    return (on.replace(year=on.year - years) - timedelta(days=days)).isoformat()


@rows.every(
    "facts, on, amount, rule",
    [
        ({"birth_date": born(36)}, TODAY, "90.00", "adult_2024"),
        ({}, TODAY, "90.00", "adult_2024"),
        ({"age": 12}, RISE, "90.00", "adult_2024"),
        ({"age": 12}, RISE - timedelta(days=1), "80.00", "adult_2020"),
        ({"age": 12}, date(2020, 2, 2), "80.00", "adult_2020"),
        ({"age": 12}, date(2020, 2, 1), "60.00", "adult_2010"),
        ({"age": 11}, RISE, "45.00", "child_2024"),
        ({"age": 6}, RISE - timedelta(days=1), "40.00", "child_2020"),
        ({"age": 6}, date(2020, 2, 1), "35.00", "child_2010"),
        ({"age": 5}, TODAY, "0.00", "under_6"),
        ({"birth_date": born(12)}, TODAY, "90.00", "adult_2024"),
        ({"birth_date": born(12, days=-1)}, TODAY, "45.00", "child_2024"),
        ({"birth_date": born(6, days=-1)}, TODAY, "0.00", "under_6"),
        ({"birth_date": "2014"}, TODAY, "45.00", "child_2024"),
        ({"nationality": "ARM", "age": 40}, TODAY, "35.00", "facilitated"),
        ({"nationality": "ARM", "age": 11}, TODAY, "0.00", "facilitated_child"),
        ({"nationality": "CPV", "age": 40}, TODAY, "67.50", "facilitated_cabo_verde"),
        ({"nationality": "CPV", "age": 40}, RISE - timedelta(days=1), "80.00", "adult_2020"),
        ({"purposes": ["tourism", "study"], "age": 20}, TODAY, "0.00", "students"),
        ({"purposes": ["tourism"], "age": 20}, TODAY, "90.00", "adult_2024"),
        ({"purposes": [], "age": 20}, TODAY, "90.00", "adult_2024"),
        ({"eu_family": True, "age": 40}, TODAY, "0.00", "eu_family_free"),
        ({"eu_family": False, "age": 40}, TODAY, "90.00", "adult_2024"),
        ({"german_family": True, "age": 40}, TODAY, "0.00", "german_family_free"),
        ({"waiver": "researcher", "age": 40}, TODAY, "0.00", "researchers"),
        ({"waiver": "non_profit", "age": 25}, TODAY, "0.00", "non_profit"),
        ({"waiver": "non_profit", "age": 26}, TODAY, "90.00", "adult_2024"),
        ({"waiver": "individual", "age": 40}, TODAY, "0.00", "individual"),
        ({"waiver": "because", "age": 40}, TODAY, "90.00", "adult_2024"),
    ],
)
def test_the_fee_of_a_schengen_visa(facts: dict[str, object], on: date, amount: str, rule: str) -> None:
    fee = fees.due(SCHENGEN, {"nationality": "IND", **facts}, on)

    assert (fee.amount, fee.currency, fee.rule) == (Decimal(amount), "EUR", rule)
    assert fee.waived is (fee.amount == 0)
    assert fee.basis


def test_nobody_younger_pays_more() -> None:
    amounts = [band.fee.amount for band in fees.by_age(SCHENGEN, {"nationality": "IND"}, TODAY)]

    assert amounts == [Decimal("0.00"), Decimal("45.00"), Decimal("90.00")]


def test_bands_of_age_touch_each_other() -> None:
    bands = fees.by_age(SCHENGEN, {"nationality": "IND"}, TODAY)

    assert [(band.first, band.last) for band in bands] == [(0, 5), (6, 11), (12, None)]


@given(
    st.dates(date(2010, 4, 5), date(2040, 1, 1)),
    st.integers(0, 120),
    st.sampled_from(["IND", "ARM", "CPV", "XXA"]),
)
def test_everybody_has_a_fee_on_every_day(on: date, age: int, nationality: str) -> None:
    fee = fees.due(SCHENGEN, {"age": age, "nationality": nationality}, on)

    assert 0 <= fee.amount <= 90


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_one_grows_older_on_ones_birthday(born_on: date, years: int) -> None:
    leap = (born_on.month, born_on.day) == (2, 29)
    birthday = date(born_on.year + years, 3, 1) if leap else born_on.replace(year=born_on.year + years)

    assert tables.age(born_on, birthday) == years
    assert (
        tables.age(born_on, birthday.replace(month=2, day=28) if leap else birthday - timedelta(days=1))
        == years - 1
    )


def test_a_table_without_a_fee_is_our_mistake() -> None:
    emptied = (
        (V1 / "fees.dmn").read_text(encoding="utf-8").replace("<text>90</text>", '<text>"ninety"</text>')
    )

    with pytest.raises(fees.TableFailed):
        fees.due(folder(fees=emptied), {"age": 40}, TODAY)


def test_a_service_without_a_tariff_is_our_mistake() -> None:
    bare = Folder(service="x", version=1, form=SCHENGEN.form, process=b"", tables={})

    with pytest.raises(fees.TableFailed, match="no fees.dmn"):
        fees.due(bare, {}, TODAY)


def test_texts_in_facts_that_look_like_rules_are_only_texts() -> None:
    facts = {"nationality": '" or true or "', "waiver": "\0\u202e<b>", "purposes": ['study" , "x'], "age": 40}

    assert fees.due(SCHENGEN, facts, TODAY).rule == "adult_2024"
