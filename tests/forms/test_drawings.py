"""Whoever opens a process in a modeler sees every element and flow, and no element hides another one."""

from itertools import combinations
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.conf import settings

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
POINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
DRAWN = {"startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent", "userTask", "serviceTask", "sendTask",
    "receiveTask", "businessRuleTask", "exclusiveGateway", "parallelGateway", "eventBasedGateway", "subProcess",
    "callActivity"}  # fmt: skip
FILES = sorted(Path(settings.FORMS_DIR).glob("*/v*/**/process.bpmn"))
Box = tuple[float, float, float, float]


class Drawing:
    """A process with its drawing: elements by scope, boxes, ways of flows."""

    def __init__(self, xml: bytes) -> None:
        root = ElementTree.fromstring(xml)
        self.boxes = {one.get("bpmnElement"): _box(one) for one in root.iter(f"{DI}BPMNShape")}
        self.ways = {
            one.get("bpmnElement"): [(float(at.get("x")), float(at.get("y"))) for at in one.iter(POINT)]
            for one in root.iter(f"{DI}BPMNEdge")
        }
        self.scopes = [
            (holder, [child for child in holder if child.tag.removeprefix(BPMN) in DRAWN])
            for holder in root.iter()
            if holder.tag in {f"{BPMN}process", f"{BPMN}subProcess"}
        ]
        self.flows = list(root.iter(f"{BPMN}sequenceFlow"))
        self.lanes = {
            reference.text: lane.get("id")
            for lane in root.iter(f"{BPMN}lane")
            for reference in lane.iter(f"{BPMN}flowNodeRef")
        }

    def missing(self) -> list[str]:
        """Elements without a shape, flows without an edge."""
        elements = [child.get("id") for _holder, children in self.scopes for child in children]
        flows = [flow.get("id") for flow in self.flows]
        return [one for one in elements if one not in self.boxes] + [
            one for one in flows if one not in self.ways
        ]

    def hidden(self) -> list[tuple[str, str]]:
        """Pairs of elements in one scope that cover each other; a boundary event may lie on what it guards."""
        return [
            (one.get("id"), other.get("id"))
            for _holder, children in self.scopes
            for one, other in combinations(children, 2)
            if {one.get("attachedToRef"), other.get("attachedToRef")}.isdisjoint(
                {one.get("id"), other.get("id")}
            )
            and _overlap(self.boxes[one.get("id")], self.boxes[other.get("id")])
        ]

    def astray(self) -> list[str]:
        """Elements outside their sub-process or, in the process itself, their lane; boundary events go with a host."""
        found = []
        for holder, children in self.scopes:
            inside_sub = holder.tag.endswith("subProcess")
            for child in children:
                around = holder.get("id") if inside_sub else self.lanes.get(child.get("id"))
                guards = child.get("attachedToRef") is not None
                if around and not guards and not _within(self.boxes[child.get("id")], self.boxes[around]):
                    found.append(child.get("id"))
        return found

    def loose(self) -> list[str]:
        """Flows that do not begin and end at their elements."""
        return [
            flow.get("id")
            for flow in self.flows
            if not _touches(self.ways[flow.get("id")][0], self.boxes[flow.get("sourceRef")])
            or not _touches(self.ways[flow.get("id")][-1], self.boxes[flow.get("targetRef")])
        ]


def _box(shape) -> Box:
    bounds = shape.find(f"{DC}Bounds")
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _within(one: Box, other: Box) -> bool:
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]


def _touches(point: tuple[float, float], box: Box) -> bool:
    x, y = point
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:-1]))
def test_everything_is_drawn_and_nothing_hides_anything(file: Path) -> None:
    drawing = Drawing(file.read_bytes())

    assert drawing.missing() == []
    assert drawing.hidden() == []
    assert drawing.astray() == []
    assert drawing.loose() == []


def test_a_bad_drawing_would_be_found() -> None:
    text = FILES[0].read_text(encoding="utf-8")
    drawing = Drawing(text.encode())
    one, other = [child.get("id") for child in drawing.scopes[0][1]][:2]

    drawing.boxes[other] = drawing.boxes[one]
    assert (one, other) in drawing.hidden()
    drawing.boxes[one] = (0, 0, 1, 1)
    assert one in drawing.astray()
    assert drawing.loose()
    del drawing.boxes[one]
    assert drawing.missing() == [one]
