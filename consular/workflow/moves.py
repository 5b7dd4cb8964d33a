"""How tokens move: what happens when one arrives at an element, and what ends, interrupts or completes it."""

from collections.abc import Callable, Mapping

from consular.workflow import endings, values
from consular.workflow.graph import Flow, Kind, Node
from consular.workflow.run import Run
from consular.workflow.state import Broken, Round, Token, Waits

MOST_MOVES = 5_000
MOST_ROUNDS = 500
KEY_LENGTH = 100

_WAITS = {
    Kind.USER: Waits.TASK,
    Kind.SERVICE: Waits.SERVICE,
    Kind.SEND: Waits.SERVICE,
    Kind.RECEIVE: Waits.MESSAGE,
    Kind.MESSAGE: Waits.MESSAGE,
    Kind.ON_MESSAGE: Waits.MESSAGE,
    Kind.TIMER: Waits.TIMER,
    Kind.ON_TIMER: Waits.TIMER,
    Kind.SUB: Waits.SCOPE,
}


def message_key(message: str, key: str) -> str:
    """What a waiting token is found by: the message, and the key when there is one."""
    return f"{message}#{key}" if key else message


def settle(run: Run) -> None:
    """Move tokens until everything waits, and complete the sub-processes in which nothing is left."""
    moves = 0
    while run.arrivals or endings.close_one(run):
        while run.arrivals:
            moves += 1
            if moves > MOST_MOVES:
                raise Broken("the process runs in a circle without ever waiting")
            flow, scope = run.arrivals.popleft()
            _arrive(run, flow, scope)


def _arrive(run: Run, flow: Flow, scope: str) -> None:
    node = run.graph.node(flow.target)
    if node.kind is Kind.PARALLEL:
        _join(run, node, flow, scope)
        return
    run.enter(node)
    if node.loop is not None:
        _open_rounds(run, node, scope)
    else:
        _ARRIVALS[node.kind](run, node, scope)


def _join(run: Run, node: Node, flow: Flow, scope: str) -> None:
    """A join waits for one token on every flow into it, takes exactly one of each, and keeps any further
    ones.
    """
    if len(node.incoming) > 1:
        run.put(Token(run.number(), node.id, Waits.JOIN, scope, flow=flow.id))
        came: dict[str, Token] = {}
        for token in run.tokens.values():
            if token.node == node.id and token.scope == scope:
                came.setdefault(token.flow, token)
        if len(came) < len(node.incoming):
            return
        for token in came.values():
            del run.tokens[token.number]
    run.enter(node)
    run.leave(node, scope)


def _choose(run: Run, node: Node, scope: str) -> None:
    """The first flow, in the order of the file, whose condition is true; else the default. Null is not
    true.
    """
    context = run.context(scope)
    for flow in node.outgoing:
        if flow.id != node.default and _holds(run, flow, context, only=len(node.outgoing) == 1):
            break
    else:
        flow = next((flow for flow in node.outgoing if flow.id == node.default), node.outgoing[0])
        if flow.id != node.default:
            raise Broken(f"no way out of {node.id} fits and none is the default")
    run.arrivals.append((flow, scope))


def _holds(run: Run, flow: Flow, context: Mapping[str, object], *, only: bool) -> bool:
    if flow.condition is None:
        return only
    return flow.condition.evaluate(context, now=run.now) is True


def _wait(run: Run, node: Node, scope: str) -> None:
    """An activity or event begins to wait, and the events that guard it with it."""
    _guard(run, node, _waiting(run, node, scope))


def _waiting(run: Run, node: Node, scope: str, host: int = 0, race: int = 0) -> Token:
    kind = _WAITS[node.kind]
    key = _key(run, node, scope) if kind is Waits.MESSAGE else ""
    token = Token(run.number(), node.id, kind, scope, run.due(node, scope), key, host, race)
    run.put(token)
    return token


def _key(run: Run, node: Node, scope: str) -> str:
    key = message_key(node.message, run.key(node, scope))
    if len(key) > KEY_LENGTH:
        raise Broken(f"{node.id}: the correlation key is longer than {KEY_LENGTH} characters")
    return key


def _guard(run: Run, node: Node, activity: Token) -> None:
    for id in node.boundaries:
        event = run.graph.node(id)
        if event.kind is not Kind.ON_ERROR:
            _waiting(run, event, activity.scope, host=activity.number)


def _open_scope(run: Run, node: Node, scope: str) -> None:
    token = _waiting(run, node, scope)
    _guard(run, node, token)
    _begin(run, node, endings.inside(token))


def _begin(run: Run, node: Node, path: str) -> None:
    """The start event of a sub-process."""
    start = run.graph.node(node.start)
    run.enter(start)
    run.leave(start, path)


def _open_rounds(run: Run, node: Node, scope: str) -> None:
    """One round for each element of the list; an empty list is done at once."""
    loop = node.loop
    if loop is None:
        raise Broken(f"{node.id} has no list")
    elements = values.to_json(loop.over.evaluate(run.context(scope), now=run.now))
    if not isinstance(elements, list) or len(elements) > MOST_ROUNDS:
        raise Broken(f"{node.id}: its collection is no list of at most {MOST_ROUNDS} elements")
    if not elements:
        run.set(scope, {loop.into: []} if loop.into else {})
        run.leave(node, scope)
        return
    rounds = tuple(
        Round({loop.each: element, "loopCounter": index} if loop.each else {"loopCounter": index})
        for index, element in enumerate(elements, 1)
    )
    host = Token(run.number(), node.id, Waits.SCOPE, scope, rounds=rounds)
    run.put(host)
    _guard(run, node, host)
    for index in range(len(rounds)):
        path = f"{endings.inside(host)}.{index}"
        if node.kind is Kind.SUB:
            _begin(run, node, path)
        else:
            _waiting(run, node, path)


def _race(run: Run, node: Node, scope: str) -> None:
    """An event-based gateway: all its events wait, the first one takes the others away."""
    race = run.number()
    for flow in node.outgoing:
        event = run.graph.node(flow.target)
        run.enter(event)
        _waiting(run, event, scope, race=race)


def _decide(run: Run, node: Node, scope: str) -> None:
    decided = run.answer(node, scope)
    run.note(
        "decided", node.id, {"decision": node.decision, "value": decided.value, "rules": list(decided.rules)}
    )
    run.set(scope, {node.result: decided.value})
    run.leave(node, scope)


def _end(run: Run, node: Node, scope: str) -> None:
    run.note("reached", node.id)


def _error(run: Run, node: Node, scope: str) -> None:
    run.note("reached", node.id, {"code": node.error_code})
    endings.throw(run, Token(0, node.id, Waits.JOIN, scope), node.error_code)


def _terminate(run: Run, node: Node, scope: str) -> None:
    run.note("reached", node.id)
    endings.terminate(run, scope)


_ARRIVALS: dict[Kind, Callable[[Run, Node, str], None]] = {
    Kind.USER: _wait,
    Kind.SERVICE: _wait,
    Kind.SEND: _wait,
    Kind.RECEIVE: _wait,
    Kind.TIMER: _wait,
    Kind.MESSAGE: _wait,
    Kind.SUB: _open_scope,
    Kind.RULE: _decide,
    Kind.EXCLUSIVE: _choose,
    Kind.RACE: _race,
    Kind.END: _end,
    Kind.TERMINATE: _terminate,
    Kind.ERROR: _error,
}
