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
    (literal("1 +"), ["error syntax d"]),
    (literal("nobody + x"), ["error name d"]),
    (literal("for i in [1] return j"), ["error name d"]),
    (table("UNIQUE", "z", "o", "- | 1"), ["error name t"]),
    (table("UNIQUE", "x", "o", "< 5 | 1", "<= 5 | 2", "> 5 | 3"), ["error overlap t"]),
    (table("ANY", "x", "o", "< 5 | 1", "- | 2"), ["error overlap t"]),
    (table("UNIQUE", "x", "o", "< 5 | 1", "> 5 | 2"), ["warning gap t"]),
    (table("UNIQUE", "x", "o", '"a" | 1', '"b" | 2', allowed='"a", "b", "c"'), ["warning gap t"]),
    (table("UNIQUE", "x; y", "o", "true ; < 3 | 1", "false ; - | 2"), ["warning gap t"]),
    (table("FIRST", "x", "o", "< 9 | 1", "< 5 | 2", "- | 3"), ["error unreachable r2"]),
    (table("FIRST", "x", "o", "< 5 | 1", ">= 5 | 2", "7 | 3"), ["error unreachable r3"]),
    (table("FIRST", "x", "o", '"d" | 1', "- | 2", allowed='"a", "b"'), ["error unreachable r1"]),
    (literal(""), ["error syntax d"]),
    ("", ["warning logic d"]),
    (table("FIRST", "x", "o", "< z | 1", "- | nobody"), ["error name r1", "error name r2"]),
    (table("FIRST", "x", "o", "< | 1", "- | 2"), ["error syntax r1"]),
    (table("PRIORITY", "x", "o", "< 5 | 1", "- | 2"), ["error output t"]),
    (table("FIRST", "x", 'o: "a", "b"', '< 5 | "a"', '- | "c"'), ["error output r2"]),
    (table("UNIQUE", "x", "o", "- | 1", "- | 2"), ["error overlap t"]),
]


EXAMPLES = [
    ("", ["[0..5] | 1", "[5..9] | 2"], "r1 and r2", "5"),
    ("", ["[0..5) | 1", "(5..9] | 2", "< 0, > 9 | 3"], "", "5"),
    ("", ["1, 2, [5..9] | 1", "9, 10 | 2", "not([1..10]) | 3"], "r1 and r2", "9"),
    ("", ["not(1, 2) | 1", "1 | 2"], "", "2"),
    ("", ["? < 5 | 1", "? >= 6 | 2"], "", "5"),
    ("", ["? between 1 and 5 | 1", "not(? < 1 or ? > 5) | 2"], "r1 and r2", "1"),
    ("date", ['< date("2026-01-01") | 1', '[@"2025-12-31"..@"2026-06-01"] | 2', '> @"2026-06-01" | 3'],
     "r1 and r2", '@"2025-12-31"'),
    ("date", ['<= @"2025-12-31" | 1', '> @"2026-01-01" | 2'], "", '@"2026-01-01"'),
    ("time", ['< @"08:00:00" | 1', '> @"08:00:00" | 2'], "", '@"08:00:00"'),
    ("date and time", ['< @"2026-01-01T00:00:00Z" | 1', '> @"2026-01-01T00:00:00Z" | 2'],
     "", '@"2026-01-01T00:00:00Z"'),
    ("days and time duration", ['< @"P15D" | 1', '> @"P15D" | 2'], "", '@"P15D"'),
    ("years and months duration", ['< @"P1Y" | 1', '> @"P13M" | 2'], "", '@"P1Y"'),
    ("boolean", ["true | 1"], "", "false"),
    ("string", ['"a" | 1', 'not("a", "b") | 2'], "", '"b"'),
    ("string", ['"a" | 1', '"b" | 2'], "", '"(any other)"'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "rules", "both", "example"), EXAMPLES)
def test_an_overlap_or_a_gap_comes_with_an_input_that_shows_it(
    kind: str, rules: list[str], both: str, example: str
) -> None:
    """What the example says is tried out, too: no rule fires, or more than one."""
    logic = table("UNIQUE", "x", "o", *rules)
    (finding, *_) = check.check_bytes(file(data("x", kind), decision("d", logic, "x")))
    told = f"error overlap t: rules {both} match together" if both else "warning gap t: no rule matches"
    assert str(finding) == f"{told}; for example x = {example}"
    every = dmn.load(file(data("x", kind), decision("d", logic.replace("UNIQUE", "COLLECT"), "x")))
    fired = every.decide("d", dict(finding.example)).rules
    assert len(fired) == (2 if both else 0)


def test_a_cell_of_another_type_than_its_input_never_matches() -> None:
    logic = table("UNIQUE", "x", "o", '"a" | 1', "- | 2")
    (finding,) = check.check_bytes(file(data("x", "number"), decision("d", logic, "x")))
    assert str(finding) == "error unreachable r1: no allowed input matches this rule"


def test_values_that_a_type_allows_are_cut_by_the_cells() -> None:
    logic = table(
        "UNIQUE", "x", "o", '"a" | 1', '"b", "c" | 2', 'not("a", "b") | 3', allowed='"a", "b", "c", "d"'
    )
    assert [str(finding) for finding in found(logic)] == [
        'error overlap t: rules r2 and r3 match together; for example x = "c"'
    ]


def test_a_type_that_nobody_defines_is_found() -> None:
    (finding,) = check.check_bytes(file(data("x", "tLost"), decision("d", literal("x"), "x")))
    assert str(finding) == "error type x: there is no type 'tLost'"


def test_a_table_too_large_to_look_through_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    logic = table("UNIQUE", "x", "o", *(f"{number} | 1" for number in range(40)))
    assert codes(logic) == ["warning gap t"]
    monkeypatch.setattr("consular.rules.limits.CHECK", 1000)
    assert codes(logic) == ["warning size t"]


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
        if not finding.example:
            continue
        fired = definitions.decide("d", dict(finding.example)).rules
        assert finding.code == "unreachable" or len(fired) == 0 or len(fired) > 1
        assert finding.code != "gap" or not fired
