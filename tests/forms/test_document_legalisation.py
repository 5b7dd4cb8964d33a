"""Legalisation: what the form asks, what officers examine, and documents that come back legalised or not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from consular import fees, formspec
from consular.cases.models import Case, Phase
from consular.core import clock
from tests.forms import walking

SERVICE = "document_legalisation"
FOLDER = formspec.latest(SERVICE)
FORM = FOLDER.form
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CAME = {"arrival": "came", "identity_checked": True, "fee": "paid"}
EXAMINED = {
    "result": "done", "compared": ["signature", "capacity", "seal"], "documents_legalised": "1",
    "register_numbers": "18/2026",
}  # fmt: skip
PAPER = {
    "paper": "Diploma", "issuer": "University of Amman", "issued_on": "2019-06", "issued_in": "JOR",
    "certified_before": True,
}  # fmt: skip
ADDRESS = {"lines": "12 Example Road", "postal_code": "11118", "place": "Amman", "country": "JOR"}


@pytest.fixture(autouse=True)
def _on_a_certain_day() -> Iterator[None]:
    with clock.at(NOW):
        yield


def answers(**changed: Any) -> dict[str, Any]:
    """Somebody in Amman with a diploma (None removes)."""
    values = {
        "surname": "Haddad",
        "given_names": "Layla",
        "birth_date": "1995-06-07",
        "nationality": "JOR",
        "doc_number": "N7654321",
        "residence_country": "JOR",
        "home_address": ADDRESS,
        "phone": "+962 6 555 0123",
        "comes": True,
        "document_kind": "diploma",
        "apostille": False,
        "documents": [PAPER],
        "used_for": "Recognition of the degree",
    }
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


def wrong(**changed: Any) -> list[str]:
    return [problem.question for problem in formspec.problems(FORM, answers(**changed))]


def test_it_can_be_sent_with_one_document_or_several() -> None:
    assert wrong() == []
    assert wrong(documents=[PAPER] * 8, comes=False) == []


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"apostille": True}, "apostille"),
        ({"documents": None}, "documents-0-paper"),
        ({"documents": [PAPER, {**PAPER, "issued_in": "SYR"}]}, "documents"),
        ({"documents": [{**PAPER, "certified_before": False}]}, "documents"),
        ({"documents": [{**PAPER, "issued_on": "2026-04"}]}, "documents-0-issued_on"),
        ({"birth_date": "2026-03-03"}, "birth_date"),
    ],
)
def test_a_rule_or_condition_asks_for_an_answer(changes: dict[str, Any], question: str) -> None:
    assert question in wrong(**changes)


@pytest.mark.parametrize(
    ("facts", "further"),
    [
        ({"document_kind": "diploma", "comes": True}, {"academic"}),
        ({"document_kind": "civil", "comes": False}, {"authorisation"}),
        ({"document_kind": "civil"}, set()),
    ],
)
def test_fee_and_papers(facts: dict[str, Any], further: set[str]) -> None:
    papers = {paper.id for paper in fees.documents(FOLDER, facts, NOW.date())}

    assert papers == {"passport", "original", "copy"} | further
    assert [fees.due(FOLDER, {**facts, **more}, NOW.date()).amount for more in ({}, {"waiver": "need"})] == [
        39,
        0,
    ]


@pytest.mark.parametrize(
    ("entries", "question"),
    [
        ({**EXAMINED, "compared": ["signature", "seal"]}, "compared"),
        ({**EXAMINED, "compared": []}, "compared"),
        ({**EXAMINED, "documents_legalised": "0"}, "documents_legalised"),
        ({"result": "not_done"}, "result_reason"),
    ],
)
def test_nothing_is_legalised_unexamined(entries: dict[str, Any], question: str) -> None:
    assert [one.question for one in formspec.page_problems(FORM.tasks["legalisation"], entries)] == [question]


def test_the_issuing_authority_may_be_asked_instead() -> None:
    assert formspec.page_problems(FORM.tasks["legalisation"], {**EXAMINED, "compared": ["asked"]}) == []


@pytest.mark.django_db
def test_documents_are_brought_examined_and_returned() -> None:
    case = walking.sent(SERVICE, answers(), language="ar")
    walking.booked(case)
    way = {"check_in": CAME, "legalise": EXAMINED, "hand_over": {"handed_to": "applicant"}}

    assert walking.worked(case, way) == list(way)
    done = Case.objects.get(pk=case.pk)
    assert (done.phase, done.outcome) == (Phase.CLOSED, "served")
    assert walking.letters(case) == ["L01"]


@pytest.mark.django_db
def test_what_is_not_legalised_goes_back_too() -> None:
    case = walking.sent(SERVICE, answers())
    walking.booked(case)
    way = {
        "check_in": CAME,
        "legalise": {"result": "not_done", "result_reason": "The seal is unknown."},
        "return_unlegalised": {"handed_to": "courier"},
    }

    assert walking.worked(case, way) == list(way)
    assert Case.objects.get(pk=case.pk).outcome == "discontinued"
