"""BPMN 2.0 files become frozen graphs; anything outside the subset is refused with its element, name and line.

The subset is the one of docs/architecture.md, section 5, with the extension elements the common modeler
writes.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from consular.workflow import elements, references
from consular.workflow.elements import DRAWN_ONLY, NODES, Surroundings
from consular.workflow.graph import ACTIVITIES, BOUNDARY, Flow, Graph, Kind, Node
from consular.workflow.markup import Element, parse
from consular.workflow.markup import NotInSubset as NotInSubset

Library = Callable[[str, int], Graph]
"""Finds the published graph of a process by its id and version, for call activities; LookupError when there
is none.
"""

_TOP = frozenset({"process", "collaboration", "message", "error", "extensionElements"})
_LEFT_BY_MODELERS = frozenset({"category", "signal", "escalation", "itemDefinition"})
"""Modelers keep these definitions when nothing uses them any more, and show them nowhere; their use is refused."""


def no_library(process: str, version: int) -> Graph:
    """The library of a place that has none."""
    raise LookupError(f"{process} v{version}")


@dataclass(slots=True)
class _Reading:
    """What was read so far; only used while compiling."""

    around: Surroundings
    library: Library
    nodes: dict[str, Node] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    flows: list[tuple[Flow, Element]] = field(default_factory=list)


def compile(xml: bytes, library: Library = no_library) -> Graph:
    """The graph of the one executable process in a BPMN file. Raises NotInSubset.

    `library` answers call activities: the called version becomes part of this graph, so a running case can
    never meet another version of it.
    """
    root = parse(xml)
    if root.tag != "definitions":
        raise root.refuse("is not a BPMN file")
    for child in root:
        if child.tag not in _TOP | _LEFT_BY_MODELERS and not child.tag.startswith("{"):
            raise child.refuse("is not supported")
    processes = root.all("process")
    if not processes:
        raise root.refuse("contains no process")
    if len(processes) > 1:
        raise processes[1].refuse("is a second process: leave the pools of others empty")
    process = processes[0]
    reading = _Reading(_surroundings(root, process), library)
    _scope(reading, process, "", "")
    nodes = _linked(reading, process)
    start = next(node.id for node in nodes.values() if node.kind is Kind.START and not node.parent)
    graph = Graph(elements.identity(process), elements.label(process), start, nodes)
    references.check(graph, reading.elements)
    return graph


def _surroundings(root: Element, process: Element) -> Surroundings:
    messages = {}
    for message in root.all("message"):
        name = message.get("name")
        if not name or len(name) > 60:
            raise message.refuse("needs a name of at most 60 characters")
        key = next(
            (e.get("correlationKey") for e in elements.extensions(message) if e.tag == "zeebe:subscription"),
            "",
        )
        messages[message.get("id")] = elements.Message(
            name, elements.expression(message, key) if key else None
        )
    errors = {error.get("id"): error.get("errorCode") or error.get("id") for error in root.all("error")}
    lanes: dict[str, str] = {}
    for lane in (lane for holder in process.all("laneSet") for lane in holder):
        if lane.all("childLaneSet"):
            raise lane.refuse("lanes inside lanes are not supported")
        role = elements.identity(lane)
        for held in (reference.text for reference in lane.all("flowNodeRef")):
            if lanes.setdefault(held, role) != role:
                raise lane.refuse(f"{held} lies in the lane {lanes[held]}, too")
    return Surroundings(messages, errors, lanes)


def _scope(reading: _Reading, holder: Element, parent: str, lane: str) -> None:
    """Read everything that lies directly in a process or sub-process."""
    for element in holder:
        if element.tag == "sequenceFlow":
            reading.flows.append((_flow(element), element))
        elif element.tag in NODES:
            _element(reading, element, parent, reading.around.lanes.get(element.get("id"), lane))
        elif element.tag not in DRAWN_ONLY and not _known_inside(holder, element):
            raise element.refuse("is not supported")


def _known_inside(holder: Element, element: Element) -> bool:
    if holder.tag == "process":
        return element.tag in {"extensionElements", "laneSet"}
    return element.tag in {"extensionElements", "multiInstanceLoopCharacteristics"}


def _element(reading: _Reading, element: Element, parent: str, lane: str) -> None:
    node = elements.node(element, parent, lane, reading.around)
    if node.id in reading.nodes:
        raise element.refuse("the id is used twice")
    _only_known_children(element)
    reading.nodes[node.id] = node
    reading.elements[node.id] = element
    if element.tag == "subProcess":
        _scope(reading, element, node.id, lane)
    elif element.tag == "callActivity":
        reading.nodes |= _called(reading, element, node)


def _only_known_children(element: Element) -> None:
    if element.tag in {"subProcess", *elements.EVENTS}:
        return
    for child in element:
        if child.tag not in DRAWN_ONLY | {"extensionElements", "multiInstanceLoopCharacteristics"}:
            raise element.refuse(f"{child.tag} is not supported here")


def _flow(element: Element) -> Flow:
    conditions = element.all("conditionExpression")
    for child in element:
        if child.tag not in {"conditionExpression", "documentation", "extensionElements"}:
            raise child.refuse("is not supported in a sequence flow")
    return Flow(
        id=elements.identity(element),
        source=element.get("sourceRef"),
        target=element.get("targetRef"),
        name=elements.label(element),
        condition=elements.expression(element, conditions[0].text) if conditions else None,
    )


def _called(reading: _Reading, element: Element, caller: Node) -> dict[str, Node]:
    """The elements of a called process, lying in the calling element like those of a sub-process."""
    process = elements.extension(element, "zeebe:calledElement", "processId")
    version = elements.properties(element).get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) <= 9):
        raise element.refuse("a call needs the property version with the number of the called version")
    try:
        graph = reading.library(process, int(version))
    except LookupError as missing:
        raise element.refuse(f"process {process} version {version} is not published") from missing
    return {moved.id: moved for moved in (_moved(node, caller) for node in graph.nodes.values())}


def _moved(node: Node, caller: Node) -> Node:
    def under(id: str) -> str:
        return f"{caller.id}/{id}" if id else ""

    return replace(
        node,
        id=under(node.id),
        parent=under(node.parent) or caller.id,
        lane=node.lane or caller.lane,
        four_eyes_with=under(node.four_eyes_with),
        deadline=under(node.deadline),
        attached_to=under(node.attached_to),
        incoming=tuple(under(flow) for flow in node.incoming),
        outgoing=tuple(
            Flow(under(f.id), under(f.source), under(f.target), f.name, f.condition) for f in node.outgoing
        ),
        default=under(node.default),
        boundaries=tuple(under(boundary) for boundary in node.boundaries),
        start=under(node.start),
    )


def _linked(reading: _Reading, process: Element) -> MappingProxyType[str, Node]:
    """All nodes with their flows, boundary events and start events."""
    links = _Links(reading)
    for flow, element in reading.flows:
        links.add(flow, element)
    for node in reading.nodes.values():
        links.place(node)
    nodes = {id: links.linked(node) for id, node in reading.nodes.items()}
    for holder in ["", *(id for id, node in nodes.items() if node.kind is Kind.SUB)]:
        if len(links.starts[holder]) != 1 and "/" not in holder:
            raise reading.elements.get(holder, process).refuse(
                "needs exactly one start event without a trigger"
            )
    return MappingProxyType(nodes)


class _Links:
    """What leads where, by element; an element of a called process has its links already."""

    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        self.ids = set(reading.nodes)
        self.out: defaultdict[str, list[Flow]] = defaultdict(list)
        self.into: defaultdict[str, list[str]] = defaultdict(list)
        self.guards: defaultdict[str, list[str]] = defaultdict(list)
        self.starts: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, flow: Flow, element: Element) -> None:
        """One flow, between two elements that lie in the same process."""
        source, target = self.reading.nodes.get(flow.source), self.reading.nodes.get(flow.target)
        if flow.id in self.ids:
            raise element.refuse("the id is used twice")
        if source is None or target is None or source.parent != target.parent:
            raise element.refuse("leads out of its process or nowhere")
        self.ids.add(flow.id)
        self.out[source.id].append(flow)
        self.into[target.id].append(flow.id)

    def place(self, node: Node) -> None:
        """One element in what holds it, or at what it is attached to."""
        if node.kind is Kind.START:
            self.starts[node.parent].append(node.id)
        if node.kind in BOUNDARY and "/" not in node.id:
            host = self.reading.nodes.get(node.attached_to)
            if host is None or host.kind not in ACTIVITIES - {Kind.RULE} or host.parent != node.parent:
                raise self.reading.elements[node.id].refuse(
                    "must be attached to a task or sub-process beside it"
                )
            self.guards[host.id].append(node.id)

    def linked(self, node: Node) -> Node:
        """The element with what leads to and from it."""
        if "/" in node.id:
            return node
        return replace(
            node,
            outgoing=tuple(self.out[node.id]),
            incoming=tuple(self.into[node.id]),
            boundaries=tuple(self.guards[node.id]),
            start=next(iter(self.starts[node.id]), "") if node.kind is Kind.SUB else "",
        )
