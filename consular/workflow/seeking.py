"""Looking for a way to one situation, in a process that has too many of them to look at all.

Of the situations found so far the one is taken up next whose tokens have the fewest steps left. Where branches run side
by side this leads straight on. A way that is found is a proof; that there is none is known when no situation is left.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

MOST = 20_000
"""Situations that are looked at before giving up."""

Marking = frozenset[str]
"""Where tokens are at the same time: elements they wait at, and flows they are on that lead to a gateway or an end."""

_FAR = 1_000_000


@dataclass(frozen=True, slots=True)
class Move:
    """One step: tokens are taken and put; an end that `clears` takes all."""

    take: Marking
    put: Marking
    clears: bool = False


@dataclass(frozen=True, slots=True)
class Net:
    """How tokens move in one process or sub-process, and where they are when it begins."""

    first: Marking
    moves: tuple[Move, ...]
    by_place: Mapping[str, list[Move]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Move]] = {}
        for move in self.moves:
            found.setdefault(min(move.take), []).append(move)
        object.__setattr__(self, "by_place", found)

    def after(self, marking: Marking) -> Iterator[Marking]:
        """The markings one step on; two tokens are never at one place."""
        for place in marking:
            for move in self.by_place.get(place, ()):
                rest = frozenset() if move.clears else marking - move.take
                if move.take <= marking and not rest & move.put:
                    yield rest | move.put


def leads_to(net: Net, target: Marking) -> bool | None:
    """Whether tokens can come to lie like this; None when no way was found among the situations looked at."""
    left = _Left(net, target)
    known = {net.first}
    queue = [(left.steps(net.first), 0, net.first)]
    while queue:
        _steps, _number, marking = heappop(queue)
        if marking == target:
            return True
        for following in net.after(marking):
            if following not in known and (steps := left.steps(following)) < _FAR:
                known.add(following)
                heappush(queue, (steps, len(known), following))
        if len(known) > MOST:
            return None
    return False


class _Left:
    """How many steps are left to a target at least: of each token to a place of it or out, and to each place of it."""

    def __init__(self, net: Net, target: Marking) -> None:
        ways = [(move.take, move.put) for move in net.moves]
        gone = {place for move in net.moves if not move.put for place in move.take}
        self.to_each = [_distances(ways, {place}) for place in target]
        self.onward = _distances(ways, target | gone)

    def steps(self, marking: Marking) -> int:
        """At least so many; from _FAR on the target is out of reach."""
        onward = sum(self.onward.get(place, _FAR) for place in marking)
        return onward + sum(
            min((steps.get(place, _FAR) for place in marking), default=_FAR) for steps in self.to_each
        )


def _distances(ways: Iterable[tuple[Marking, Marking]], ends: Iterable[str]) -> dict[str, int]:
    """The fewest steps from each place to one of these."""
    before: dict[str, set[str]] = {}
    for take, put in ways:
        for place in put:
            before.setdefault(place, set()).update(take)
    found = dict.fromkeys(ends, 0)
    todo = list(found)
    for place in todo:
        for earlier in before.get(place, ()):
            if earlier not in found:
                found[earlier] = found[place] + 1
                todo.append(earlier)
    return found
