"""Telephone numbers and addresses of any country, questions that do not concern somebody."""

import pytest

from consular import formspec
from consular.formspec import places, postal_codes
from tests import rows
from tests.formspec import forms

HOME = '[[pages.questions]]\nid = "home"\nkind = "country"\nlabel = "Home"\n'
PHONE = forms.form(HOME + forms.question("phone", country='"home"'))
ADDRESS = forms.form(HOME + forms.question("address", country='"home"'))


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("IND", "011 23456789", "+91 11 2345 6789"),
        ("DEU", "030/1234567", "+49 30 1234567"),
        ("DEU", "0091 11 23456789", "+91 11 2345 6789"),
        ("USA", "(202) 555-0123", "+1 202-555-0123"),
        ("XKX", "+383 43 201 234", "+383 43 201 234"),
    ],
)
def test_a_number_is_dialled_from_the_country_where_somebody_lives(country, typed, stored):
    assert formspec.counted(PHONE, {"home": country, "it": typed})["it"] == stored


@pytest.mark.parametrize(("country", "typed"), [("USA", "555-01"), ("IND", "12"), ("DEU", "+49 1")])
def test_too_few_digits_for_the_country_are_refused_with_the_reason(country, typed):
    (problem,) = formspec.problems(PHONE, {"home": country, "it": typed})
    assert "too few digits" in problem.message


@rows.every("country, code, is_right", [
        ("DEU", "10117", True), ("DEU", "D-10117", True), ("DEU", "1011", False), ("DEU", "", False),
        ("IND", "110 021", True), ("IND", "1100211", False), ("USA", "20007-1998", True), ("USA", "2000", False),
        ("CAN", "k1a0b1", True), ("CAN", "11A 0B1", False), ("NLD", "2514 EG", True), ("GBR", "SW1A 2AA", True),
        ("ARE", "", True), ("KEN", "", True), ("KEN", "00100", True), ("KEN", "1", False), ("BRA", "70359900", True),
        ("COL", "", True), ("NPL", "", True), ("NPL", "446", False),
    ])  # fmt: skip
def test_postal_codes_have_the_form_of_their_country(country, code, is_right):
    problems = formspec.problems(ADDRESS, {"home": country, "it": ["5 Old Street", code, "Town", None]})
    assert [problem.question for problem in problems] == ([] if is_right else ["it"])


def test_a_missing_postal_code_is_asked_for_and_a_wrong_one_corrected():
    for code, said in {"": "Please enter the postal code", "1011": "Please correct it"}.items():
        (problem,) = formspec.problems(ADDRESS, {"home": "DEU", "it": ["5 Old Street", code, "Town", None]})
        assert said in problem.message


def test_every_rule_takes_its_own_example_and_speaks_of_a_country():
    countries = dict(places.countries())
    for country, rule in postal_codes._rules().items():
        assert country in countries
        assert rule.takes(rule.example)
    assert countries.keys() >= postal_codes.WITHOUT


def test_an_address_is_written_in_lines_and_asked_for_in_labelled_inputs():
    stored = {
        "lines": "5 Old Street\nFlat 2",
        "postal_code": "110021",
        "place": "New Delhi",
        "country": "IND",
    }
    form = forms.form(forms.question("address", autocomplete='"street-address"'))
    (answer,) = formspec.shown(form.pages, {"it": stored})[0].answers
    assert answer.value == "5 Old Street\nFlat 2\n110021 New Delhi\nIndia"
    page = str(formspec.django_form(form.pages[0], {"it": stored})["it"].as_field_group())
    assert page.count('<label class="kern-label" for="id_it_') == 4
    assert '<option value="IND" selected>' in page
    assert 'autocomplete="postal-code"' in page
    assert "<fieldset" in page
    data = {
        "it_lines": "5 Old Street\nFlat 2",
        "it_postal_code": "110021",
        "it_place": "New Delhi",
        "it_country": "IND",
    }
    assert formspec.django_form(form.pages[0], {}, data).answers() == {"it": stored}
    wrong = formspec.django_form(form.pages[0], {}, data | {"it_postal_code": "<b>"})
    assert "&lt;b&gt;" in str(wrong["it"])
    assert list(wrong.errors) == ["it"]


@pytest.mark.parametrize(
    "kind", ["text", "date", "phone", "address", "country", "yes_no", "document_number", "money"]
)
def test_a_question_can_be_said_not_to_concern_one(kind):
    form = forms.form(forms.question(kind, not_applicable="true"))
    page = form.pages[0]
    ticked = formspec.django_form(page, {}, {"it_not_applicable": "yes"})
    assert ticked.is_valid()
    assert ticked.answers() == {"it": {"not_applicable": True}}
    assert formspec.problems(form, ticked.answers()) == []
    assert formspec.shown([page], ticked.answers())[0].answers[0].value == "Not applicable"
    assert 'id="id_it_not_applicable" value="yes" checked' in str(
        formspec.django_form(page, ticked.answers())["it"]
    )
    strict = forms.form(forms.question(kind))
    assert [problem.question for problem in formspec.problems(strict, ticked.answers())] == ["it"]


def test_not_applicable_and_an_answer_are_too_much():
    page = forms.page(forms.question("text", not_applicable="true"))
    both = formspec.django_form(page, {}, {"it_not_applicable": "yes", "it": "Something"})
    assert both.errors["it"] == ["Please answer the question or tick “Not applicable”, not both."]
    assert 'value="Something"' in str(both["it"])


def test_conditions_see_nothing_where_a_question_does_not_concern_one():
    later = '\n[[pages.questions]]\nid = "b"\nkind = "text"\nlabel = "B"\nshow_when = "it != null"'
    form = forms.form(forms.question("text", not_applicable="true") + later)
    assert formspec.problems(form, {"it": {"not_applicable": True}}) == []
    assert [problem.question for problem in formspec.problems(form, {"it": "X"})] == ["b"]
