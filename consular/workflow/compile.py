"""BPMN 2.0 files become frozen graphs; anything outside the subset is refused with its element, name and line.

The subset is the one of docs/architecture.md, section 5, with the extension elements the common modeler
writes.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from consular.workflow import elements
from consular.workflow.elements import DRAWN_ONLY, NODES, Surroundings
from consular.workflow.graph import ACTIVITIES, BOUNDARY, CATCHES, ENDS, Flow, Graph, Kind, Node
from consular.workflow.markup import Element, parse
from consular.workflow.markup import NotInSubset as NotInSubset

Library = Callable[[str, int], Graph]
"""Finds the published graph of a process by its id and version, for call activities; LookupError when there
is none.
"""

_TOP = frozenset({"process", "collaboration", "message", "error", "extensionElements"})


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
    flows: list[Flow] = field(default_factory=list)


def compile(xml: bytes, library: Library = no_library) -> Graph:
    """The graph of the one executable process in a BPMN file. Raises NotInSubset.

    `library` answers call activities: the called version becomes part of this graph, so a running case can
    never meet another version of it.
    """
    root = parse(xml)
    if root.tag != "definitions":
        raise root.refuse("is not a BPMN file")
    for child in root:
        if child.tag not in _TOP and not child.tag.startswith("{"):
            raise child.refuse("is not supported")
    processes = root.all("process")
    if len(processes) != 1:
        raise root.refuse("must contain exactly one process")
    process = processes[0]
    reading = _Reading(_surroundings(root, process), library)
    _scope(reading, process, "", "")
    nodes = _linked(reading)
    graph = Graph(elements.identity(process), process.get("name"), _start(process, "", nodes), nodes)
    _references(graph, reading.elements)
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
        lanes |= {reference.text: elements.identity(lane) for reference in lane.all("flowNodeRef")}
    return Surroundings(messages, errors, lanes)


def _scope(reading: _Reading, holder: Element, parent: str, lane: str) -> None:
    """Read everything that lies directly in a process or sub-process."""
    for element in holder:
        if element.tag == "sequenceFlow":
            reading.flows.append(_flow(element))
        elif element.tag in NODES:
            _element(reading, element, parent, reading.around.lanes.get(element.get("id"), lane))
        elif element.tag not in DRAWN_ONLY and not _known_inside(holder, element):
            raise element.refuse("is not supported")
    starts = [node for node in reading.nodes.values() if node.parent == parent and node.kind is Kind.START]
    if len(starts) != 1:
        raise holder.refuse("needs exactly one start event without a trigger")


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
        name=" ".join(element.get("name").split()),
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
        attached_to=under(node.attached_to),
        incoming=tuple(under(flow) for flow in node.incoming),
        outgoing=tuple(
            Flow(under(f.id), under(f.source), under(f.target), f.name, f.condition) for f in node.outgoing
        ),
        default=under(node.default),
        boundaries=tuple(under(boundary) for boundary in node.boundaries),
        start=under(node.start),
    )


def _linked(reading: _Reading) -> MappingProxyType[str, Node]:
    """All nodes with their flows, boundary events and start events."""
    nodes = dict(reading.nodes)
    repeated = [id for id, count in Counter(flow.id for flow in reading.flows).items() if count > 1]
    if repeated:
        raise NotInSubset("the id is used twice", element="sequenceFlow", id=repeated[0])
    for flow in reading.flows:
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is None or target is None or source.parent != target.parent:
            raise NotInSubset("leads out of its process or nowhere", element="sequenceFlow", id=flow.id)
        nodes[source.id] = replace(source, outgoing=(*source.outgoing, flow))
        target = nodes[target.id]
        nodes[target.id] = replace(target, incoming=(*target.incoming, flow.id))
    for node in [node for node in nodes.values() if node.kind in BOUNDARY and "/" not in node.id]:
        host = nodes.get(node.attached_to)
        if host is None or host.kind not in ACTIVITIES - {Kind.RULE} or host.parent != node.parent:
            raise reading.elements[node.id].refuse("must be attached to a task or sub-process beside it")
        nodes[host.id] = replace(host, boundaries=(*host.boundaries, node.id))
    for node in [node for node in nodes.values() if node.kind is Kind.SUB and not node.start]:
        nodes[node.id] = replace(node, start=_start(reading.elements[node.id], node.id, nodes))
    return MappingProxyType(nodes)


def _start(holder: Element, parent: str, nodes: "dict[str, Node] | MappingProxyType[str, Node]") -> str:
    found = [node.id for node in nodes.values() if node.parent == parent and node.kind is Kind.START]
    if len(found) != 1:
        raise holder.refuse("needs exactly one start event without a trigger")
    return found[0]


def _references(graph: Graph, sources: dict[str, Element]) -> None:
    """How many flows each element may have, and whether what it names exists."""
    for id, element in sources.items():
        node = graph.node(id)
        reason = _wrong_flows(node) or _wrong_names(node, graph) or _wrong_events(node, graph)
        reason = reason or _wrong_pauses(node, graph)
        if reason:
            raise element.refuse(reason)


def _wrong_flows(node: Node) -> str:
    gateway = node.kind in {Kind.EXCLUSIVE, Kind.PARALLEL, Kind.RACE}
    if node.incoming and (node.kind is Kind.START or node.kind in BOUNDARY):
        return "nothing may lead into it"
    if node.outgoing and node.kind in ENDS:
        return "nothing may lead out of it"
    if not node.outgoing and node.kind not in ENDS:
        return "must lead somewhere"
    if len(node.outgoing) > 1 and not gateway:
        return "only a gateway may have several ways out"
    if node.kind is not Kind.EXCLUSIVE and any(flow.condition for flow in node.outgoing):
        return "only an exclusive gateway may have conditions"
    if node.kind is Kind.ON_ERROR and not node.interrupting:
        return "an error always interrupts"
    return ""


def _wrong_pauses(node: Node, graph: Graph) -> str:
    """A misspelt phase would be a clock that never stops."""
    timing = node.timing or node.sla
    unknown = (timing.pauses if timing else frozenset()) - {other.phase for other in graph.nodes.values()}
    return f"pauses names no phase of this process: {min(unknown)}" if unknown else ""


def _wrong_names(node: Node, graph: Graph) -> str:
    if node.default and node.default not in {flow.id for flow in node.outgoing}:
        return "the default flow does not leave it"
    other = graph.nodes.get(node.four_eyes_with)
    if node.four_eyes_with and (other is None or other.kind is not Kind.USER):
        return f"fourEyesWith names no user task: {node.four_eyes_with}"
    if node.four_eyes_with and node.kind is not Kind.USER:
        return "fourEyesWith belongs to a user task"
    if node.four_eyes_with == node.id:
        return "fourEyesWith names the task itself"
    return ""


def _wrong_events(node: Node, graph: Graph) -> str:
    if node.kind is Kind.RACE:
        for event in (graph.node(flow.target) for flow in node.outgoing):
            if event.kind not in CATCHES or len(event.incoming) != 1 or event.boundaries or event.loop:
                return "may only lead to timers, messages and plain receive tasks that nothing else leads to"
    if node.kind is Kind.ON_ERROR and graph.node(node.attached_to).kind not in {
        Kind.SERVICE,
        Kind.SEND,
        Kind.SUB,
    }:
        return "only service steps and sub-processes can end in an error"
    if len(node.id) > 100:
        return "its id becomes too long inside the calling process"
    return ""
