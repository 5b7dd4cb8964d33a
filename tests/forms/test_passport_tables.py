"""Tables of passports, row by row (Passport Act, Passport Ordinance section 27)."""

from datetime import date

import pytest

from tests.forms.tables import asked, untested

SERVICE = "passport"
BEFORE = date(2026, 2, 6)
PARENTS = {"parents"}

COMPETENT = [
    ({"lives_in_district": True}, "here", "district"),
    ({}, "here", "no_residence"),
    ({"lives_elsewhere": True, "good_cause": True}, "authorisation", "with_cause"),
    ({"lives_elsewhere": True}, "elsewhere", "other_authority"),
]
AUTHORITIES = [
    ({"lives_in_district": True}, []),
    ({}, []),
    ({"lives_elsewhere": True, "good_cause": True}, ["authorisation"]),
    ({"lives_in_district": True, "name_unclear": True}, ["registrar"]),
    ({"lives_in_district": True, "citizenship_unclear": True}, ["citizenship"]),
    (
        {
            "document": "EPASS",
            "lives_elsewhere": True,
            "good_cause": True,
            "name_unclear": True,
            "citizenship_unclear": True,
        },
        ["authorisation", "registrar", "citizenship"],
    ),
]
ANSWERS = [
    ([{"partner": "competent_authority", "answer": "objection"}], "not_authorised"),
    ([{"partner": "registrar", "answer": "objection"}], "objection"),
    ([{"partner": "registrar", "answer": "none"}], "missing"),
    ([{"partner": "registrar", "answer": "conditions"}], "consent"),
    ([], "consent"),
]
FEES = [
    ({"document": "EPASS", "age": 24}, "106", "passport_2026"),
    ({"document": "EPASS"}, "106", "passport_2026"),
    ({}, "106", "passport_2026"),
    ({"document": "EPASS", "age": 23}, "73.50", "passport_young_2026"),
    ({"document": "EPASS", "age": 24, "express": True}, "138", "passport_2026"),
    ({"document": "EPASS", "age": 24, "express": True, "more_pages": True}, "160", "passport_2026"),
    ({"document": "EPASS", "age": 24, "authorised": True}, "176", "passport_2026"),
    ({"document": "EPASS", "age": 23, "authorised": True}, "111", "passport_young_2026"),
    ({"document": "PROV", "age": 40}, "75", "provisional_2026"),
    ({"document": "PROV", "authorised": True}, "101", "provisional_2026"),
    ({"document": "EPASS", "age": 24, "on": BEFORE}, "101", "passport_before"),
    ({"document": "EPASS", "age": 23, "on": BEFORE}, "68.50", "passport_young_before"),
    ({"document": "EPASS", "age": 24, "authorised": True, "on": BEFORE}, "171", "passport_before"),
    ({"document": "PROV", "on": BEFORE}, "70", "provisional_before"),
    ({"document": "EPASS", "waiver": "need"}, "0", "waived"),
    ({"document": "EPASS", "waiver": "defect"}, "0", "defect"),
]
ALWAYS = {"photo", "residence"}
BROUGHT = [
    ({"document": "EPASS", "case_type": "renewal"}, {"old_document"}),
    ({"document": "EPASS"}, {"birth", "citizenship", "marriage_of_parents"}),
    ({"case_type": "first", "name_unclear": True}, {"birth", "citizenship", "marriage_of_parents", "name"}),
    ({"case_type": "lost", "left_germany": True}, {"police_report", "identity", "deregistration"}),
    ({"document": "EPASS", "case_type": "renewal", "age": 17}, {"old_document"} | PARENTS),
    ({"document": "EPASS", "case_type": "renewal", "age": 18}, {"old_document"}),
    ({"document": "PROV", "case_type": "renewal"}, {"old_document", "urgency"}),
    ({"document": "PROV", "case_type": "renewal", "can_come": False}, {"old_document", "hindrance"}),
    ({"case_type": "renewal", "second_passport": True}, {"old_document", "interest"}),
    ({"case_type": "renewal", "can_come": False}, {"old_document", "hindrance"}),
]
DURATIONS = [
    ({"document": "PROV"}, 1, 5),
    ({"document": "EPASS"}, 42, 70),
    ({"document": "EPASS", "express": True}, 10, 21),
    ({"document": "EPASS", "name_unclear": True}, 120, 180),
]
VALIDITY = [
    ({"document": "PROV", "age": 3}, 1),
    ({"age": 23}, 6),
    ({"age": 24}, 10),
    ({}, 10),
    ({"age": 40, "second_passport": True}, 6),
]


@pytest.mark.parametrize(("facts", "competence", "rule"), COMPETENT)
def test_which_authority_is_competent(facts, competence, rule) -> None:
    assert asked(SERVICE, "competence", "competence", **facts) == (competence, [rule])


@pytest.mark.parametrize(("facts", "rules"), AUTHORITIES)
def test_which_authorities_must_answer(facts, rules) -> None:
    rows, fired = asked(SERVICE, "competence", "authorities", **facts)

    assert fired == rules
    assert {row["silence"] for row in rows} <= {"none"}


@pytest.mark.parametrize(("answers", "meaning"), ANSWERS)
def test_what_their_answers_mean_together(answers, meaning) -> None:
    assert asked(SERVICE, "competence", "consents", answers=answers)[0] == meaning


@pytest.mark.parametrize(
    ("table", "decision", "rows"),
    [
        ("competence", "competence", [facts for facts, *_ in COMPETENT]),
        ("competence", "authorities", [facts for facts, _ in AUTHORITIES]),
        ("competence", "consents", [{"answers": answers} for answers, _ in ANSWERS]),
    ],
)
def test_every_row_is_tested(table, decision, rows) -> None:
    assert untested(SERVICE, table, decision, rows) == []
