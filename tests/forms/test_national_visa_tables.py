"""Tables of the national visa, row by row (Residence Ordinance 31, 46, 50, 52; Employment Ordinance 36)."""

from datetime import date
from decimal import Decimal

import pytest

from tests.forms.tables import asked, untested

SERVICE = "national_visa"
BEFORE_REFORM = date(2024, 2, 29)
OFFICES = ("D_EMP_VOC", "D_EMP_ACAD", "D_BLUE", "D_RESEARCH", "D_ICT", "D_RECOG", "D_VOC", "D_STUDY")

CONSULTED = [
    ({"category": "D_FAM_DE_SPOUSE"}, {"foreigners_authority": 0}, "authority_of_germans_family"),
    ({"category": "D_FAM_DE_PARENT", "advance_consent": True}, {}, "security"),
    ({"category": "D_FAM_CHILD"}, {"foreigners_authority": 0}, "authority_family"),
    ({"category": "D_FAM_SPOUSE", "accompanies_worker": True}, {}, "security"),
    ({"category": "D_SCHOOL"}, {"foreigners_authority": 0}, "authority_explicit"),
    ({"category": "D_OTHER", "prior_stay": True}, {"foreigners_authority": 0}, "authority_explicit"),
    (
        {"category": "D_EMP_PUBLIC"},
        {"foreigners_authority": 0, "employment_agency": 14},
        "authority_explicit",
    ),
    ({"category": "D_SELF"}, {"foreigners_authority": 0, "chambers": 0}, "chambers"),
    ({"category": "D_CHANCE", "prior_stay": True}, {"foreigners_authority": 10}, "authority_prior_stay"),
    (
        {"category": "D_RESEARCH", "prior_stay": True, "security_list": True},
        {"foreigners_authority": 10},
        "authority_prior_stay",
    ),
    ({"category": "D_STUDY", "security_list": True}, {"foreigners_authority": 10}, "authority_security_list"),
    (
        {"category": "D_STUDY", "on": BEFORE_REFORM},
        {"foreigners_authority": 23},
        "authority_students_before",
    ),
    ({"category": "D_STUDY", "on": date(2024, 3, 1)}, {}, "security"),
    ({"category": "D_LANG"}, {}, "security"),
    ({"category": "D_EMP_VOC"}, {"employment_agency": 14}, "agency"),
    ({"category": "D_EMP_ACAD", "fast_track": True}, {"employment_agency": 7}, "agency_fast"),
    ({"category": "D_EMP_ACAD", "fast_track": True, "advance_consent": True}, {}, "security"),
    (
        {"category": "D_EMP_OTHER", "prior_stay": True},
        {"foreigners_authority": 10, "employment_agency": 14},
        "agency",
    ),
    ({"category": "D_BLUE"}, {}, "security"),
    ({"category": "D_BLUE", "blue_card": "full_salary"}, {}, "security"),
    ({"category": "D_BLUE", "blue_card": "lower_salary"}, {"employment_agency": 7}, "agency_blue_card"),
    ({"category": "D_BLUE", "blue_card": "it"}, {"employment_agency": 7}, "agency_blue_card"),
]
FEES = [
    ({}, "75", "adult_2017"),
    ({"age": 18}, "75", "adult_2017"),
    ({"age": 17}, "37.50", "minor_2017"),
    ({"age": 17, "on": date(2017, 8, 31)}, "30", "minor_before"),
    ({"age": 18, "on": date(2017, 8, 31)}, "60", "adult_before"),
    ({"age": 18, "on": date(2017, 9, 1)}, "75", "adult_2017"),
    ({"german_family": True}, "0", "german_family_free"),
    ({"german_family": False, "age": 30}, "75", "adult_2017"),
    ({"category": "D_FAM_DE_CHILD", "age": 3}, "0", "german_family_category_free"),
    ({"category": "D_FAM_CHILD", "age": 3}, "37.50", "minor_2017"),
    ({"eu_family": True}, "0", "eu_family_free"),
    ({"waiver": "scholarship"}, "0", "scholarship"),
    ({"waiver": "public_interest"}, "0", "public_interest"),
    ({"waiver": "something else"}, "75", "adult_2017"),
]
OFFICE = [
    *[({"category": category}, "back_office", "back_office") for category in OFFICES],
    ({"category": "D_FAM_SPOUSE"}, "back_office", "mission"),
    ({"category": "D_FAM_DE_SPOUSE"}, "mission", "mission"),
    ({"category": "D_SELF"}, "mission", "mission"),
    ({}, "mission", "mission"),
    ({"category": "D_BLUE", "on": date(2020, 12, 31)}, "mission", "mission"),
    ({"category": "D_BLUE", "on": date(2021, 1, 1)}, "back_office", "back_office"),
]
ANSWERS = [
    (["consent", "objection", "none"], "objection"),
    (["consent", "none", "conditions"], "missing"),
    (["consent", "conditions"], "conditions"),
    (["consent"], "consent"),
    ([], "consent"),
]
BROUGHT = [
    ({}, set()),
    ({"category": "D_EMP_VOC"}, {"contract", "recognition"}),
    ({"category": "D_BLUE"}, {"contract", "degree"}),
    ({"category": "D_RESEARCH"}, {"degree", "hosting"}),
    ({"category": "D_ICT"}, {"contract", "ict"}),
    ({"category": "D_RECOG"}, {"recognition", "german", "livelihood"}),
    ({"category": "D_VOC"}, {"training", "german"}),
    ({"category": "D_STUDY"}, {"admission", "livelihood"}),
    ({"category": "D_CHANCE"}, {"points", "livelihood"}),
    ({"category": "D_CHANCE", "chance_skilled": True}, {"recognition", "livelihood"}),
    ({"category": "D_SELF"}, {"business_plan"}),
    ({"category": "D_FAM_DE_SPOUSE"}, {"kinship", "relative", "german_a1"}),
    ({"category": "D_FAM_CHILD", "age": 17}, {"kinship", "relative", "parental_consent"}),
    ({"category": "D_FAM_CHILD", "age": 18}, {"kinship", "relative"}),
    ({"category": "D_LANG", "is_foreign_resident": True}, {"admission", "livelihood", "residence_permit"}),
]
ALWAYS = {"passport", "photo", "form", "insurance"}
DURATIONS = [({"category": "D_FAM_OTHER"}, 90, 180), ({"category": "D_STUDY"}, 60, 90), ({}, 60, 90)]


@pytest.mark.parametrize(("facts", "partners", "rule"), CONSULTED)
def test_who_is_consulted_and_what_silence_means(facts, partners, rule) -> None:
    """Days of silence that count as consent; 0: the answer must come. The security authorities are always asked."""
    rows, rules = asked(SERVICE, "consultation", "consultation", **facts)

    found = {row["id"]: int(row["days"]) if row["silence"] == "consent" else 0 for row in rows}
    assert found == partners | {"security": 0}
    assert len(rows) == len(found)
    assert rule in rules


def test_a_partner_that_asked_for_time_has_to_answer() -> None:
    partner = {"id": "foreigners_authority", "name": "N", "days": Decimal(10), "silence": "consent"}
    value, _rules = asked(SERVICE, "consultation", "more_time", partner=partner)

    assert value == partner | {"days": Decimal(84), "silence": "none"}


@pytest.mark.parametrize(("answers", "meaning"), ANSWERS)
def test_what_all_answers_mean_together(answers, meaning) -> None:
    assert asked(SERVICE, "consultation", "consents", answers=answers)[0] == meaning


@pytest.mark.parametrize(("facts", "check", "decide"), OFFICE)
def test_the_back_office_checks_and_decides_the_listed_categories(facts, check, decide) -> None:
    office = asked(SERVICE, "back_office", "back_office", **facts)[0]

    assert (office["check"], office["decide"]) == (check, decide)
    assert office["code"] == ("BFAA" if "back_office" in (check, decide) else "")


@pytest.mark.parametrize(
    ("table", "decision", "rows"),
    [
        ("consultation", "consultation", [facts for facts, *_ in CONSULTED]),
        ("consultation", "consents", [{"answers": answers} for answers, _ in ANSWERS]),
        ("back_office", "back_office", [facts for facts, *_ in OFFICE]),
    ],
)
def test_every_row_is_tested(table, decision, rows) -> None:
    assert untested(SERVICE, table, decision, rows) == []
