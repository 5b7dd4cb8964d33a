"""Decision files: hit policies, boxed expressions, requirements, types."""

import pytest

from consular import rules
from consular.rules import dmn
from consular.rules.feel import writing
from tests.rows import every
from tests.rules.files import data, decision, file, knowledge, literal, table

X = data("x")


def decided(
    logic: str, *parts: str, needs: tuple[str, ...] = ("x",), kind: str = "", **context: object
) -> dmn.Result:
    definitions = dmn.load(file(X, *parts, decision("d", logic, *needs, kind=kind)))
    return definitions.decide("d", context)


BANDS = ("< 10 | 1", "[5..20] | 2", "> 15 | 3")
POLICIES = [
    ("UNIQUE", "x", "", 3, "1", ("r1",)),
    ("UNIQUE", "x", "", 7, "null", ()),
    ("FIRST", "x", "", 7, "1", ("r1",)),
    ("RULE ORDER", "x", "", 7, "[1, 2]", ("r1", "r2")),
    ("COLLECT", "x", "", 17, "[2, 3]", ("r2", "r3")),
    ("COLLECT+SUM", "x", "", 17, "5", ("r2", "r3")),
    ("COLLECT+MIN", "x", "", 17, "2", ("r2", "r3")),
    ("COLLECT+MAX", "x", "", 17, "3", ("r2", "r3")),
    ("COLLECT+COUNT", "x", "", 17, "2", ("r2", "r3")),
    ("PRIORITY", "x", ": 3, 2, 1", 17, "3", ("r3",)),
    ("PRIORITY", "x", ": 3, 2, 1", 7, "2", ("r2",)),
    ("OUTPUT ORDER", "x", ": 3, 2, 1", 7, "[2, 1]", ("r2", "r1")),
    ("ANY", "x", "", 7, "null", ()),
    ("ANY", "x", "", 3, "1", ("r1",)),
]


@pytest.mark.parametrize(("policy", "inputs", "values", "x", "expected", "fired"), POLICIES)
def test_a_hit_policy_makes_its_outcome(
    policy: str, inputs: str, values: str, x: int, expected: str, fired: tuple[str, ...]
) -> None:
    result = decided(table(policy, inputs, f"o{values}", *BANDS), x=x)
    assert (writing.write(result.value), result.rules) == (expected, fired)


NOTHING = [
    ("UNIQUE", "null"),
    ("FIRST", "null"),
    ("COLLECT", "[]"),
    ("RULE ORDER", "[]"),
    ("COLLECT+SUM", "null"),
    ("COLLECT+COUNT", "0"),
]


@pytest.mark.parametrize(("policy", "expected"), NOTHING)
def test_when_no_rule_matches_the_outcome_is_empty(policy: str, expected: str) -> None:
    assert writing.write(decided(table(policy, "x", "o", *BANDS), x="?").value) == expected


def test_when_no_rule_matches_the_default_output_is_the_outcome() -> None:
    assert decided(table("UNIQUE", "x", "o", "1 | 2", default="9"), x=3).value == 9


def test_equal_results_under_any_are_one() -> None:
    result = decided(table("ANY", "x", "o", "< 10 | 1", "> 5 | 1.0"), x=7)
    assert (result.value, result.rules) == (1, ("r1", "r2"))


def test_two_rules_under_unique_are_named_in_the_error() -> None:
    assert decided(table("UNIQUE", "x", "o", *BANDS), x=7).errors == ("t: rules r1, r2 match, only one may",)


def test_several_outputs_are_a_context() -> None:
    result = decided(table("FIRST", "x; y", "a; b", '1 ; - | "p" ; x + 1'), needs=("x", "y"), x=1)
    assert writing.write(result.value) == '{a: "p", b: 2}'


def test_an_input_outside_the_allowed_values_is_an_error() -> None:
    logic = table("FIRST", "x", "o", "- | 1", allowed='"a", "b"')
    assert decided(logic, x="a").value == 1
    assert decided(logic, x="c") == dmn.Result(None, (), ("t: x is not an allowed value",))


def test_an_output_outside_the_listed_values_is_an_error() -> None:
    result = decided(table("FIRST", "x", 'o: "a"', '- | "b"'), x=1)
    assert result.value is None
    assert result.errors


def boxed(logic: str) -> str:
    return decided(logic, x=3).value


def entry(name: str, logic: str) -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


FUNCTION = f'<functionDefinition><formalParameter name="n"/>{literal("n * 2")}</functionDefinition>'
BOXED = [
    (literal("x + 1"), "4"),
    (f"<context>{entry('a', literal('x'))}{entry('b c', literal('a + 1'))}</context>", "{a: 3, b c: 4}"),
    (f"<context>{entry('a', literal('x'))}{entry('', literal('a * 2'))}</context>", "6"),
    (f"<context>{entry('f', FUNCTION)}{entry('', literal('f(x)'))}</context>", "6"),
    (f"<list>{literal('1')}{literal('x')}</list>", "[1, 3]"),
    (
        '<relation><column name="a"/><column name="b"/>'
        f"<row>{literal('1')}{literal('x')}</row><row>{literal('2')}{literal('null')}</row></relation>",
        "[{a: 1, b: 3}, {a: 2, b: null}]",
    ),
    (
        f'<invocation>{literal("abs")}<binding><parameter name="n"/>{literal("-x")}</binding></invocation>',
        "3",
    ),
    (
        f"<conditional><if>{literal('x > 2')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
        "1",
    ),
    (f"<filter><in>{literal('[1, 2, 3, 4]')}</in><match>{literal('item >= x')}</match></filter>", "[3, 4]"),
    (
        f'<for iteratorVariable="i"><in>{literal("1..x")}</in><return>{literal("i * i")}</return></for>'.replace(
            "1..x", "[1, 2]"
        ),
        "[1, 4]",
    ),
    (
        f'<some iteratorVariable="i"><in>{literal("[1, 5]")}</in><satisfies>{literal("i > x")}</satisfies></some>',
        "true",
    ),
    (
        f'<every iteratorVariable="i"><in>{literal("[1, 5]")}</in><satisfies>{literal("i > x")}</satisfies></every>',
        "false",
    ),
]


@pytest.mark.parametrize(("logic", "expected"), BOXED)
def test_a_boxed_expression_has_its_value(logic: str, expected: str) -> None:
    assert writing.write(boxed(logic)) == expected


def test_a_decision_sees_what_it_requires_by_name() -> None:
    parts = (
        data("Birth year"),
        decision("age", literal("2026 - Birth year"), "Birth_year"),
        decision("is-adult", literal("age >= 18"), "?age"),
        decision("d", literal('if is-adult then "adult" else "minor"'), "?is-adult"),
    )
    assert dmn.load(file(*parts)).decide("d", {"Birth year": 2000}).value == "adult"


def test_the_rules_of_required_decisions_are_reported_too() -> None:
    first = decision("a", table("FIRST", "x", "o", "- | x"), "x")
    assert decided(literal("a + a"), first, needs=("?a",), x=2) == dmn.Result(4, ("r1",), ())


def test_a_knowledge_model_is_called_by_position_by_name_and_by_invocation() -> None:
    model = knowledge("f", "p q", literal("p - q"))
    assert decided(literal("f(5, 2) + f(q: 1, p: x)"), model, needs=("x", "!f"), x=4).value == 6
    bindings = "".join(
        f'<binding><parameter name="{n}"/>{literal(v)}</binding>' for n, v in (("q", "1"), ("p", "x"))
    )
    invocation = f"<invocation>{literal('f')}{bindings}</invocation>"
    assert decided(invocation, model, needs=("x", "!f"), x=4).value == 3


@every(
    "body, expected",
    [
        (literal("if n < 2 then 1 else n * f(n - 1)"), "120"),
        (table("FIRST", "n", "o", "< 2 | [n]", "- | concatenate(f(n - 1), [n])"), "[1, 2, 3, 4, 5]"),
        (literal("f(n)"), "null"),
    ],
)
def test_a_knowledge_model_calls_itself_and_never_without_end(body: str, expected: str) -> None:
    result = decided(literal("f(x)"), knowledge("f", "n", body), needs=("x", "!f"), x=5)
    assert writing.write(result.value) == expected
    assert bool(result.errors) is (expected == "null")


def test_a_knowledge_model_with_a_table_uses_another_model() -> None:
    inner = knowledge("twice", "n", literal("n * 2"))
    outer = knowledge("band", "n", table("FIRST", "twice(n)", "o", '< 10 | "low"', '- | "high"'), "!twice")
    assert decided(literal("band(x)"), inner, outer, needs=("x", "!band"), x=5).value == "high"


def test_a_decision_service_is_called_like_a_function_and_decided_like_a_decision() -> None:
    service = '<decisionService id="s" name="s"><outputDecision href="#inner"/><inputData href="#x"/></decisionService>'
    parts = (
        X,
        decision("inner", literal("x * 10"), "x"),
        service,
        decision("d", literal("s(x + 1)"), "x", "!s"),
    )
    definitions = dmn.load(file(*parts))
    assert definitions.decide("d", {"x": 1}).value == 20
    assert definitions.decide("s", {"x": 1}).value == 10


TYPES = (
    '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues>'
    '</itemDefinition><itemDefinition name="tKinds" isCollection="true"><typeRef>tKind</typeRef></itemDefinition>'
    '<itemDefinition name="tPerson"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>'
)
TYPED = [
    ("number", 1, "1"),
    ("number", "1", "null"),
    ("number", [1], "1"),
    ("feel:number", 1, "1"),
    ("tKind", "a", '"a"'),
    ("tKind", "c", "null"),
    ("tKinds", ["a", "b"], '["a", "b"]'),
    ("tKinds", ["a", "c"], "null"),
    ("tKinds", "a", '["a"]'),
    ("tPerson", {"full name": "Ann", "age": 3}, '{full name: "Ann", age: 3}'),
    ("tPerson", {"full name": "Ann", "age": "3"}, "null"),
    ("tPerson", 5, "null"),
]


@pytest.mark.parametrize(("kind", "value", "expected"), TYPED)
def test_a_value_must_be_of_its_type(kind: str, value: object, expected: str) -> None:
    definitions = dmn.load(file(TYPES, data("x", kind), decision("d", literal("x"), "x")))
    assert writing.write(definitions.decide("d", {"x": value}).value) == expected
    made = dmn.load(file(TYPES, X, decision("d", literal("x"), "x", kind=kind)))
    assert writing.write(made.decide("d", {"x": value}).value) == expected


def test_a_wrong_expression_is_refused_with_its_element_and_place() -> None:
    with pytest.raises(rules.SyntaxProblem, match="expected an expression"):
        dmn.load(file(decision("d", literal("1 +"))))


def test_a_wrong_expression_is_null_when_read_leniently() -> None:
    definitions = dmn.load(file(decision("d", literal("1 +")), decision("e", literal("1"))), lenient=True)
    assert definitions.decide("d", {}).value is None
    assert definitions.decide("e", {}).value == 1
    assert len(definitions.problems) == 1


def test_an_unknown_decision_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        dmn.load(file(X)).decide("nowhere", {})


def test_a_missing_input_is_null_and_said_so() -> None:
    assert decided(literal("x = null")) == dmn.Result(True, (), ("the input 'x' is missing",))


def test_instance_of_knows_the_types_of_the_file() -> None:
    logic = literal(
        '[x instance of tKind, "c" instance of tKind, null instance of tKind, 1 instance of lost]'
    )
    definitions = dmn.load(file(TYPES, X, decision("d", logic, "x")))
    assert definitions.decide("d", {"x": "a"}).value == [True, False, False, None]


NAMED = [
    ("[1] instance of list<tKind>", "false"),
    ('["a", null] instance of list<tKind>', "true"),
    ('{k: "a"} instance of context<k: tKind>', "true"),
    ('{k: "c"} instance of context<k: tKind>', "false"),
    ('["a".."b"] instance of range<tKind>', "true"),
    ("1 instance of list<lost>", "false"),
    ("[1] instance of list<lost>", "false"),
    ('(function(k: tKind) k)("a")', '"a"'),
    ('(function(k: tKind) k)(["a"])', '"a"'),
    ('(function(k: tKind) k)("c")', "null"),
    ('(function(k: tKinds) k)("a")', '["a"]'),
    ('(function(k: list<tKind>) k)("a")', '["a"]'),
    ('(function(k: list<tKind>) k)(["c"])', "null"),
    ("(function(k: lost) k)(1)", "1"),
    ('(function(p: tPerson) p.age)({full name: "Ann", age: [3]})', "3"),
    ("1 instance of tIt's-a number", "true"),
    ("(function(k: tKind) k) instance of function<string>->Any", "true"),
]


@every("text, expected", NAMED)
def test_a_type_of_the_file_stands_wherever_a_type_may(text: str, expected: str) -> None:
    odd = '<itemDefinition name="tIt\'s-a number"><typeRef>number</typeRef></itemDefinition>'
    definitions = dmn.load(file(TYPES, odd, decision("d", literal(text))))
    assert writing.write(definitions.decide("d", {}).value) == expected


@every("policy, expected", [("PRIORITY", '"a"'), ("OUTPUT ORDER", '["a", "b", "b"]')])
def test_an_output_that_lists_no_values_is_ranked_by_those_of_its_type(policy: str, expected: str) -> None:
    logic = table(policy, "x", "", '- | "b"', '- | "a"', '- | "b"')
    xml = file(TYPES, X, decision("d", logic.replace("<output ", '<output typeRef="tKind" '), "x"))
    assert writing.write(dmn.load(xml).decide("d", {"x": 1}).value) == expected
    assert "output" not in {finding.code for finding in rules.check.check_bytes(xml)}
