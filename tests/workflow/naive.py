"""A naive interpreter of structured processes, to compare the engine with.

It shares no idea with the engine: it walks the blocks and keeps what comes next as functions, where the engine moves
tokens over a graph.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.workflow.blocks import Block

Address = tuple[str, tuple[int, ...]]
"""An open element, and the rounds it lies in."""

Next = Callable[[], None]


@dataclass(eq=False)
class Place:
    """A running sub-process, round or process: what is open in it, and what follows when nothing is left."""

    after: Next
    above: "Place | None" = None
    values: list[dict[str, object]] = field(default_factory=list)
    rounds: tuple[int, ...] = ()
    catch: Next | None = None
    open: list["Open"] = field(default_factory=list)
    below: list["Place"] = field(default_factory=list)
    live: int = 1
    dead: bool = False

    def end(self) -> None:
        self.live -= 1
        if not self.live and not self.dead:
            self.stop()
            self.after()

    def stop(self) -> None:
        self.dead = True
        self.open.clear()
        for place in self.below:
            place.stop()

    def everything(self) -> list["Open"]:
        return [*self.open, *(found for place in self.below for found in place.everything())]

    def value(self, name: str) -> object:
        return next((values[name] for values in reversed(self.values) if name in values), None)


@dataclass(eq=False)
class Open:
    """One open element, and what follows."""

    node: str
    place: Place
    then: Next
    fails: Next | None = None
    own: list[dict[str, object]] = field(default_factory=list)
    """The variables of its own round, when it is a task with rounds."""
    rounds: tuple[int, ...] = ()

    @property
    def address(self) -> Address:
        return self.node, (*self.place.rounds, *self.rounds)

    def act(self, given: dict[str, object]) -> None:
        """Complete it, with these variables."""
        (self.own or self.place.values)[-1].update(given)
        self.place.open.remove(self)
        self.then()

    @property
    def may_fail(self) -> bool:
        return self.fails is not None

    def fail(self) -> None:
        """It ends in its error."""
        assert self.fails is not None
        self.place.open.remove(self)
        self.fails()


class Naive:
    """The interpreter."""

    def __init__(self, block: Block, given: dict[str, object]) -> None:
        self.root = Place(after=lambda: None, values=[dict(given)])
        self.run(block, self.root, self.root.end)

    @property
    def open(self) -> list[Address]:
        return sorted(found.address for found in self.root.everything())

    def find(self, address: Address) -> Open:
        return next(found for found in self.root.everything() if found.address == address)

    def run(self, block: Block, place: Place, then: Next) -> None:
        if place.dead:
            return
        getattr(self, f"_{block.kind}")(block, place, then)

    def _task(self, block: Block, place: Place, then: Next) -> None:
        place.open.append(Open(block.id, place, then))

    _service = _timer = _message = _receive = _task

    def _rule(self, block: Block, place: Place, then: Next) -> None:
        place.values[-1][f"v_{block.id}_rule"] = len(block.id)
        then()

    def _many(self, block: Block, place: Place, then: Next) -> None:
        items = place.value("items")
        assert isinstance(items, list)
        gave: list[object] = [None] * len(items)
        left = set(range(len(items)))

        def over(index: int, own: dict[str, object]) -> None:
            gave[index] = [own["item"], own.get("got", place.value("got"))]
            left.discard(index)
            if not left:
                finished()

        def finished() -> None:
            place.values[-1][f"v_{block.id}_all"] = gave
            then()

        for index, item in enumerate(items):
            own = {"item": item}
            place.open.append(Open(block.id, place, partial(over, index, own), own=[own], rounds=(index,)))
        if not items:
            finished()

    def _flaky(self, block: Block, place: Place, then: Next) -> None:
        beside = partial(self.run, block.parts[0], place, then)
        place.open.append(Open(block.id, place, then, beside))

    def _watched(self, block: Block, place: Place, then: Next) -> None:
        side = block.parts[0]

        def done() -> None:
            if guard in place.open:
                place.open.remove(guard)
            then()

        def interrupted() -> None:
            place.open.remove(task)
            self.run(side, place, then)

        def reminded() -> None:
            place.live += 1
            self.run(side, place, place.end)

        task = Open(block.id, place, done)
        guard = Open(f"{block.id}.guard", place, reminded if block.guard == "reminder" else interrupted)
        place.open += [task, guard]

    def _halt(self, block: Block, place: Place, then: Next) -> None:
        if place.value(f"v_{block.id}") is not True:
            then()
            return
        place.stop()
        place.after()

    def _seq(self, block: Block, place: Place, then: Next) -> None:
        self._rest(block.parts, place, then)

    def _rest(self, parts: tuple[Block, ...], place: Place, then: Next) -> None:
        if parts:
            self.run(parts[0], place, partial(self._rest, parts[1:], place, then))
        else:
            then()

    def _par(self, block: Block, place: Place, then: Next) -> None:
        left = [len(block.parts)]

        def arrived() -> None:
            left[0] -= 1
            if not left[0]:
                then()

        for part in block.parts:
            self.run(part, place, arrived)

    def _xor(self, block: Block, place: Place, then: Next) -> None:
        value = place.value(f"v_{block.id}")
        known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(block.parts)
        self.run(block.parts[value if known else -1], place, then)  # type: ignore[index]

    def _loop(self, block: Block, place: Place, then: Next) -> None:
        def again() -> None:
            if place.value(f"v_{block.id}") is True:
                self.run(block.parts[0], place, again)
            else:
                then()

        self.run(block.parts[0], place, again)

    def _race(self, block: Block, place: Place, then: Next) -> None:
        rivals: list[Open] = []

        def won() -> None:
            for rival in rivals:
                if rival in place.open:
                    place.open.remove(rival)
            then()

        rivals += [Open(part.id, place, won) for part in block.parts]
        place.open.extend(rivals)

    def _throw(self, block: Block, place: Place, then: Next) -> None:
        if place.value(f"v_{block.id}") is not True:
            then()
            return
        found: Place | None = place
        while found is not None and found.catch is None:
            found = found.above
        assert found is not None
        assert found.catch is not None
        found.stop()
        found.catch()

    def _sub(self, block: Block, place: Place, then: Next) -> None:
        body, side = block.parts
        guard = Open(f"{block.id}.guard", place, lambda: None)

        def over() -> None:
            if guard in place.open:
                place.open.remove(guard)
            then()

        inner = Place(over, place, place.values, place.rounds)

        def interrupted() -> None:
            inner.stop()
            self.run(side, place, then)

        def reminded() -> None:
            place.live += 1
            self.run(side, place, place.end)

        place.below.append(inner)
        if block.guard == "error":
            inner.catch = interrupted
        elif block.guard:
            guard.then = interrupted if block.guard == "timer" else reminded
            place.open.append(guard)
        self.run(body, inner, inner.end)

    def _each(self, block: Block, place: Place, then: Next) -> None:
        items = place.value("items")
        assert isinstance(items, list)
        left = [len(items)]

        def over() -> None:
            left[0] -= 1
            if not left[0]:
                then()

        rounds = [
            Place(over, place, [*place.values, {"item": item}], (*place.rounds, index))
            for index, item in enumerate(items)
        ]
        place.below.extend(rounds)
        for inner in rounds:
            self.run(block.parts[0], inner, inner.end)
        if not items:
            then()
