"""Boxed expressions, types and scopes as the standard has them, where a reader would not be sure."""

import pytest

from consular.rules import dmn, feel
from consular.rules.feel import writing
from tests.rules.files import data, decision, file, knowledge, literal, table


def decided(xml: bytes, context: str = "{}", wanted: str = "d") -> str:
    return writing.write(dmn.load(xml, lenient=True).decide(wanted, feel.evaluate(context, {})).value)


RANKED = 'a: "hi", "lo"; b: 1, 2'
ROWS = [
    ("FIRST", "o", '{x: [1, 2]}', ("[1, 2] | 1", "- | 2"), "1"),
    ("FIRST", "o", '{x: ["a"]}', ('list contains(?, "a") | 1', "- | 2"), "1"),
    ("FIRST", "o", "{x: 1, y: 5}", ("y > 3 | 1", "- | 2"), "1"),
    ("FIRST", "o", "{x: false, y: 5}", ("y > 3 | 1", "- | 2"), "2"),
    ("FIRST", "o", "{x: true, y: 5}", ("y > 3 | 1", "- | 2"), "1"),
    ("FIRST", "o", '{x: @"2026-01-01", y: @"2026-01-02"}', ("< y | 1", "- | 2"), "1"),
    ("COLLECT", "a; b", "{x: 1}", ('< 5 | 1 ; "p"', '< 7 | 2 ; "q"'), '[{a: 1, b: "p"}, {a: 2, b: "q"}]'),
    ("COLLECT+COUNT", "o", "{x: 1}", ("< 5 | 1", "< 7 | 1"), "2"),
    ("COLLECT+SUM", "o", "{x: 1}", ('< 5 | @"P1D"', '< 7 | @"P2D"'), '@"P3D"'),
    ("COLLECT+SUM", "o", "{x: 1}", ("< 5 | 1", "< 7 | null"), "null"),
    ("COLLECT+MAX", "o", "{x: 1}", ('< 5 | @"2026-01-01"', '< 7 | @"2026-01-02"'), '@"2026-01-02"'),
    ("PRIORITY", RANKED, "{x: 1}", ('- | "lo" ; 1', '- | "hi" ; 2', '- | "hi" ; 1'), '{a: "hi", b: 1}'),
    ("OUTPUT ORDER", RANKED, "{x: 1}", ('- | "lo" ; 1', '- | "hi" ; 2'), '[{a: "hi", b: 2}, {a: "lo", b: 1}]'),
    ("ANY", "a; b", "{x: 1}", ("< 9 | 1 ; 2", "< 8 | 1 ; 2"), "{a: 1, b: 2}"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "outputs", "context", "rows", "expected"), ROWS)
def test_a_table_decides(
    policy: str, outputs: str, context: str, rows: tuple[str, ...], expected: str
) -> None:
    logic = table(policy, "x", outputs, *rows)
    assert decided(file(data("x"), data("y"), decision("d", logic, "x", "y")), context) == expected


@pytest.mark.parametrize(
    ("x", "expected"), [('"a"', "1"), ("null", "null"), ('["b", "a"]', "2"), ('["b", "c"]', "null")]
)
def test_each_item_of_a_list_must_be_among_the_allowed_values(x: str, expected: str) -> None:
    logic = table("FIRST", "x", "o", '"a" | 1', "- | 2", allowed='"a", "b"')
    assert decided(file(data("x"), decision("d", logic, "x")), f"{{x: {x}}}") == expected


TYPES = (
    '<itemDefinition name="tS"><itemComponent name="a"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="b"><typeRef>string</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tSs" isCollection="true"><typeRef>tS</typeRef></itemDefinition>'
    '<itemDefinition name="tFew" isCollection="true"><typeRef>number</typeRef><allowedValues><text>&lt; 10</text>'
    "</allowedValues><typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
)
TYPED = [
    ('{a: 1, b: "x"}', "tS", '{a: 1, b: "x"}'),
    ('{a: "1", b: "x"}', "tS", "null"),
    ('[{a: 1, b: "x"}]', "tS", '{a: 1, b: "x"}'),
    ('{a: 1, b: "x"}', "tSs", '[{a: 1, b: "x"}]'),
    ("1", "tFew", "[1]"),
    ("[]", "tFew", "[]"),
    ("[1, null]", "tFew", "[1, null]"),
    ("[1, 2, 3]", "tFew", "null"),
    ("[1, 20]", "tFew", "null"),
    ('[1, "a"]', "tFew", "null"),
    ("null", "tFew", "null"),
    ('@"2026-01-01"', "dateTime", '@"2026-01-01T00:00:00Z"'),
    ('@"P1D"', "yearMonthDuration", "null"),
    ('@"P1D"', "feel:dayTimeDuration", '@"P1D"'),
    ("{a: 1} instance of tS", "boolean", "false"),
    ('{a: 1, b: "x", c: 2} instance of tS', "boolean", "true"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "expected"), TYPED)
def test_a_decision_is_of_its_type_or_null(text: str, kind: str, expected: str) -> None:
    assert decided(file(TYPES, decision("d", literal(text), kind=kind))) == expected


def entry(name: str, kind: str, logic: str) -> str:
    variable = f'<variable name="{name}" typeRef="{kind}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def invocation(name: str, **bindings: str) -> str:
    arguments = "".join(
        f'<binding><parameter name="{key}"/>{literal(value)}</binding>' for key, value in bindings.items()
    )
    return f"<invocation>{literal(name)}{arguments}</invocation>"


def loop(word: str, domain: str, body: str) -> str:
    inner = "return" if word == "for" else "satisfies"
    return (
        f'<{word} iteratorVariable="i"><in>{literal(domain)}</in><{inner}>{literal(body)}</{inner}></{word}>'
    )


def kept(domain: str, match: str) -> str:
    return f"<filter><in>{literal(domain)}</in><match>{literal(match)}</match></filter>"


PARAMETER = '<formalParameter name="p q" typeRef="number"/>'
TYPED_FUNCTION = f"<functionDefinition>{PARAMETER}{literal('p q + 1')}</functionDefinition>"
F = knowledge("f", "a b", literal("[a, b]"))
OTHERWISE = f"<else>{literal('2')}</else>"
BOXED = [
    (f"<context>{entry('a', 'number', literal(chr(34) * 2))}{entry('', '', literal('a = null'))}</context>", "true"),
    (
        f"<context>{entry('my f', '', TYPED_FUNCTION)}"
        f"{entry('', '', literal('[my f(1), my f(p q: 2), my f(true)]'))}</context>",
        "[2, 3, null]",
    ),
    (invocation("f", a="1", b="2"), "[1, 2]"),
    (invocation("f", b="2", a="1"), "[1, 2]"),
    (invocation("f", a="1"), "null"),
    (invocation("f", a="1", b="2", c="3"), "null"),
    (invocation("nobody", a="1"), "null"),
    (loop("for", "1..3", "count(partial)"), "[0, 1, 2]"),
    (loop("for", "3..1", "i"), "[3, 2, 1]"),
    (loop("for", "[1..3]", "i * i"), "[1, 4, 9]"),
    (loop("for", "null", "i"), "null"),
    (loop("for", "[1, 2]", "my-i * 2").replace('"i"', '"my-i"'), "[2, 4]"),
    (loop("some", "[]", "i"), "false"),
    (loop("every", "null", "i"), "null"),
    (loop("every", "[true, null]", "i"), "null"),
    (kept("[1, 2, 3]", "2"), "2"),
    (kept("[1, 2, 3]", "item > 1"), "[2, 3]"),
    (kept("1", "item = 1"), "[1]"),
    (kept("[1]", '"a"'), "null"),
    (kept("null", "true"), "null"),
    (kept("[{a: 1}, {a: 2}]", "a = 2"), "[{a: 2}]"),
    (f"<list>{literal('1')}{literal('null')}{literal('[2]')}</list>", "[1, null, [2]]"),
    (f"<conditional><if>{literal('1')}</if><then>{literal('1')}</then>{OTHERWISE}</conditional>", "2"),
    (f"<conditional><if>{literal('true')}</if><then>{literal('1')}</then></conditional>", "1"),
    (f"<conditional><if>{literal('false')}</if><then>{literal('1')}</then></conditional>", "null"),
]  # fmt: skip


@pytest.mark.parametrize(("logic", "expected"), BOXED)
def test_a_boxed_expression_has_its_value(logic: str, expected: str) -> None:
    assert decided(file(F, decision("d", logic, "!f"))) == expected


def test_a_decision_sees_what_it_requires_and_nothing_else() -> None:
    parts = (data("x"), data("y"), decision("e", literal("x + 1"), "x"))
    assert (
        decided(file(*parts, decision("d", literal("[x, y, e]"), "x")), "{x: 1, y: 2, e: 3}")
        == "[1, null, null]"
    )
    assert decided(file(*parts, decision("d", literal("e"), "?e")), "{x: 1, e: 99}") == "2"


def test_names_with_hyphens_and_blanks_go_through_tables_and_calls() -> None:
    logic = table(
        "UNIQUE",
        "Existing Customer; Risk-Score",
        "Post-Bureau Risk",
        'true ; < 120 | "HIGH"',
        '- ; >= 120 | "LOW"',
    )
    model = knowledge("f", "", logic).replace('name="f"', 'name="Post-bureau risk table"')
    parameters = '<formalParameter name="Existing Customer"/><formalParameter name="Risk-Score"/>'
    model = model.replace("<encapsulatedLogic>", f"<encapsulatedLogic>{parameters}")
    call = "Post-bureau risk table(Existing Customer: Person.Existing, Risk-Score: Person.Monthly.Score)"
    xml = file(data("Person"), model, decision("d", literal(call), "Person", "!f"))
    assert decided(xml, "{Person: {Existing: true, Monthly: {Score: 100}}}") == '"HIGH"'


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_files_of_every_version_are_read_with_or_without_a_prefix(namespace: str) -> None:
    xml = file(data("x", "number"), decision("d", literal("x + 1"), "x"))
    other = xml.replace(b"https://www.omg.org/spec/DMN/20191111/MODEL/", namespace.encode())
    prefixed = (
        other.replace(b"</", b"<#")
        .replace(b"<", b"<dmn:")
        .replace(b"<dmn:#", b"</dmn:")
        .replace(b"xmlns=", b"xmlns:dmn=")
    )
    assert decided(other, "{x: 1}") == decided(prefixed, "{x: 1}") == "2"
