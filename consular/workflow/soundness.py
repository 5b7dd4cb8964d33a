"""Looks at every situation a process can come into, on nets that were made small first.

What is found on the small net is certain. When it is anything, the net is explored again as it was drawn, as far as
that goes, because there every finding lies at the element where it arises.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from consular.workflow.net import Inner, Marking, Move, Net, Scope, Thrown
from consular.workflow.reduction import reduce

MOST_MARKINGS = 20_000
MOST_DRAWN = 3_000
"""How many situations of the net as it was drawn are looked at to say more exactly what is wrong."""


@dataclass(slots=True)
class Explored:
    """What an exploration saw; places are flows, or the ids of what waits.

    `stuck` are places where tokens stay for ever, and whether something else had always ended before; `doubled`
    places where two tokens meet, and whether a loop adds them; `endless` places from where no end can be reached.
    """

    entered: set[str] = field(default_factory=set)
    throws: set[Thrown] = field(default_factory=set)
    stuck: dict[str, bool] = field(default_factory=dict)
    doubled: dict[str, bool] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)
    can_end: bool = False
    too_many: bool = False

    @property
    def sound(self) -> bool:
        return not (self.stuck or self.doubled or self.endless or self.too_many)

    def add(self, other: "Explored") -> None:
        """What was seen on another net of the same process."""
        self.entered |= other.entered
        self.throws |= other.throws
        for found, more in ((self.stuck, other.stuck), (self.doubled, other.doubled)):
            found.update(more)
        self.endless |= other.endless
        self.can_end |= other.can_end
        self.too_many |= other.too_many

    def inner(self) -> Inner:
        """What surrounds a sub-process needs to know of it."""
        return Inner(frozenset(self.throws), self.can_end)


def explore(scope: Scope) -> Explored:
    """What can happen directly inside a process or sub-process: on its main net, then beside it."""
    seen = _explore(scope, scope.start)
    todo = deque(scope.beside)
    while todo and any(scope.nodes[id].attached_to in seen.entered for id in todo):
        event = todo.popleft()
        if scope.nodes[event].attached_to in seen.entered:
            seen.add(_explore(scope, event))
        else:
            todo.append(event)
    return seen


def _explore(scope: Scope, first: str) -> Explored:
    small = scope.net(first)
    reduce(small)
    seen = Exploration(small, MOST_MARKINGS).run()
    if seen.sound:
        return seen
    drawn = Exploration(scope.net(first), MOST_DRAWN).run()
    complete = not drawn.too_many
    drawn.too_many = seen.too_many and drawn.too_many
    return drawn if complete else _both(seen, drawn)


def _both(seen: Explored, drawn: Explored) -> Explored:
    """When the drawn net is too large: what was found on it, or else on the small one."""
    if drawn.stuck or drawn.doubled:
        drawn.entered |= seen.entered
        drawn.throws |= seen.throws
        drawn.can_end |= seen.can_end
        return drawn
    return seen


class Exploration:
    """The reachable markings of a net, breadth first."""

    def __init__(self, net: Net, most: int) -> None:
        self.net = net
        self.most = most
        self.seen = Explored()
        self.fired: set[Move] = set()
        self.came_from: dict[Marking, tuple[Marking, Move]] = {}
        self.into: dict[Marking, set[Marking]] = {}
        self.alive: set[Marking] = set()
        self.stuck: dict[Marking, bool] = {}

    def run(self) -> Explored:
        """Explore until nothing new is reached, or too much is."""
        first = frozenset(self.net.first)
        known, todo = {first}, deque([first])
        self._fire(self.net.begin)
        while todo:
            marking = todo.popleft()
            for move, following in self._following(marking):
                self.into.setdefault(following, set()).add(marking)
                if following not in known:
                    known.add(following)
                    self.came_from[following] = marking, move
                    todo.append(following)
            if len(known) > self.most:
                self.seen.too_many = True
                break
        self._judge(known)
        return self.seen

    def _fire(self, move: Move) -> None:
        """Note what a move passes, the first time it moves."""
        if move in self.fired:
            return
        for one in move.everything():
            self.fired.add(one)
            self.seen.entered.update(one.nodes)
            self.seen.throws |= one.throws
            self.seen.can_end |= one.ends

    def _following(self, marking: Marking) -> Iterator[tuple[Move, Marking]]:
        moved = False
        for move in self._possible(marking):
            moved = True
            self._fire(move)
            if move.escapes:
                self.alive.add(marking)
            rest = marking - move.take
            twice = (rest & move.put) - self.net.last
            for place in twice:
                self.seen.doubled[place] = self.seen.doubled.get(place, False) or self._grows(marking, move)
            if not twice:
                yield move, rest | move.put
        waiting = marking - self.net.inert
        if not waiting or any(place in self.net.clears for place in marking):
            self.alive.add(marking)
        elif not moved:
            circling = {place for place in waiting if self._circles(place)}
            self.seen.endless |= circling
            if not circling:
                self.stuck[marking] = self._ended_before(marking)

    def _circles(self, place: str) -> bool:
        """Whether a loop was folded away at a place: its tokens are not stuck, but never get anywhere."""
        return any(move.take == move.put for move in self.net.passed.get(place, ()))

    def _possible(self, marking: Marking) -> Iterator[Move]:
        for place in sorted(marking):
            for aside in (*self.net.passed.get(place, ()), *self.net.clears.get(place, ())):
                self._fire(aside)
            for move in self.net.consumers[place]:
                if move.take <= marking and place == min(move.take):
                    yield move

    def _grows(self, marking: Marking, move: Move) -> bool:
        """Whether the doubled token came round a loop: an earlier marking is part of the new one."""
        result = (marking - move.take) | move.put
        earlier = marking
        while True:
            if earlier < result or (earlier != marking and earlier == result):
                return True
            if earlier not in self.came_from:
                return False
            earlier, _move = self.came_from[earlier]

    def _ended_before(self, marking: Marking) -> bool:
        """Whether an end event was reached on the way to a marking."""
        if any(one.ends for one in self.net.begin.everything()):
            return True
        while marking in self.came_from:
            marking, move = self.came_from[marking]
            if any(one.ends for one in move.everything()):
                return True
        return False

    def _judge(self, known: set[Marking]) -> None:
        """Where tokens stay for ever, and from which markings no end can be reached."""
        for marking, ended in self.stuck.items():
            for place in marking - self.net.inert:
                self.seen.stuck[place] = self.seen.stuck.get(place, True) and ended
        if self.seen.stuck or self.seen.doubled or self.seen.too_many:
            return
        alive, todo = set(self.alive), deque(self.alive)
        while todo:
            for earlier in self.into.get(todo.popleft(), set()) - alive:
                alive.add(earlier)
                todo.append(earlier)
        for marking in known - alive:
            self.seen.endless |= marking - self.net.inert
