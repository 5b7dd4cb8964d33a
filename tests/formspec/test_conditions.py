"""Conditions: what is hidden is nowhere validated, stored or shown."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from consular import formspec
from consular.formspec.problems import counted
from tests.formspec import forms

CHAIN = """
[[pages.questions]]
id = "a"
kind = "yes_no"
label = "A"

[[pages.questions]]
id = "b"
kind = "choice"
label = "B"
options = [{ value = "x", label = "X" }, { value = "y", label = "Y" }]
show_when = "a = true"

[[pages.questions]]
id = "c"
kind = "name"
label = "C"
show_when = 'b = "x"'

[[pages.questions]]
id = "d"
kind = "date"
label = "D"
required = false
required_when = 'c != null'

[[pages]]
id = "later"
title = "Later"

[[pages.questions]]
id = "e"
kind = "text"
label = "E"
show_when = 'd > date("2020-01-01")'
"""
FORM = forms.form(CHAIN)
ANYTHING = st.none() | st.text(max_size=5) | st.booleans() | st.lists(st.text(max_size=4), max_size=3)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.booleans() | ANYTHING,
        "b": st.sampled_from(["x", "y"]) | ANYTHING,
        "c": st.just("Ann") | ANYTHING,
        "d": st.sampled_from(["2019-05-05", "2024-05-05", ["1", "1", "2021"]]) | ANYTHING,
        "e": st.just("text") | ANYTHING,
        "stranger": ANYTHING,
    },
)


def asked(answers):
    """The naive word on which questions are asked."""
    here = {"a", "d"}
    if answers.get("a") in (True, "yes"):
        here.add("b")
        if answers.get("b") == "x":
            here.add("c")
    if answers.get("d") in ("2024-05-05", ["1", "1", "2021"]):
        here.add("e")
    return here


@settings(max_examples=300, deadline=None)
@given(ANSWERS)
def test_hidden_answers_are_never_validated_stored_or_shown(answers):
    shown = {answer.id for page in formspec.shown(FORM.pages, answers) for answer in page.answers}
    assert shown == asked(answers)
    assert {problem.question for problem in formspec.problems(FORM, answers)} <= asked(answers)
    assert counted(FORM, answers).keys() <= asked(answers)


@settings(max_examples=100, deadline=None)
@given(ANSWERS)
def test_what_counts_keeps_counting(answers):
    assert counted(FORM, counted(FORM, answers)) == counted(FORM, answers)


def test_without_its_condition_the_same_answer_would_be_judged():
    answers = {"a": False, "c": "R2D2"}
    assert formspec.problems(FORM, answers) == []
    page = FORM.pages[0]
    free = replace(page, questions=tuple(replace(question, show_when=None) for question in page.questions))
    assert [problem.question for problem in formspec.page_problems(free, answers)] == ["b", "c"]


def test_a_hidden_answer_does_not_count_for_later_conditions():
    assert counted(FORM, {"a": False, "b": "x", "c": "Ann"}) == {"a": False}


def test_a_question_can_become_necessary():
    (problem,) = formspec.problems(FORM, {"a": True, "b": "x", "c": "Ann"})
    assert problem.question == "d"


def test_a_wrong_answer_counts_as_none():
    assert formspec.shown(FORM.pages, {"d": "2024-99-99"})[-1].id == "about"


def test_a_page_judges_its_own_questions_with_the_answers_of_earlier_pages():
    later = FORM.page("later")
    assert formspec.page_problems(later, {"d": "2019-05-05"}) == []
    (problem,) = formspec.page_problems(later, {"d": "2024-05-05"})
    assert (problem.page, problem.question) == ("later", "e")


def test_rules_wait_for_all_their_answers():
    form = forms.form(
        forms.question("date")
        + '\n[[pages.questions]]\nid = "to"\nkind = "date"\nlabel = "To"\nrequired = false',
        rest='[[rules]]\nquestion = "to"\nmust = "to >= it"\nmessage = "Too early."',
    )
    assert formspec.problems(form, {"it": "2026-01-02"}) == []
    assert formspec.problems(form, {"it": "2026-01-02", "to": "2026-01-02"}) == []
    (problem,) = formspec.problems(form, {"it": "2026-01-02", "to": "2026-01-01"})
    assert (problem.question, problem.message) == ("to", "Too early.")
