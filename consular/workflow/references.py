"""Whether the elements of a process fit each other: their flows, and what they name."""

from collections.abc import Mapping

from consular.workflow.graph import BOUNDARY, CATCHES, ENDS, Graph, Kind, Node
from consular.workflow.markup import Element


def check(graph: Graph, sources: Mapping[str, Element]) -> None:
    """Refuse the first element with flows it may not have, or that names what does not exist."""
    phases = {node.phase for node in graph.nodes.values()}
    for id, element in sources.items():
        node = graph.node(id)
        reason = _wrong_flows(node) or _wrong_names(node, graph) or _wrong_events(node, graph)
        reason = reason or _wrong_pauses(node, phases)
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


def _wrong_pauses(node: Node, phases: set[str]) -> str:
    """A misspelt phase would be a clock that never stops."""
    timing = node.timing or node.sla
    unknown = (timing.pauses if timing else frozenset()) - phases
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
    clock = graph.nodes.get(node.deadline)
    if node.deadline and (clock is None or clock.timing is None):
        return f"deadline names no timer event: {node.deadline}"
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
