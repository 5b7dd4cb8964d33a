"""Groups within groups: children with their own earlier stays. Entries come and go, and nothing typed is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular import formspec
from tests.formspec import forms

NESTED = """
[[pages.questions]]
id = "children"
kind = "group"
label = "Child"
required = false
repeat = 3

[[pages.questions.questions]]
id = "child"
kind = "name"
label = "Name"

[[pages.questions.questions]]
id = "has_stayed"
kind = "yes_no"
label = "Been here?"
required = false

[[pages.questions.questions]]
id = "stays"
kind = "group"
label = "Earlier stay"
repeat = 4
show_when = "has_stayed = true"

[[pages.questions.questions.questions]]
id = "first"
kind = "date"
label = "First day"

[[pages.questions.questions.questions]]
id = "last"
kind = "date"
label = "Last day"
required = false

[[pages]]
id = "later"
title = "Later"

[[pages.questions]]
id = "why"
kind = "text"
label = "Why so often?"
show_when = "some child in children satisfies count(child.stays) > 1"
"""
FORM = forms.form(NESTED)
PAGE = FORM.pages[0]
TWO = {
    "children": [{"child": "Ann"}, {"child": "Bob", "has_stayed": True, "stays": [{"first": "2024-05-01"}]}]
}


def sent(form, **more):
    """What the browser sends when a button is pressed."""
    return {**forms.posted(form).dict(), **more}


def headings(group):
    """The titles of all entries of a group, outside in."""
    return [
        title
        for entry in group.entries
        for title in (
            entry.heading,
            *(inner for part in entry.parts if part.group for inner in headings(part.group)),
        )
    ]


def test_an_entry_has_entries_of_its_own_and_every_title_says_which():
    form = formspec.django_form(PAGE, TWO)
    assert headings(form.parts[0].group) == [
        "Child, no. 1",
        "Child, no. 2",
        "Child, no. 2: Earlier stay, no. 1",
    ]
    assert [field for field in form.fields if "stays" in field] == [
        "children-1-stays-0-first",
        "children-1-stays-0-last",
    ]
    assert form["children-1-stays-0-first"].label == "First day"


def test_a_mistake_names_the_entry_it_is_in():
    wrong = {
        "children": [
            {"child": "Ann"},
            {"child": "Bob", "has_stayed": True, "stays": [{"last": "2024-05-05"}]},
        ]
    }
    (problem,) = formspec.problems(FORM, wrong)
    assert problem.question == "children-1-stays-0-first"
    assert problem.label == "Child, no. 2: Earlier stay, no. 1: First day"
    form = formspec.django_form(PAGE, {}, sent(formspec.django_form(PAGE, wrong)))
    assert list(form.errors) == [problem.question]
    assert form.fields[problem.question].named == problem.label


def test_adding_and_removing_keep_everything_typed_even_what_is_wrong():
    first = formspec.django_form(PAGE, TWO)
    typed = sent(first) | {"children-1-stays-0-last_year": "soon", "children-0-child": "R2D2"}
    more = formspec.django_form(PAGE, TWO, typed | {"add": "children-1-stays"}).without_judging()
    assert headings(more.parts[0].group)[-1] == "Child, no. 2: Earlier stay, no. 2"
    assert more["children-0-child"].value() == "R2D2"
    again = sent(more)
    assert again["children-1-stays-0-last_year"] == "soon"
    less = formspec.django_form(PAGE, TWO, again | {"remove": "children-0"}).without_judging()
    assert headings(less.parts[0].group) == [
        "Child, no. 1",
        "Child, no. 1: Earlier stay, no. 1",
        "Child, no. 1: Earlier stay, no. 2",
    ]
    kept = sent(less)
    assert kept["children-0-child"] == "Bob"
    assert kept["children-0-stays-0-first_year"] == "2024"
    assert kept["children-0-stays-0-last_year"] == "soon"
    assert "R2D2" not in kept.values()


@pytest.mark.parametrize(
    "removed", ["children-7", "children-x", "children", "stays-0", "children-1-stays-0-first", ""]
)
def test_removing_what_is_not_there_removes_nothing(removed):
    form = formspec.django_form(PAGE, TWO, sent(formspec.django_form(PAGE, TWO), remove=removed))
    assert form.answers() == TWO


def test_there_are_never_more_entries_than_allowed():
    form = formspec.django_form(PAGE, TWO)
    for _ in range(6):
        form = formspec.django_form(PAGE, TWO, sent(form, add="children-1-stays"))
    (stays,) = [part.group for part in form.parts[0].group.entries[1].parts if part.group]
    assert len(stays.entries) == 4
    assert stays.adds == ""


def test_what_a_condition_hides_within_an_entry_is_neither_kept_nor_shown():
    hidden = {"children": [{"child": "Ann", "has_stayed": False, "stays": [{"first": "2024-05-01"}]}]}
    assert formspec.counted(FORM, hidden) == {"children": [{"child": "Ann", "has_stayed": False}]}
    assert [answer.label for answer in formspec.shown([PAGE], hidden)[0].answers] == [
        "Child: Name",
        "Child: Been here?",
    ]


def test_conditions_look_into_inner_entries():
    often = {
        "children": [
            {"child": "Bob", "has_stayed": True, "stays": [{"first": "2024-05-01"}, {"first": "2025-05-01"}]}
        ]
    }
    assert [problem.question for problem in formspec.problems(FORM, often)] == ["why"]
    assert formspec.problems(FORM, TWO) == []


def test_what_is_right_in_an_entry_is_kept_when_something_else_in_it_is_wrong():
    typed = sent(formspec.django_form(PAGE, TWO)) | {
        "children-0-child": "R2D2",
        "children-1-stays-0-first_month": "13",
    }
    form = formspec.django_form(PAGE, {}, typed)
    assert set(form.errors) == {"children-0-child", "children-1-stays-0-first"}
    assert form.answers() == {"children": [{"child": "Bob", "has_stayed": True}]}


STAYS = st.lists(
    st.fixed_dictionaries({"first": st.dates().filter(lambda day: day.year > 1900).map(str)}), max_size=4
)
CHILDREN = st.lists(
    st.fixed_dictionaries(
        {"child": st.just("Ann") | st.just("R2D2")},
        optional={"has_stayed": st.booleans(), "stays": STAYS | st.text(max_size=3) | st.none()},
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(CHILDREN)
def test_pages_and_problems_agree_whatever_is_in_the_entries(children):
    given_answers = {"children": children}
    once = formspec.counted(FORM, given_answers)
    assert formspec.counted(FORM, once) == once
    for child in once.get("children", []):
        assert "stays" not in child or child["has_stayed"] is True
    form = formspec.django_form(PAGE, once)
    assert formspec.django_form(PAGE, {}, sent(form)).answers() == {"children": once.get("children")}
