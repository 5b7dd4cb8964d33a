"""Moving a running case from one process to another: pure, all or nothing, with the reason where it cannot be.

Every token goes to the element the mapping names, or to the one with its id. Due dates, rounds, keys of messages and
who did what stay as they are; four eyes survive a renamed element.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consular.workflow import fitting, moves
from consular.workflow.days import Clock
from consular.workflow.fitting import Reason
from consular.workflow.graph import Graph, Kind, Node
from consular.workflow.mapping import TokenMapping, of_json
from consular.workflow.reach import Reach, reach
from consular.workflow.replay import Follow, Recorded
from consular.workflow.run import Run
from consular.workflow.state import Broken, Decide, Done, Effects, NotPossible, State, Token, Waits

_STRANDED = {
    "stranded": "the new process never waits like this",
    "too_large": "the new process is too large to tell whether it ever waits like this; the case stays where it is",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """From one process to another, by a mapping; made once for many cases."""

    old: Graph
    new: Graph
    mapping: TokenMapping
    reach: Reach


def plan(old: Graph, new: Graph, mapping: TokenMapping) -> Plan | tuple[Reason, ...]:
    """A plan, or what is wrong for every case alike: the mapping names elements that are not there."""
    wrong = tuple(fitting.unknown(old, new, mapping))
    if wrong:
        return wrong
    return Plan(old, new, mapping, reach(new))


def migrate(plan: Plan, state: State, now: datetime | Clock) -> tuple[State, Effects] | tuple[Reason, ...]:
    """The state in the new process and what began to wait, or every reason why this case cannot be moved."""
    kept = tuple(token for token in state.tokens if token.node not in plan.mapping.drop)
    reasons = (*_each(plan, state), *_four_eyes(plan, state), *_guards(plan, state, kept))
    if reasons:
        return reasons
    moved = state._replace(
        tokens=tuple(_moved(plan, token) for token in kept),
        done=tuple(_renamed(plan, done) for done in state.done),
        phase=_phase(plan, state),
    )
    stranded = plan.reach.stranded(moved)
    if stranded is not None:
        code, token = stranded
        return (Reason(code, token.node, _STRANDED[code]),)
    try:
        return _begun(plan, state, moved, now)
    except Broken as problem:
        return (Reason("broken", plan.new.id, str(problem)),)


def _each(plan: Plan, state: State) -> Iterator[Reason]:
    """What is wrong with single tokens."""
    by_number = {token.number: token for token in state.tokens}
    for token in state.tokens:
        if token.node in plan.mapping.drop:
            if not token.host:
                yield Reason("dropped", token.node, "only a boundary event can be dropped")
            continue
        target = plan.new.nodes.get(plan.mapping.element(token.node))
        if target is None:
            yield Reason("gone", token.node, "the new process has no such element; map it to another one")
            continue
        place = fitting.Place(plan.old, plan.new, plan.mapping, by_number)
        yield from place.reasons(token, plan.old.node(token.node), target)
    yield from fitting.races(plan.new, plan.mapping, state)


def _four_eyes(plan: Plan, state: State) -> Iterator[Reason]:
    """Who did a task that somebody else has to check must not be forgotten."""
    if not any(node.four_eyes_with for node in plan.new.nodes.values()):
        return
    watched = {node.four_eyes_with for node in plan.old.nodes.values() if node.four_eyes_with}
    for node in sorted({done.node for done in state.done} & watched):
        target = plan.new.nodes.get(plan.mapping.element(node))
        if target is None or target.kind is not Kind.USER:
            yield Reason(
                "four_eyes", node, "who did this would be forgotten, and four eyes with it; map it to a task"
            )


def _guards(plan: Plan, state: State, kept: tuple[Token, ...]) -> Iterator[Reason]:
    """Boundary events of the new process that nobody would start for a case that is past the start of their element."""
    for token in kept:
        for event in _new_guards(plan, state, token):
            if event.id not in plan.mapping.begin | plan.mapping.without:
                yield Reason(
                    "guard", token.node, f"{event.id} guards it in the new process; say 'begin' or 'without'"
                )


def _new_guards(plan: Plan, state: State, token: Token) -> Iterator[Node]:
    """The boundary events at where a token goes that its old element did not have."""
    target = plan.new.nodes.get(plan.mapping.element(token.node))
    if target is None or not fitting.is_guarded(token, state):
        return
    had = {plan.mapping.element(event) for event in plan.old.node(token.node).boundaries}
    for event in (plan.new.node(id) for id in target.boundaries):
        if event.kind is not Kind.ON_ERROR and event.id not in had:
            yield event


def _moved(plan: Plan, token: Token) -> Token:
    """The token at its new element; a message that is called differently there is awaited under its new name."""
    target = plan.new.node(plan.mapping.element(token.node))
    key = token.key
    if token.kind is Waits.MESSAGE:
        key = moves.message_key(target.message, token.key[len(plan.old.node(token.node).message) + 1 :])
    return token._replace(node=target.id, key=key, flow=plan.mapping.flow(token.flow) if token.flow else "")


def _renamed(plan: Plan, done: Done) -> Done:
    node = plan.mapping.element(done.node)
    return Done(node, done.scope, done.by) if node in plan.new.nodes else done


def _phase(plan: Plan, state: State) -> str:
    """The phase of the case; where the element that set it has another one now, that."""
    for token in state.tokens:
        old, new = plan.old.node(token.node), plan.new.nodes.get(plan.mapping.element(token.node))
        if new is not None and old.phase and old.phase == state.phase and new.phase:
            return new.phase
    return state.phase


def _begun(plan: Plan, state: State, moved: State, now: datetime | Clock) -> tuple[State, Effects]:
    """The state with the guards that begin to wait now, and with its clocks as the new process wants them."""
    run = Run(plan.new, moved, now, None)
    for token in state.tokens:
        for event in _new_guards(plan, state, token):
            if event.id in plan.mapping.begin:
                _begin(run, event, token)
    return run.result()


def _begin(run: Run, event: Node, host: Token) -> None:
    """One guard begins to wait; its time counts from now."""
    is_message = event.kind is Kind.ON_MESSAGE
    key = moves.message_key(event.message, run.key(event, host.scope)) if is_message else ""
    due = run.due(event, host.scope)
    kind = Waits.MESSAGE if is_message else Waits.TIMER
    run.put(Token(run.number(), event.id, kind, host.scope, due, key, host=host.number))


Versions = Callable[[str], tuple[Graph, Decide | None]]
"""A published process by its number, and what answers its decisions."""


def following(versions: Versions) -> Follow:
    """Follows replays across migrations: the same plan leads from the same state to the same state."""

    def follow(line: Recorded, state: State) -> tuple[Graph, State, Decide | None]:
        facts: Mapping[str, Any] = line.item.data
        new, decide = versions(facts["to"])
        made = plan(versions(facts["from"])[0], new, of_json(facts["mapping"]))
        result = migrate(made, state, line.at) if isinstance(made, Plan) else made
        if not isinstance(result[0], State):
            raise NotPossible("migrated", result[0].element)
        return new, result[0], decide

    return follow
