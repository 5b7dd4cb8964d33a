"""What a process and its tables do differently from another, in words."""

from collections.abc import Mapping

import pytest

from consular.rules import dmn
from consular.workflow.compile import compile
from consular.workflow.difference import difference
from consular.workflow.graph import Graph
from tests.rules import files
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path


def graph(*parts: str, lane: str = "caseworker") -> Graph:
    return compile(bpmn.process(bpmn.start(), bpmn.end(), *parts, lane=lane))


def gated(condition: str, *, sla: str = "P2D", **more: str) -> Graph:
    return graph(
        bpmn.user("a", sla=sla, **more), bpmn.exclusive("g", "g-end"), bpmn.user("b"),
        path("start", "a", "g", "end"), flow("g", "b", condition), path("b", "end"),
    )  # fmt: skip


OLD = gated("=x &gt; 1")
SAME: dict[str, tuple[Graph, list[str]]] = {
    "nothing": (gated("=x &gt; 1"), []),
    "condition": (gated("=x &gt; 2"), ["changed flow g-b: condition: =x > 1 -> =x > 2"]),
    "time limit": (gated("=x &gt; 1", sla="P3D"), ['changed element a "a": sla: P2D, ends moment -> P3D, ends moment']),
    "form and phase": (
        gated("=x &gt; 1", form="f", phase="your_turn"),
        ['changed element a "a": phase: - -> your_turn; form: - -> f'],
    ),
    "name": (
        compile(bpmn.process(
            bpmn.start(), bpmn.end(), bpmn.user("a", sla="P2D").replace('name="a"', 'name="Look"'),
            bpmn.exclusive("g", "g-end"), bpmn.user("b"), path("start", "a", "g", "end"),
            flow("g", "b", "=x &gt; 1"), path("b", "end"),
        )),
        ['changed element a "Look": name: a -> Look'],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("new", "lines"), SAME.values(), ids=SAME.keys())
def test_each_change_of_the_process_is_one_line(new: Graph, lines: list[str]) -> None:
    assert list(map(str, difference(OLD, new, {}, {}))) == lines


def test_elements_and_flows_come_and_go_and_change_their_lane() -> None:
    one = graph(bpmn.user("a"), path("start", "a", "end"))
    two = graph(bpmn.user("a"), bpmn.timer("t", "P1D"), path("start", "a", "t", "end"), lane="decider")

    assert [(change.how, change.what, change.id) for change in difference(one, two, {}, {})] == [
        ("changed", "element", "start"), ("changed", "element", "end"), ("changed", "element", "a"),
        ("added", "element", "t"), ("added", "flow", "a-t"), ("added", "flow", "t-end"), ("removed", "flow", "a-end"),
    ]  # fmt: skip
    assert ("lane", "caseworker", "decider") in difference(one, two, {}, {})[2].fields


def test_of_the_first_process_everything_is_new() -> None:
    one = graph(bpmn.user("a"), path("start", "a", "end"))

    assert {change.how for change in difference(None, one, {}, {})} == {"added"}


def tables(*rules: str) -> Mapping[str, dmn.Definitions]:
    content = files.file(
        files.data("age"), files.decision("fee", files.table("FIRST", "age", "o", *rules), "age")
    )
    return {"fees.dmn": dmn.load(content)}


def test_the_rules_of_the_tables_are_compared_row_by_row() -> None:
    found = difference(OLD, OLD, tables("< 6 | 0", "- | 90"), tables("< 12 | 0", "- | 90", "- | 1"))

    assert [str(change) for change in found] == [
        "changed rule fees.dmn/fee/r1: if: < 6 -> < 12", "added rule fees.dmn/fee/r3",
    ]  # fmt: skip
    assert found[0].as_json() == {
        "what": "rule", "how": "changed", "id": "fees.dmn/fee/r1", "name": "",
        "changes": [{"field": "if", "before": "< 6", "after": "< 12"}],
    }  # fmt: skip


def test_decisions_that_are_no_tables_are_compared_as_a_whole() -> None:
    one, two = (
        {
            "fees.dmn": dmn.load(
                files.file(files.data("age"), files.decision("fee", files.literal(text), "age"))
            )
        }
        for text in ("age * 2", "age * 3")
    )

    assert list(map(str, difference(OLD, OLD, one, two))) == [
        'changed decision fees.dmn/fee "fee": logic: age * 2 -> age * 3'
    ]
