"""The identity card: its tables row by row, its form, and a case that ends with a restriction."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from consular import fees, formspec
from consular.cases.models import Phase
from consular.core import clock
from tests.forms import test_passport_form, walking
from tests.forms.tables import asked, untested

SERVICE = "identity_card"
FOLDER = formspec.latest(SERVICE)
FORM = FOLDER.form
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BEFORE = date(2026, 2, 6)
ONLY_PASSPORTS = ("document", "second_passport", "more_pages", "express")

COMPETENT = [
    ({"lives_in_district": True}, "here", "district"),
    ({"good_cause": True}, "authorisation", "with_cause"),
    ({}, "elsewhere", "other_authority"),
]
AUTHORITIES = [
    ({"lives_in_district": True, "good_cause": True}, []),
    ({"good_cause": True}, ["authorisation"]),
    ({"lives_in_district": True, "name_unclear": True}, ["registrar"]),
    ({"lives_in_district": True, "citizenship_unclear": True}, ["citizenship"]),
]
ANSWERS = [
    ([{"partner": "competent_authority", "answer": "objection"}], "not_authorised"),
    ([{"partner": "registrar", "answer": "objection"}], "objection"),
    ([{"partner": "registrar", "answer": "none"}], "missing"),
    ([], "consent"),
]
FEES = [
    ({"age": 24}, "89", "identity_card_2026"),
    ({}, "89", "identity_card_2026"),
    ({"age": 23}, "70.60", "identity_card_young_2026"),
    ({"age": 24, "authorised": True}, "102", "identity_card_2026"),
    ({"age": 23, "authorised": True}, "83.60", "identity_card_young_2026"),
    ({"age": 24, "out_of_hours": True}, "102", "identity_card_2026"),
    ({"age": 24, "on": BEFORE}, "78", "identity_card_before"),
    ({"age": 23, "on": BEFORE}, "63.80", "identity_card_young_before"),
    ({"waiver": "need"}, "0", "waived_identity_card"),
    ({"waiver": "defect"}, "0", "defect"),
]
ALWAYS = {"photo", "residence"}
BROUGHT = [
    ({"case_type": "renewal"}, {"old_document"}),
    ({"case_type": "renewal", "age": 15}, {"old_document", "parents"}),
    ({"case_type": "renewal", "age": 16}, {"old_document"}),
    ({"case_type": "first", "name_unclear": True}, {"birth", "citizenship", "marriage_of_parents", "name"}),
    ({"case_type": "lost", "left_germany": True}, {"police_report", "identity", "deregistration"}),
]
DURATIONS = [({}, 42, 70), ({"name_unclear": True}, 120, 180)]
VALIDITY = [({"age": 23}, 6), ({"age": 24}, 10), ({}, 10)]


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def answers(**changed: Any) -> dict[str, Any]:
    """A German who lives in Mumbai and whose card expires (None removes)."""
    return test_passport_form.answers(**dict.fromkeys(ONLY_PASSPORTS) | changed)


def wrong(**changed: Any) -> list[str]:
    return [problem.question for problem in formspec.problems(FORM, answers(**changed))]


@pytest.mark.parametrize(("facts", "competence", "rule"), COMPETENT)
def test_which_authority_is_competent(facts, competence, rule) -> None:
    assert asked(SERVICE, "competence", "competence", **facts) == (competence, [rule])


@pytest.mark.parametrize(("facts", "rules"), AUTHORITIES)
def test_which_authorities_must_answer(facts, rules) -> None:
    assert asked(SERVICE, "competence", "authorities", **facts)[1] == rules


@pytest.mark.parametrize(("given", "meaning"), ANSWERS)
def test_what_their_answers_mean_together(given, meaning) -> None:
    assert asked(SERVICE, "competence", "consents", answers=given)[0] == meaning


@pytest.mark.parametrize(
    ("table", "decision", "rows"),
    [
        ("competence", "competence", [facts for facts, *_ in COMPETENT]),
        ("competence", "authorities", [facts for facts, _ in AUTHORITIES]),
        ("competence", "consents", [{"answers": given} for given, _ in ANSWERS]),
    ],
)
def test_every_row_is_tested(table, decision, rows) -> None:
    assert untested(SERVICE, table, decision, rows) == []


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"can_come": False}, "can_come"),
        ({"residence_country": "DEU", "residence_area": None}, "residence_country"),
        ({"nationality": "AUT"}, "nationality"),
        ({"birth_date": "2010-03-03"}, "custody"),
        ({"applies_at": "staying"}, "applies_at"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(changes: dict[str, Any], question: str) -> None:
    assert question in wrong(**changes)


@pytest.mark.parametrize(
    "changes", [{}, {"birth_date": "2010-03-02"}, {"birth_date": "2015-06-01"} | test_passport_form.CHILD]
)
def test_from_sixteen_on_everybody_applies_alone(changes: dict[str, Any]) -> None:
    assert wrong(**changes) == []


def test_the_finder_knows_fee_and_papers_before_the_start() -> None:
    told = fees.with_derived(FOLDER, {"age": 30, "applies_at": "registered", "case_type": "lost"})

    assert fees.due(FOLDER, told, NOW.date()).amount == 102
    assert "police_report" in {paper.id for paper in fees.documents(FOLDER, told, NOW.date())}


@pytest.mark.django_db
def test_a_card_with_a_restriction_is_handed_over_after_its_letter() -> None:
    case = walking.sent(SERVICE, answers())
    way = {"apply": test_passport_form.COUNTER, "check": test_passport_form.CHECK,
        "search_registers": test_passport_form.SEARCH,
        "propose": {"recommendation": "restrict", "grounds": ["1"], "reasons": "Gründe.",
            "conditions": "Berechtigt nicht zum Verlassen Deutschlands."},
        "approve_refusal": {"approved": True}, "order": {"order_number": "A1", "data_signed": True},
        "receive": test_passport_form.QUALITY,
        "hand_over": {"handed_to": "applicant", "old_document": "cancelled", "fingerprints_deleted": "deleted"},
        "enter_register": test_passport_form.REGISTER}  # fmt: skip

    walking.booked(case)

    assert walking.worked(case, way) == list(way)
    case.refresh_from_db()
    assert case.phase == Phase.CLOSED
    assert walking.letters(case) == ["L01", "L15", "L14.ready"]
