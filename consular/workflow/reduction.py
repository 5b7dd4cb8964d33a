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
        todo = dict.fromkeys(_twin_places(net))


def _around(net: Net, place: str) -> list[str]:
    """Apply the rules at one place; which places to look at again."""
    _twin_moves(net, place)
    _idle_moves(net, place)
    _ending_place(net, place)
    return _passing_place(net, place)


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


def _ending_place(net: Net, place: str) -> None:
    """A token that can only end may as well stay for ever: nothing waits for it to go."""
    moves = list(net.consumers[place])
    if not moves or place in net.clears or any(m.put or m.escapes or len(m.take) > 1 for m in moves):
        return
    for move in moves:
        net.remove(move)
    net.passed.setdefault(place, []).extend(moves)
    net.inert.add(place)


def _passing_place(net: Net, place: str) -> list[str]:
    """A token that can only go on in one way goes on at once: whoever puts it puts it further on."""
    if len(net.consumers[place]) != 1:
        return []
    (onward,) = net.consumers[place]
    if len(onward.take) > 1 or not onward.put or place in onward.put:
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
    kept: dict[tuple[frozenset[Move], frozenset[Move], bool, bool], str] = {}
    again: list[str] = []
    for place in sorted(net.producers):
        sources, targets = frozenset(net.producers[place]), frozenset(net.consumers[place])
        first = kept.setdefault((sources, targets, place in net.first, place in net.inert), place)
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
