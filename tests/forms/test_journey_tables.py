"""The tables of emergency travel documents, row by row (Passport Ordinance section 22, Residence Ordinance 13a)."""

from datetime import date
from decimal import Decimal

import pytest

from tests.forms.tables import asked, untested

SERVICE = "emergency_travel_document"
BEFORE = date(2026, 2, 6)
STATE = "state_of_nationality"

KINDS = [
    ({"nationality": "DEU", "returns_home": True}, "REAG", "return_document"),
    ({"nationality": "DEU"}, "PROV", "provisional_passport"),
    ({"nationality": "SVN", "returns_home": True}, "EU_ETD", "eu_document"),
    ({"nationality": "USA", "returns_home": True}, "none", "no_document"),
    ({}, "none", "no_document"),
]
ASKED = [({"nationality": "DEU"}, []), ({"nationality": "IRL"}, [STATE]), ({"nationality": "CHE"}, [])]
ANSWERS = [
    (["objection"], "objection"),
    (["none"], "missing"),
    (["conditions"], "consent"),
    (["consent"], "consent"),
    ([], "consent"),
]
FEES = [
    ({"document": "REAG"}, "57", "return_document_2026"),
    ({}, "57", "return_document_2026"),
    ({"document": "REAG", "on": BEFORE}, "52", "return_document_before"),
    ({"document": "PROV"}, "75", "provisional_2026"),
    ({"document": "PROV", "authorised": True}, "101", "provisional_2026"),
    ({"document": "PROV", "on": BEFORE}, "70", "provisional_before"),
    ({"document": "EU_ETD"}, "57", "eu_document_2026"),
    ({"document": "EU_ETD", "on": BEFORE}, "52", "eu_document_before"),
    ({"document": "REAG", "waiver": "need"}, "0", "need"),
]
ALWAYS = {"photo", "identity", "journey"}
BROUGHT = [
    ({}, set()),
    ({"nationality": "DEU"}, {"citizenship"}),
    ({"nationality": "FRA", "lost": True}, {"police_report"}),
    ({"age": 17}, {"parents"}),
    ({"age": 18}, set()),
]
DURATIONS = [({"nationality": "DEU"}, 0, 1), ({"nationality": "FRA"}, 2, 5)]
VALIDITY = [({"nationality": "DEU"}, 30), ({"nationality": "FRA"}, 15)]


@pytest.mark.parametrize(("facts", "document", "rule"), KINDS)
def test_which_document_can_be_issued(facts, document, rule) -> None:
    assert asked(SERVICE, "kind", "document", **facts) == (document, [rule])


@pytest.mark.parametrize(("facts", "rules"), ASKED)
def test_only_the_state_of_another_union_citizen_is_asked(facts, rules) -> None:
    rows, fired = asked(SERVICE, "kind", "consultation", **facts)

    assert fired == rules
    assert [(row["days"], row["silence"]) for row in rows] == [(Decimal(2), "none")] * len(rules)


@pytest.mark.parametrize(("answers", "meaning"), ANSWERS)
def test_what_the_answer_means(answers, meaning) -> None:
    assert asked(SERVICE, "kind", "consents", answers=answers)[0] == meaning


@pytest.mark.parametrize(
    ("table", "decision", "rows"),
    [
        ("kind", "document", [facts for facts, *_ in KINDS]),
        ("kind", "consultation", [facts for facts, _ in ASKED]),
        ("kind", "consents", [{"answers": answers} for answers, _ in ANSWERS]),
    ],
)
def test_every_row_is_tested(table, decision, rows) -> None:
    assert untested(SERVICE, table, decision, rows) == []
