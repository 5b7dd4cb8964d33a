"""The heart of FEEL: one line per expression and its canonical result."""

import pytest

from consular.rules import feel
from consular.rules.feel import writing

CONTEXT = {
    "age": 20,
    "x": 3,
    "Monthly Salary": 100,
    "person": {"name": "Ann", "tags": ["a", "b"]},
    "a-b": 7,
    "nothing": None,
}

CASES = [
    ("1 + 2 * 3", "7"),
    ("(1 + 2) * 3", "9"),
    ("10 - 2 - 3", "5"),
    ("2 ** 3 ** 2", "64"),
    ("-2 ** 2", "4"),
    ("1 / 3", "0.3333333333333333333333333333333333"),
    ("1 / 0", "null"),
    (".5 + 1.50", "2"),
    ('"a" + "b"', '"ab"'),
    ('"a" + 1', "null"),
    ("1.0 = 1.00", "true"),
    ('1 = "1"', "null"),
    ("null = null", "true"),
    ("null = 1", "false"),
    ("null < 1", "null"),
    ("true and null", "null"),
    ("false and null", "false"),
    ("true or null", "true"),
    ("false or null", "null"),
    ("true and 1", "null"),
    ("not(null)", "null"),
    ("if null then 1 else 2", "2"),
    ("if age >= 18 then \"adult\" else \"minor\"", '"adult"'),
    ("some i in [1, 2] satisfies i > 1", "true"),
    ("every i in [1, null] satisfies i > 0", "null"),
    ("every i in [] satisfies false", "true"),
    ("for i in 1..3 return i * i", "[1, 4, 9]"),
    ("for i in [1, 2], j in [i, 9] return i + j", "[2, 10, 4, 11]"),
    ("for d in @\"2024-02-28\"..@\"2024-03-01\" return d.day", "[28, 29, 1]"),
    ("[1, 2, 3][2]", "2"),
    ("[1, 2, 3][-1]", "3"),
    ("[1, 2, 3][0]", "null"),
    ("[1, 2, 3][item >= 2]", "[2, 3]"),
    ("[{a: 1}, {a: 2}][a > 1].a", "[2]"),
    ("1[1]", "1"),
    ("{a: 1, b c: a + 1}.b c", "2"),
    ('{"a b": 1}', "{a b: 1}"),
    ("person.name", '"Ann"'),
    ("person.tags[1]", '"a"'),
    ("person.unknown", "null"),
    ("nothing.at.all", "null"),
    ("Monthly Salary * 12", "1200"),
    ("Monthly   Salary", "100"),
    ("a-b", "7"),
    ("a - b", "7"),
    ("x in (1..5)", "true"),
    ("x in [3..5)", "true"),
    ("x in ]3..5[", "false"),
    ("x in (< 3, > 7)", "false"),
    ("x in (1, 3)", "true"),
    ("x in [1, 3]", "true"),
    ("x in <= 3", "true"),
    ("x between 3 and 4 and true", "true"),
    ("1 instance of number", "true"),
    ("[1, 2] instance of list<number>", "true"),
    ('{a: "x"} instance of context<a: string>', "true"),
    ("null instance of Any", "false"),
    ("(function(n) n * n)(4)", "16"),
    ("{f: function(n: number) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", "120"),
    ("@\"2024-01-31\" + @\"P1M\"", '@"2024-02-29"'),
    ("@\"2024-03-01\" - @\"2024-02-01\"", '@"P29D"'),
    ("@\"2024-03-31T02:30:00@Europe/Berlin\".hour", "2"),
    ("@\"10:00:00Z\" = @\"12:00:00+02:00\"", "true"),
    ("@\"23:00:00\" + @\"PT2H\"", '@"01:00:00"'),
    ("@\"P1Y\" * 1.5", '@"P1Y6M"'),
    ("@\"P1D\" / @\"PT6H\"", "4"),
    ("@\"-P1Y2M\".years", "-1"),
    ("@\"P1DT25H\".days", "2"),
    ("substring(string: \"foobar\", start position: 3)", '"obar"'),
    ("\"caf\\u00e9\"", '"café"'),
    ("1 // a remark\n + /* another */ 1", "2"),
    ("date and time(\"2024-01-01T00:00:00\").year", "2024"),
    ("[1..5].start included", "true"),
    ("partial", "null"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_expression_has_its_canonical_result(text: str, expected: str) -> None:
    assert writing.write(feel.evaluate(text, CONTEXT)) == expected


CELLS = [
    ("-", 1, True),
    ("< 5", 4, True),
    ("< 5", 5, False),
    ("< 5", None, None),
    ("1, 2", 2, True),
    ("not(1, 2)", 2, False),
    ("not(1, 2)", 3, True),
    ('"a", "b"', "b", True),
    ("[1..3]", 3, True),
    ("[1..3)", 3, False),
    ("[1, 2]", 2, True),
    ("? > 2 and ? < 9", 5, True),
    ("true", False, False),
    ("false", False, True),
    ("true", None, False),
    ("null", None, True),
    ("x + 1", 4, True),
    ("count(person.tags) > 1", 9, True),
    ('contains(?, "b")', "abc", True),
    ("not(true)", False, True),
    ('date("2024-01-01")', "2024-01-01", None),
]


@pytest.mark.parametrize(("cell", "subject", "expected"), CELLS)
def test_a_cell_admits_its_input(cell: str, subject: object, expected: bool | None) -> None:
    assert feel.unary(cell).evaluate({**CONTEXT, "?": subject}) is expected
