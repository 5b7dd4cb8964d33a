"""The situations a process can get into: a case is only put where the process itself could have brought it."""

from collections.abc import Mapping
from dataclasses import dataclass

from consular.workflow import endings
from consular.workflow.graph import Graph, Kind
from consular.workflow.soundness import Exploration, Marking, tokens
from consular.workflow.state import State, Token, Waits


@dataclass(frozen=True, slots=True)
class Reach:
    """Every reachable marking of a process (""), and of each sub-process by its id."""

    graph: Graph
    markings: Mapping[str, frozenset[Marking]]

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
    """Explore a process that was checked: all its situations are few enough to be looked at."""
    throws: dict[str, set[str]] = {}
    can_end: dict[str, bool] = {}
    markings: dict[str, frozenset[Marking]] = {}
    subs = [node.id for node in graph.nodes.values() if node.kind is Kind.SUB]
    for parent in [*sorted(subs, key=lambda id: -_depth(graph, id)), ""]:
        exploration = Exploration(graph, parent, throws, can_end)
        explored = exploration.run()
        throws[parent], can_end[parent] = explored.throws, explored.can_end
        markings[parent] = frozenset(tokens(marking) for marking in {exploration.first, *exploration.into})
    return Reach(graph, markings)


def _depth(graph: Graph, id: str) -> int:
    return 1 + _depth(graph, graph.node(id).parent) if id else 0


def _marking(inside: list[Token]) -> Marking:
    """The tokens of one scope as the check sees them: guards belong to what they guard, a race is one of its events."""
    places: set[str] = set()
    races: dict[int, str] = {}
    for token in inside:
        if token.kind is Waits.JOIN:
            places.add(token.flow)
        elif token.race:
            races.setdefault(token.race, token.node)
        elif not token.host:
            places.add(token.node)
    return frozenset(places | set(races.values()))
