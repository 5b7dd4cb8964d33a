"""Expressions and files that want too much end in a clear refusal, quickly and in little memory."""

import re
import sys
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular import rules
from consular.rules import check, dmn, feel, limits
from consular.rules.feel import protected, writing
from consular.rules.scope import Budget, Scope
from tests import rows
from tests.rules import attacks

MEMORY = 50_000_000
MOST_CALLS = 10 * limits.STEPS


def peak(work: Any) -> int:
    """The most memory that some work took."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@rows.every("name", attacks.TEXTS)
def test_a_text_that_wants_too_much_is_refused(name: str) -> None:
    with pytest.raises(rules.SyntaxProblem):
        feel.compile(attacks.TEXTS[name])


@rows.every("name", attacks.VALUES)
def test_an_evaluation_that_wants_too_much_is_null_and_says_so(name: str) -> None:
    """`make bench` says in how many milliseconds; here the steps are counted that lead there."""
    outcome = feel.compile(attacks.VALUES[name]).outcome({})
    assert outcome.value is None
    assert outcome.errors[-1].startswith("refused: ")


def calls(work: Any) -> int:
    """How many functions some work called, Python's own included."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


REPEATED = [name for name in attacks.VALUES if re.search("again|doubling|laughs|wide|many", name)]


@rows.every("name", REPEATED)
def test_what_is_refused_has_not_done_much_before(name: str) -> None:
    """No work that grows goes unpaid: a step stands for a few calls, whatever the attack."""
    expression = feel.compile(attacks.VALUES[name])
    assert calls(lambda: expression.outcome({})) < MOST_CALLS


@rows.every("name", attacks.VALUES)
def test_a_refused_evaluation_takes_little_memory(name: str) -> None:
    expression = feel.compile(attacks.VALUES[name])
    assert peak(lambda: expression.outcome({})) < MEMORY


@rows.every(
    "function", ["matches(t, p)", 'replace(t, p, "")', "split(t, p)"], "pattern, text", attacks.PATTERNS
)
def test_a_catastrophic_pattern_ends_soon(function: str, pattern: str, text: str) -> None:
    """Every step of a pattern is tried at most once at every place of the text: the work is counted, not the time."""
    expression = feel.compile(function)
    budget = Budget()
    protected(expression.run, Scope({"t": text, "p": pattern}, None, budget))
    assert budget.steps > -limits.STEPS / 10


@rows.every("text", attacks.NUMBERS)
def test_the_largest_numbers_are_calculated_or_null(text: str) -> None:
    writing.json_line(writing.as_json(feel.evaluate(text, {})))


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


@rows.every("name", attacks.FILES)
def test_a_file_that_wants_too_much_is_refused(name: str) -> None:
    with pytest.raises(rules.SyntaxProblem):
        dmn.load(attacks.FILES[name])
    assert "syntax" in {finding.code for finding in check.check_bytes(attacks.FILES[name])}


@rows.every("name", attacks.FILES)
def test_a_refused_file_takes_little_memory(name: str) -> None:
    assert peak(lambda: check.check_bytes(attacks.FILES[name])) < MEMORY


PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        """1 2.5 "a" true null x y a b ( ) [ ] { } , : . .. + - * / ** = != < <= > >= and or in between if then else
        for return some every satisfies instance of number list function ? not( date( @"P1D" @"2020-01-01" item
        partial""",
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
