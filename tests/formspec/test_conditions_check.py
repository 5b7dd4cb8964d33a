"""Conditions that make no sense are found before publication."""

from consular.formspec import loading
from tests import rows
from tests.formspec import forms

ASKED = """
[[pages.questions]]
id = "born"
kind = "date"
label = "Born"

[[pages.questions]]
id = "purpose"
kind = "choice"
label = "Purpose"
options = [{ value = "tourism", label = "Tourism" }, { value = "work", label = "Work" }]

[[pages.questions]]
id = "purposes"
kind = "choices"
label = "Purposes"
options = [{ value = "tourism", label = "Tourism" }, { value = "work", label = "Work" }]

[[pages.questions]]
id = "minor"
kind = "yes_no"
label = "Minor"

[[pages.questions]]
id = "home"
kind = "country"
label = "Home"

[[pages.questions]]
id = "income"
kind = "money"
label = "Income"

[[pages.questions]]
id = "name"
kind = "text"
label = "Name"

[[pages.questions]]
id = "stays"
kind = "group"
label = "Stay"
repeat = 3

[[pages.questions.questions]]
id = "first"
kind = "date"
label = "First"

[[pages.questions.questions]]
id = "where"
kind = "country"
label = "Where"
"""


def found(condition):
    last = f"[[pages.questions]]\nid = \"last\"\nkind = \"text\"\nlabel = \"Last\"\nshow_when = '''{condition}'''"
    head = 'title = "Test"\n[[pages]]\nid = "about"\ntitle = "About"\n'
    source = f"{head}{ASKED}\n{last}"
    findings = loading.findings(source)
    assert {source.splitlines()[finding.line - 1][:9] for finding in findings} <= {"show_when"}
    return " | ".join(finding.message for finding in findings)


@rows.every(
    "condition, message",
    [
        ("born > 18", "neither true nor false, whatever is answered: date > number cannot be compared"),
        (
            "minor = 1",
            "neither true nor false, whatever is answered: it compares answers of different kinds",
        ),
        ('minor = "yes"', "it compares answers of different kinds"),
        ("born", "neither true nor false"),
        ("income + 1", "neither true nor false"),
        ('purpose = "turism"', "never true"),
        ('minor = true and purpose = "turism"', "never true"),
        ('purpose != "turism"', "always true"),
        ('purpose = "work" and purpose = "tourism"', "never true"),
        ('list contains(purposes, "turism")', "never true"),
        ('not(list contains(purposes, "turism"))', "never true"),
        ('home = "ABC"', "never true"),
        ("minor = true and minor = false", "never true"),
        ("some stay in stays satisfies stay.last > today", "neither true nor false"),
        ("count(stays) > 1 and born > 3", "date > number"),
        ("income > born", "number > date cannot be compared"),
        ("sky = 1", 'the condition uses "sky", which is not asked before'),
        ("", "cannot be read"),
    ],
)
def test_a_condition_that_makes_no_sense_is_named(condition, message):
    assert message in found(condition)


@rows.every(
    "condition",
    [
        "born < today",
        'born + duration("P18Y") > today',
        'purpose = "work"',
        'purpose != "work" or minor = true',
        "purpose = null and minor = true",
        'list contains(purposes, "work") and not(list contains(purposes, "tourism"))',
        'home in ("IND", "USA")',
        'home = "IND"',
        'substring(home, 1, 1) = "D"',
        "home != null",
        "income >= 1000.50",
        "income > 3 and income < 4",
        "string length(name) > 3",
        "number(name) > 3",
        "date(name) > born",
        'name = "Somebody"',
        "count(stays) > 2",
        'some stay in stays satisfies stay.where = "USA"',
        "every stay in stays satisfies stay.first >= born",
        "stays[1].first > born",
        "if minor then born > today else income > 3",
        "not(minor)",
        "minor",
    ],
)
def test_a_condition_that_makes_sense_is_left_alone(condition):
    assert found(condition) == ""


def test_the_rules_of_a_page_and_of_a_group_are_checked_too():
    rules = '[[rules]]\nquestion = "born"\nmust = "born >= 5"\nmessage = "No."'
    head = 'title = "Test"\n[[pages]]\nid = "about"\ntitle = "About"\n'
    inner = '[[pages.questions.rules]]\nquestion = "where"\nmust = "where > first"\nmessage = "No."'
    messages = [finding.message for finding in loading.findings(f"{head}{ASKED}\n{inner}\n{rules}")]
    assert len([message for message in messages if "neither true nor false" in message]) == 2
    stranger = inner.replace('question = "where"', 'question = "born"')
    (finding,) = loading.findings(f"{head}{ASKED}\n{stranger}")
    assert finding.message == 'the rule speaks about an unknown question "born"'


def test_without_looking_at_the_results_a_mistyped_option_would_be_published(monkeypatch):
    assert found('purpose = "turism"')
    monkeypatch.setattr("consular.formspec.conditions.mistakes", lambda use: [])
    assert not found('purpose = "turism"')


def test_groups_that_are_too_deep_or_too_large_are_refused():
    group = '[[{0}]]\nid = "{1}"\nkind = "group"\nlabel = "G"\nrepeat = {2}\n'
    text = '[[{0}]]\nid = "{1}"\nkind = "text"\nlabel = "T"\n'
    path = "pages.questions"
    deep = "".join(group.format(path + ".questions" * level, f"g{level}", 2) for level in range(4))
    deep += text.format(path + ".questions" * 4, "x")
    head = 'title = "Test"\n[[pages]]\nid = "about"\ntitle = "About"\n'
    assert "groups may be nested 3 deep" in str(loading.findings(head + deep))
    wide = group.format(path, "a", 20) + group.format(path + ".questions", "b", 20)
    wide += text.format(path + ".questions.questions", "x")
    assert "more than 900 inputs" in str(loading.findings(head + wide))
    forms.form(group.format(path, "a", 20) + text.format(path + ".questions", "x"))
