"""Until when a process waits for a message, and what the case ends in when none comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consular.workflow.graph import Graph, Kind, Node
from consular.workflow.state import Token, Waits

_BY_ITSELF = frozenset({Kind.TIMER, Kind.ON_TIMER, Kind.ON_ERROR, Kind.SERVICE, Kind.SEND, Kind.RULE})
"""What goes on without a person and leads to one place only."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The timer event that ends the waiting, and when it strikes; None while its clock stands still."""

    node: str
    due: datetime | None


def limit(graph: Graph, tokens: Iterable[Token], wanted: str) -> Limit | None:
    """What ends the waiting for a message (`moves.message_key`), the first where several do; None when nothing does.

    A timer that only reminds ends nothing.
    """
    waiting = tuple(tokens)
    places = [token for token in waiting if token.kind is Waits.MESSAGE and token.key == wanted]
    found = [
        timer
        for timer in waiting
        if timer.kind is Waits.TIMER and any(_ends(graph.node(timer.node), timer, place) for place in places)
    ]
    dated = sorted((timer.due, timer.number, timer) for timer in found if timer.due is not None)
    first = dated[0][2] if dated else next(iter(found), None)
    return Limit(first.node, first.due) if first else None


def _ends(event: Node, timer: Token, place: Token) -> bool:
    if timer.race:
        return timer.race == place.race
    return timer.host == place.number and event.interrupting


def outcome(graph: Graph, node_id: str) -> str:
    """What the case ends in when this event comes and nobody does anything more; "" when a person still has a say."""
    node: Node | None = graph.node(node_id)
    for _step in graph.nodes:
        if node is None:
            return ""
        if node.kind is Kind.END and not node.parent:
            return node.outcome
        if node.kind is Kind.ERROR:
            node = _caught(graph, node)
        elif node.kind in _BY_ITSELF and len(node.outgoing) == 1:
            node = graph.node(node.outgoing[0].target)
        else:
            return ""
    return ""


def _caught(graph: Graph, thrown: Node) -> Node | None:
    """The event that catches an error which ends a sub-process."""
    holder = thrown.parent
    while holder:
        guards = [graph.node(id) for id in graph.node(holder).boundaries]
        errors = [event for event in guards if event.kind is Kind.ON_ERROR]
        for code in (thrown.error_code, ""):
            for event in errors:
                if event.error_code == code:
                    return event
        holder = graph.node(holder).parent
    return None
