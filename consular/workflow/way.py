"""The usual way through a process: the default flow at each gateway, and never back; and the order of its elements."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from consular.workflow.graph import Flow, Graph, Kind, Node

ALTERNATIVES = frozenset({Kind.EXCLUSIVE, Kind.RACE})
NORMAL_ENDS = frozenset({Kind.END, Kind.TERMINATE})


@dataclass(slots=True)
class _Scope:
    """The elements that lie directly in one sub-process (or in the process itself), in the order of the way."""

    nodes: list[Node]
    place: dict[str, int] = field(default_factory=dict)
    good: set[str] = field(default_factory=set)


class Way:
    """The order of all elements, and what usually follows each.

    Built once for a graph, in time that grows with its flows. A gateway is left by its default flow; where that leads
    back, or to no normal end, by the first that does not. A race is usually won by a message, not by the clock.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._inside: dict[str, list[Node]] = {}
        for node in graph.nodes.values():
            self._inside.setdefault(node.parent, []).append(node)
        self._scopes: dict[str, _Scope] = {}
        for parent, nodes in self._inside.items():
            start = graph.nodes[parent].start if parent else graph.start
            self._scopes[parent] = _good(_Scope(_ordered(graph, start, nodes)))

    def inside(self, parent: str = "") -> tuple[Node, ...]:
        """The elements that lie directly in a sub-process, in the order of the way; what leaves it comes beside it."""
        scope = self._scopes.get(parent)
        return tuple(scope.nodes) if scope else ()

    def all(self) -> Iterator[Node]:
        """Every element; what lies in a sub-process comes after it."""
        open_scopes = [iter(self.inside())]
        while open_scopes:
            node = next(open_scopes[-1], None)
            if node is None:
                open_scopes.pop()
                continue
            yield node
            if node.kind is Kind.SUB:
                open_scopes.append(iter(self.inside(node.id)))

    def usual(self) -> frozenset[str]:
        """The elements of the usual way from the start of the process."""
        return self.ahead([self.graph.start]) | {self.graph.start}

    def ahead(self, places: Iterable[str]) -> frozenset[str]:
        """What usually comes after these elements; they are among it only where the way leads back to them."""
        found: set[str] = set()
        waiting = [id for place in places for id in self._after(self.graph.nodes[place])]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(self._into(self.graph.nodes[node]))
        return frozenset(found)

    def chosen(self, node: Node) -> tuple[Flow, ...]:
        """The flows by which an element is usually left."""
        if node.kind not in ALTERNATIVES or len(node.outgoing) < 2:
            return node.outgoing
        scope = self._scopes[node.parent]
        first = sorted(node.outgoing, key=_Rank(node.default, self.graph.nodes))
        onward = (flow for flow in first if _leads_on(scope, flow))
        return (next(onward, first[0]),)

    def _into(self, node: Node) -> tuple[str, ...]:
        """What comes next when the way arrives here: in a sub-process its start."""
        return (node.start,) if node.kind is Kind.SUB else self._after(node)

    def _after(self, node: Node) -> tuple[str, ...]:
        """What comes next when this is over; behind an end, what follows the sub-process."""
        while node.kind in NORMAL_ENDS and node.parent:
            node = self.graph.nodes[node.parent]
        return tuple(flow.target for flow in self.chosen(node))


@dataclass(frozen=True, slots=True)
class _Rank:
    """Sorts the flows of a gateway: the default first, and clocks last."""

    default: str
    nodes: Mapping[str, Node]

    def __call__(self, flow: Flow) -> tuple[bool, bool]:
        return flow.id != self.default, self.nodes[flow.target].kind is Kind.TIMER


def _ordered(graph: Graph, start: str, nodes: list[Node]) -> list[Node]:
    """Each element after those that lead to it, loops apart; what is attached to an element comes right after it.

    Depth first along the usual flows, then read backwards.
    """
    left: list[Node] = []
    seen: set[str] = set()
    for first in [start, *(node.id for node in reversed(nodes))]:
        if first in seen:
            continue
        seen.add(first)
        trail = [(graph.nodes[first], _children(graph, graph.nodes[first]))]
        done: list[Node] = []
        while trail:
            node, children = trail[-1]
            child = next(children, None)
            if child is None:
                done.append(trail.pop()[0])
            elif child not in seen:
                seen.add(child)
                trail.append((graph.nodes[child], _children(graph, graph.nodes[child])))
        left[:0] = done
    return left[::-1]


def _children(graph: Graph, node: Node) -> Iterator[str]:
    """What follows an element, in the reverse of the order in which it is to be read.

    Of several ways one is taken: the usual one is read last, after those that turn away from it.
    """
    flows = sorted(node.outgoing, key=_Rank(node.default, graph.nodes))
    one = 1 if node.kind in ALTERNATIVES else 0
    yield from (flow.target for flow in flows[:one])
    yield from (flow.target for flow in reversed(flows[one:]))
    yield from reversed(node.boundaries)


def _good(scope: _Scope) -> _Scope:
    """Note the places, and from where a normal end is reached without going back."""
    scope.place = {node.id: number for number, node in enumerate(scope.nodes)}
    for node in reversed(scope.nodes):
        if node.kind in NORMAL_ENDS or any(_leads_on(scope, flow) for flow in node.outgoing):
            scope.good.add(node.id)
    return scope


def _leads_on(scope: _Scope, flow: Flow) -> bool:
    return flow.target in scope.good and scope.place[flow.target] > scope.place[flow.source]
