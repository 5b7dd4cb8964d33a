"""Explores every reachable marking of one process or sub-process, as a small Petri net of its elements.

A sub-process is explored by itself; for what surrounds it, it is one activity that may end, or throw the
errors its exploration found. Conditions are not looked at: every way out of an exclusive gateway is tried.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from consular.workflow.graph import ENDS, Graph, Kind, Node

MOST_MARKINGS = 20_000

Marking = frozenset[str]
"""Where tokens are: flow ids, ids of activities and events that wait, `~id` for boundary events that did
fire.
"""


@dataclass(slots=True)
class Explored:
    """What an exploration saw. `throws` are the error codes that leave it."""

    entered: set[str] = field(default_factory=set)
    throws: set[str] = field(default_factory=set)
    stuck: dict[Marking, bool] = field(default_factory=dict)
    doubled: dict[str, bool] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)
    can_end: bool = False
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class _Move:
    """From one marking to another: what is taken, what is put, and the node that moved."""

    node: str
    take: Marking
    put: tuple[str, ...]
    clears: bool = False
    throws: str | None = None


class Exploration:
    """The reachable markings of what lies directly in `parent`."""

    def __init__(
        self, graph: Graph, parent: str, throws: dict[str, set[str]], can_end: dict[str, bool]
    ) -> None:
        self.nodes = {node.id: node for node in graph.inside(parent)}
        self.graph = graph
        self.throws = throws
        self.can_end = can_end
        start = graph.start if not parent else graph.node(parent).start
        self.first: Marking = frozenset(flow.id for flow in graph.node(start).outgoing)
        self.seen = Explored(entered={start})
        self.came_from: dict[Marking, Marking] = {}
        self.into: dict[Marking, set[Marking]] = {}
        self.moves = [move for node in self.nodes.values() for move in self._moves(node)]

    def run(self) -> Explored:
        """Explore until nothing new is reached, or too much is."""
        todo = deque([self.first])
        known = {self.first}
        while todo:
            marking = todo.popleft()
            for following in self._following(marking):
                self.into.setdefault(following, set()).add(marking)
                if following not in known:
                    known.add(following)
                    self.came_from[following] = marking
                    todo.append(following)
            if len(known) > MOST_MARKINGS:
                self.seen.too_many = True
                return self.seen
        self._judge(known)
        return self.seen

    def _following(self, marking: Marking) -> Iterator[Marking]:
        moved = False
        for move in self.moves:
            if not move.take <= marking or any(
                place.startswith("~") and place in marking for place in move.put
            ):
                continue
            moved = True
            self.seen.entered.add(move.node)
            if move.throws is not None:
                self.seen.throws.add(move.throws)
            rest = frozenset() if move.clears else marking - move.take
            twice = [place for place in move.put if place in rest and place != "!"]
            for place in twice:
                self.seen.doubled[place] = self.seen.doubled.get(place, False) or self._grows(marking, move)
            if not twice:
                yield rest | frozenset(move.put)
        if not moved and tokens(marking):
            self.seen.stuck[marking] = self._ended_before(marking)

    def _grows(self, marking: Marking, move: _Move) -> bool:
        """Whether the doubled token came round a loop: an earlier marking is part of the new one."""
        result = tokens((marking - move.take) | frozenset(move.put))
        earlier: Marking | None = marking
        while earlier is not None:
            if tokens(earlier) < result or (earlier != marking and tokens(earlier) == result):
                return True
            earlier = self.came_from.get(earlier)
        return False

    def _ended_before(self, marking: Marking) -> bool:
        return any(place.startswith("!") for place in marking)

    def _judge(self, known: set[Marking]) -> None:
        """From which markings the end can still be reached; what is in none of them runs for ever."""
        final = [marking for marking in known if not tokens(marking)]
        self.seen.can_end = any("!" in marking for marking in final)
        alive, todo = set(final), deque(final)
        while todo:
            for earlier in self.into.get(todo.popleft(), set()) - alive:
                alive.add(earlier)
                todo.append(earlier)
        if not self.seen.stuck and not self.seen.doubled:
            for marking in known - alive:
                self.seen.endless |= {place for place in tokens(marking) if place in self.nodes}

    def _moves(self, node: Node) -> Iterator[_Move]:
        out = tuple(flow.id for flow in node.outgoing)
        if node.kind is Kind.PARALLEL:
            yield _Move(node.id, frozenset(node.incoming), out)
            return
        for flow in node.incoming:
            take = frozenset({flow})
            if node.kind in {Kind.EXCLUSIVE, Kind.RACE}:
                yield from (_Move(node.id, take, (way,)) for way in out)
            elif node.kind in ENDS:
                yield self._end(node, take)
            else:
                yield _Move(node.id, take, (node.id,))
        if node.kind not in ENDS and node.kind not in {Kind.EXCLUSIVE, Kind.RACE, Kind.START}:
            yield from self._activity(node, out)

    def _end(self, node: Node, take: Marking) -> _Move:
        if node.kind is Kind.ERROR:
            return _Move(node.id, take, (), clears=True, throws=node.error_code)
        return _Move(node.id, take, ("!",), clears=node.kind is Kind.TERMINATE)

    def _activity(self, node: Node, out: tuple[str, ...]) -> Iterator[_Move]:
        """A waiting element goes on, or a boundary event of it fires, or an error in it is caught or not."""
        here = frozenset({node.id})
        if node.kind is not Kind.SUB or self.can_end[node.id]:
            yield _Move(node.id, here, out)
        caught: set[str] = set()
        for event in (self.graph.node(id) for id in node.boundaries):
            way = tuple(flow.id for flow in event.outgoing)
            if event.kind is Kind.ON_ERROR:
                caught.add(event.error_code)
                if node.kind is not Kind.SUB or self._may_throw(node, event):
                    yield _Move(event.id, here, way)
            elif event.interrupting:
                yield _Move(event.id, here, way)
            else:
                yield _Move(event.id, here, (node.id, f"~{event.id}", *way))
        if "" not in caught:
            for code in self.throws.get(node.id, set()) - caught:
                yield _Move(node.id, here, (), clears=True, throws=code)

    def _may_throw(self, node: Node, event: Node) -> bool:
        """Whether an error of the sub-process, or of a service step in it, can reach this boundary event."""
        thrown = self.throws[node.id]
        return bool(thrown) if not event.error_code else event.error_code in thrown


def tokens(marking: Marking) -> Marking:
    """The tokens of a marking, without what it only remembers."""
    return frozenset(place for place in marking if place[0] not in "~!")
