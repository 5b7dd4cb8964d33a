"""The machine-readable zone fills in other questions and is compared with them; names have a Latin spelling."""

import pytest
from django.utils import translation

from consular import formspec
from consular.core import clock
from consular.travel import mrz
from tests.formspec import forms, schengen
from tests.formspec.test_kinds import ZONE

ABOUT = """
[[pages.questions]]
id = "zone"
kind = "mrz"
label = "Lines of your passport"
required = false

[[pages.questions]]
id = "surname"
kind = "name"
label = "Surname"

[[pages.questions]]
id = "given_names"
kind = "name"
label = "First names"

[[pages.questions]]
id = "birth_date"
kind = "date"
label = "Date of birth"

[[pages.questions]]
id = "sex"
kind = "choice"
label = "Sex"
options = [{ value = "female", label = "Female" }, { value = "male", label = "Male" }]

[[pages]]
id = "document"
title = "Document"

[[pages.questions]]
id = "doc_number"
kind = "document_number"
label = "Number"

[[pages.questions]]
id = "nationality"
kind = "nationality"
label = "Nationality"
"""
FORM = forms.form(ABOUT)
LINES = "\n".join(ZONE)
ANNA = {
    "zone": LINES,
    "surname": "Eriksson",
    "given_names": "Anna Maria",
    "birth_date": "1974-08-12",
    "sex": "female",
}


def test_the_zone_fills_in_what_is_not_answered_and_nothing_else():
    found = formspec.filled(FORM, {"zone": LINES, "given_names": "Anna"})
    assert found == {
        "surname": "ERIKSSON",
        "birth_date": "1974-08-12",
        "sex": "female",
        "doc_number": "L898902C3",
    }
    assert formspec.filled(FORM, {}) == {}
    assert formspec.filled(FORM, {"zone": "P<"}) == {}
    assert formspec.filled(FORM, {"zone": 5}) == {}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, None),
        ({"surname": "ERIKSSON"}, None),
        ({"surname": "Ericson"}, "surname"),
        ({"birth_date": "1974-08-13"}, "birth_date"),
        ({"sex": "male"}, "sex"),
        ({"given_names": "Anna-Maria"}, None),
        ({"zone": None, "surname": "Ericson"}, None),
    ],
)
def test_answers_are_compared_with_the_zone(changes, place):
    here = FORM.pages[0]
    problems = formspec.page_problems(here, {**ANNA, **changes})
    assert [problem.question for problem in problems] == ([place] if place else [])
    assert all("says:" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"birth_date": "1974-08-13"}, "12 August 1974"), ({"sex": "male"}, "Female")],
)
def test_what_the_zone_says_is_written_like_an_answer(changes, said):
    (problem,) = formspec.page_problems(FORM.pages[0], {**ANNA, **changes})
    assert said in problem.message


def test_a_visa_tells_of_the_person_and_not_of_the_passport_it_is_in():
    of_visa = mrz.Fields(
        "MRV-B", "V", "D", "ERIKSSON", "ANNA MARIA", "1234567XY", "SWE", "1974-08-12", "F", "2026-12-01"
    )
    given = {**ANNA, "zone": "\n".join(mrz.write(of_visa))}
    assert formspec.problems(FORM, {**given, "doc_number": "L898902C3", "nationality": "SWE"}) == []
    assert formspec.filled(FORM, {"zone": given["zone"]}).keys() == {
        "surname", "given_names", "birth_date", "sex", "nationality",
    }  # fmt: skip
    (problem,) = formspec.problems(FORM, {**given, "doc_number": "L898902C3", "nationality": "NOR"})
    assert problem.question == "nationality"


def test_a_name_that_the_zone_does_not_have_is_told_in_a_whole_sentence():
    alone = mrz.Fields("TD3", "P", "UTO", "ERIKSSON", "", "L898902C3", "UTO", "1974-08-12", "F", "2012-04-15")
    (problem,) = formspec.page_problems(FORM.pages[0], {**ANNA, "zone": "\n".join(mrz.write(alone))})
    assert problem.question == "given_names"
    assert "have no name here" in problem.message


def test_what_is_asked_before_the_zone_is_said_at_the_zone():
    late = forms.form(
        ABOUT.replace('id = "zone"', 'id = "other"', 1) + ABOUT.split("[[pages]]")[0].split("\n\n")[0]
    )
    problems = formspec.problems(
        late, {**ANNA, "surname": "Ericson", "doc_number": "L898902C3", "nationality": "XXA"}
    )
    assert [(problem.page, problem.question) for problem in problems] == [("document", "zone")]
    assert "your answer to “Surname”" in problems[0].message


SCRIPTS = """
[[pages.questions]]
id = "own"
kind = "name"
label = "Name in your own script"

[[pages.questions]]
id = "surname"
kind = "name"
label = "Name in Latin letters"
latin_of = "own"
"""
NAMES = forms.form(SCRIPTS)


@pytest.mark.parametrize(("own", "latin"), [("Щербаков", "SHCHERBAKOV"), ("Müller", "MUELLER")])
def test_a_latin_spelling_is_proposed_and_never_taken_without_a_look(own, latin):
    page = NAMES.pages[0]
    form = formspec.django_form(page, {}, {"own": own, "surname": ""})
    assert "our proposal" in form.errors["surname"][0]
    assert form["surname"].value() == latin
    assert form.answers()["surname"] is None
    kept = formspec.django_form(page, {}, {"own": own, "surname": latin})
    assert kept.answers() == {"own": own, "surname": latin}
    assert formspec.django_form(page, {"own": own, "surname": "Other"})["surname"].value() == "Other"


def test_the_latin_name_is_written_in_latin_letters():
    (problem,) = formspec.problems(NAMES, {"own": "Щербаков", "surname": "Щербаков"})
    assert "Latin letters" in problem.message
    assert formspec.problems(NAMES, {"own": "Żółć", "surname": "Żółć-O’Neill"}) == []


def wrong(typed: str, language: str) -> str:
    """What is said about these lines."""
    with translation.override(language):
        (problem,) = formspec.page_problems(FORM.pages[0], {**ANNA, "zone": typed})
        return problem.message


def test_the_doubtful_character_is_named_with_its_place_and_what_it_probably_is() -> None:
    misread = LINES.replace("L898902C3", "L8989O2C3")
    said = wrong(misread, "en")
    assert "Line 2, position 6: is the “O” perhaps “0”?" in said
    assert f"Is this what stands there? {' '.join(ZONE)}" in said
    nobody_can_tell = wrong("PASSPORT", "en")
    assert "perhaps" not in nobody_can_tell
    assert "Is this what stands there?" not in nobody_can_tell


def test_lines_run_from_left_to_right_within_a_sentence_from_right_to_left_and_can_be_copied_back() -> None:
    said = wrong(LINES.replace("L898902C3", "L8989O2C3"), "ar")
    suggested = f"\u2066{' '.join(ZONE)}\u2069"
    assert suggested in said
    assert "\u2066O\u2069" in said
    assert mrz.read(suggested, clock.today()).lines == tuple(ZONE)
    assert "\u2066" not in wrong(LINES.replace("L898902C3", "L8989O2C3"), "de")


def test_the_lines_are_typed_from_left_to_right_in_every_language() -> None:
    with translation.override("ar"):
        field = str(formspec.django_form(FORM.pages[0], {})["zone"])
    assert 'dir="ltr"' in field
    assert 'class="kern-form-input__input code"' in field


def sent(**changed: object) -> list[str]:
    """The questions with something wrong in a Schengen application."""
    answers = schengen.answers(clock.today(), **changed)
    return [each.question for each in formspec.problems(formspec.latest("schengen_visa").form, answers)]


def test_a_name_in_its_own_script_needs_its_latin_spelling_and_the_zone_is_compared_with_that() -> None:
    assert sent(surname="Nguyễn-Łódź’") == []  # Latin letters, whatever marks they have
    assert sent(surname="Нгуен") == ["surname_latin"]
    assert sent(surname="Нгуен", surname_latin="Nguen") == []
    zone = "\n".join(
        mrz.write(
            mrz.Fields(
                "TD3", "P", "IND", "NGUEN", "ANJALI", "Z1234567", "IND", "1990-02-01", "F", "2030-01-14"
            )
        )
    )
    usual = {"given_names": "Anjali", "doc_valid_until": "2030-01-14", "doc_zone": zone, "surname": "Нгуен"}
    assert sent(**usual, surname_latin="Nguen") == []
    assert sent(**usual, surname_latin="Petrov") == ["doc_zone"]
    form = formspec.latest("schengen_visa").form
    assert formspec.filled(form, {"surname": "Нгуен", "doc_zone": zone})["surname_latin"] == "NGUEN"
    assert "surname_latin" not in formspec.filled(form, {"surname": "Nguen", "doc_zone": zone})


@pytest.mark.parametrize("service", ["passport", "identity_card", "national_visa", "schengen_visa"])
def test_the_lines_of_the_document_are_asked_for_and_never_needed(service: str) -> None:
    (asked,) = [each for each in formspec.latest(service).form.questions if each.kind == "mrz"]
    assert (asked.id, asked.required, asked.required_when) == ("doc_zone", False, None)


def test_nothing_is_filled_in_from_lines_with_a_mistake() -> None:
    form = formspec.latest("schengen_visa").form
    assert formspec.filled(form, {"doc_zone": LINES})["doc_number"] == "L898902C3"
    assert formspec.filled(form, {"doc_zone": LINES.replace("L898902C3", "L8989O2C3")}) == {}
