"""What stays of answers to another edition of a form: everything its inputs can show, and nothing they cannot."""

import pytest

from consular import formspec
from consular.formspec import kinds
from tests import rows
from tests.formspec import forms

KINDS = sorted(kinds.KINDS.keys() - {"group", "area"})
OPTIONS = '[{ value = "a", label = "One" }, { value = "b", label = "Two" }]'
ANSWERS = (
    "x",
    True,
    5,
    ["a"],
    ["1", "2"],
    ["31", "2", "1985"],
    [{"surname": "Diallo"}],
    {"lines": "1 High Street", "place": "Delhi", "country": "IND"},
    {"not_applicable": True},
    {"not_applicable": True, "given": ["a"]},
)
GROUP = """
[[pages.questions]]
id = "children"
kind = "group"
label = "Child"
repeat = 2

[[pages.questions.questions]]
id = "child"
kind = "name"
label = "Name"
"""


@rows.every("kind", KINDS, "more", [{}, {"not_applicable": "true"}])
def test_an_answer_to_a_question_of_another_kind_leaves_the_page_in_order(
    kind: str, more: dict[str, str]
) -> None:
    options = {"options": OPTIONS} if kind in ("choice", "choices") else {}
    form = forms.form(forms.question(kind, **options, **more))
    for answer in ANSWERS:
        (field,) = formspec.django_form(form.pages[0], formspec.kept(form, {"it": answer}))
        assert "&#x27;" not in field.as_field_group(), answer


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("number", "a little"), ("date", ["31", "2", "1985"]), ("date", "1985-02-31"), ("choices", ["gone"])],
)
def test_what_is_wrong_but_can_be_shown_stays(kind: str, answer: object) -> None:
    options = {"options": OPTIONS} if kind == "choices" else {}
    form = forms.form(forms.question(kind, **options))
    assert formspec.kept(form, {"it": answer}) == {"it": answer}


def test_entries_stay_when_a_group_takes_fewer_of_them_than_before() -> None:
    form = forms.form(GROUP)
    children = [{"child": name} for name in ("Awa", "Ben", "Chi")]

    kept = formspec.kept(form, {"children": children})

    assert kept == {"children": children}
    (problem,) = formspec.problems(form, kept)
    assert (problem.question, problem.message) == ("children", "Please make no more than 2 entries.")
