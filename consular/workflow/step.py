"""The engine: a pure function from a state and a stimulus to the next state and its effects."""

from collections.abc import Mapping
from datetime import datetime

from consular.workflow import endings, moves
from consular.workflow.days import Clock
from consular.workflow.graph import Graph
from consular.workflow.run import Run
from consular.workflow.state import (
    Complete,
    Decide,
    Deliver,
    Effects,
    Fail,
    Finish,
    Fire,
    Inform,
    NotPossible,
    State,
    Stimulus,
    Token,
    Waits,
)


def start(
    graph: Graph, variables: Mapping[str, object], now: datetime | Clock, decide: Decide | None = None
) -> tuple[State, Effects]:
    """Start the process with these routing variables. `now` is in the time zone in which days are counted, and
    beside it, on a clock, hangs the calendar of working days.
    """
    run = Run(graph, State(variables=variables), now, decide)
    run.note("started", graph.start, {"variables": dict(variables)} if variables else {})
    run.enter(graph.node(graph.start))
    run.leave(graph.node(graph.start), "")
    moves.settle(run)
    return run.result()


def step(
    graph: Graph, state: State, stimulus: Stimulus, now: datetime | Clock, decide: Decide | None = None
) -> tuple[State, Effects]:
    """The next state and what it leads to. Raises NotPossible, and Broken for a model that cannot go on.

    `now` is in the time zone in which days are counted, and on a clock with the calendar of working days. The state
    given is never changed.
    """
    run = Run(graph, state, now, decide)
    match stimulus:
        case Complete():
            _complete(run, stimulus)
        case Finish():
            _finish(run, stimulus)
        case Fail():
            _fail(run, stimulus)
        case Fire():
            _fire(run, stimulus)
        case Deliver():
            _deliver(run, stimulus)
        case Inform():
            run.note("informed", graph.start, {"variables": dict(stimulus.variables)})
            run.set("", stimulus.variables)
    moves.settle(run)
    return run.result()


def may_complete(graph: Graph, state: State, token: Token, by: str) -> bool:
    """Four eyes: whether this person did none of the task that must be done by somebody else.

    Every round through a loop counts, and only what lies on this token's path through sub-processes and
    rounds.
    """
    other = graph.node(token.node).four_eyes_with
    return not other or not any(
        done.by == by and done.node == other and _on_one_path(done.scope, token.scope) for done in state.done
    )


def _on_one_path(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return endings.lies_in(longer, shorter)


def _waiting(run: Run, number: int, kind: Waits) -> Token:
    token = run.tokens.get(number)
    if token is None or token.kind is not kind:
        raise NotPossible("gone")
    return token


def _complete(run: Run, stimulus: Complete) -> None:
    token = _waiting(run, stimulus.token, Waits.TASK)
    if not may_complete(run.graph, run.state, token, stimulus.by):
        raise NotPossible("four_eyes", token.node)
    run.note("completed", token.node, _facts(token, stimulus.variables))
    run.remember(token, stimulus.by)
    run.set(token.scope, stimulus.variables)
    endings.finish(run, token)


def _finish(run: Run, stimulus: Finish) -> None:
    token = _waiting(run, stimulus.token, Waits.SERVICE)
    run.note("finished", token.node, _facts(token, stimulus.variables))
    run.set(token.scope, stimulus.variables)
    endings.finish(run, token)


def _fail(run: Run, stimulus: Fail) -> None:
    token = _waiting(run, stimulus.token, Waits.SERVICE)
    run.note("failed", token.node, {"token": token.number, "code": stimulus.code})
    endings.throw(run, token, stimulus.code)


def _fire(run: Run, stimulus: Fire) -> None:
    token = _waiting(run, stimulus.token, Waits.TIMER)
    if token.due is None or token.due > run.now:
        raise NotPossible("early", token.node)
    run.note("timer", token.node, {"token": token.number})
    endings.trigger(run, token)


def _deliver(run: Run, stimulus: Deliver) -> None:
    wanted = moves.message_key(stimulus.message, stimulus.key)
    for token in run.tokens.values():
        if token.kind is Waits.MESSAGE and token.key == wanted:
            break
    else:
        raise NotPossible("unawaited")
    run.note(
        "message",
        token.node,
        _facts(token, stimulus.variables) | {"message": stimulus.message, "key": stimulus.key},
    )
    run.set(token.scope, stimulus.variables)
    endings.trigger(run, token)


def _facts(token: Token, variables: Mapping[str, object]) -> dict[str, object]:
    facts: dict[str, object] = {"token": token.number}
    if variables:
        facts["variables"] = dict(variables)
    return facts
