"""The Schengen form: official fields, conditions, rules at their edges, the officers' tasks."""

from datetime import UTC, date, datetime

import pytest

from consular import formspec
from consular.core import clock
from tests import rows
from tests.formspec.schengen import ANSWERS

FORM = formspec.latest("schengen_visa").form
TODAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOT_APPLICABLE = {"not_applicable": True}
PERMIT = {
    "residence_permit": "Work permit",
    "residence_permit_number": "A1",
    "residence_permit_until": NOT_APPLICABLE,
}
"""Of somebody who lives abroad without a time limit."""


@pytest.fixture(autouse=True)
def _on_a_certain_day():
    with clock.at(TODAY):
        yield


def wrong(**changes):
    """The questions that are in order in the example, but not after these changes."""
    return [problem.question for problem in formspec.problems(FORM, {**ANSWERS, **changes})]


def test_the_example_can_be_sent_as_it_is():
    assert wrong() == []


def test_all_fields_of_the_official_form_are_asked():
    numbers = {question.number for page in FORM.pages for question in page.questions}
    assert numbers - {""} == {str(number) for number in range(1, 34)}


@rows.every(
    "changes, question",
    [
        ({"birth_date": "2026-03-03"}, "birth_date"),
        ({"birth_date": "2026-03-01"}, "guardians-0-guardian_surname"),
        ({"birth_date": "2027-01-01"}, "birth_date"),
        ({"doc_issue_date": "2016-03-01"}, "doc_issue_date"),
        ({"doc_issue_date": "2026-03-03"}, "doc_issue_date"),
        ({"doc_valid_until": "2026-03-01"}, "doc_valid_until"),
        ({"arrival_date": "2026-03-01", "departure_date": "2026-03-05"}, "arrival_date"),
        ({"arrival_date": "2026-09-03", "departure_date": "2026-09-05"}, "arrival_date"),
        ({"departure_date": "2026-04-30"}, "departure_date"),
        ({"departure_date": "2026-07-30"}, "departure_date"),
        ({"doc_valid_until": "2026-08-09"}, "departure_date"),
        ({"main_destination": "FRA"}, "main_destination"),
        ({"civil_status": "other"}, "civil_status_other"),
        ({"doc_type": "other"}, "doc_type_other"),
        ({"purposes": ["tourism", "other"]}, "purpose_other"),
        ({"has_other_destinations": True}, "other_destinations"),
        ({"has_other_nationalities": True}, "other_nationalities-0-other_nationality"),
        ({"nationality": "NPL"}, "residence_permit"),
        ({"residence_area": "IN-XX"}, "residence_area"),
        ({"residence_area": "IN"}, "residence_area"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(changes, question):
    assert question in wrong(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"doc_issue_date": "2016-03-02"},
        {"arrival_date": "2026-03-02", "departure_date": "2026-03-02", "short_notice": "A funeral."},
        {"arrival_date": "2026-03-17", "departure_date": "2026-03-17"},
        {"arrival_date": "2026-09-02", "departure_date": "2026-09-02"},
        {"departure_date": "2026-07-29"},
        {"doc_valid_until": "2026-08-10"},
        {"birth_date": "1985"},
        {"given_names": ""},
        {"surname": "Ng", "given_names": None},
        {"birth_country": "SUN"},
        {"nationality": "NPL", **PERMIT, "residence_permit_until": "2026-03-02"},
        {"nationality": "NPL", **PERMIT, "national_id_number": NOT_APPLICABLE},
    ],
)
def test_the_edge_of_a_rule_is_allowed(changes):
    assert wrong(**changes) == []


@pytest.mark.parametrize(
    ("born", "is_minor"),
    [("2008-03-02", False), ("2008-03-03", True), ("2008", True), ("2007", False), ("2026", True)],
)
def test_guardians_are_asked_for_until_the_eighteenth_birthday(born, is_minor):
    assert ("guardians-0-guardian_surname" in wrong(birth_date=born)) is is_minor


def test_three_months_are_calendar_months_also_at_the_end_of_february():
    answers = {"arrival_date": "2026-08-20", "departure_date": "2026-08-31"}
    assert wrong(**answers, doc_valid_until="2026-11-30") == []
    assert wrong(**answers, doc_valid_until="2026-11-29") == ["departure_date"]


def test_a_country_that_is_one_district_needs_no_more_words():
    answers = {**ANSWERS, "residence_country": "NPL", "residence_area": None, "nationality": "NPL"}
    answers |= {"home_address": {"lines": "12 Hill Road", "postal_code": "44600", "place": "Kathmandu"}}
    assert formspec.problems(FORM, answers) == []
    assert formspec.counted(FORM, answers)["residence_area"] == "NP"


def test_counties_are_asked_for_where_a_state_is_divided():
    abroad = {"residence_country": "USA", **PERMIT}
    abroad |= {"home_address": {"lines": "12 Hill Road", "postal_code": "90013", "place": "Los Angeles"}}
    assert wrong(**abroad, residence_area="US-CA/06037") == []
    assert wrong(**abroad, residence_area="US-CA") == ["residence_area"]


@pytest.mark.parametrize(("entries", "count"), [("single", 6), ("two", 6), ("multiple", 7)])
def test_declarations_follow_the_form(entries, count):
    due = formspec.declarations(FORM, {**ANSWERS, "entries": entries})
    assert len(due) == count
    assert ("insurance_each_stay" in {each.id for each in due}) is (entries == "multiple")


REFUSAL = {"recommendation": "refuse", "grounds": ["2", "13"]}
GRANT = {
    "recommendation": "grant",
    "visa_type": "C",
    "valid_from": "2026-05-01",
    "valid_until": "2026-05-25",
    "entries": "1",
    "days": "10",
}
LIMITED = {"visa_type": "LTV", "territory": ["DEU"], "ltv_reason": "humanitarian"}
TRANSITS = {"visa_type": "A", "entries": "2", "days": ""}


@rows.every(
    "task, answers, questions",
    [
        ("completeness", {"complete": True}, []),
        ("completeness", {"complete": False}, ["request"]),
        ("completeness", {}, ["complete"]),
        ("examination", REFUSAL, []),
        ("examination", {**REFUSAL, "grounds": []}, ["grounds"]),
        ("examination", {**REFUSAL, "grounds": ["18"]}, ["grounds"]),
        ("examination", {**REFUSAL, "grounds": ["2", "11"]}, ["ground_11_text"]),
        ("examination", {**REFUSAL, "grounds": ["11"], "ground_11_text": "The employer."}, []),
        ("examination", {"recommendation": "ask"}, ["request"]),
        ("examination", GRANT, []),
        ("examination", {**GRANT, "days": "91"}, ["days"]),
        ("examination", {**GRANT, "days": "26"}, ["days"]),
        ("examination", {**GRANT, "days": "25"}, []),
        ("examination", {**GRANT, "days": "0"}, ["days"]),
        ("examination", {**GRANT, "valid_until": "2026-04-30"}, ["valid_until", "days"]),
        ("examination", {**GRANT, "valid_until": "2031-05-02"}, ["valid_until"]),
        (
            "examination",
            {"recommendation": "grant"},
            ["visa_type", "valid_from", "valid_until", "entries", "days"],
        ),
        ("examination", {**GRANT, "visa_type": "LTV"}, ["territory", "ltv_reason"]),
        ("examination", {**GRANT, **LIMITED}, []),
        ("examination", {**GRANT, **LIMITED, "visa_type": "C"}, []),
        ("examination", {**GRANT, "visa_type": "A"}, ["days"]),
        ("examination", {**GRANT, "visa_type": "A", "days": ""}, []),
        ("examination", {**GRANT, **TRANSITS, "valid_until": "2026-11-01"}, []),
        ("examination", {**GRANT, **TRANSITS, "valid_until": "2026-11-02"}, ["valid_until"]),
        ("examination", {**GRANT, "entries": "2", "valid_until": "2026-11-02"}, []),
        ("admissibility", {"admissibility": "admissible"}, []),
        ("admissibility", {"admissibility": "inadmissible"}, ["missing"]),
        ("admissibility", {"admissibility": "transfer"}, ["mission"]),
        ("admissibility", {"admissibility": "not_competent"}, ["state"]),
        ("extension", {"extended": True}, ["extension_category", "extension_reason"]),
        ("extension", {"extended": False}, []),
        ("decision", {"approved": True}, []),
        ("decision", {"approved": False}, ["reason"]),
        ("hand_over", {"handed_to": "applicant"}, []),
    ],
)
def test_a_task_says_what_it_needs(task, answers, questions):
    assert [each.question for each in formspec.page_problems(FORM.tasks[task], answers)] == questions


ENTERED = {
    **REFUSAL, "complete": True, "approved": False, "admissibility": "transfer", "mission": "MUMB",
    "admissibility_remarks": "Moved.", "extended": True, "extension_category": "scrutiny", "hits": "none",
}  # fmt: skip


def test_the_process_sees_only_what_its_gateways_need():
    routed = {task: formspec.routing_values(page, ENTERED) for task, page in FORM.tasks.items()}
    assert {task: values for task, values in routed.items() if values} == {
        "completeness": {"complete": True},
        "admissibility": {"admissibility": "transfer", "mission": "MUMB"},
        "examination": {"recommendation": "refuse"},
        "decision": {"approved": False},
        "extension": {"extended": True},
    }


def test_the_day_of_the_check_counts_not_the_day_of_writing():
    with clock.at(datetime(2026, 4, 1, tzinfo=UTC)):
        assert wrong() == []
    with clock.at(datetime(2026, 5, 2, tzinfo=UTC)):
        assert wrong() == ["arrival_date"]
    assert date.fromisoformat(ANSWERS["arrival_date"]) == date(2026, 5, 1)
