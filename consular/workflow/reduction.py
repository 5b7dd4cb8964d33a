"""Makes a net smaller without changing what is wrong with it.

Each rule keeps, in both directions, whether a token can get stuck, whether two tokens can meet, whether an end can
always be reached, and which elements can be reached (docs/decisions/0011-soundness.md has the arguments). Sequences,
choices, loops and parallel blocks that are nested well disappear entirely: a sound process of any size ends as a
handful of places.
"""

from consular.workflow.net import Move, Net


def reduce(net: Net) -> None:
    """Apply all rules until none fits any more."""
    todo = dict.fromkeys(net.producers)
    while todo:
        while todo:
            place, _nothing = todo.popitem()
            if place in net.producers:
                todo |= dict.fromkeys(_around(net, place))
        todo = dict.fromkeys(_twin_places(net) or _memories(net))


def _around(net: Net, place: str) -> list[str]:
    """Apply the rules at one place; which places to look at again."""
    _twin_moves(net, place)
    _idle_moves(net, place)
    return _last_place(net, place) or _ending_place(net, place) or _passing_place(net, place)


def _twin_moves(net: Net, place: str) -> None:
    """Two moves that take and put the same are one."""
    kept: dict[tuple[frozenset[str], frozenset[str]], Move] = {}
    for move in list(net.consumers[place]):
        first = kept.setdefault((move.take, move.put), move)
        if first is not move:
            net.remove(move)
            first.covers.append(move)
            first.escapes |= move.escapes


def _idle_moves(net: Net, place: str) -> None:
    """A move that puts back the one token it takes changes nothing."""
    for move in list(net.consumers[place]):
        if move.take == move.put and len(move.take) == 1:
            net.remove(move)
            if move.escapes:
                net.clears.setdefault(place, []).append(move)
            else:
                net.passed.setdefault(place, []).append(move)


def _last_place(net: Net, place: str) -> list[str]:
    """Where everything may be taken away and nothing else can happen: that can be said of the place before already.

    Two tokens that could meet here can meet there, when all come from one place; and where everything is taken away
    at once they never meet.
    """
    sources = list(net.producers[place])
    if place not in net.clears or place in net.first or net.consumers[place]:
        return []
    if any(len(move.take) != 1 or len(move.put) != 1 for move in sources):
        return []
    if place not in net.last and len({move.take for move in sources}) > 1:
        return []
    for move in sources:
        net.remove(move)
        move.covers += [*net.clears[place], *net.passed.get(place, ())]
        net.clears.setdefault(min(move.take), []).append(move)
    befores = [before for move in sources for before in move.take]
    if befores:
        net.forget(place)
    return [*befores, *(again for before in befores for again in _before(net, before))]


def _ending_place(net: Net, place: str) -> list[str]:
    """A token that can only end may as well stay for ever: nothing waits for it to go."""
    moves = net.consumers[place]
    ends = {end for move in moves for end in move.put}
    if not moves or place in net.clears or any(move.escapes or len(move.take) > 1 for move in moves):
        return []
    if any(end not in net.inert or end in net.first or end in net.clears for end in ends):
        return []
    if any(not net.producers[end].keys() <= moves.keys() for end in ends):
        return []
    passed = [*moves, *(move for end in ends for move in net.passed.get(end, ()))]
    for move in list(moves):
        net.remove(move)
    for end in ends:
        net.forget(end)
    net.passed.setdefault(place, []).extend(passed)
    net.inert.add(place)
    return _before(net, place)


def _before(net: Net, place: str) -> list[str]:
    """The places from which tokens come to a place."""
    return [before for move in net.producers[place] for before in move.take]


def _memories(net: Net) -> list[str]:
    """A token that stays for ever, put there by a move that can move only once, says nothing that matters."""
    again: list[str] = []
    for place in sorted(net.inert - net.first - net.clears.keys()):
        sources = list(net.producers[place])
        if len(sources) == 1 and not _comes_back(net, sources[0]):
            (move,) = sources
            net.remove(move)
            move.put -= {place}
            move.covers += net.passed.get(place, ())
            net.add(move)
            net.forget(place)
            again += move.take
    return again


def _comes_back(net: Net, move: Move) -> bool:
    """Whether what a move puts may lead to what it takes."""
    reached, todo = set(move.put), list(move.put)
    while todo:
        fresh = {place for onward in net.consumers[todo.pop()] for place in onward.put} - reached
        reached |= fresh
        todo += fresh
    return bool(reached & move.take)


def _passing_place(net: Net, place: str) -> list[str]:
    """A token that can only go on in one way goes on at once: whoever puts it puts it further on."""
    if len(net.consumers[place]) != 1:
        return []
    (onward,) = net.consumers[place]
    if len(onward.take) > 1 or not onward.put or onward.put & (net.last | {place}):
        return []
    sources = list(net.producers[place])
    if any(onward.put & move.put for move in sources) or place in net.first and onward.put & net.first:
        return []
    covered = [onward, *net.passed.get(place, ()), *net.clears.get(place, ())]
    escapes = onward.escapes or place in net.clears
    net.remove(onward)
    for move in sources:
        net.remove(move)
        move.put = move.put - {place} | onward.put
        move.escapes |= escapes
        move.covers += covered
        net.add(move)
    if place in net.first:
        net.first = net.first - {place} | onward.put
        net.begin.covers += covered
    net.forget(place)
    return [*onward.put, *(before for move in sources for before in move.take)]


def _twin_places(net: Net) -> list[str]:
    """Two places that are always filled and emptied together are one; which moves became simpler by that."""
    kept: dict[tuple[object, ...], str] = {}
    again: list[str] = []
    for place in sorted(net.producers):
        sources, targets = frozenset(net.producers[place]), frozenset(net.consumers[place])
        kinds = (place in net.first, place in net.inert, place in net.last)
        first = kept.setdefault((sources, targets, *kinds), place)
        if first == place:
            continue
        for move in sources | targets:
            net.remove(move)
            move.take, move.put = move.take - {place}, move.put - {place}
            net.add(move)
        net.first -= {place}
        for kind in (net.clears, net.passed):
            if place in kind:
                kind.setdefault(first, []).extend(kind[place])
        net.forget(place)
        again += [first, *(before for move in sources for before in move.take)]
    return again
