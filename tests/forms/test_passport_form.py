"""The form of the passport: who is asked what, what officers may not pass over, and applications walked to the end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from consular import fees, formspec
from consular.cases.models import Phase
from consular.casework import checklist
from consular.core import clock
from tests import rows
from tests.forms import walking

FOLDER = formspec.latest("passport")
FORM = FOLDER.form
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOME = {"lines": "12 Example Road", "postal_code": "400001", "place": "Mumbai", "country": "IND"}


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def answers(**changed: Any) -> dict[str, Any]:
    """A German who lives in Mumbai and whose passport expires (None removes)."""
    values = {
        "case_type": "renewal",
        "document": "EPASS",
        "second_passport": False,
        "more_pages": False,
        "express": False,
        "can_come": True,
        "delivery": "collect",
        "surname": "Muster",
        "given_names": "Erika",
        "name_change": "none",
        "birth_date": "1990-04-12",
        "birth_place": "Bonn",
        "birth_country": "DEU",
        "height": "172",
        "eye_colour": "blue-grey",
        "sex": "female",
        "residence_country": "IND",
        "residence_area": "IN-MH",
        "home_address": HOME,
        "applies_at": "residence",
        "doc_number": "C01X00T47",
        "old_authority": "Stadt Bonn",
        "doc_valid_until": "2026-05-01",
        "was_resident": False,
        "nationality": "DEU",
        "has_other_nationalities": False,
        "foreign_forces": False,
    }
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


def parent(**changed: Any) -> dict[str, Any]:
    """The mother, who has custody and comes along."""
    values = {
        "parent_surname": "Muster",
        "parent_given_names": "Petra",
        "parent_birth_date": "1988-01-02",
        "parent_birth_place": "Köln",
        "parent_nationality": "DEU",
        "parent_has_custody": True,
        "parent_consent": "comes",
    }
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


FATHER = parent(parent_given_names="Ravi", parent_nationality="IND", parent_consent="mission")
CHILD = {"birth_date": "2015-06-01", "custody": "joint", "parents": [parent(), FATHER]}
FIRST = {"case_type": "first", "second_passport": None, "doc_number": None, "old_authority": None,
    "doc_valid_until": None, "was_resident": None, "citizenship_by": "birth"}  # fmt: skip
LOST = {"case_type": "lost", "second_passport": None, "lost_on": "2026-03-01", "lost_at": "Mumbai", "police_told": True,
    "doc_valid_until": None}  # fmt: skip
PROVISIONAL = {"document": "PROV", "second_passport": None, "more_pages": None, "express": None, "delivery": None,
    "travel_on": "2026-03-09", "urgent_reason": "Funeral"}  # fmt: skip
STAYING = {"applies_at": "staying", "residence_country": "GHA", "residence_area": None, "present_country": "IND",
    "present_area": "IN-MH", "staying_reason": "Works here until June",
    "home_address": HOME | {"country": "GHA", "postal_code": ""}}  # fmt: skip


def wrong(**changed: Any) -> list[str]:
    """The questions that are not in order after these changes."""
    return [problem.question for problem in formspec.problems(FORM, answers(**changed))]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        CHILD,
        CHILD | {"custody": "sole", "custody_proof": "court", "parents": [parent()]},
        FIRST,
        LOST | {"doc_number": None},
        PROVISIONAL,
        PROVISIONAL | {"can_come": False, "why_not_come": "In hospital", "travel_on": None, "urgent_reason": None},
        {"second_passport": True, "second_reason": "Two states that exclude each other"},
        STAYING,
        {"has_other_nationalities": True, "other_nationalities": [
            {"other_nationality": "IND", "acquired_on": "1990-04-12", "acquired_how": "birth", "acquired_in": "IND"}]},
        {"was_resident": True, "last_german_address": "Bonn", "has_deregistration": False},
        {"applies_at": "registered", "was_resident": True, "last_german_address": "Bonn"},
        STAYING | {"residence_country": "DEU", "home_address": HOME | {"country": "DEU", "postal_code": "53113"},
            "was_resident": True, "last_german_address": "Bonn"},
    ],
)  # fmt: skip
def test_each_of_these_people_can_send_it(changes: dict[str, Any]) -> None:
    assert wrong(**changes) == []


@rows.every(
    "changes, question",
    [
        ({"can_come": False, "why_not_come": "Far"}, "can_come"),
        ({"birth_date": "2026-03-03"}, "birth_date"),
        ({"height": "1"}, "height"),
        ({"residence_country": "DEU", "residence_area": None}, "residence_country"),
        (STAYING | {"present_country": "DEU"}, "present_country"),
        (STAYING | {"staying_reason": None}, "staying_reason"),
        ({"nationality": "AUT"}, "nationality"),
        ({"doc_number": None}, "doc_number"),
        (LOST | {"lost_on": "2026-03-03"}, "lost_on"),
        (LOST | {"lost_at": None}, "lost_at"),
        (PROVISIONAL | {"travel_on": "2026-03-01"}, "travel_on"),
        (PROVISIONAL | {"urgent_reason": None}, "urgent_reason"),
        ({"second_passport": True}, "second_reason"),
        ({"case_type": "first", "second_passport": None}, "citizenship_by"),
        ({"birth_date": "2008-03-03"}, "custody"),
        (CHILD | {"parents": [parent()]}, "parents"),
        (CHILD | {"parents": [parent(), FATHER | {"parent_consent": "missing"}]}, "parents"),
        (CHILD | {"custody": "sole", "parents": [parent()]}, "custody_proof"),
        (CHILD | {"parents": [parent(parent_has_custody=False, parent_consent=None)] * 2}, "parents"),
        ({"was_resident": True, "last_german_address": "Bonn"}, "has_deregistration"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(changes: dict[str, Any], question: str) -> None:
    assert question in wrong(**changes)


def test_who_is_of_age_is_not_asked_for_parents() -> None:
    shown = {page.id for page in formspec.shown(FORM.pages, answers(birth_date="2008-03-02"))}

    assert {page.id for page in FORM.pages} - shown == {"parents"}
    assert "parents" in {page.id for page in formspec.shown(FORM.pages, answers(**CHILD))}


def test_the_fields_of_the_official_form_are_there() -> None:
    assert {question.number for question in FORM.questions} == {"", *map(str, range(1, 17))}


@pytest.mark.parametrize(
    ("facts", "amount", "papers"),
    [
        ({"document": "EPASS", "age": 30, "case_type": "renewal"}, 106, {"old_document"}),
        ({"document": "EPASS", "age": 10, "case_type": "first", "express": True}, 105.5, {"parents", "birth"}),
        ({"document": "EPASS", "age": 30, "applies_at": "registered"}, 176, {"residence"}),
        ({"document": "PROV", "age": 30, "applies_at": "staying", "can_come": False}, 101, {"hindrance"}),
        ({"document": "EPASS", "age": 30, "second_passport": True, "more_pages": True}, 128, {"interest"}),
        ({"age": 30, "name_change": "unsettled", "case_type": "lost"}, 106, {"name", "police_report"}),
    ],
)  # fmt: skip
def test_the_finder_knows_fee_and_papers_before_the_start(
    facts: dict[str, Any], amount: float, papers: set[str]
) -> None:
    told, on = fees.with_derived(FOLDER, facts), NOW.date()

    assert fees.due(FOLDER, told, on).amount == amount
    assert papers <= {paper.id for paper in fees.documents(FOLDER, told, on)}


@pytest.mark.parametrize(
    ("facts", "needed"),
    [
        ({}, True),
        ({"applies_at": "registered"}, False),
        ({"residence_country": "DEU"}, False),
        ({"was_resident": False}, False),
    ],
)
def test_who_has_not_left_germany_brings_no_certificate_of_it(facts: dict[str, Any], needed: bool) -> None:
    told = fees.with_derived(FOLDER, {"case_type": "renewal", "was_resident": True} | facts)

    assert ("deregistration" in {paper.id for paper in fees.documents(FOLDER, told, NOW.date())}) is needed


def test_the_finder_asks_only_what_changes_something() -> None:
    assert [question.id for question in fees.questions(FOLDER)] == [
        "case_type", "document", "second_passport", "more_pages", "express", "can_come", "name_change", "applies_at",
        "was_resident",
    ]  # fmt: skip


def test_what_is_promised_depends_on_the_situation() -> None:
    asked = {each.id for each in formspec.declarations(FORM, answers(**CHILD | LOST))}

    assert asked - {each.id for each in formspec.declarations(FORM, answers())} == {"custody", "lost_found"}


COUNTER = {"identity_checked": True, "guardians_seen": "adult", "photo": "device", "fingerprints": "taken",
    "signature": "given", "fee": "paid", "lives_in_district": True, "lost": False}  # fmt: skip
ELSEWHERE = COUNTER | {"lives_in_district": False, "lives_elsewhere": True, "good_cause": False}
LOSS = {"lost_document": "EPASS", "lost_on": "2026-03-01", "lost_at": "Mumbai", "reported": ["police", "issuing"],
    "must_travel": False}  # fmt: skip
CHECK = {"complete": True, "name_unclear": False, "citizenship_unclear": False}
SEARCH = {"registers": ["register", "police"], "hits": "none"}
QUALITY = {"serial_number": "C01X00T48", "quality_checked": ["print", "chip", "data"], "faultless": True}
REGISTER = {"entered": True, "fingerprints_deleted": "deleted"}


@pytest.mark.parametrize(
    ("task", "entries", "question"),
    [
        ("application", {**COUNTER, "identity_checked": False}, "identity_checked"),
        ("application", {**COUNTER, "lives_in_district": False}, "lives_elsewhere"),
        ("loss", {**LOSS, "reported": ["issuing"]}, "reported"),
        ("loss", {**LOSS, "lost_on": "2026-03-03"}, "lost_on"),
        ("check", {**CHECK, "complete": False}, "request"),
        ("registers", {**SEARCH, "registers": ["register"]}, "registers"),
        ("registers", {**SEARCH, "hits": "found"}, "hits_text"),
        ("proposal", {"recommendation": "refuse", "reasons": "Text"}, "grounds"),
        ("proposal", {"recommendation": "refuse", "grounds": ["1"]}, "reasons"),
        ("proposal", {"recommendation": "restrict", "grounds": ["1"], "reasons": "Text"}, "conditions"),
        ("proposal", {"recommendation": "ask"}, "request"),
        ("decision", {"approved": False}, "reason"),
        ("quality", {**QUALITY, "quality_checked": ["print"]}, "faultless"),
        ("order", {"order_number": "1", "data_signed": False}, "data_signed"),
        ("return_papers", {"returned": ["papers"]}, "returned"),
        ("register", {**REGISTER, "entered": False}, "entered"),
    ],
)
def test_officers_cannot_pass_over_what_counts(task: str, entries: dict[str, Any], question: str) -> None:
    found = [problem.question for problem in formspec.page_problems(FORM.tasks[task], entries)]

    assert question in found


@pytest.mark.django_db
def test_a_lost_passport_is_blocked_and_the_new_one_comes_by_mail() -> None:
    case = walking.sent("passport", answers(**LOST, delivery="mail", express=True), language="de")
    way = {"apply": COUNTER | {"lost": True}, "block_lost": LOSS, "check": CHECK, "search_registers": SEARCH,
        "propose": {"recommendation": "issue"}, "approve": {"approved": True},
        "order": {"order_number": "A1", "data_signed": True}, "receive": QUALITY,
        "mail": {"tracking": "RR1", "old_document": "none"}, "enter_register": REGISTER}  # fmt: skip

    walking.booked(case)

    assert walking.worked(case, way) == list(way)
    case.refresh_from_db()
    assert (case.mission.code, case.phase, case.outcome) == ("MUMB", Phase.CLOSED, "issued")
    assert walking.letters(case) == ["L01", "L14.loss", "L14.ready"]


@pytest.mark.django_db
def test_who_applies_where_they_are_staying_without_good_cause_is_sent_to_the_competent_authority() -> None:
    case = walking.sent("passport", answers(**STAYING | FIRST, name_change="unsettled"))
    way = {"apply": ELSEWHERE, "check": CHECK | {"competent_authority": "Deutsche Botschaft Accra"},
        "return_papers": {"returned": ["papers", "biometrics"]}}  # fmt: skip

    walking.booked(case)

    assert walking.worked(case, way) == list(way)
    case.refresh_from_db()
    assert (case.mission.code, case.phase, case.outcome) == ("MUMB", Phase.CLOSED, "not_competent")
    assert "name" in {paper.id for paper in checklist.asked(case)}  # follows from a derived value
    assert walking.letters(case) == ["L01", "L05.passport"]
