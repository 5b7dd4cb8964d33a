"""Values computed from answers, and rules between the answers of one entry."""

import pytest

from consular import formspec
from consular.core import clock
from consular.formspec import loading
from tests.formspec import forms

FIELDS = """
[[pages.questions]]
id = "born"
kind = "date"
label = "Born"

[[pages.questions]]
id = "guardian"
kind = "name"
label = "Guardian"
show_when = "age < 18"

[[pages]]
id = "later"
title = "Later"

[[pages.questions]]
id = "stays"
kind = "group"
label = "Stay"
repeat = 5
required = false

[[pages.questions.questions]]
id = "first"
kind = "date"
label = "First day"

[[pages.questions.questions]]
id = "last"
kind = "date"
label = "Last day"

[[pages.questions.rules]]
question = "last"
must = "last >= first"
message = "The stay ends before it begins."

[[pages.questions]]
id = "why"
kind = "text"
label = "Why so long?"
show_when = "is_long"
"""
DERIVED = """
[[derived]]
id = "is_long"
value = "days > 90"
kind = "yes_no"
routes = true

[[derived]]
id = "days"
value = 'sum(for stay in stays return (stay.last - stay.first) / duration("P1D") + 1)'
kind = "number"
label = "Days in all"

[[derived]]
id = "age"
value = "years and months duration(born, today).years"
kind = "number"
label = "Age"
"""
FORM = forms.form(FIELDS, rest=DERIVED)
STAYS = [{"first": "2024-01-01", "last": "2024-01-31"}, {"first": "2025-01-01", "last": "2025-03-31"}]


def test_a_value_is_known_as_soon_as_its_answers_are():
    child = f"{clock.today().year - 10}-01-01"
    assert [problem.question for problem in formspec.problems(FORM, {"born": child})] == ["guardian"]
    assert formspec.problems(FORM, {"born": "1980-01-01"}) == []
    assert [
        problem.question for problem in formspec.problems(FORM, {"born": "1980-01-01", "stays": STAYS})
    ] == ["why"]


def test_derived_values_are_computed_never_taken_from_the_answers():
    forged = {"born": "1980-01-01", "age": 5, "days": "1", "is_long": False, "stays": STAYS}
    assert formspec.derived(FORM, forged)["days"] == "121"
    assert formspec.derived(FORM, forged)["is_long"] is True
    assert formspec.starting_values(FORM, forged) == {"is_long": True}
    assert "age" not in formspec.counted(FORM, forged)
    assert formspec.derived(FORM, {}) == {}


def test_values_with_a_label_are_shown_beside_their_answers():
    shown = formspec.shown(FORM.pages, {"born": "1980-01-01", "stays": STAYS})
    assert [(answer.label, answer.answered) for answer in shown[0].answers] == [("Born", True), ("Age", True)]
    assert ("days", "121") in [(answer.id, answer.value) for answer in shown[1].answers]
    assert [answer.label for answer in formspec.shown(FORM.pages, {})[0].answers] == ["Born"]


def test_a_rule_within_an_entry_names_the_entry():
    wrong = [STAYS[0], {"first": "2025-01-05", "last": "2025-01-01"}]
    (problem,) = formspec.problems(FORM, {"born": "1980-01-01", "stays": wrong})
    assert problem.question == "stays-1-last"
    assert problem.message == "The stay ends before it begins."
    assert problem.label == "Stay, no. 2: Last day"


@pytest.mark.parametrize(
    ("derived", "message"),
    [
        ('id = "x"\nvalue = "sky + 1"\nkind = "number"', 'the value uses "sky", which is not asked'),
        (
            'id = "x"\nvalue = "y"\n[[derived]]\nid = "y"\nvalue = "x"',
            'the value uses "y", which is not asked',
        ),
        ('id = "born"\nvalue = "why"', '"born" is no good id, is used twice or taken'),
        ('id = "x"\nvalue = "why"\nkind = "email"', 'a derived value cannot be shown as "email"'),
        (
            'id = "x"\nvalue = "born + 1"\nkind = "date"',
            "never of the kind date, whatever is answered: date + number",
        ),
        ('id = "x"\nvalue = "born"\nkind = "number"', "never of the kind number"),
        ('id = "x"\nvalue = "1 +"', "cannot be read"),
        ('id = "x"\nvalue = "why"\ncolour = 1', 'there is no setting called "colour"'),
    ],
)
def test_mistakes_in_derived_values_are_named(derived, message):
    head = 'title = "Test"\nservice_group = ""\n[[pages]]\nid = "about"\ntitle = "About"\n'
    found = loading.findings(f"{head}{FIELDS}\n{DERIVED}\n[[derived]]\n{derived}")
    assert any(message in finding.message and finding.line for finding in found), found


def test_a_condition_may_not_use_a_value_before_its_answers_are_asked():
    early = '[[pages.questions]]\nid = "early"\nkind = "text"\nlabel = "E"\nshow_when = "age > 3"\n'
    head = 'title = "Test"\n[[pages]]\nid = "about"\ntitle = "About"\n'
    found = loading.findings(f"{head}{early}{FIELDS}{DERIVED}")
    assert [finding.message for finding in found] == ['the condition uses "age", which is not asked before']
