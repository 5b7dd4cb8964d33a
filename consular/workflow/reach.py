"""The situations a process can get into: a case is only put where the process itself could have brought it.

Each process and sub-process is explored by itself, every way out of a gateway is tried, every event may happen. What
lies in a sub-process does not count outside of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consular.workflow import endings
from consular.workflow.graph import ENDS, Flow, Graph, Kind, Node
from consular.workflow.state import State, Token, Waits

MOST = 100_000
"""Situations of one process or sub-process; a larger one is not explored, and no case is moved into it."""

Marking = frozenset[str]
"""Where tokens are at the same time: elements they wait at, and flows they are on that lead to a gateway or an end."""

_PASSING = ENDS | {Kind.EXCLUSIVE, Kind.PARALLEL, Kind.RACE}


@dataclass(frozen=True, slots=True)
class _Move:
    take: Marking
    put: Marking
    clears: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Every reachable marking of a process (""), and of each sub-process by its id."""

    graph: Graph
    markings: Mapping[str, frozenset[Marking]]

    @property
    def too_large(self) -> str | None:
        """A process or sub-process with more situations than are looked at."""
        return next((parent for parent, markings in self.markings.items() if not markings), None)

    def stranded(self, state: State) -> Token | None:
        """A token in a scope whose tokens never wait like this together; None when every scope could be as it is."""
        scopes: dict[str, list[Token]] = {}
        for token in state.tokens:
            scopes.setdefault(token.scope, []).append(token)
        for scope, inside in scopes.items():
            parent = self._parent(state, scope)
            if parent is not None and _marking(inside) not in self.markings[parent]:
                return inside[0]
        return None

    def _parent(self, state: State, scope: str) -> str | None:
        """The sub-process whose inside a scope is; None for a round of a single task, in which only that task lies."""
        if not scope:
            return ""
        holder = next(token for token in state.tokens if token.number == endings.holder(scope))
        return holder.node if self.graph.node(holder.node).kind is Kind.SUB else None


def reach(graph: Graph) -> Reach:
    """Explore a process and everything in it; what is too large has no markings."""
    starts = {"": graph.start} | {
        node.id: node.start for node in graph.nodes.values() if node.kind is Kind.SUB
    }
    return Reach(graph, {parent: _explored(graph, parent, start) for parent, start in starts.items()})


def _explored(graph: Graph, parent: str, start: str) -> frozenset[Marking]:
    moves = [move for node in graph.inside(parent) for move in _moves(graph, node)]
    first = _out(graph, graph.node(start))
    known, todo = {first}, [first]
    while todo:
        marking = todo.pop()
        for move in moves:
            rest = frozenset() if move.clears else marking - move.take
            if move.take <= marking and not rest & move.put and rest | move.put not in known:
                known.add(rest | move.put)
                todo.append(rest | move.put)
        if len(known) > MOST:
            return frozenset()
    return frozenset(known)


def _place(graph: Graph, flow: Flow) -> str:
    """Where a token on a flow comes to at once."""
    return flow.id if graph.node(flow.target).kind in _PASSING else flow.target


def _out(graph: Graph, node: Node) -> Marking:
    return frozenset(_place(graph, flow) for flow in node.outgoing)


def _moves(graph: Graph, node: Node) -> Iterator[_Move]:
    """How tokens come through a gateway or to an end, and how they leave an element."""
    out = _out(graph, node)
    if node.kind is Kind.PARALLEL:
        yield _Move(frozenset(node.incoming), out)
    elif node.kind in _PASSING:
        for take in (frozenset({flow}) for flow in node.incoming):
            if node.kind in ENDS:
                yield _Move(take, frozenset(), clears=node.kind is not Kind.END)
            else:
                yield from (_Move(take, frozenset({way})) for way in out)
    else:
        here = frozenset({node.id})
        yield _Move(here, out)
        for event in (graph.node(id) for id in node.boundaries):
            way = _out(graph, event)
            yield _Move(here, way if event.interrupting else here | way)


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
