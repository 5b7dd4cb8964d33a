"""How things end: an activity is completed, interrupted or fails, a sub-process or a round has nothing left
in it.
"""

from collections import Counter

from consular.workflow import values
from consular.workflow.graph import Kind, Node
from consular.workflow.run import Run
from consular.workflow.state import Broken, Effects, Round, Token, Waits


def lies_in(scope: str, path: str) -> bool:
    """Whether a scope is `path` or lies in it; "" is the whole process, a number without round all its
    rounds.
    """
    return not path or scope == path or scope.startswith((path + "/", path + "."))


def finish(run: Run, token: Token) -> None:
    """An activity is done: what guards it goes, and the way goes on; in a multi-instance, its round may be
    over.
    """
    node = run.graph.node(token.node)
    _remove(run, token)
    if node.loop is None or token.rounds:
        run.leave(node, token.scope)


def trigger(run: Run, token: Token) -> None:
    """A timer or message an event waited for has come."""
    node = run.graph.node(token.node)
    if token.host:
        _trigger_boundary(run, node, token)
    elif token.race:
        for rival in [t for t in run.tokens.values() if t.race == token.race]:
            _remove(run, rival)
        run.leave(node, token.scope)
    else:
        finish(run, token)


def throw(run: Run, token: Token, code: str) -> None:
    """A business error: the nearest element around that catches it is interrupted; uncaught it ends the
    process.
    """
    while True:
        node = run.graph.node(token.node)
        catcher = _catcher(run, node, code) if token.host == 0 else None
        scope = token.scope
        if catcher is not None and not (node.loop and not token.rounds):
            _cancel(run, token)
            run.enter(catcher)
            run.leave(catcher, scope)
            return
        if not scope:
            break
        token = run.tokens[holder(scope)]
    run.note("uncaught", token.node, {"code": code})
    run.tokens.clear()
    run.arrivals.clear()


def require_caught(effects: Effects) -> None:
    """Raise Broken where an error that nothing catches has ended the process: nobody would see the case again."""
    for item in effects.history:
        if item.kind == "uncaught":
            raise Broken(f"{item.node}: error {item.data['code']} is caught nowhere")


def _catcher(run: Run, node: Node, code: str) -> Node | None:
    """The boundary event of a node that catches this error: by its code, or the one for any error."""
    found = [run.graph.node(id) for id in node.boundaries]
    catching = [event for event in found if event.kind is Kind.ON_ERROR and event.error_code in {code, ""}]
    return max(catching, key=lambda event: event.error_code, default=None)


def holder(scope: str) -> int:
    """The number of the token that holds a scope."""
    return int(scope.rpartition("/")[2].partition(".")[0])


def inside(token: Token) -> str:
    """The path of what lies in the sub-process or rounds a token holds."""
    return f"{token.scope}/{token.number}" if token.scope else str(token.number)


def _remove(run: Run, token: Token) -> None:
    """Take away a token, the events that guard it, and what lies in it."""
    number = token.number
    del run.tokens[number]
    for other in tuple(run.tokens.values()):
        if other.host == number:
            del run.tokens[other.number]
    if token.kind is Waits.SCOPE:
        path = inside(token)
        for other in tuple(run.tokens.values()):
            if lies_in(other.scope, path):
                del run.tokens[other.number]
        _forget_arrivals(run, path)


def _cancel(run: Run, token: Token) -> None:
    """Interrupt an activity and write down which open work is taken away."""
    path = inside(token)
    for other in run.tokens.values():
        if other.number == token.number or (token.kind is Waits.SCOPE and lies_in(other.scope, path)):
            run.note("cancelled", other.node, {"token": other.number, "kind": other.kind.value})
    _remove(run, token)


def _trigger_boundary(run: Run, node: Node, token: Token) -> None:
    if node.interrupting:
        _cancel(run, run.tokens[token.host])
    elif token.kind is Waits.TIMER:
        del run.tokens[token.number]
    run.enter(node)
    run.leave(node, token.scope)


def terminate(run: Run, scope: str) -> None:
    """Everything in a sub-process, a round or the process is taken away."""
    for token in list(run.tokens.values()):
        if lies_in(token.scope, scope):
            run.note("cancelled", token.node, {"token": token.number, "kind": token.kind.value})
            del run.tokens[token.number]
    _forget_arrivals(run, scope)


def _forget_arrivals(run: Run, scope: str) -> None:
    kept = [(flow, path) for flow, path in run.arrivals if not lies_in(path, scope)]
    run.arrivals.clear()
    run.arrivals.extend(kept)


def close_one(run: Run) -> bool:
    """Complete one sub-process or round in which nothing is left; whether there was one."""
    scopes = run.graph.nests and [token for token in run.tokens.values() if token.kind is Waits.SCOPE]
    if not scopes:
        return False
    held = Counter(token.scope for token in run.tokens.values())
    for token in reversed(scopes):
        path = inside(token)
        if not token.rounds:
            if not held[path]:
                finish(run, token)
                return True
            continue
        for index, round in enumerate(token.rounds):
            if not round.over and not held[f"{path}.{index}"]:
                _end_round(run, token, index)
                return True
    return False


def _end_round(run: Run, token: Token, index: int) -> None:
    """Keep what a round gives; after the last one, collect and go on."""
    node = run.graph.node(token.node)
    loop = node.loop
    if loop is None:
        raise Broken(f"{node.id} has rounds but no list")
    gave = None
    if loop.gives is not None:
        context = {**run.context(token.scope), **token.rounds[index].own}
        gave = values.to_json(loop.gives.evaluate(context, now=run.now))
    run.set_round(token.number, index, Round(token.rounds[index].own, over=True, gave=gave))
    token = run.tokens[token.number]
    if all(round.over for round in token.rounds):
        if loop.into:
            run.set(token.scope, {loop.into: [round.gave for round in token.rounds]})
        finish(run, token)
