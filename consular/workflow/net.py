"""What lies directly in a process or sub-process, as a Petri net: where tokens can be, and how they move.

A place is a sequence flow, or an activity or event that waits. Conditions are not looked at: every way out of an
exclusive gateway is a move of its own. A sub-process is one place of the net around it, which may end, or throw what
its own exploration found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from consular.workflow.graph import BOUNDARY, ENDS, Graph, Kind, Node

Marking = frozenset[str]
"""The places that hold a token."""

Thrown = tuple[str, str]
"""The code of an error, and the end event it came from."""


@dataclass(slots=True, eq=False)
class Move:
    """Takes a token from each place of `take` and puts one on each of `put`; `nodes` are the elements it passes.

    `escapes`: on the way there is a moment at which everything could be taken away. `covers` are the moves that were
    folded into this one.
    """

    nodes: tuple[str, ...]
    take: Marking
    put: Marking
    throws: frozenset[Thrown] = frozenset()
    ends: bool = False
    escapes: bool = False
    covers: list["Move"] = field(default_factory=list)

    def everything(self) -> Iterator["Move"]:
        """This move and all it covers."""
        todo, seen = [self], {self}
        while todo:
            move = todo.pop()
            yield move
            fresh = [covered for covered in move.covers if covered not in seen]
            seen.update(fresh)
            todo += fresh


@dataclass(frozen=True, slots=True)
class Inner:
    """What exploring a sub-process showed: which errors leave it, and whether it can end."""

    throws: frozenset[Thrown] = frozenset()
    can_end: bool = True


class Net:
    """Moves between places. `first` is where tokens are at the beginning, `begin` the move that put them there.

    `inert` are places whose tokens never have to go on, `last` those whose first token takes everything away at once.
    `clears` are the moves by which a token at a place takes everything away (terminate, errors); `passed` are moves
    that are possible at a place and change nothing.
    """

    def __init__(self, begin: Move) -> None:
        self.begin = begin
        self.first = begin.put
        self.inert: set[str] = set()
        self.last: set[str] = set()
        self.producers: dict[str, dict[Move, None]] = {}
        self.consumers: dict[str, dict[Move, None]] = {}
        self.clears: dict[str, list[Move]] = {}
        self.passed: dict[str, list[Move]] = {}
        for place in sorted(self.first):
            self._know(place)

    def _know(self, place: str) -> None:
        self.producers.setdefault(place, {})
        self.consumers.setdefault(place, {})

    def add(self, move: Move) -> None:
        """Add a move and the places it touches."""
        for place in move.take:
            self._know(place)
            self.consumers[place][move] = None
        for place in move.put:
            self._know(place)
            self.producers[place][move] = None

    def remove(self, move: Move) -> None:
        """Take a move away; its places stay."""
        for place in move.take:
            del self.consumers[place][move]
        for place in move.put:
            del self.producers[place][move]

    def clear(self, move: Move) -> None:
        """Add a move that takes everything away once its one place holds a token."""
        (place,) = move.take
        self._know(place)
        self.clears.setdefault(place, []).append(move)

    def forget(self, place: str) -> None:
        """Take away a place that no move touches any more."""
        del self.producers[place], self.consumers[place]
        self.clears.pop(place, None)
        self.passed.pop(place, None)
        self.inert.discard(place)
        self.last.discard(place)


class Scope:
    """The elements directly inside one process or sub-process, and the sub-processes explored before."""

    def __init__(
        self, graph: Graph, start: str, nodes: Mapping[str, Node], inner: Mapping[str, Inner]
    ) -> None:
        self.graph = graph
        self.nodes = nodes
        self.inner = inner
        self.start = start
        self.main = self._reached(start)
        self.beside = self._beside()

    def _reached(self, first: str) -> set[str]:
        """What a token can come to from an element on, without the events that do not interrupt."""
        reached, todo = {first}, [self.nodes[first]]
        while todo:
            node = todo.pop()
            following = [flow.target for flow in node.outgoing]
            following += [id for id in node.boundaries if self.nodes[id].interrupting]
            for id in following:
                if id not in reached:
                    reached.add(id)
                    todo.append(self.nodes[id])
        return reached

    def _beside(self) -> dict[str, set[str]]:
        """The events that do not interrupt and whose path meets the main one nowhere but in end events.

        Such a path is a life of its own: it neither helps nor hinders the rest, however often it is taken.
        """
        apart = {
            id: self._reached(id)
            for id, node in self.nodes.items()
            if node.kind in BOUNDARY and not node.interrupting
        }
        together = self._together(self.main)
        while meeting := [id for id, path in apart.items() if self._together(path) & together]:
            for id in meeting:
                path = apart.pop(id)
                self.main |= path
                together |= self._together(path)
        return apart

    def _together(self, path: set[str]) -> set[str]:
        return {id for id in path if self.nodes[id].kind not in ENDS}

    def net(self, first: str) -> Net:
        """The net of what begins at the start event, or at one of the events beside."""
        path = self.beside.get(first, self.main)
        net = Net(Move((first,), frozenset(), _flows(self.nodes[first])))
        for id, node in self.nodes.items():
            if id in path and id != first:
                self._node(net, node)
        return net

    def _node(self, net: Net, node: Node) -> None:
        out = _flows(node)
        if node.kind is Kind.PARALLEL:
            net.add(Move((node.id,), frozenset(node.incoming), out))
            return
        for flow in node.incoming:
            take = frozenset({flow})
            if node.kind in {Kind.EXCLUSIVE, Kind.RACE}:
                for way in node.outgoing:
                    net.add(Move((node.id,), take, frozenset({way.id})))
            elif node.kind in ENDS:
                _end(net, node, take)
            else:
                passed = (node.id, *(id for id in node.boundaries if id in self.beside))
                net.add(Move(passed, take, frozenset({node.id})))
        if node.kind not in ENDS | BOUNDARY | {Kind.EXCLUSIVE, Kind.RACE, Kind.START}:
            self._waiting(net, node, out)

    def _waiting(self, net: Net, node: Node, out: Marking) -> None:
        """A waiting element goes on, or an event at it fires, or an error in it is caught or not."""
        here, inner = frozenset({node.id}), self.inner.get(node.id, Inner())
        if inner.can_end:
            net.add(Move((node.id,), here, out))
        events = [self.nodes[id] for id in node.boundaries]
        for event in events:
            self._event(net, event, here, inner)
        for thrown in self._escaping(node):
            net.clear(Move((node.id,), here, frozenset(), throws=frozenset({thrown})))

    def _escaping(self, node: Node) -> list[Thrown]:
        """The errors out of a sub-process or service that no event at it catches."""
        guards = (self.nodes[id] for id in node.boundaries)
        caught = {event.error_code for event in guards if event.kind is Kind.ON_ERROR}
        thrown = self.inner.get(node.id, Inner()).throws
        return sorted(one for one in thrown if caught.isdisjoint({one[0], ""}))

    def _event(self, net: Net, event: Node, here: Marking, inner: Inner) -> None:
        way = _flows(event)
        if event.kind is Kind.ON_ERROR:
            codes = {code for code, _origin in inner.throws}
            if event.attached_to not in self.inner or (
                event.error_code in codes if event.error_code else codes
            ):
                net.add(Move((event.id,), here, way))
        elif event.interrupting:
            net.add(Move((event.id,), here, way))
        elif event.id not in self.beside:
            ready = f"{event.id} ready"
            net.add(Move((event.id,), here | {ready}, here | way))
            net.first |= {ready}
            net.inert.add(ready)
        elif any(self._takes_all(id) for id in self.beside[event.id]):
            net.clear(Move((event.id,), here, frozenset()))

    def _takes_all(self, id: str) -> bool:
        node = self.nodes[id]
        return node.kind in {Kind.TERMINATE, Kind.ERROR} or bool(self._escaping(node))


def _flows(node: Node) -> Marking:
    return frozenset(flow.id for flow in node.outgoing)


def _end(net: Net, node: Node, take: Marking) -> None:
    net.last |= take if node.kind is not Kind.END else frozenset()
    if node.kind is Kind.END:
        net.add(Move((node.id,), take, frozenset(), ends=True))
    elif node.kind is Kind.TERMINATE:
        net.clear(Move((node.id,), take, frozenset(), ends=True))
    else:
        thrown = frozenset({(node.error_code, node.id)})
        net.clear(Move((node.id,), take, frozenset(), throws=thrown))


def scopes(graph: Graph) -> Iterable[tuple[str, dict[str, Node]]]:
    """The process ("") and its sub-processes with what lies directly in them, the innermost first."""
    inside: dict[str, dict[str, Node]] = {}
    depth = {"": 0}
    for node in graph.nodes.values():
        inside.setdefault(node.parent, {})[node.id] = node
    for node in graph.nodes.values():
        if node.kind is Kind.SUB:
            depth[node.id] = _depth(graph, node)
    return [(parent, inside.get(parent, {})) for parent in sorted(depth, key=lambda id: -depth[id])]


def _depth(graph: Graph, node: Node) -> int:
    depth = 1
    while node.parent:
        node = graph.node(node.parent)
        depth += 1
    return depth
