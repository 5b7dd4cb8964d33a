"""No answer that a condition hides is validated, stored or printed: any form, any answers, against a naive walk."""

from dataclasses import replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from consular import formspec
from consular.formspec.model import Form, Page, Question, Rule
from consular.rules import feel
from tests.formspec import forms

SECRET = "Hidden"
"""A right answer of the kind `name`."""


@st.composite
def questions(draw, ids, known, depth):
    """Some questions; each may depend on one asked before it, and groups hold more of the same."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        name = f"q{next(ids)}"
        kind = draw(
            st.sampled_from(["yes_no", "yes_no", "name", "group"] if depth < 2 else ["yes_no", "name"])
        )
        asked = draw(st.sampled_from([None, None, *known]))
        condition = feel.compile(f"{asked} = true") if asked else None
        inner = draw(questions(ids, list(known), depth + 1)) if kind == "group" else ()
        needed = draw(st.booleans())
        found.append(
            Question(name, kind, name, required=needed, show_when=condition, repeat=2, questions=inner)
        )
        if kind == "yes_no":
            known.append(name)
    return tuple(found)


@st.composite
def any_form(draw):
    """A form of two pages."""
    ids, known = count(), []
    first = draw(questions(ids, known, 0))
    second = draw(questions(ids, known, 0))
    rules = tuple(
        Rule(each.id, feel.compile(f'{each.id} != "{SECRET}"'), "Not this name.")
        for each in second
        if each.kind == "name"
    )
    return Form("F", "", (Page("a", "A", first), Page("b", "B", second, before=first, rules=rules)), {}, ())


def any_answers(asked):
    """Answers to all questions, right and wrong ones, whether they are asked or not."""
    each = {
        "yes_no": st.sampled_from([True, False, "maybe", None]),
        "name": st.sampled_from([SECRET, "R2D2", None]),
    }
    return st.fixed_dictionaries(
        {
            question.id: st.lists(any_answers(question.questions), max_size=2)
            if question.kind == "group"
            else each[question.kind]
            for question in asked
        }
    )


def is_empty(answer):
    """Whether nothing was answered at all; then a group that is needed asks for its first entry."""
    if isinstance(answer, list | dict):
        return all(is_empty(part) for part in (answer.values() if isinstance(answer, dict) else answer))
    return answer is None


def visible(asked, answers, known):
    """The naive walk: (path, question) of everything that is asked."""
    here, found = dict(known), set()
    for question in asked:
        condition = question.show_when
        if condition and here.get(condition.text.split()[0]) is not True:
            continue
        found.add(question.id)
        answer = answers.get(question.id)
        if question.kind == "yes_no" and isinstance(answer, bool):
            here[question.id] = answer
        entries = (answer or []) if question.kind == "group" else []
        for index, entry in enumerate([{}] if is_empty(entries) else entries):
            found |= {
                f"{question.id}-{index}-{inner}" for inner in visible(question.questions, entry, here)[0]
            }
    return found, here


CASES = any_form().flatmap(lambda form: st.tuples(st.just(form), any_answers(form.questions)))


@settings(max_examples=150, deadline=None)
@given(CASES)
def test_hidden_answers_are_nowhere(case):
    form, answers = case
    seen, known = visible(form.pages[0].questions, answers, {})
    seen |= visible(form.pages[1].questions, answers, known)[0]
    tops = {question.id for question in form.questions if question.id in seen}

    stored = formspec.counted(form, answers)
    assert stored.keys() <= tops
    printed = {answer.id for page in formspec.shown(form.pages, answers) for answer in page.answers}
    assert {name.partition("-")[0] for name in printed} <= tops
    problems = {problem.question for problem in formspec.problems(form, answers)}
    assert problems <= seen
    for page in form.pages:
        shown = formspec.django_form(page, answers)
        assert {name.partition("-")[0] for name in shown.fields} <= tops


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_one_walk_tells_what_many_do(case):
    form, answers = case
    walk = formspec.walk(form, answers)
    shown = formspec.shown(form.pages, answers)

    assert walk.problems == formspec.problems(form, answers)
    assert walk.answers == formspec.counted(form, answers)
    assert walk.shown() == shown
    assert walk.starting_values == formspec.starting_values(form, answers)
    asked = [page.id for page in shown]
    assert formspec.following(form, "a", answers) == ("b" if "b" in asked else "")
    assert formspec.following(form, "b", answers) == ""


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_taking_hidden_answers_away_changes_nothing(case):
    form, answers = case
    stored = formspec.counted(form, answers)
    assert formspec.counted(form, stored) == stored
    assert formspec.shown(form.pages, stored) == formspec.shown(form.pages, answers)


def test_without_conditions_the_same_walk_finds_hidden_answers():
    form = forms.form(
        forms.question("yes_no")
        + '\n[[pages.questions]]\nid = "b"\nkind = "name"\nlabel = "B"\nshow_when = "it = true"'
    )
    answers = {"it": False, "b": SECRET}
    assert "b" not in formspec.counted(form, answers)
    page = form.pages[0]
    free = replace(page, questions=tuple(replace(question, show_when=None) for question in page.questions))
    assert formspec.counted(replace(form, pages=(free,)), answers)["b"] == SECRET
