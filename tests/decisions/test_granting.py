"""The letter about a grant: what each type of visa allows, and where it is less than was asked for."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from consular import formspec
from consular.decisions import granting, issuing
from consular.decisions.approval import Proposal
from consular.decisions.bodies import Entry, Grant
from consular.decisions.composing import compose
from consular.decisions.models import LimitedBecause, VisaType
from consular.decisions.source import Source
from consular.formspec import Option
from tests import factories
from tests.decisions import letters
from tests.decisions.letters import GRANT, LIMITED, TRANSIT
from tests.decisions.test_pdf import text

pytestmark = pytest.mark.django_db

WANTED = {"entries": "multiple", "arrival_date": "2026-07-01", "departure_date": "2026-07-30"}


def body(proposal: Proposal, language: str = "en", **answers: Any) -> Grant:
    """What the letter about this grant says."""
    case = factories.sent_case(language=language)
    case.answers.data = answers
    decision = letters.approved(proposal, case)
    source = Source(case, letters.folder(), decision, decision.proposed_at.date())
    said = compose("L10", source, number="N/1", code=letters.CODE).versions[0].body
    assert isinstance(said, Grant)
    return said


def test_a_uniform_visa_names_no_states():
    said = body(GRANT)

    assert (said.visa_type, said.territory, said.days) == ("Uniform visa (C)", "", 30)
    assert said.entries == Entry("Entries", "Multiple entries")


@pytest.mark.parametrize(
    ("language", "states"), [("en", "Austria, Germany"), ("de", "Deutschland, Österreich")]
)
def test_a_limited_visa_names_its_states_in_the_order_of_the_language(language: str, states: str):
    said = body(LIMITED, language)

    assert said.territory == states
    with translation.override(language):
        assert said.duty == str(granting.DUTIES["LTV"])


def test_an_airport_transit_visa_counts_transits_and_allows_no_stay():
    said = body(TRANSIT, **WANTED)

    assert (said.entries, said.days) == (Entry("Transits", "One transit"), None)
    assert said.asked == (Entry("Transits", "Several transits"),)
    assert "does not allow you to enter" in said.duty


@pytest.mark.parametrize(
    ("entries", "days", "asked"),
    [
        ("multiple", 30, ()),
        ("2", 30, (Entry("Entries", "Multiple entries"),)),
        ("multiple", 29, (Entry("Days of stay", "30"),)),
        ("1", 1, (Entry("Entries", "Multiple entries"), Entry("Days of stay", "30"))),
    ],
)
def test_what_was_asked_for_is_told_where_less_was_granted(entries: str, days: int, asked: tuple[Entry, ...]):
    assert body(replace(GRANT, entries=entries, days=days), **WANTED).asked == asked


@pytest.mark.parametrize(
    "answers",
    [{}, {"entries": "single"}, {"arrival_date": "2026-07-01"}, {**WANTED, "departure_date": "2026-07-02"}],
)
def test_nothing_is_said_where_no_more_was_asked_for(answers: dict[str, str]):
    assert body(GRANT, **answers).asked == ()


@pytest.mark.parametrize(
    ("proposal", "printed", "absent"),
    [
        (GRANT, ["Uniform visa (C)", "Days of stay"], ["Valid for", "not a refusal"]),
        (LIMITED, ["Valid for Austria, Germany", "any other Schengen state"], ["not a refusal"]),
        (TRANSIT, ["Airport transit visa (A)", "Transits One transit"], ["Valid for", "Days of stay"]),
        (replace(GRANT, entries="1"), ["What you asked for", "This is not a refusal"], ["Valid for"]),
    ],
)
def test_the_printed_letter_says_what_the_variant_needs(
    proposal: Proposal, printed: list[str], absent: list[str]
):
    case = factories.sent_case()
    case.answers.data = WANTED if proposal.entries == "1" and proposal.days else {}
    decision = letters.approved(proposal, case)

    letter = issuing.issue(case, "L10", key="k", about=issuing.About(decision), folder=letters.folder())

    said = " ".join(text(letter.content).split())
    assert [part for part in printed if part not in said] == []
    assert [part for part in absent if part in said] == []


@pytest.mark.parametrize(
    ("question", "known"), [("visa_type", VisaType.choices[:-1]), ("ltv_reason", LimitedBecause.choices)]
)
def test_form_and_decision_offer_the_same(question: str, known: list[tuple[str, str]]):
    assert [(option.value, str(option.label)) for option in _options("examination", question)] == [
        (value, str(label)) for value, label in known
    ]


def test_every_number_of_entries_one_can_ask_for_is_known():
    form = formspec.latest("schengen_visa").form
    asked = next(question for question in form.questions if question.id == "entries")

    assert [option.value for option in asked.options] == list(granting.ASKED)


def _options(task: str, question: str) -> tuple[Option, ...]:
    questions = formspec.latest("schengen_visa").form.tasks[task].questions
    return next(tuple(each.options) for each in questions if each.id == question)
