"""The check before publication: what it must find, and what it must leave in peace."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular.rules import check, dmn
from tests.rules.files import data, decision, file, knowledge, literal, table

X, Y = data("x"), data("y")


def codes(logic: str, *parts: str) -> list[str]:
    return [str(finding).partition(";")[0].partition(":")[0] for finding in found(logic, *parts)]


def found(logic: str, *parts: str) -> tuple[check.Finding, ...]:
    return check.check_bytes(file(X, Y, *parts, decision("d", logic, "x", "y")))


CLEAN = [
    table("UNIQUE", "x", "o", "< 5 | 1", ">= 5 | 2"),
    table("UNIQUE", "x", "o", "[0..5) | 1", "5 | 2", "not([0..5]) | 3"),
    table("UNIQUE", "x; y", "o", "true ; - | 1", "false ; < 3 | 2", "false ; >= 3 | 3"),
    table("FIRST", "x", "o", '"a" | 1', "- | 2"),
    table("UNIQUE", "x", "o", '"a" | 1', '"b", "c" | 2', allowed='"a", "b", "c"'),
    table(
        "UNIQUE", "x", "o", 'date("2026-01-01") | 1', '< date("2026-01-01") | 2', '> date("2026-01-01") | 3'
    ),
    table("UNIQUE", "x", "o", '<= @"2026-01-01" | 1', '>= @"2026-01-02" | 2'),
    table("UNIQUE", "x", "o", "null | 1", "< 5 | 2", ">= 5 | 3"),
    table("COLLECT", "x", "o", "< 5 | 1", "< 7 | 2"),
    table("UNIQUE", "x", "o", "1 | 2", default="9"),
    table("FIRST", "x", "o", "? > y and ? < 9 | 1", "- | 2"),
    table("ANY", "x", "o", "< 5 | 1", "- | 1"),
    literal("[{a: 1}][a = 1].a + (for i in [1] return i + x)[1] + {f: function(n) n, r: f(2)}.r"),
]


@pytest.mark.parametrize("logic", CLEAN)
def test_a_sound_file_has_no_findings(logic: str) -> None:
    assert found(logic) == ()


FAULTY = [
    (literal("1 +"), ["error syntax literalExpression"]),
    (literal("nobody + x"), ["error name literalExpression"]),
    (literal("for i in [1] return j"), ["error name literalExpression"]),
    (table("UNIQUE", "z", "o", "- | 1"), ["error name inputExpression"]),
    (table("UNIQUE", "x", "o", "< 5 | 1", "<= 5 | 2", "> 5 | 3"), ["error overlap t"]),
    (table("ANY", "x", "o", "< 5 | 1", "- | 2"), ["error overlap t"]),
    (table("UNIQUE", "x", "o", "< 5 | 1", "> 5 | 2"), ["warning gap t"]),
    (table("UNIQUE", "x", "o", '"a" | 1', '"b" | 2', allowed='"a", "b", "c"'), ["warning gap t"]),
    (table("UNIQUE", "x; y", "o", "true ; < 3 | 1", "false ; - | 2"), ["warning gap t"]),
    (table("FIRST", "x", "o", "< 9 | 1", "< 5 | 2", "- | 3"), ["error unreachable r2"]),
    (table("FIRST", "x", "o", "< 5 | 1", ">= 5 | 2", "7 | 3"), ["error unreachable r3"]),
    (table("FIRST", "x", "o", '"d" | 1', "- | 2", allowed='"a", "b"'), ["error unreachable r1"]),
]


@pytest.mark.parametrize(("logic", "expected"), FAULTY)
def test_a_fault_is_found(logic: str, expected: list[str]) -> None:
    assert codes(logic) == expected


KIND = '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'


def test_the_allowed_values_of_a_type_are_all_there_is() -> None:
    head = (f"{KIND}</itemDefinition>", data("k", "tKind"), data("b", "boolean"))
    whole = table("UNIQUE", "k; b", "o", '"a" ; - | 1', '"b" ; true | 2', '"b" ; false | 3')
    part = table("UNIQUE", "k; b", "o", '"a" ; - | 1', '"b" ; true | 2')
    assert check.check_bytes(file(*head, decision("d", whole, "k", "b"))) == ()
    (finding,) = check.check_bytes(file(*head, decision("d", part, "k", "b")))
    assert finding.example == (("k", "b"), ("b", False))


def test_a_gap_comes_with_an_example() -> None:
    (finding,) = found(table("UNIQUE", "x", "o", "< 5 | 1", "> 5 | 2"))
    assert str(finding) == "warning gap t: no rule matches; for example x = 5"


def test_a_requirement_that_leads_nowhere_is_found() -> None:
    (finding,) = check.check_bytes(file(decision("d", literal("1"), "lost")))
    assert (finding.code, finding.element) == ("reference", "d")


def test_parameters_and_recursion_of_a_knowledge_model_are_known() -> None:
    model = knowledge("f", "n", literal("if n < 2 then 1 else n * f(n - 1)"))
    assert check.check_bytes(file(X, model, decision("d", literal("f(x)"), "x", "!f"))) == ()


BOUNDS = st.integers(0, 12)
CELLS = st.one_of(
    st.just("-"),
    st.builds("< {}".format, BOUNDS),
    st.builds(">= {}".format, BOUNDS),
    st.builds("{}".format, BOUNDS),
    st.builds("not({})".format, BOUNDS),
    st.builds(lambda low, size: f"[{low}..{low + size})", BOUNDS, st.integers(1, 6)),
)
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_findings_agree_with_deciding_every_case(rows: list[tuple[str, str]]) -> None:
    rules = [f"{first} ; {second} | {number}" for number, (first, second) in enumerate(rows)]
    xml = file(X, Y, decision("d", table("COLLECT", "x; y", "o", *rules), "x", "y"))
    definitions = dmn.load(xml)
    halves = [number / 2 for number in range(-2, 40)]
    hits = [definitions.decide("d", {"x": x, "y": y}).rules for x in halves[::3] for y in halves[::3]]
    checked = {finding.code for finding in found(table("UNIQUE", "x; y", "o", *rules))}
    if any(len(fired) > 1 for fired in hits):
        assert "overlap" in checked
    if any(not fired for fired in hits):
        assert "gap" in checked
    for finding in found(table("UNIQUE", "x; y", "o", *rules)):
        fired = definitions.decide("d", dict(finding.example)).rules
        assert finding.code == "unreachable" or len(fired) == 0 or len(fired) > 1
        assert finding.code != "gap" or not fired
