"""Comparisons that can never hold are found by the sorts of what is compared, and nothing else is."""

import pytest

from consular.rules import feel
from consular.rules.feel import sorts
from consular.rules.feel.sorts import ContextOf, ListOf, Sort
from tests import rows

SEEN: dict[str, Sort] = {
    "text": "string",
    "number": "number",
    "yes": "boolean",
    "day": "date",
    "texts": ListOf("string"),
    "people": ListOf(ContextOf({"age": "number", "name": "string"})),
}
NEVER = [
    "text = 1",
    "1 = text",
    "text != 1",
    'day > "2026-01-01"',
    'text > date("2026-01-01")',
    'yes = "yes"',
    "text between 1 and 3",
    "text in (1, 2)",
    "text in [1..3]",
    "text in (< 5)",
    "list contains(texts, 17)",
    "some one in texts satisfies one = 17",
    "every one in texts satisfies one in (1, 2)",
    "count(people[age = name]) > 0",
    "count(texts[item = 1]) > 0",
    "not(text = 1) and yes",
    "if text = 1 then 2 else 3",
    "text + 1 > 2",
    'count(texts) = "2"',
    "some one in people satisfies one.name = 3",
    'day.year = "2026"',
    'split(text, ",")[1] = 3 or list contains(split(text, ","), 3)',
]
MAY = [
    "text = null",
    'number = 1 and text = "x"',
    'day > date("2026-01-01")',
    "day.year = 2026",
    "some one in texts satisfies number(one) = 17 or string(17) = one",
    "unknown = 1 or unknown = text",
    "count(people[age > 3]) > number",
    'text in ("a", null)',
    "yes in (true, false)",
    'for each in texts return each = "x"',
    'day = date and time("2026-01-01T00:00:00")',
    "number in [1..3]",
    "(function(a) a = 1)(text)",
    'text in (if yes then ["a"] else ["b"])',
]
CELLS = [
    ("? = 17", "string", False),
    ('"a", "b"', "string", True),
    ("not(1)", "string", False),
    ("-", "string", True),
    ("null, false", "boolean", True),
    ("true", "string", False),
    ("some one in ? satisfies one = 17", ListOf("string"), False),
    ('some one in ? satisfies one = "17"', ListOf("string"), True),
    ('[date("2020-01-01")..date("2021-01-01"))', "string", False),
    ("-5", "string", True),  # a sign is not followed
]


@rows.every("text", NEVER)
def test_what_never_meets_is_found(text: str) -> None:
    assert sorts.mismatches(feel.compile(text).tree, SEEN) != []


@pytest.mark.parametrize("text", MAY)
def test_what_may_meet_or_is_unknown_is_left_alone(text: str) -> None:
    assert sorts.mismatches(feel.compile(text).tree, SEEN) == []


@pytest.mark.parametrize(("text", "sort", "may"), CELLS)
def test_cells_are_tests_of_the_value_of_their_column(text: str, sort: Sort, may: bool) -> None:
    assert (sorts.mismatches(feel.unary(text).tree, {"?": sort}) == []) is may


def test_the_engine_agrees_that_they_never_hold() -> None:
    values = {
        "text": "1",
        "number": 1,
        "yes": True,
        "texts": ["17", "1"],
        "people": [{"age": 1, "name": "1"}],
    }
    assert [
        text for text in NEVER if feel.compile(text).evaluate(values) is True and text != "not(text = 1)"
    ] == []
