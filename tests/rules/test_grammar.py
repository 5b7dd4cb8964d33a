"""Reading FEEL: names of any form, positions of mistakes, the names an expression needs."""

import pytest

from consular import rules
from consular.rules import feel

NAMES = [
    ("Monthly Salary", "Monthly Salary + 1"),
    ("date of birth", "date of birth + 1"),
    ("born in", "born in + 1"),
    ("in-laws", "in-laws + 1"),
    ("a-b", "a-b + 1"),
    ("a - b", "a-b + 1"),
    ("a+b c", "a + b  c + 1"),
    ("Player's age", "Player's age + 1"),
    ("profit/loss", "profit/loss + 1"),
    ("year 2026", "year 2026 + 1"),
    ("días", "días + 1"),
    ("🐎", "🐎 + 1"),
    ("_x?", "_x? + 1"),
    ("iffy", "iffy + 1"),
    ("date", "date + 1"),
    ("instance", "instance + 1"),
]


@pytest.mark.parametrize(("name", "text"), NAMES)
def test_a_name_of_any_form_is_read_when_it_is_known(name: str, text: str) -> None:
    assert feel.evaluate(text, {name: 4}) == 5


def test_the_longest_known_name_wins() -> None:
    assert feel.evaluate("a-b", {"a": 5, "b": 3, "a-b": 1}) == 1
    assert feel.evaluate("a-b", {"a": 5, "b": 3}) == 2


def test_words_side_by_side_are_one_name_even_when_unknown() -> None:
    assert feel.compile("first name = last name").names == {"first name", "last name"}


MISTAKES = [
    ("", 0, 1, 1),
    ("1 +", 3, 1, 4),
    ("1 +\n  )", 6, 2, 3),
    ("if a then b", 11, 1, 12),
    ("[1, 2", 5, 1, 6),
    ("{a 1}", 4, 1, 5),
    ("{a: 1, a: 2}", 10, 1, 11),
    ('"open', 0, 1, 1),
    ("1 = = 2", 4, 1, 5),
    ("f(a: 1, 2)", 10, 1, 11),
    ("a.1", 1, 1, 2),
    ("1 2", 2, 1, 3),
    ("a ; b", 2, 1, 3),
    ('@"never"', 1, 1, 2),
    ("for x return x", 14, 1, 15),
]


@pytest.mark.parametrize(("text", "position", "line", "column"), MISTAKES)
def test_a_mistake_is_refused_with_its_place(text: str, position: int, line: int, column: int) -> None:
    with pytest.raises(rules.SyntaxProblem) as refusal:
        feel.compile(text)
    assert (refusal.value.position, refusal.value.line, refusal.value.column) == (position, line, column)


NEEDS = [
    ("a + b.c", {"a", "b"}),
    ("count(x)", {"x"}),
    ("for i in xs return i + y", {"xs", "y"}),
    ("{a: b, c: a}", {"b"}),
    ("(function(p) p + q)(1)", {"q"}),
    ("xs[item > limit]", {"xs", "limit"}),
    ("date", {"date"}),
    ("1", set()),
]


@pytest.mark.parametrize(("text", "names"), NEEDS)
def test_an_expression_says_which_names_it_needs(text: str, names: set[str]) -> None:
    assert feel.compile(text).names == names


def test_what_is_handed_in_may_be_anything_and_is_never_touched() -> None:
    class Trap:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    context = {"a": Trap(), "b": 1.5, "c": (1, 2), "d": float("nan"), "e": 10**50, "f": {1: "x"}}
    found = feel.evaluate("[a, b, c, d, e > 1, f]", context)
    assert found[:4] == [None, feel.evaluate("1.5", {}), [1, 2], None]
    assert found[4:] == [True, {"1": "x"}]


def test_python_is_out_of_reach() -> None:
    for text in ("x.__class__", "__import__", "x.count", "open", '"a".upper', "x[1].__dict__", "len"):
        assert feel.evaluate(text, {"x": [1]}) in (None, [None])
