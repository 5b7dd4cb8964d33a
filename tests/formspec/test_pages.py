"""A page as a Django form: widgets, help for browsers and readers, typed text kept on error."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from consular import formspec
from consular.core import clock
from tests.formspec import forms
from tests.formspec.schengen import answers
from tests.formspec.test_kinds import ZONE

FORM = formspec.latest("schengen_visa").form
NAMES = forms.page(forms.question("name", hint='"As in your passport."', autocomplete='"family-name"'))


def html(form):
    return "".join(str(field.as_field_group()) for field in form)


def test_label_hint_and_error_belong_to_their_input():
    form = formspec.django_form(NAMES, {}, {"it": "R2D2"})
    page = html(form)
    assert '<label class="kern-label" for="id_it">It' in page
    assert 'aria-describedby="id_it_helptext id_it_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'autocomplete="family-name"' in page
    assert 'value="R2D2"' in page


def test_a_date_is_one_fieldset_with_three_labelled_inputs():
    page = html(
        formspec.django_form(forms.page(forms.question("date", autocomplete='"bday"')), {"it": "1985-03-27"})
    )
    assert page.count("<fieldset") == 1
    for number, (part, value) in enumerate([("day", "27"), ("month", "03"), ("year", "1985")]):
        assert f'<label class="kern-label" for="id_it_{number}">{part.capitalize()}</label>' in page
        assert f'name="it_{part}"' in page
        assert f'value="{value}"' in page
        assert f'autocomplete="bday-{part}"' in page
    assert page.count('inputmode="numeric"') == 3


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("email", 'type="email"'),
        ("phone", 'type="tel"'),
        ("money", 'inputmode="decimal"'),
        ("number", 'inputmode="numeric"'),
        ("document_number", 'autocomplete="off"'),
        ("long_text", "<textarea"),
        ("yes_no", 'type="radio"'),
        ("declaration", 'type="checkbox"'),
        ("country", "<select"),
    ],
)
def test_each_kind_has_its_input(kind, attribute):
    assert attribute in html(formspec.django_form(forms.page(forms.question(kind)), {}))


def test_browsers_leave_the_judging_to_us():
    assert " required" not in html(formspec.django_form(NAMES, {}))


@pytest.mark.parametrize("markup", [*forms.MARKUP, '"><b>', "&amp;"])
def test_markup_is_text(markup):
    page = forms.page(forms.question("long_text"))
    shown = html(formspec.django_form(page, {}, {"it": markup}))
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert formspec.django_form(page, {}, {"it": markup}).answers() == {"it": markup}


@pytest.mark.parametrize("typed", ["R2D2", "x" * 10_000, "a\u202eb", "a\x00b"])
def test_wrong_text_stays_in_its_input(typed):
    form = formspec.django_form(NAMES, {"it": "Stored"}, {"it": typed})
    assert not form.is_valid()
    assert form["it"].value() == typed.replace("\0", "\ufffd")
    assert form.answers() == {"it": None}


def test_a_wrong_date_stays_in_its_inputs():
    form = formspec.django_form(
        forms.page(forms.question("date")), {}, {"it_day": "31", "it_month": "2", "it_year": "next"}
    )
    assert not form.is_valid()
    assert {'value="31"', 'value="2"', 'value="next"'} <= {
        word for word in html(form).replace(">", " ").split() if word.startswith("value=")
    }


def test_a_question_appears_when_its_condition_is_typed():
    page = FORM.page("identity")
    assert "civil_status_other" not in formspec.django_form(page, {}).fields
    form = formspec.django_form(page, {}, {"civil_status": "other"})
    assert form.errors["civil_status_other"] == ["Please answer this question."]


def test_a_hidden_answer_is_not_taken_from_a_forged_form():
    form = formspec.django_form(
        FORM.page("identity"), {}, {"civil_status": "single", "civil_status_other": "x"}
    )
    assert form.answers()["civil_status_other"] is None


def test_problems_found_later_are_shown_once():
    form = formspec.django_form(NAMES, {}, {"it": ""})
    found = formspec.problems(forms.form(forms.question("name")), {})
    formspec.add_problems(form, [*found, formspec.Problem("about", "it", "Another."), *found])
    assert form.errors["it"] == ["Please answer this question.", "Another."]


def test_without_judging_everything_typed_is_there_and_no_error():
    form = formspec.django_form(NAMES, {}, {"it": "R2D2"}).without_judging()
    assert not form.errors
    assert 'value="R2D2"' in html(form)
    assert "aria-invalid" not in html(form)


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
@pytest.mark.parametrize("page", FORM.pages, ids=lambda page: page.id)
def test_pages_stay_small_in_every_language(page, language):
    minor = answers(
        date(2026, 3, 2), birth_date="2020-01-01", residence_country="USA", has_other_nationalities=True
    )
    with translation.override(language):
        assert len(html(formspec.django_form(page, minor)).encode()) < 70_000


@pytest.mark.parametrize("page", FORM.pages, ids=lambda page: page.id)
def test_sending_a_filled_page_back_changes_nothing(page):
    stored = formspec.counted(FORM, answers(clock.today(), birth_date="1980-05", civil_status="other"))
    sent = formspec.django_form(page, stored, forms.posted(formspec.django_form(page, stored)))
    here = {question.id: stored.get(question.id) for question in page.questions}
    assert sent.answers() == here


NAME = st.text("abcéßłđ آبت李王", min_size=1, max_size=20).filter(str.strip)
TEXT = st.text("ab <>&\"'{}%=é李ب\n", max_size=40)
DATE = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str)
PLACE = st.text("abéß李", min_size=1, max_size=20)
TYPED = {
    "address": st.fixed_dictionaries(
        {
            "lines": PLACE,
            "place": PLACE,
            "postal_code": st.sampled_from(["", "10115", "400001"]),
            "country": st.sampled_from(["IND", "GHA"]),
        }
    ),
    "mrz": st.sampled_from(["", "\n".join(ZONE)]),
    "name": NAME,
    "text": TEXT,
    "long_text": TEXT,
    "date": DATE,
    "yes_no": st.booleans(),
    "email": st.just("a@example.org"),
    "phone": st.just("+49 30 123456"),
    "document_number": st.text("ABC123", min_size=1, max_size=20),
    "country": st.sampled_from(["IND", "USA", "DEU"]),
    "nationality": st.sampled_from(["IND", "USA", "XXA"]),
    "member_state": st.sampled_from(["DEU", "FRA"]),
    "member_states": st.lists(st.sampled_from(["DEU", "FRA", "SWE"]), unique=True),
    "area": st.sampled_from(["IN-MH", "US-CA/06037", "US-TX"]),
}


def typed_answer(question):
    """Any answer that fits a question."""
    values = st.sampled_from([option.value for option in question.options] or [""])
    if question.kind == "group":
        entry = {inner.id: typed_answer(inner) for inner in question.questions}
        return st.lists(st.fixed_dictionaries(entry), max_size=question.repeat)
    if question.kind == "choices":
        return st.lists(values, unique=True)
    return values if question.kind == "choice" else TYPED[question.kind]


EVERYTHING = st.fixed_dictionaries(
    {question.id: typed_answer(question) for page in FORM.pages for question in page.questions}
)


@settings(max_examples=40, deadline=None)
@given(EVERYTHING)
def test_every_answer_typed_into_the_pages_is_kept_as_it_was_typed(everything):
    counts = formspec.counted(FORM, everything)
    kept = {}
    for page in FORM.pages:
        form = formspec.django_form(page, {**kept, **everything})
        kept |= formspec.django_form(page, kept, forms.posted(form)).answers()
    assert {key: answer for key, answer in kept.items() if answer is not None} == counts


WORDS = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Z", "C"]), max_size=30)
DATA = st.dictionaries(
    st.sampled_from(
        [
            f"{question.id}{part}"
            for page in FORM.pages
            for question in page.questions
            for part in ("", "_day", "_year")
        ]
    ),
    WORDS | st.sampled_from(["IND", "USA", "IN-MH", "US-CA/06037", "other", "yes", "no", "1990", "1", "12"]),
    max_size=25,
)


@settings(max_examples=20, deadline=None)
@given(DATA)
@pytest.mark.parametrize("page", FORM.pages, ids=lambda page: page.id)
def test_whatever_is_posted_is_answered_with_sentences_and_kept(page, data):
    form = formspec.django_form(page, {}, data)
    errors = form.errors
    assert all(message for messages in errors.values() for message in messages)
    assert set(errors) <= set(form.fields)
    html(form)
    for name in form.fields:
        if isinstance(data.get(name), str) and not form[name].use_fieldset:
            assert form[name].value() == data[name].replace("\0", "\ufffd")
