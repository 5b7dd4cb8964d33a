"""Every mistake in a folder is found before anybody sees the form, with its line."""

import pytest

from consular.formspec import FolderProblem, loading
from tests import rows
from tests.formspec import forms

GOOD = forms.question("text")
NEXT = '\n[[pages.questions]]\nid = "next"\nkind = "text"\nlabel = "Next"\n'


def findings(questions, *, rest=""):
    with pytest.raises(FolderProblem) as problem:
        forms.form(questions, rest=rest)
    return [(finding.line, finding.message) for finding in problem.value.findings]


@rows.every(
    "questions, line, message",
    [
        (GOOD.replace('"text"', '"rainbow"'), 8, 'there is no kind of question called "rainbow"'),
        (GOOD.replace('label = "It"', ""), 6, "label is missing"),
        (GOOD + GOOD.replace("[[", "\n[["), 11, '"it" is no good id, is used twice or taken'),
        (
            GOOD + NEXT + 'show_when = "sky = 1"',
            14,
            'the condition uses "sky", which is not asked before',
        ),
        (GOOD + '\nshow_when = "it = 1"', 10, 'the condition uses "it", which is not asked before'),
        (GOOD + NEXT + "colour = 1", 14, 'there is no setting called "colour"'),
        (GOOD + '\nrequired = "yes"', 10, "required must be bool"),
        (forms.question("choice"), 6, '"it" has no options'),
        (forms.question("group"), 6, 'the group "it" has no questions'),
        (forms.question("area"), 6, '"it" needs the id of an earlier question for the country'),
        (GOOD.replace('"it"', '"today"'), 7, '"today" is no good id, is used twice or taken'),
        (GOOD.replace('"it"', '"then"'), 7, '"then" is no good id, is used twice or taken'),
        (GOOD.replace('"it"', '"code"'), 7, '"code" is no good id, is used twice or taken'),
        (GOOD.replace('id = "it"', ""), 6, '"" is no good id, is used twice or taken'),
        (GOOD.replace('id = "it"', "id = 5"), 7, "id must be str"),
        (GOOD + "\nmax_length = -3", 10, "max_length is too small"),
        (GOOD + "\nrepeat = 0", 10, "repeat is too small"),
        (GOOD + NEXT + 'latin_of = "it"', 14, '"it" is no question of the kind name'),
        (GOOD + NEXT + 'country = "it"', 14, '"it" is no question of the kind country or member_state'),
        (GOOD.replace('kind = "text"', ""), 6, 'there is no kind of question called "None"'),
        (GOOD.replace('label = "It"', "label = 5"), 9, "label must be str"),
        (GOOD + '\noptions = "x"', 10, "options must be a list of tables"),
        (GOOD.replace('"it"', '"no good"'), 7, '"no good" is no good id, is used twice or taken'),
    ],
)
def test_a_mistake_in_a_question_is_named_with_its_line(questions, line, message):
    assert (line, message) in findings(questions)


def test_a_condition_that_cannot_be_read_is_named():
    ((line, message),) = findings(GOOD + NEXT + 'show_when = "it + + 1"')
    assert line == 14
    assert message.startswith("the condition cannot be read")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ('[[rules]]\nquestion = "sky"\nmust = "it = 1"\nmessage = "No."', 'an unknown question "sky"'),
        ('[[rules]]\nquestion = "it"\nmust = "sky = 1"\nmessage = "No."', 'uses "sky"'),
        ('[[rules]]\nquestion = "it"\nmust = "it = 1"', "message is missing"),
        ('[[declarations]]\nid = "d"', "text is missing"),
        ('[[declarations]]\nid = "d"\nversion = "x"\ntext = "T"', "version must be int"),
        ('[tasks.t]\ntitle = "T"\n[[tasks.t.questions]]\nid = "x"\nkind = "y"\nlabel = "X"', 'called "y"'),
    ],
)
def test_rules_declarations_and_tasks_are_checked_too(rest, message):
    assert any(message in found for _line, found in findings(GOOD, rest=rest))


@pytest.mark.parametrize("page", ['"about"', '"review"', '"send"', '"no good"', '"../x"', '""', "5.5"])
def test_every_page_has_an_address_of_its_own(page):
    found = findings(GOOD, rest=f'[[pages]]\nid = {page}\ntitle = "Another"')
    assert [message for _line, message in found if message.startswith("the page id")]


@pytest.mark.parametrize("key", ["pages", "rules", "declarations", "tasks"])
@pytest.mark.parametrize("value", ["5", '"x"', '["x"]'])
def test_a_list_that_is_none_is_a_finding_and_breaks_nothing(key, value):
    with pytest.raises(FolderProblem, match=f"{key} must be"):
        loading.form(f'title = "Test"\n{key} = {value}')


def test_a_task_that_is_no_table_is_a_finding():
    assert findings(GOOD, rest="[tasks]\nt = 5") == [(11, "a task must be a table")]


def test_a_rule_may_only_use_what_is_asked_until_its_question():
    later = '\n[[pages]]\nid = "later"\ntitle = "Later"' + NEXT
    rule = '[[rules]]\nquestion = "it"\nmust = "it = next"\nmessage = "No."'
    assert any('uses "next"' in message for _line, message in findings(GOOD + later, rest=rule))


def test_broken_toml_is_one_finding():
    ((line, message),) = findings("[[pages")
    assert line == 6
    assert message


def test_all_mistakes_are_reported_at_once():
    assert len(findings(GOOD.replace('"text"', '"rainbow"') + NEXT + "colour = 1")) == 2


def test_questions_of_a_task_know_nothing_of_the_applicants_form():
    task = '[tasks.t]\ntitle = "T"\n[[tasks.t.questions]]\nid = "it"\nkind = "text"\nlabel = "X"'
    assert forms.form(GOOD, rest=task).tasks["t"].questions[0].id == "it"
