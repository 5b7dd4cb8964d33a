"""The form of the emergency travel document: few questions, what they open, and applications walked to their ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from consular import fees, formspec
from consular.cases.models import Phase
from consular.core import clock
from consular.formspec import Problem
from consular.routing import Because
from tests.forms import walking

FOLDER = formspec.latest("emergency_travel_document")
FORM = FOLDER.form
NOW = datetime(2026, 3, 2, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_night() -> Iterator[None]:
    with clock.at(NOW):
        yield


def answers(**changed: Any) -> dict[str, Any]:
    """A German on holiday in Mumbai whose bag was stolen (None removes)."""
    values = {
        "nationality": "DEU",
        "lost": True,
        "loss_told": "Bag stolen at the station this evening",
        "present_country": "IND",
        "present_area": "IN-MH",
        "lives_there": False,
        "residence_country": "DEU",
        "returns_home": True,
        "travel_on": "2026-03-04",
        "surname": "Muster",
        "given_names": "Erika",
        "birth_date": "1990-04-12",
        "birth_place": "Bonn",
        "phone": "+91 22 5550 1234",
    }
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


UNION = {"nationality": "SVN", "returns_home": None, "destination": "SVN"}
COUNTER = {"established": True, "identity_by": ["copy"], "custody": "adult", "photo": "taken", "height": "170",
    "eye_colour": "blue", "fee": "paid"}  # fmt: skip
LOSS = {"lost_document": "EPASS", "lost_on": "2026-03-02", "lost_at": "Mumbai", "reported_to": ["issuing"]}
LISTS = {"registers": ["sis", "police"], "alert": False}
PRINT = {"printed_document": "REAG", "serial_number": "C01X00T47", "valid_until": "2026-03-10"}


def wrong(problems: list[Problem]) -> list[str]:
    return [problem.question for problem in problems]


def test_somebody_in_need_answers_sixteen_questions_at_most() -> None:
    asked = [question for question in FORM.questions if question.show_when is None]

    assert wrong(formspec.problems(FORM, answers())) == []
    assert len(asked) + len(["loss_told", "residence_country", "returns_home"]) <= 16
    assert not [question.id for question in asked if question.kind == "long_text"]


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"loss_told": None}, "loss_told"),
        ({"residence_country": None}, "residence_country"),
        ({"returns_home": None}, "returns_home"),
        ({**UNION, "destination": None}, "destination"),
        ({"present_country": "DEU"}, "present_country"),
        ({"travel_on": "2026-03-01"}, "travel_on"),
        ({"birth_date": "2026-03-04"}, "birth_date"),
        ({"birth_date": "2008-03-03"}, "guardian"),
        ({"phone": "what"}, "phone"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(changes: dict[str, Any], question: str) -> None:
    assert question in wrong(formspec.problems(FORM, answers(**changes)))


@pytest.mark.parametrize(
    "changes",
    [UNION, {"lost": False, "loss_told": None}, {"lives_there": True, "residence_country": None},
     {"birth_date": "2008-03-02"}, {"travel_on": "2026-03-03"}, {"present_country": "JOR", "present_area": None}],
)  # fmt: skip
def test_other_people_can_send_it_too(changes: dict[str, Any]) -> None:
    assert wrong(formspec.problems(FORM, answers(**changes))) == []


def test_only_who_lost_a_document_reports_its_loss() -> None:
    assert formspec.declarations(FORM, answers())[-1].id == "lost_and_found"
    assert [each.id for each in formspec.declarations(FORM, answers(lost=False))] == ["true_statements"]


@pytest.mark.parametrize(
    ("facts", "amount", "papers"),
    [
        ({"nationality": "DEU", "lost": True, "returns_home": True}, 57, {"police_report", "citizenship"}),
        ({"nationality": "DEU", "lost": False, "returns_home": False}, 75, {"citizenship"}),
        ({"nationality": "SVN", "lost": False}, 57, {"identity", "journey"}),
    ],
)
def test_the_finder_knows_fee_and_papers_before_the_start(
    facts: dict[str, Any], amount: int, papers: set[str]
) -> None:
    on = NOW.date()
    told = fees.with_derived(FOLDER, facts)

    assert [question.id for question in fees.questions(FOLDER)] == ["lost", "returns_home"]
    assert fees.due(FOLDER, told, on).amount == amount
    assert papers <= {paper.id for paper in fees.documents(FOLDER, told, on)}


@pytest.mark.parametrize(
    ("task", "entries", "question"),
    [
        ("identity", {**COUNTER, "identity_by": None}, "identity_by"),
        ("identity", {**COUNTER, "height": "17"}, "height"),
        ("loss", {**LOSS, "lost_on": "2026-03-03"}, "lost_on"),
        ("registers", {**LISTS, "registers": ["sis"]}, "registers"),
        ("registers", {**LISTS, "alert": True}, "alert_text"),
        ("approval", {"approved": False}, "reason"),
        ("printing", {**PRINT, "valid_until": "2026-04-03"}, "valid_until"),
        ("printing", {**PRINT, "printed_document": "PROV", "valid_until": "2027-03-03"}, "valid_until"),
        ("printing", {**PRINT, "valid_until": "2026-03-01"}, "valid_until"),
        ("quality", {"faultless": False}, "fault"),
        ("voiding", {"voided": ["cancelled"]}, "voided"),
        ("register", {"entered_on": "2026-03-03"}, "entered_on"),
    ],
)
def test_officers_cannot_pass_over_what_counts(task: str, entries: dict[str, Any], question: str) -> None:
    assert wrong(formspec.page_problems(FORM.tasks[task], entries)) == [question]


def test_what_officers_enter_as_a_rule_is_in_order() -> None:
    for task, entries in (("identity", COUNTER), ("loss", LOSS), ("registers", LISTS), ("printing", PRINT)):
        assert wrong(formspec.page_problems(FORM.tasks[task], entries)) == []


@pytest.mark.django_db
def test_a_stolen_passport_ends_in_a_document_and_a_letter_about_the_loss() -> None:
    case = walking.sent("emergency_travel_document", answers(), language="fr")
    way = {"check_identity": COUNTER, "search_registers": LISTS, "block_lost": LOSS, "approve": {"approved": True},
        "print_document": PRINT, "check_print": {"faultless": True}, "hand_over": {"handed_to": "applicant"},
        "enter_register": {"entered_on": "2026-03-02"}}  # fmt: skip

    assert walking.worked(case, way) == list(way)
    case.refresh_from_db()
    assert (case.mission.code, case.phase, case.outcome) == ("MUMB", Phase.CLOSED, "issued")
    assert "You are staying in" in str(Because.from_json(case.because))
    assert walking.letters(case) == ["L01", "L14.loss"]


@pytest.mark.django_db
def test_who_is_not_known_gets_a_refusal_with_reasons() -> None:
    case = walking.sent("emergency_travel_document", answers(lost=False, lives_there=True))
    way = {
        "check_identity": {**COUNTER, "established": False, "identity_by": []},
        "clarify_identity": {
            "authorities": ["registry"],
            "clarified": False,
            "clarification_text": "Nobody known",
        },
        "propose_refusal": {
            "grounds": ["13"],
            "facts": "Es gibt keine Unterlagen.",
            "reasons": "Nicht geklärt.",
        },
        "approve_refusal": {"approved": True},
        "hand_over_refusal": {"handed_to": "applicant"},
    }

    assert walking.worked(case, way) == list(way)
    case.refresh_from_db()
    assert (case.phase, case.outcome) == (Phase.CLOSED, "refused")
    assert "You live in" in str(Because.from_json(case.because))
    assert walking.letters(case) == ["L01", "L15.travel_document"]
