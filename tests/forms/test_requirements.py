"""What changes from year to year for a national visa: rows with a day, computed into the form."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from consular import formspec
from consular.core import clock
from consular.formspec import loading
from tests.forms.tables import asked
from tests.formspec import forms

FORM = formspec.latest("national_visa").form
BORN = "1975-06-01"


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(datetime(2026, 3, 2, 9, tzinfo=UTC)):
        yield


@pytest.mark.parametrize(
    ("facts", "amount", "rule"),
    [
        ({"category": "D_BLUE", "blue_card": "standard"}, 50700, "blue_card_2026"),
        ({"category": "D_BLUE", "blue_card": "lower_salary"}, "45934.20", "blue_card_lower_2026"),
        ({"category": "D_BLUE", "blue_card": "standard", "on": date(2025, 12, 31)}, 48300, "blue_card_2025"),
        ({"category": "D_BLUE", "blue_card": "standard", "on": date(2024, 5, 1)}, 45300, "blue_card_2024"),
        ({"category": "D_BLUE", "blue_card": "standard", "on": date(2023, 5, 1)}, None, None),
        ({"category": "D_EMP_VOC", "birth_date": date(1981, 3, 1)}, 55770, "from_45_2026"),
        ({"category": "D_EMP_VOC", "birth_date": date(1981, 3, 2)}, None, None),
        ({"category": "D_EMP_OTHER", "birth_date": date(1961, 3, 2)}, None, None),
    ],
)
def test_the_least_pay_of_the_year(facts: dict[str, Any], amount: Any, rule: str | None) -> None:
    usual = {"on": date(2026, 3, 1), "blue_card": None, "birth_date": date(1990, 1, 1)}
    value, rules = asked("national_visa", "requirements", "salary_minimum", **usual | facts)
    assert (value and str(value)) == (amount and str(amount))
    assert rules == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("decision", "category", "day", "value"),
    [
        ("lessons_needed", "D_LANG", date(2026, 3, 1), 18),
        ("lessons_needed", "D_STUDY", date(2026, 3, 1), None),
        ("training_german", "D_VOC", date(2026, 3, 1), ["B1", "B2"]),
        ("training_german", "D_LANG", date(2026, 3, 1), None),
        ("points_needed", "D_CHANCE", date(2026, 3, 1), 6),
        ("points_needed", "D_CHANCE", date(2024, 5, 31), None),
    ],
)
def test_what_else_is_needed(decision: str, category: str, day: date, value: Any) -> None:
    assert asked("national_visa", "requirements", decision, on=day, category=category)[0] == value


def test_people_and_officers_read_the_least_pay_beside_the_answers_and_it_keeps_nobody_from_applying() -> (
    None
):
    answers = {
        "category": "D_BLUE",
        "birth_date": BORN,
        "salary": "10000",
        "weekly_hours": "39",
        "blue_card": "standard",
    }
    shown = {
        answer.id: answer.value for page in formspec.shown(FORM.pages, answers) for answer in page.answers
    }
    assert shown["salary_minimum"].startswith("50,700")
    wrong = [problem.question for problem in formspec.problems(FORM, answers)]
    assert "salary" not in wrong
    assert "salary_minimum" not in {
        a.id for p in formspec.shown(FORM.pages, {"category": "D_LANG"}) for a in p.answers
    }


def test_a_value_needs_a_decision_that_is_there() -> None:
    text = forms.question("text") + '\n[[derived]]\nid = "points"\ndecision = "requirements.point"'
    head = 'title = "Test"\nservice_group = "visa_c"\n[[pages]]\nid = "about"\ntitle = "About"\n'
    tables = formspec.latest("national_visa").tables
    (finding,) = loading.findings(head + text, "form.toml", tables)
    assert 'there is no decision "requirements.point"' in finding.message
    assert loading.findings(head + text.replace('point"', 'lessons_needed"'), "form.toml", tables)[
        0
    ].message == ('the value uses "category", which is not asked')
