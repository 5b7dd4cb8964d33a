"""The situations a process can get into: a case is only put where the process itself could have brought it.

Each process and sub-process is explored by itself, every way out of a gateway is tried, every event may happen. What
lies in a sub-process does not count outside of it. Where there are too many situations to look at all, a way to the one
in question is searched (seeking.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from consular.workflow import endings, seeking
from consular.workflow.graph import ENDS, Flow, Graph, Kind, Node
from consular.workflow.seeking import Marking, Move, Net
from consular.workflow.state import State, Token, Waits

MOST = 100_000
"""Situations of one process or sub-process; one with more is not explored."""

_PASSING = ENDS | {Kind.EXCLUSIVE, Kind.PARALLEL, Kind.RACE}


@dataclass(frozen=True, slots=True)
class Reach:
    """Every reachable marking of a process (""), and of each sub-process by its id; None where there are too many."""

    graph: Graph
    nets: Mapping[str, Net]
    markings: Mapping[str, frozenset[Marking] | None]
    sought: dict[tuple[str, Marking], bool | None] = field(default_factory=dict)

    def stranded(self, state: State) -> tuple[str, Token] | None:
        """A token in a scope whose tokens never wait like this together (`stranded`), or of which that cannot be told
        (`too_large`); None when every scope could be as it is.
        """
        scopes: dict[str, list[Token]] = {}
        for token in state.tokens:
            scopes.setdefault(token.scope, []).append(token)
        for scope, inside in scopes.items():
            parent = self._parent(state, scope)
            is_led_to = parent is None or self._is_led_to(parent, _marking(inside))
            if not is_led_to:
                return "too_large" if is_led_to is None else "stranded", inside[0]
        return None

    def _is_led_to(self, parent: str, marking: Marking | None) -> bool | None:
        """Whether a sub-process can come to a marking; None when it is too large to tell."""
        known = self.markings[parent]
        if known is not None or marking is None:
            return marking is not None and known is not None and marking in known
        if (parent, marking) not in self.sought:
            self.sought[parent, marking] = seeking.leads_to(self.nets[parent], marking)
        return self.sought[parent, marking]

    def _parent(self, state: State, scope: str) -> str | None:
        """The sub-process whose inside a scope is; None for a round of a single task, in which only that task lies."""
        if not scope:
            return ""
        holder = next(token for token in state.tokens if token.number == endings.holder(scope))
        return holder.node if self.graph.node(holder.node).kind is Kind.SUB else None


def reach(graph: Graph) -> Reach:
    """Explore a process and everything in it."""
    starts = {"": graph.start} | {
        node.id: node.start for node in graph.nodes.values() if node.kind is Kind.SUB
    }
    nets = {
        parent: Net(
            _out(graph, graph.node(start)),
            tuple(move for node in graph.inside(parent) for move in _moves(graph, node)),
        )
        for parent, start in starts.items()
    }
    return Reach(graph, nets, {parent: _explored(net) for parent, net in nets.items()})


def _explored(net: Net) -> frozenset[Marking] | None:
    known, todo = {net.first}, [net.first]
    while todo:
        for marking in net.after(todo.pop()):
            if marking not in known:
                known.add(marking)
                todo.append(marking)
        if len(known) > MOST:
            return None
    return frozenset(known)


def _place(graph: Graph, flow: Flow) -> str:
    """Where a token on a flow comes to at once."""
    return flow.id if graph.node(flow.target).kind in _PASSING else flow.target


def _out(graph: Graph, node: Node) -> Marking:
    return frozenset(_place(graph, flow) for flow in node.outgoing)


def _moves(graph: Graph, node: Node) -> Iterator[Move]:
    """How tokens come through a gateway or to an end, and how they leave an element."""
    out = _out(graph, node)
    if node.kind is Kind.PARALLEL:
        yield Move(frozenset(node.incoming), out)
    elif node.kind in _PASSING:
        for take in (frozenset({flow}) for flow in node.incoming):
            if node.kind in ENDS:
                yield Move(take, frozenset(), clears=node.kind is not Kind.END)
            else:
                yield from (Move(take, frozenset({way})) for way in out)
    else:
        here = frozenset({node.id})
        yield Move(here, out)
        for event in (graph.node(id) for id in node.boundaries):
            way = _out(graph, event)
            yield Move(here, way if event.interrupting else here | way)


def _marking(inside: list[Token]) -> Marking | None:
    """The tokens of one scope as markings have them: guards belong to what they guard, a race is one of its events.

    None when two are at the same place, which no process that was checked ever does.
    """
    races = {token.race: token.node for token in reversed(inside) if token.race}
    places = [
        token.flow if token.kind is Waits.JOIN else token.node
        for token in inside
        if not token.host and not token.race
    ]
    marking = frozenset((*places, *races.values()))
    return marking if len(marking) == len(places) + len(races) else None
