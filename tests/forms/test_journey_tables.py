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


@pytest.mark.parametrize(("facts", "amount", "rule"), FEES)
def test_the_fee(facts, amount, rule) -> None:
    value, rules = asked(SERVICE, "fees", "fee", **facts)

    assert (value["amount"], value["currency"], rules) == (Decimal(amount), "EUR", [rule])
    assert value["waived"] is (amount == "0")


@pytest.mark.parametrize(("facts", "further"), BROUGHT)
def test_what_must_be_brought(facts, further) -> None:
    rows, _rules = asked(SERVICE, "documents", "documents", **facts)

    assert {row["document"] for row in rows} == {"photo", "identity", "journey"} | further


@pytest.mark.parametrize(("facts", "usual", "most"), DURATIONS)
def test_how_long_it_takes(facts, usual, most) -> None:
    value, _rules = asked(SERVICE, "documents", "duration", **facts)

    assert (value["usual_days"], value["most_days"]) == (usual, most)


@pytest.mark.parametrize(("facts", "days"), VALIDITY)
def test_how_many_days_it_is_valid(facts, days) -> None:
    assert asked(SERVICE, "documents", "validity", **facts)[0] == days


@pytest.mark.parametrize(
    ("table", "decision", "rows"),
    [
        ("kind", "document", [facts for facts, *_ in KINDS]),
        ("kind", "consultation", [facts for facts, _ in ASKED]),
        ("kind", "consents", [{"answers": answers} for answers, _ in ANSWERS]),
        ("fees", "fee", [facts for facts, *_ in FEES]),
        ("documents", "documents", [facts for facts, _ in BROUGHT]),
        ("documents", "duration", [facts for facts, *_ in DURATIONS]),
        ("documents", "validity", [facts for facts, _ in VALIDITY]),
    ],
)
def test_every_row_is_tested(table, decision, rows) -> None:
    assert untested(SERVICE, table, decision, rows) == []
