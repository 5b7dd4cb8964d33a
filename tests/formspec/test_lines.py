"""Each mistake is reported with the line it stands in, however the file is written."""

import tomllib

import pytest

from consular.formspec import loading
from consular.formspec.lines import Lines
from tests.formspec import forms

AWKWARD = '''
title = "A [title] = with # signs" # and a [remark]
intro = """
[[pages]]
id = "not a table"
"""
numbers = [
    [1, 2],
    [3, 4],
]

[[pages]]
id = 'first'
options = [ { value = "a", label = "}" },
    { value = "b", label = "]" },

    { value = "c", label = "C" } ]

[[pages.questions]]
id = "one"

    [[pages.questions.questions]]
    id = "inner"

[[pages.questions]]
id = "two"

[[pages]]
id = "second"

[[pages.questions]]
id = "three"

[tasks.look]
title = "Look"

[[tasks.look.questions]]
id = "one"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("pages", 0), 12),
        (("pages", 0, "id"), 13),
        (("pages", 0, "options", 0), 14),
        (("pages", 0, "options", 1, "label"), 15),
        (("pages", 0, "options", 2), 17),
        (("pages", 0, "questions", 0, "questions", 0, "id"), 23),
        (("pages", 0, "questions", 1, "id"), 26),
        (("pages", 1, "questions", 0, "id"), 32),
        (("pages", 1, "questions", 0, "missing"), 31),
        (("tasks", "look", "title"), 35),
        (("tasks", "look", "questions", 0), 37),
        (("nowhere",), 0),
    ],
)
def test_everything_is_found_in_its_line(path, line):
    tomllib.loads(AWKWARD)
    assert Lines(AWKWARD).of(path) == line


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('[[tasks.t.questions]]\nid = "b"\nkind = "text"\nlabel = "B"', "[[tasks.t.questions]]"),
        ('[[declaration]]\nid = "b"\ntext = "B"', "[[declaration]]"),
        (
            '[[declarations]]\nid = "b"\ntext = "B"\n[[declarations]]\nid = "b" # again\ntext = "B"',
            'id = "b" # again',
        ),
    ],
)
def test_what_has_no_line_of_its_own_is_found_where_its_first_part_stands(rest, said):
    source = f'title = "Test"\n[[pages]]\nid = "about"\ntitle = "A"\n{forms.question("text")}\n{rest}'
    (finding,) = loading.findings(source)
    assert source.splitlines()[finding.line - 1] == said


def test_the_second_question_of_the_same_name_is_the_one_that_is_named():
    task = '[tasks.t]\ntitle = "T"\n[[tasks.t.questions]]\nid = "it"\nkind = "text"\nlabel = 5'
    source = f'title = "Test"\n[[pages]]\nid = "about"\ntitle = "A"\n{forms.question("text")}\n{task}'
    (finding,) = loading.findings(source)
    assert source.splitlines()[finding.line - 1] == "label = 5"


def test_a_quotation_mark_in_a_condition_does_not_hide_its_line():
    source = (
        f'title = "Test"\n[[pages]]\nid = "about"\ntitle = "A"\n{forms.question("text")}\n'
        + '[[pages.questions]]\nid = "b"\nkind = "text"\nlabel = "B"\nshow_when = "it = \\"x\\" and sky"'
    )
    (finding,) = loading.findings(source)
    assert source.splitlines()[finding.line - 1].startswith("show_when")


@pytest.mark.parametrize(
    "source", ["", "=", "[[", '"""', "a = [", "a = '''", "[a]\n[[a]]", "\x00", "a = {", "]\n}"]
)
def test_a_broken_file_is_a_finding(source):
    assert loading.findings(source)
