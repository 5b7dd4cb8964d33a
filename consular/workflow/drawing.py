"""The drawing in a BPMN file, and nothing else of it: what a viewer needs to show the elements, their names and flows.

Expressions, decisions, forms, properties, messages, notes and whatever a later modeler may add stay behind: only what
is named here is copied.
"""

from collections.abc import Callable

from lxml import etree

from consular.workflow.markup import BPMN, Element, parse

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
PREFIXES = {"bpmn": BPMN, "bpmndi": DI, "dc": DC, "di": DD}

_NODES = {
    "startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent", "userTask", "serviceTask", "sendTask",
    "receiveTask", "businessRuleTask", "exclusiveGateway", "parallelGateway", "eventBasedGateway", "subProcess",
    "callActivity",
}  # fmt: skip
_NAMED = {*_NODES, "process", "participant", "lane", "sequenceFlow"}
_PLAIN = {
    "definitions", "collaboration", "laneSet", "flowNodeRef", "multiInstanceLoopCharacteristics",
    "timerEventDefinition", "messageEventDefinition", "errorEventDefinition", "terminateEventDefinition",
}  # fmt: skip
_ATTRIBUTES = {
    "definitions": {"targetNamespace"},
    "participant": {"processRef"},
    "sequenceFlow": {"sourceRef", "targetRef"},
    "boundaryEvent": {"attachedToRef", "cancelActivity"},
    "exclusiveGateway": {"default"},
}
_DRAWN = {
    f"{{{DI}}}BPMNDiagram": {"id"},
    f"{{{DI}}}BPMNPlane": {"id", "bpmnElement"},
    f"{{{DI}}}BPMNShape": {"id", "bpmnElement", "isHorizontal", "isExpanded", "isMarkerVisible"},
    f"{{{DI}}}BPMNEdge": {"id", "bpmnElement"},
    f"{{{DI}}}BPMNLabel": {"id"},
    f"{{{DC}}}Bounds": {"x", "y", "width", "height"},
    f"{{{DD}}}waypoint": {"x", "y"},
}


def drawing(xml: bytes, translated: Callable[[str], str] = str) -> bytes:
    """The file as it may be shown, its names `translated`; empty when nothing is drawn in it. Raises NotInSubset.

    What is collapsed in the drawing stays so, with a plane of its own; a called process is not drawn here.
    """
    root = parse(xml)
    if not _is_drawn(root):
        return b""
    copied = etree.Element(f"{{{BPMN}}}definitions", nsmap=PREFIXES)
    _copy_attributes(root, copied, translated)
    _copy_children(root, copied, translated)
    _drop_undrawable(copied)
    return bytes(etree.tostring(copied, encoding="UTF-8", xml_declaration=True))


def _is_drawn(root: Element) -> bool:
    return root.raw.find(f"{{{DI}}}BPMNDiagram/{{{DI}}}BPMNPlane/{{{DI}}}BPMNShape") is not None


def _copy_children(source: Element, target: etree._Element, translated: Callable[[str], str]) -> None:
    """What is known of what lies in an element; as deep as files may be nested."""
    for child in source:
        if child.tag in _NAMED | _PLAIN or child.tag in _DRAWN:
            copied = etree.SubElement(target, child.raw.tag)
            _copy_attributes(child, copied, translated)
            if child.tag == "flowNodeRef":
                copied.text = child.text
            _copy_children(child, copied, translated)


def _copy_attributes(source: Element, target: etree._Element, translated: Callable[[str], str]) -> None:
    for name in _DRAWN.get(source.tag) or {"id", *_ATTRIBUTES.get(source.tag, ())}:
        if source.get(name):
            target.set(name, source.get(name))
    label = " ".join(source.get("name").split()) if source.tag in _NAMED else ""
    if label:
        target.set("name", translated(label))


def _drop_undrawable(root: etree._Element) -> None:
    """Shapes of what stayed behind, such as the modeller's notes: a viewer would complain of them."""
    known = {element.get("id") for element in root.iter() if etree.QName(element).namespace == BPMN}
    for plane in list(root.iter(f"{{{DI}}}BPMNPlane")):
        for shape in list(plane):
            if shape.get("bpmnElement") not in known:
                plane.remove(shape)
