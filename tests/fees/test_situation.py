"""What has to be asked is found in the tables of a service."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from consular import fees
from consular.fees import situation
from consular.formspec import Folder, Form, Option, Page, Question
from consular.rules import dmn, feel
from tests.fees.test_tariff import SCHENGEN, TODAY, V1

FORMS = Path(settings.FORMS_DIR)
PURPOSES = Question("purposes", "choices", "Purposes", options=(Option("study", "Study"),))
DETAIL = Question(
    "eu_family", "yes_no", "Family?", show_when=feel.compile('list contains(purposes, "study")')
)


def with_questions(*questions: Question) -> Folder:
    page = Page("one", "One", questions)
    form = Form(title="Visa", service_group="visa_c", pages=(page,), tasks={}, declarations=())
    return Folder("schengen_visa", 1, form, b"", SCHENGEN.tables)


def test_facts_of_the_tables_are_asked_with_the_questions_of_the_form() -> None:
    folder = with_questions(
        PURPOSES, Question("surname", "name", "Surname"), Question("age", "number", "Age")
    )

    assert [question.id for question in fees.questions(folder)] == ["purposes", "eu_family", "german_family"]


def test_a_question_of_the_form_comes_before_the_general_one() -> None:
    own = [
        question
        for question in fees.questions(with_questions(PURPOSES, DETAIL))
        if question.id == "eu_family"
    ]

    assert own == [DETAIL]


def test_a_question_that_does_not_concern_somebody_is_not_asked() -> None:
    folder = with_questions(PURPOSES, DETAIL)

    assert [each.id for each in fees.asked(folder, {})] == ["purposes", "german_family"]
    assert [each.id for each in fees.asked(folder, {"purposes": ["study"]})] == [
        "purposes",
        "eu_family",
        "german_family",
    ]


@pytest.mark.parametrize(
    ("service", "ages"), [("schengen_visa", {6, 12, 18}), ("national_visa", {18}), ("passport", {24})]
)
def test_ages_are_those_at_which_the_tables_change(service: str, ages: set[int]) -> None:
    found = {
        age
        for name in ("fees", "documents")
        for age in situation._ages(dmn.load_file(FORMS / service / "v1" / f"{name}.dmn"))
    }

    assert ages <= found


def test_no_age_within_a_group_changes_anything() -> None:
    starts = fees.ages(SCHENGEN)
    for age in range(70):
        start = max(each for each in starts if each <= age)
        same = [
            (fees.due(SCHENGEN, {"age": each}, TODAY).rule, fees.documents(SCHENGEN, {"age": each}, TODAY))
            for each in (age, start)
        ]
        assert same[0] == same[1], age


@pytest.mark.parametrize(
    ("condition", "ages"),
    [
        ("&lt; 6", {0, 6}),
        ("&lt;= 6", {0, 7}),
        ("&gt; 6", {0, 7}),
        ("&gt;= 65", {0, 65}),
        ("[6..12)", {0, 6, 12}),
        ("[6..11]", {0, 6, 12}),
        ("(6..12]", {0, 7, 13}),
        ("]6..12[", {0, 7, 12}),
        ("7", {0, 7, 8}),
        ("7, 9", {0, 7, 8, 9, 10}),
        ("not(7)", {0, 7, 8}),
        ("-", {0}),
    ],
)
def test_every_way_to_compare_an_age_is_read(condition: str, ages: set[int]) -> None:
    text = re.sub(
        r'(_age">\s*<text>)[^<]*',
        lambda found: found[1] + condition,
        (V1 / "fees.dmn").read_text(encoding="utf-8"),
    )
    folder = Folder("x", 1, SCHENGEN.form, b"", {"fees": dmn.load(text.encode())})

    assert set(fees.ages(folder)) == ages


def test_a_fee_is_known_as_far_as_the_facts_tell_it() -> None:
    assert [(band.first, band.last) for band in fees.known(SCHENGEN, {"nationality": "IND"}, TODAY)] == [
        (0, 5),
        (6, 11),
        (12, None),
    ]
    (band,) = fees.known(SCHENGEN, {"nationality": "IND", "age": 8}, TODAY)
    assert band.fee.rule == "child_2024"


def test_a_fee_that_depends_on_an_open_question_is_unknown_and_no_mistake() -> None:
    text = (
        (V1 / "fees.dmn")
        .read_text(encoding="utf-8")
        .replace("<text>90</text>", "<text>if count(purposes) &gt; 0 then 90 else null</text>")
    )
    tables = {"fees": dmn.load(text.encode())}
    folder = Folder("x", 1, with_questions(PURPOSES).form, b"", tables)

    assert fees.known(folder, {"nationality": "IND"}, date(2026, 3, 1)) == ()
    with pytest.raises(fees.TableFailed):
        fees.known(
            folder, {"nationality": "IND", "purposes": [], "eu_family": False, "german_family": False}, TODAY
        )
