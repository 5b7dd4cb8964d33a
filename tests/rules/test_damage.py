"""A damaged decision file is refused or decides null: whatever is torn out or swapped, nothing else is ever raised."""

from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from consular import rules
from consular.rules import check, dmn
from consular.rules.feel import writing
from tests.rules import test_boxed
from tests.rules.files import data, decision, file, knowledge, literal, table

SERVICE = (
    '<decisionService id="s" name="s"><outputDecision href="#d0"/><inputData href="#x"/></decisionService>'
)
WHOLE = file(
    '<import name="other" namespace="elsewhere"/>',
    test_boxed.TYPES,
    data("x", "tS"),
    data("y", "tFew"),
    knowledge("f", "a b", literal("[a, b, x]")),
    SERVICE,
    *(decision(f"d{number}", logic, "x", "!f") for number, (logic, _) in enumerate(test_boxed.BOXED)),
    decision(
        "t",
        table("PRIORITY", "x; y", 'o: 1, 2; p: "a"', '< 5 ; - | 1 ; "a"', '- ; not(1) | 2 ; "a"'),
        "x",
        "y",
    ),
    decision("u", table("COLLECT+SUM", "x", "o", "< 5 | 1", default="3", allowed="1, 2"), "x", "?t"),
    decision("w", literal("s(x) + t.o"), "x", "!s", "?t"),
)
REAL = sorted((Path(__file__).parents[2] / "forms").glob("*/v*/*.dmn"))
ODD = st.sampled_from(
    ["", "-", "((", "#d0", "x", "tS", "null", "999999999999", "\u202e", "a.b.c", "true", "COLLECT", "s"]
)


def damaged(xml: bytes, wounds: list[tuple[int, str, str]]) -> bytes:
    """The file with some elements removed, doubled, moved, renamed, rewritten or given odd attributes."""
    root = etree.fromstring(xml)
    for place, wound, odd in wounds:
        elements = [element for element in root.iter() if element is not root]
        if elements:
            hurt(elements[place % len(elements)], elements[place * 7 % len(elements)], wound, odd)
    return etree.tostring(root)


def hurt(element: etree._Element, other: etree._Element, wound: str, odd: str) -> None:
    if wound == "remove":
        element.getparent().remove(element)
    elif wound == "double":
        element.getparent().append(deepcopy(element))
    elif wound == "move":
        other.addnext(deepcopy(element))
    elif wound == "rename":
        element.tag = other.tag
    elif wound == "text":
        element.text = odd
    elif element.attrib:
        element.attrib[sorted(element.attrib)[len(odd) % len(element.attrib)]] = odd


WOUNDS = st.lists(
    st.tuples(
        st.integers(0, 5000),
        st.sampled_from(["remove", "double", "move", "rename", "text", "attribute"]),
        ODD,
    ),
    min_size=1,
    max_size=4,
)


def survives(xml: bytes) -> None:
    list(map(str, check.check_bytes(xml)))
    try:
        definitions = dmn.load(xml, lenient=True)
    except rules.SyntaxProblem:
        return
    for wanted in (*definitions.decisions, "s", "f"):
        if definitions.find(wanted):
            for x in (1, {"a": 1, "b": "x"}, None):
                writing.write(definitions.decide(wanted, {"x": x, "y": [1], "on": "2026-01-01"}).value)


@settings(max_examples=150, deadline=None)
@given(WOUNDS)
def test_a_damaged_file_is_refused_or_decides(wounds: list[tuple[int, str, str]]) -> None:
    survives(damaged(WHOLE, wounds))


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
@settings(max_examples=10, deadline=None)
@given(wounds=WOUNDS)
def test_a_damaged_table_of_a_service_is_refused_or_decides(
    path: Path, wounds: list[tuple[int, str, str]]
) -> None:
    survives(damaged(path.read_bytes(), wounds))


def test_the_whole_file_is_read() -> None:
    definitions = dmn.load(WHOLE, lenient=True)
    assert [problem.element for problem in definitions.problems if "import" not in problem.element] != []
    assert definitions.decide("w", {"x": {"a": 1, "b": "x"}, "y": [2]}).errors
