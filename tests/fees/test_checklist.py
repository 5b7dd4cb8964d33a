"""The checklist names what this journey needs, and nothing else."""

from datetime import date

import pytest

from consular import fees
from consular.fees import tables
from tests.fees.test_tariff import SCHENGEN, TODAY

ALWAYS = {"passport", "photo", "form", "insurance", "itinerary", "means", "return"}


@pytest.mark.parametrize(
    ("facts", "besides"),
    [
        ({}, {"purpose"}),
        ({"purposes": ["tourism"]}, {"accommodation"}),
        ({"purposes": ["business", "visit"]}, {"business_invitation", "host_invitation"}),
        ({"purposes": ["sports"]}, {"event_invitation"}),
        ({"purposes": ["medical"], "age": 17}, {"medical_letter", "parental_consent"}),
        ({"purposes": ["airport_transit"]}, {"onward_journey"}),
        ({"purposes": ["other"], "nationality": "SYR", "residence_country": "IND"}, {"residence_permit"}),
        ({"purposes": ["other"], "nationality": "IND", "residence_country": "IND"}, set()),
    ],
)
def test_documents_follow_the_journey(facts: dict[str, object], besides: set[str]) -> None:
    asked = {document.id for document in fees.documents(SCHENGEN, facts, TODAY)}

    assert asked == ALWAYS | besides


def test_family_of_union_citizens_shows_the_tie_and_little_else() -> None:
    asked = [document.id for document in fees.documents(SCHENGEN, {"eu_family": True}, TODAY)]

    assert asked == ["passport", "photo", "form", "eu_family_proof"]


def test_every_line_has_a_name_a_note_and_a_source() -> None:
    for document in fees.documents(SCHENGEN, {}, TODAY):
        assert document.label
        assert document.note.endswith(".")
        assert document.basis


def test_a_decision_takes_fifteen_days_and_at_most_forty_five() -> None:
    assert fees.duration(SCHENGEN, {}, date(2026, 3, 1)) == fees.Duration(15, 45, "Visa Code, article 23")


@pytest.mark.parametrize(
    ("table", "decision"), [("fees", "fee"), ("documents", "documents"), ("documents", "duration")]
)
def test_no_table_asks_for_a_fact_that_nobody_hands_in(table: str, decision: str) -> None:
    assert tables.ask(SCHENGEN, table, decision, {}, TODAY).errors == ()
