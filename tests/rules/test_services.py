"""Decision services: called by position, by name, from outside; and functions whose values have types."""

import pytest

from consular.rules import dmn
from consular.rules.feel import writing
from tests.rules.files import data, decision, file, knowledge, literal

X = data("x")


def service(name: str, *, outputs: str, inside: str = "", decisions: str = "", inputs: str = "") -> str:
    """A decision service; ids are separated by blanks."""
    words = (
        ("outputDecision", outputs), ("encapsulatedDecision", inside),
        ("inputDecision", decisions), ("inputData", inputs),
    )  # fmt: skip
    references = "".join(f'<{word} href="#{one}"/>' for word, ids in words for one in ids.split())
    return (
        f'<decisionService id="{name}" name="{name}"><variable name="{name}"/>{references}</decisionService>'
    )


PARTS = (
    data("x", "number"),
    data("y", "string"),
    decision("twice", literal("x * 2"), "x"),
    decision("said", literal('y + " " + string(twice)'), "y", "?twice"),
)
WHOLE = service("whole", outputs="said", inside="twice", inputs="x y")
PART = service("part", outputs="said", decisions="twice", inputs="y")
BOTH = service("both", outputs="said twice", inputs="x y")
CALLS = [
    (WHOLE, 'whole(5, "a")', '"a 10"'),
    (WHOLE, 'whole(y: "a", x: 5)', '"a 10"'),
    (WHOLE, 'whole([5], "a")', '"a 10"'),
    (WHOLE, 'whole("5", "a")', "null"),
    (WHOLE, "whole(5)", "null"),
    (WHOLE, 'whole(5, "a", 6)', "null"),
    (WHOLE, 'whole(x: 5, z: "a")', "null"),
    (WHOLE, "whole(null, null)", "null"),
    (PART, 'part("a", 7)', '"a 7"'),
    (PART, 'part(twice: 7, y: "a")', '"a 7"'),
    (BOTH, 'both(1, "a")', '{said: "a 2", twice: 2}'),
    (BOTH, 'both(1, "a").twice', "2"),
]


@pytest.mark.parametrize(("part", "call", "expected"), CALLS)
def test_a_service_is_called_like_a_function(part: str, call: str, expected: str) -> None:
    name = call.partition("(")[0]
    definitions = dmn.load(file(*PARTS, part, decision("d", literal(call), f"!{name}")))
    assert writing.write(definitions.decide("d", {}).value) == expected


def test_a_service_sees_nothing_but_its_arguments() -> None:
    narrow = service("narrow", outputs="said", inside="twice", inputs="x")
    definitions = dmn.load(file(*PARTS, narrow, decision("d", literal("narrow(5)"), "!narrow")))
    result = definitions.decide("d", {"y": "from outside"})
    assert result.value is None
    assert "the input 'y' is missing" in result.errors


def test_a_service_asked_for_directly_takes_inputs_and_input_decisions_by_name() -> None:
    assert dmn.load(file(*PARTS, PART)).decide("part", {"y": "a", "twice": 7}).value == "a 7"
    assert dmn.load(file(*PARTS, BOTH)).decide("both", {"y": "a", "x": 1}).value == {
        "said": "a 2",
        "twice": 2,
    }


def test_a_service_that_calls_itself_is_refused_in_the_end() -> None:
    loop = decision("loop", literal("s(x)"), "x", "!s")
    definitions = dmn.load(file(X, loop, service("s", outputs="loop", inputs="x")))
    assert definitions.decide("s", {"x": 1}).errors[-1] == "refused: services call each other too deeply"


def test_a_knowledge_model_asked_for_directly_takes_its_parameters_by_name() -> None:
    definitions = dmn.load(file(knowledge("f", "p q", literal("p - q"))))
    assert definitions.decide("f", {"p": 5, "q": 2}).value == 3
    assert definitions.decide("f", {"p": 5}).value is None


FUNCTION = '<itemDefinition name="tF"><functionItem outputTypeRef="string"/></itemDefinition>'
RESULTS = [
    ("number", "", "n", "[1]", "1"),
    ("number", "", "n", '"a"', "null"),
    ("tF", "", "n", '"a"', '"a"'),
    ("tF", "", "n", "5", "null"),
    ("", "string", "n", "5", "null"),
    ("", "string", "n", '["a"]', '"a"'),
    ("", "date and time", "n", '@"2026-01-01"', '@"2026-01-01T00:00:00Z"'),
    ("", "", "n", "5", "5"),
]


@pytest.mark.parametrize(("variable", "body", "parameter", "argument", "expected"), RESULTS)
def test_the_value_of_a_knowledge_model_must_be_of_its_type(
    variable: str, body: str, parameter: str, argument: str, expected: str
) -> None:
    typed = f' typeRef="{body}"' if body else ""
    logic = f"<literalExpression{typed}><text>n</text></literalExpression>"
    model = knowledge("f", parameter, logic)
    if variable:
        model = model.replace(
            "<encapsulatedLogic>", f'<variable name="f" typeRef="{variable}"/><encapsulatedLogic>'
        )
    definitions = dmn.load(file(FUNCTION, model, decision("d", literal(f"f({argument})"), "!f")))
    assert writing.write(definitions.decide("d", {}).value) == expected
