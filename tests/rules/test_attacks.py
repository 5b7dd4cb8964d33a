"""Expressions and files that want too much end in a clear refusal, quickly and in little memory."""

import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular import rules
from consular.rules import check, dmn, feel, limits
from consular.rules.feel import writing

SECONDS = 2.0
"""Generous beside the aim of 200 ms: the machine that runs tests is shared."""
MEMORY = 50_000_000

REFUSED_TEXTS = {
    "deep parentheses": "(" * 5000 + "1" + ")" * 5000,
    "deep lists": "[" * 5000 + "]" * 5000,
    "deep negation": "-" * 5000 + "1",
    "deep ifs": "if true then " * 2000 + "1",
    "deep functions": "function(x) " * 2000 + "1",
    "deep types": "1 instance of " + "list<" * 3000 + "number" + ">" * 3000,
    "long path": "a" + ".b" * 3000,
    "long filters": "a" + "[1]" * 3000,
    "long calls": "a" + "()" * 3000,
    "too long": "1" + "+1" * 20_000,
    "unclosed string": '"' + "a" * 10_000,
    "unclosed remark": "/*" + "*" * 15_000,
    "many stars": "1" + "*" * 10_000,
}
REFUSED_VALUES = {
    "huge range": "count(1..1000000000000)".replace("count(1..", "count(for i in 1..").replace("000)", "000 return i)"),
    "nested loops": "for a in 1..9000, b in 1..9000, c in 1..9000 return a",
    "loops in loops": "for a in 1..9000 return for b in 1..9000 return for c in 1..9000 return 1",
    "some in some": "every a in 1..9000 satisfies every b in 1..9000 satisfies a + b > 0",
    "endless recursion": "{f: function(x) f(x + 1), y: f(1)}.y",
    "doubling recursion": "{f: function(x) f(x) + f(x), y: f(1)}.y",
    "doubling strings": "{a0: \"xxxxxxxx\", " + ", ".join(f"a{i + 1}: a{i} + a{i}" for i in range(60)) + "}.a60",
    "doubling lists": "{a0: [1, 1], " + ", ".join(f"a{i + 1}: concatenate(a{i}, a{i})" for i in range(60)) + "}.a60",
    "billion laughs": "flatten({a0: [1, 1], " + ", ".join(f"a{i + 1}: [a{i}, a{i}]" for i in range(60)) + "}.a60)",
    "text of laughs": "string({a0: [1, 1], " + ", ".join(f"a{i + 1}: [a{i}, a{i}]" for i in range(60)) + "}.a60)",
    "comparing laughs": "{a0: [1, 1], b0: [1, 1], "
    + ", ".join(f"a{i + 1}: [a{i}, a{i}], b{i + 1}: [b{i}, b{i}]" for i in range(40))
    + ", same: a40 = b40}.same",
    "joined text": 'string join(for i in 1..20000 return "aaaaaaaaaaaaaaaaaaaaaa")',
    "filter in filter": "(for i in 1..9000 return i)[count((for j in 1..9000 return j)[item > 1]) > 0]",
    "pattern that refers back": 'matches("' + "a" * 60 + '!", "^(a+)+\\1*b$")',
}  # fmt: skip


def measured(text: str) -> feel.Outcome:
    """The outcome, which must come in time."""
    expression = feel.compile(text)
    began = time.process_time()
    outcome = expression.outcome({})
    assert time.process_time() - began < SECONDS
    return outcome


@pytest.mark.parametrize("name", REFUSED_TEXTS)
def test_a_text_that_wants_too_much_is_refused(name: str) -> None:
    began = time.process_time()
    with pytest.raises(rules.SyntaxProblem):
        feel.compile(REFUSED_TEXTS[name])
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("name", REFUSED_VALUES)
def test_an_evaluation_that_wants_too_much_is_null_and_says_so(name: str) -> None:
    outcome = measured(REFUSED_VALUES[name])
    assert outcome.value is None
    assert outcome.errors[-1].startswith("refused: ")


@pytest.mark.parametrize("name", ["doubling lists", "doubling strings", "joined text", "huge range"])
def test_a_refused_evaluation_takes_little_memory(name: str) -> None:
    expression = feel.compile(REFUSED_VALUES[name])
    tracemalloc.start()
    expression.outcome({})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEMORY


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^(a+)+$", "a" * 5000 + "!"),
        ("^(a|a)*$", "a" * 5000 + "!"),
        ("^(a|aa)+$", "a" * 5000 + "!"),
        ("(.*)*(.*)*x", "a" * 1000),
        ("^(a?){90}a{90}$", "a" * 90),
        ("(x+x+)+y", "x" * 5000),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 5000),
        (".*.*.*.*.*=.*", "a" * 2000),
    ],
)
def test_a_catastrophic_pattern_does_not_hang(pattern: str, text: str) -> None:
    began = time.process_time()
    feel.compile("matches(t, p)").evaluate({"t": text, "p": pattern})
    feel.compile('replace(t, p, "")').evaluate({"t": text, "p": pattern})
    feel.compile("split(t, p)").evaluate({"t": text, "p": pattern})
    assert time.process_time() - began < 3 * SECONDS


def test_without_the_memory_of_places_a_nested_quantifier_would_explode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expression = feel.compile('matches(t, "^(a+)+$")')
    assert expression.outcome({"t": "a" * 40 + "!"}) == feel.Outcome(False)
    monkeypatch.setattr(
        "consular.rules.feel.pattern_match._Attempt._is_fresh", lambda self, step, place: spent(self)
    )
    assert expression.outcome({"t": "a" * 40 + "!"}).errors[0].startswith("refused: ")


def spent(attempt: Any) -> bool:
    attempt.budget.spend(1)
    return True


def test_without_the_limit_on_steps_the_loops_would_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "count(for a in 1..700, b in 1..700 return 1)"
    assert feel.compile(text).evaluate({}) is None
    monkeypatch.setattr(limits, "ITEMS", 10**9)
    monkeypatch.setattr("consular.rules.scope.Budget.spend", lambda self, steps: None)
    assert feel.compile(text).evaluate({}) == 490_000


def file(inside: str, *, before: str = "") -> bytes:
    namespace = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    return f'{before}<definitions xmlns="{namespace}" name="x">{inside}</definitions>'.encode()


def needing(decision: str, other: str) -> str:
    requirement = f'<informationRequirement><requiredDecision href="#{other}"/></informationRequirement>'
    return f'<decision id="{decision}" name="{decision}">{requirement}</decision>'


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
REFUSED_FILES = {
    "empty": b"",
    "no xml": b"\x00\x01\x02",
    "other xml": b"<definitions/>",
    "entities": file("&c;", before=LAUGHS),
    "outside entity": file("&e;", before='<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "outside dtd": file("", before='<!DOCTYPE d SYSTEM "http://localhost/x.dtd">'),
    "deep": file("<context><contextEntry>" * 3000 + "</contextEntry></context>" * 3000),
    "deep but within the parser": file("<a>" * 200 + "</a>" * 200),
    "too large": file(" " * limits.FILE),
    "circular": file(needing("a", "b") + needing("b", "a")),
    "long chain": file("".join(needing(f"d{i}", f"d{i + 1}") for i in range(500))),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_wants_too_much_is_refused(name: str) -> None:
    began = time.process_time()
    with pytest.raises(rules.SyntaxProblem):
        dmn.load(REFUSED_FILES[name])
    assert check.check_bytes(REFUSED_FILES[name])[0].code == "syntax"
    assert time.process_time() - began < SECONDS


PIECES = st.sampled_from(
    (
        "1",
        "2.5",
        '"a"',
        "true",
        "null",
        "x",
        "y",
        "a",
        "b",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "and",
        "or",
        "in",
        "between",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "instance",
        "of",
        "number",
        "list",
        "function",
        "?",
        "not(",
        "date(",
        '@"P1D"',
        '@"2020-01-01"',
        "item",
        "partial",
    )
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join)))
def test_no_text_whatever_raises_anything_but_a_syntax_problem(text: str) -> None:
    context = {"x": 1, "y": [1, {"a": 2}], "a b": "c"}
    for read in (feel.compile, feel.unary):
        try:
            outcome = read(text, context).outcome({**context, "?": 3})
        except rules.SyntaxProblem:
            continue
        writing.write(outcome.value)


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.text(max_size=20),
        st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12),
        st.dates(),
        st.datetimes(),
        st.timedeltas(),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_the_canonical_text_of_a_value_reads_as_that_value(value: object) -> None:
    given = feel.compile("v").evaluate({"v": value})
    text = writing.write(given)
    assert writing.write(feel.evaluate(text, {})) == text
    if given is not None and not isinstance(given, float):
        assert feel.evaluate("a = b", {"a": given, "b": feel.evaluate(text, {})}) is True
