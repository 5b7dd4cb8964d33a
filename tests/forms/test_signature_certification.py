"""Certification of signatures and copies: what the form asks, what it costs, and a person who signs at the counter."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from consular import fees, formspec
from consular.cases.models import Case, Phase
from consular.core import clock
from tests.forms import walking

SERVICE = "signature_certification"
FOLDER = formspec.latest(SERVICE)
FORM = FOLDER.form
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CAME = {"arrival": "came", "identity_checked": True, "fee": "paid"}
CERTIFIED = {
    "result": "done",
    "signatures_certified": "1",
    "copies_certified": "0",
    "register_numbers": "17/2026",
}
SIGNER = {"signer_surname": "Rao", "signer_birth_date": "1988-01-02", "signer_doc_number": "Z1234567"}
ADDRESS = {"lines": "12 Example Road", "postal_code": "400001", "place": "Mumbai", "country": "IND"}


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def answers(**changed: Any) -> dict[str, Any]:
    """Somebody in Mumbai who disclaims an inheritance (None removes)."""
    values = {
        "surname": "Rao",
        "given_names": "Meera",
        "birth_date": "1985-06-07",
        "nationality": "IND",
        "doc_number": "Z7654321",
        "residence_country": "IND",
        "residence_area": "IN-MH",
        "home_address": ADDRESS,
        "phone": "+91 22 5550 1234",
        "what": "signature",
        "purpose": "inheritance",
        "for_germany": True,
        "needed_by": "2026-04-01",
        "others_sign": False,
    }
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


COPY = {"what": "copy", "purpose": None, "others_sign": None, "copies": "2"}


def wrong(**changed: Any) -> list[str]:
    return [problem.question for problem in formspec.problems(FORM, answers(**changed))]


@pytest.mark.parametrize(
    "changes",
    [{}, COPY, {"for_germany": False, "nationality": "DEU"}, {"others_sign": True, "signers": [SIGNER]}],
)
def test_it_can_be_sent(changes: dict[str, Any]) -> None:
    assert wrong(**changes) == []


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"purpose": None}, "purpose"),
        ({"purpose": "other"}, "purpose_other"),
        ({"purpose": "company"}, "company"),
        ({**COPY, "copies": None}, "copies"),
        ({**COPY, "copies": "0"}, "copies"),
        ({"for_germany": False}, "for_germany"),
        ({"needed_by": "2026-03-01"}, "needed_by"),
        ({"others_sign": True}, "signers-0-signer_surname"),
        ({"birth_date": "2026-03-03"}, "birth_date"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(changes: dict[str, Any], question: str) -> None:
    assert question in wrong(**changes)


def test_who_signs_confirms_not_to_have_signed_yet() -> None:
    assert [each.id for each in formspec.declarations(FORM, answers())][0] == "sign_at_the_counter"
    assert [each.id for each in formspec.declarations(FORM, answers(**COPY))] == ["true_and_complete"]


@pytest.mark.parametrize(
    ("facts", "amount", "papers"),
    [
        ({"what": "signature", "purpose": "name"}, 85, {"passport", "unsigned", "names"}),
        ({"what": "both", "purpose": "child"}, 118, {"passport", "unsigned", "originals", "child"}),
        ({"what": "signature", "purpose": "company"}, 60, {"passport", "unsigned", "company"}),
        ({"what": "both", "purpose": "record"}, 93, {"passport", "unsigned", "originals"}),
        ({"what": "copy"}, 33, {"passport", "originals"}),
        ({"what": "copy", "waiver": "need"}, 0, {"passport", "originals"}),
    ],
)
def test_fee_and_papers(facts: dict[str, Any], amount: int, papers: set[str]) -> None:
    assert fees.due(FOLDER, facts, NOW.date()).amount == amount
    assert {paper.id for paper in fees.documents(FOLDER, facts, NOW.date())} == papers


def test_the_finder_asks_what_changes_the_fee_and_says_none_before() -> None:
    assert [question.id for question in fees.questions(FOLDER)] == ["what", "purpose"]
    assert [question.id for question in fees.asked(FOLDER, {"what": "copy"})] == ["what"]
    assert fees.known(FOLDER, {}, NOW.date()) == ()
    assert fees.known(FOLDER, {"what": "signature"}, NOW.date()) == ()


@pytest.mark.parametrize(
    ("task", "entries", "question"),
    [
        ("counter", {**CAME, "identity_checked": False}, "identity_checked"),
        ("counter", {"arrival": "came", "identity_checked": True}, "fee"),
        ("certification", {**CERTIFIED, "signatures_certified": "0"}, "copies_certified"),
        ("certification", {**CERTIFIED, "register_numbers": ""}, "register_numbers"),
        ("certification", {"result": "again"}, "result_reason"),
    ],
)
def test_officers_cannot_pass_over_what_counts(task: str, entries: dict[str, Any], question: str) -> None:
    assert [problem.question for problem in formspec.page_problems(FORM.tasks[task], entries)] == [question]


@pytest.mark.django_db
def test_a_person_books_comes_signs_and_takes_the_paper_along() -> None:
    case = walking.sent(SERVICE, answers(), language="de")
    walking.booked(case)

    assert walking.worked(case, {"check_in": CAME, "certify": CERTIFIED}) == ["check_in", "certify"]
    done = Case.objects.get(pk=case.pk)
    assert (done.mission.code, done.phase, done.outcome) == ("MUMB", Phase.CLOSED, "served")
    assert walking.letters(case) == ["L01"]
