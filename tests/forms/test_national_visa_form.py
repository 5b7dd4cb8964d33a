"""The form of the national visa: questions by category, points of the opportunity card, cases walked to their ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from consular import casework, fees, formspec
from consular.accounts.models import Role
from consular.cases.models import Case, Phase
from consular.core import clock, jobs
from consular.workflow.models import Token
from tests import factories, rows
from tests.casework import asking
from tests.forms import walking

FOLDER = formspec.latest("national_visa")
FORM = FOLDER.form
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PERSON = {"surname": "Mensah", "given_names": "Kofi", "birth_date": "1985-05-05", "nationality": "GHA"}


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def answers(category: str, **changed: Any) -> dict[str, Any]:
    """Somebody from Ghana who lives in Mumbai: what everybody is asked, and more for a category (None removes)."""
    values = {
        "category": category,
        "advance_consent": False,
        "arrival_date": "2026-09-01",
        "planned_months": "24",
        "surname": "Mensah",
        "given_names": "Ama",
        "birth_date": "1990-04-12",
        "birth_place": "Accra",
        "birth_country": "GHA",
        "nationality": "GHA",
        "has_other_nationalities": False,
        "sex": "female",
        "civil_status": "single",
        "doc_type": "ordinary",
        "doc_number": "G1234567",
        "doc_issue_date": "2024-01-15",
        "doc_valid_until": "2034-01-14",
        "doc_issued_by": "GHA",
        "residence_country": "IND",
        "residence_area": "IN-MH",
        "home_address": {"lines": "12 Example Road", "postal_code": "400001", "place": "Mumbai"},
        "keeps_home": False,
        "email": "ama.mensah@example.org",
        "phone": "+91 22 5550 1234",
        "residence_permit": "Residence permit",
        "residence_permit_until": {"not_applicable": True},
        "has_children": False,
        "german_place": "Bonn",
        "contact": "Muster GmbH",
        "contact_address": "Musterweg 1, 53113 Bonn",
        "livelihood": ["pay"],
        "insurance": "statutory",
        "was_in_germany": False,
        "prior_stay": False,
        "expelled": False,
        "convicted": False,
        **OWN[category],
    }
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


JOB = {"fast_track": False, "job_title": "Electrician", "salary": "42000", "weekly_hours": "39",
    "qualification": "Electrician, Accra, 2012"}  # fmt: skip
SKILLED = JOB | {"regulated": False, "recognition": "full"}
COURSE = {"institution": "Musterschule", "course": "Electrician", "course_from": "2026-09-15", "german": "B1"}
RELATIVE = {"relative_surname": "Mensah", "relative_given_names": "Kofi", "relative_birth_date": "1985-05-05",
    "relative_nationality": "GHA", "relation": "child"}  # fmt: skip
TITLED = RELATIVE | {"relative_title": "EU Blue Card", "accompanies_worker": False}
MARRIED = {"relation": "spouse", "married_on": "2015-05-05", "married_in": "GHA", "german": "A1",
    "civil_status": "married", "spouse": [{f"spouse_{name}": value for name, value in PERSON.items()} | {
        "spouse_lives": "DEU", "spouse_comes": False}]}  # fmt: skip
CHANCE = {"chance_skilled": False, "chance_qualification": "state", "chance_partial": False, "german": "B1",
    "english": "C1", "experience": "two", "shortage": False, "chance_stay": False, "chance_spouse": False,
    "qualification": "Nurse, Accra, 2012"}  # fmt: skip
OWN: dict[str, dict[str, Any]] = {
    "D_EMP_VOC": SKILLED | {"german": "A2"},
    "D_EMP_ACAD": SKILLED,
    "D_BLUE": SKILLED | {"blue_card": "standard"},
    "D_RESEARCH": JOB | {"fast_track": None, "recognition": "none"},
    "D_ICT": JOB | {"fast_track": None},
    "D_EMP_PUBLIC": JOB | {"fast_track": None},
    "D_EMP_OTHER": JOB,
    "D_SELF": {"business": "Bakery", "capital": "50000", "qualification": "Baker"},
    "D_CHANCE": CHANCE,
    "D_RECOG": COURSE | {"fast_track": False, "regulated": True, "has_licence": False, "recognition": "partial",
        "qualification": "Nurse", "admission": "final"},
    "D_VOC": COURSE | {"fast_track": False},
    "D_VOC_SEARCH": {"course": "Electrician", "german": "B2"},
    "D_STUDY": COURSE | {"admission": "conditional"},
    "D_STUDY_SEARCH": {"course": "Physics", "german": "A2"},
    "D_LANG": COURSE | {"lessons": "20"},
    "D_SCHOOL": COURSE | {"admission": "final"},
    "D_FAM_DE_SPOUSE": RELATIVE | MARRIED | {"relative_nationality": "DEU"},
    "D_FAM_DE_CHILD": RELATIVE | {"relative_nationality": "DEU"},
    "D_FAM_DE_PARENT": RELATIVE | {"relative_nationality": "DEU", "relation": "parent"},
    "D_FAM_SPOUSE": TITLED | MARRIED | {"fast_track": False},
    "D_FAM_CHILD": TITLED | {"fast_track": False},
    "D_FAM_OTHER": TITLED | {"relation": "other", "hardship": "Care for a parent who is ill"},
    "D_OTHER": {"advance_consent": None, "explanation": "A year as a monk"},
}  # fmt: skip


def wrong(category: str, **changed: Any) -> list[str]:
    """The questions that are not in order after these changes."""
    return [problem.question for problem in formspec.problems(FORM, answers(category, **changed))]


@rows.every("category", OWN)
def test_each_category_is_asked_its_own_questions_and_can_be_sent(category: str) -> None:
    own = {name for name, value in OWN[category].items() if value is not None}

    assert wrong(category) == []
    assert own <= formspec.counted(FORM, answers(category)).keys()
    assert {option.value for option in FORM.questions[0].options} == OWN.keys()


@rows.every(
    "category, changes, question",
    [
        ("D_BLUE", {"blue_card": None}, "blue_card"),
        ("D_BLUE", {"weekly_hours": "100"}, "weekly_hours"),
        ("D_EMP_VOC", {"regulated": True}, "has_licence"),
        ("D_EMP_VOC", {"arrival_date": "2026-03-01"}, "arrival_date"),
        ("D_EMP_VOC", {"planned_months": "2"}, "planned_months"),
        ("D_EMP_VOC", {"nationality": "DEU"}, "nationality"),
        ("D_EMP_VOC", {"doc_valid_until": "2026-03-01"}, "doc_valid_until"),
        ("D_EMP_VOC", {"residence_permit": None}, "residence_permit"),
        ("D_VOC", {"german": "A2"}, "german"),
        ("D_LANG", {"lessons": "17"}, "lessons"),
        ("D_SELF", {"birth_date": "1980-03-02"}, "has_pension"),
        ("D_FAM_DE_SPOUSE", {"german": "none"}, "german_exception"),
        ("D_FAM_DE_SPOUSE", {"relative_nationality": "GHA"}, "relative_nationality"),
        ("D_FAM_DE_SPOUSE", {"married_on": "2026-03-03"}, "married_on"),
        ("D_FAM_CHILD", {"birth_date": "2015-04-12"}, "guardians-0-guardian_surname"),
        ("D_FAM_OTHER", {"hardship": None}, "hardship"),
        ("D_STUDY", {"expelled": True}, "expelled_details"),
        ("D_STUDY", {"convicted": True}, "convicted_details"),
        ("D_CHANCE", {"german": "none", "english": "none", "experience": "five"}, "english"),
        ("D_CHANCE", {"chance_qualification": "none"}, "chance_qualification"),
        ("D_CHANCE", {"english": "B2", "german": "A1"}, "chance_spouse"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(
    category: str, changes: dict[str, Any], question: str
) -> None:
    assert question in wrong(category, **changes)


NOTHING = {"german": "A1", "english": "none", "experience": "less", "birth_date": "1980-01-01"}


@rows.every(
    "changes, points",
    [
        (NOTHING, "0"),
        (NOTHING | {"german": "A2"}, "1"),
        (NOTHING | {"german": "B1"}, "2"),
        (NOTHING | {"german": "B2"}, "3"),
        (NOTHING | {"english": "C1"}, "1"),
        (NOTHING | {"english": "B2"}, "0"),
        (NOTHING | {"chance_partial": True}, "4"),
        (NOTHING | {"experience": "two"}, "2"),
        (NOTHING | {"experience": "five"}, "3"),
        (NOTHING | {"shortage": True}, "1"),
        (NOTHING | {"chance_stay": True}, "1"),
        (NOTHING | {"chance_spouse": True}, "1"),
        (NOTHING | {"birth_date": "1990-03-03"}, "2"),
        (NOTHING | {"birth_date": "1990-03-02"}, "1"),
        (NOTHING | {"birth_date": "1985-03-03"}, "1"),
        (NOTHING | {"birth_date": "1985-03-02"}, "0"),
        ({}, "7"),
        ({"chance_skilled": True}, None),
    ],
)
def test_the_points_of_the_opportunity_card(changes: dict[str, Any], points: str | None) -> None:
    assert formspec.derived(FORM, answers("D_CHANCE", **changes)).get("points") == points


def test_who_searches_may_know_nobody_in_germany_yet() -> None:
    nobody: dict[str, Any] = {"contact": None, "contact_address": None}

    assert wrong("D_CHANCE", **nobody) == []
    assert wrong("D_CHANCE", contact_address=None) == ["contact_address"]
    assert wrong("D_EMP_VOC", **nobody)[0] == "contact"


def test_who_is_skilled_needs_no_points() -> None:
    only = {name: None for name in CHANCE if name not in {"german", "english", "qualification"}}

    assert wrong("D_CHANCE", **only | {"chance_skilled": True, "german": "A1", "english": "none"}) == []


@pytest.mark.parametrize(
    ("facts", "amount", "paper"),
    [
        ({"category": "D_BLUE", "age": 30}, 75, "contract"),
        ({"category": "D_CHANCE", "age": 30}, 75, "points"),
        ({"category": "D_FAM_CHILD", "age": 10}, 37.5, "parental_consent"),
        ({"category": "D_FAM_DE_SPOUSE", "age": 30}, 0, "german_a1"),
    ],
)
def test_the_finder_knows_fee_and_papers_before_the_start(
    facts: dict[str, Any], amount: float, paper: str
) -> None:
    asked = [question.id for question in fees.questions(FOLDER)]

    assert asked == ["category", "chance_skilled", "eu_family", "german_family"]
    assert fees.due(FOLDER, facts, NOW.date()).amount == amount
    assert paper in {each.id for each in fees.documents(FOLDER, facts, NOW.date())}


COUNTER = {"identity_checked": True, "biometrics": "taken", "fee": "paid", "documents_seen": ["travel_document"],
    "security_list": False}  # fmt: skip
SEARCH = {"registers": ["vis", "sis"], "hits": "none", "verify": False}
GRANT = {"recommendation": "grant", "valid_from": "2026-09-01", "valid_until": "2027-02-28", "entries": "multiple",
    "conditions": "Beschäftigung bei Muster GmbH."}  # fmt: skip
REFUSAL = {"recommendation": "refuse", "grounds": ["8"], "facts": "Kein Vertrag.", "reasons": "Zweck fehlt."}


@pytest.mark.parametrize(
    ("task", "entries", "question"),
    [
        ("precheck", {"complete": False}, "request"),
        ("lodging", {**COUNTER, "identity_checked": False}, "identity_checked"),
        ("lodging", {**COUNTER, "documents_seen": ["means"]}, "documents_seen"),
        ("registers", {**SEARCH, "registers": ["vis"]}, "registers"),
        ("registers", {**SEARCH, "hits": "alert"}, "hits_text"),
        ("examination", {**GRANT, "valid_until": "2027-09-02"}, "valid_until"),
        ("examination", {**GRANT, "entries": None}, "entries"),
        ("examination", {**REFUSAL, "grounds": []}, "grounds"),
        ("examination", {**REFUSAL, "reasons": ""}, "reasons"),
        ("examination", {"recommendation": "ask"}, "request"),
        ("decision", {"approved": False}, "reason"),
        ("return_papers", {"returned": ["papers"]}, "returned"),
        ("report", {"reported_to": ["authority"]}, "reported_to"),
    ],
)
def test_officers_cannot_pass_over_what_counts(task: str, entries: dict[str, Any], question: str) -> None:
    found = [problem.question for problem in formspec.page_problems(FORM.tasks[task], entries)]

    assert found == [question]


def lodged(category: str, **changed: Any) -> Case:
    """A case that was checked and lodged in person, and whose security check is over."""
    case = walking.sent("national_visa", answers(category, **changed))
    walking.worked(case, {"precheck": {"complete": True}})
    walking.booked(case)
    walking.worked(case, {"lodge": COUNTER})
    jobs.work()
    asking.reply(case, "consent", asking.member("security"), partner="security")
    return case


def drawn(case: Case) -> None:
    """The lot falls on a decider of the mission, who approves."""
    officer = factories.official(Role.DECIDER, mission=case.mission)
    task = Token.objects.get(instance=case.instance_id, node="decide")
    Token.objects.filter(pk=task.pk).update(assignee=officer)
    casework.complete(case.reference, task.pk, {"approved": True}, actor=officer)


@pytest.mark.django_db
def test_a_language_course_is_granted_and_the_visa_handed_over() -> None:
    case = lodged("D_LANG")
    way = {"search_registers": SEARCH, "examine": GRANT}
    last = {"print_visa": {"sticker_number": "D1234567"}, "check_visa": {"faultless": True},
        "hand_over": {"handed_to": "applicant"}, "report_grant": {"reported_to": ["register"]}}  # fmt: skip

    assert walking.worked(case, way) == list(way)
    drawn(case)
    assert walking.worked(case, last) == list(last)
    case.refresh_from_db()
    assert (case.mission.code, case.phase, case.outcome) == ("MUMB", Phase.CLOSED, "granted")
    assert walking.letters(case) == ["L01", "L10"]


@pytest.mark.django_db
def test_an_opportunity_card_is_refused_with_reasons() -> None:
    case = lodged("D_CHANCE")
    way = {"search_registers": SEARCH, "examine": REFUSAL}

    assert walking.worked(case, way) == list(way)
    drawn(case)
    assert walking.worked(case, {"hand_over_refusal": {"handed_to": "courier"}}) == ["hand_over_refusal"]
    case.refresh_from_db()
    assert (case.phase, case.outcome) == (Phase.CLOSED, "refused")
    assert walking.letters(case) == ["L01", "L09"]
