"""Plays a process in memory: a script of stimuli goes in, what the process is and wants after each comes out.

No database, no people, no jobs: whoever draws a process sees here how it behaves, and tests of processes are scripts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from consular.workflow import step
from consular.workflow.days import MONDAY_TO_FRIDAY, Calendar, Clock
from consular.workflow.graph import Graph
from consular.workflow.script import Entry, Place, Verb
from consular.workflow.state import (
    Broken,
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
from consular.workflow.timing import duration

MOST_FIRINGS = 2_000
"""How many timers may fire in one `advance`: a process whose timers follow each other at once never comes to rest."""

_OUTSIDE = {Waits.TASK, Waits.SERVICE, Waits.TIMER, Waits.MESSAGE}
_NEEDS = {
    Verb.COMPLETE: (Waits.TASK, Waits.SERVICE),
    Verb.FINISH: (Waits.SERVICE,),
    Verb.FAIL: (Waits.SERVICE,),
}


@dataclass(frozen=True, slots=True)
class Open:
    """An element that waits for something outside the process; moments are in UTC.

    `kind` is task, service, timer or message. `round` is the round of the innermost multi-instance element around,
    from 1; `service` the job of a service step; `message` and `key` what a message must bring. Since `paused` the clock
    stands still, and nothing is due.
    """

    id: str
    name: str
    kind: str
    lane: str
    due: datetime | None
    round: int | None = None
    service: str = ""
    message: str = ""
    key: str = ""
    paused: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of history, with its moment."""

    kind: str
    node: str
    data: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a stimulus was refused; `code` is a stable word.

    Codes: not_started, started, unknown (no such element), gone (nothing of that sort is open there), four_eyes,
    unawaited (nobody waits for the message), too_far, too_often (timers without end), broken (the process has a
    fault).
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The process after one stimulus. `effects` are the elements that began to wait, `history` the new lines."""

    stimulus: Mapping[str, object]
    now: datetime
    open: tuple[Open, ...]
    phase: str
    effects: tuple[Open, ...]
    history: tuple[Line, ...]
    ended: bool
    error: Problem | None


@dataclass(frozen=True, slots=True)
class _Game:
    """Where the play stands, and what the last stimulus led to; `state` is None before the start."""

    graph: Graph
    zone: tzinfo
    decide: Decide | None
    now: datetime
    state: State | None = None
    calendar: Calendar = MONDAY_TO_FRIDAY
    effects: tuple[Open, ...] = ()
    history: tuple[Line, ...] = field(default=())

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def clock(self) -> Clock:
        return Clock(self.local, self.calendar)

    def at(self, place: Place) -> "_Game":
        return replace(self, zone=place.zone or self.zone, calendar=place.week)

    def with_result(self, result: tuple[State, Effects]) -> "_Game":
        state, effects = result
        lines = tuple(Line(item.kind, item.node, item.data, self.now) for item in effects.history)
        return replace(
            self,
            state=state,
            effects=(*self.effects, *_open(self.graph, effects.entered)),
            history=(*self.history, *lines),
        )


class _Refusal(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(code, detail)


def play(
    graph: Graph, script: Iterable[Entry], now: datetime, decide: Decide | None = None
) -> Iterator[Outcome]:
    """The process after each stimulus, from `now` on, in whose time zone days are counted unless the script names
    another one; it may also name weekend and holidays.

    A stimulus that does not fit is refused and changes nothing; the play goes on with the next one. `advance` fires
    the timers that become due on the way, each at its own moment, in the order of their moments.
    """
    game = _Game(graph, now.tzinfo or UTC, decide, now.astimezone(UTC))
    for entry in script:
        game = replace(game, effects=(), history=())
        problem = None
        try:
            game = _moved(game, entry)
        except _Refusal as refusal:
            problem = refusal.problem
        except NotPossible as refusal:
            problem = _explained(refusal, entry)
        except Broken as fault:
            problem = Problem("broken", f"The process has a fault: {fault}.")
        yield _outcome(game, entry, problem)


def _moved(game: _Game, entry: Entry) -> _Game:
    """The game after a stimulus. Raises _Refusal, NotPossible or Broken."""
    if entry.verb is Verb.ADVANCE:
        return _advanced(game, entry)
    if entry.verb is Verb.START:
        if game.state is not None:
            raise _Refusal("started", "The process has started before.")
        game = game.at(entry.place) if entry.place else game
        return game.with_result(step.start(game.graph, entry.data, game.clock, game.decide))
    if game.state is None:
        raise _Refusal("not_started", "The process has not started yet.")
    return _stepped(game, game.state, _stimulus(game.graph, game.state, entry))


def _stepped(game: _Game, state: State, stimulus: Stimulus) -> _Game:
    return game.with_result(step.step(game.graph, state, stimulus, game.clock, game.decide))


def _stimulus(graph: Graph, state: State, entry: Entry) -> Stimulus:
    """What an entry of the script means to the engine."""
    if entry.verb is Verb.MESSAGE:
        return Deliver(entry.name, entry.key, entry.data)
    if entry.verb is Verb.INFORM:
        if state.ended:
            raise _Refusal("gone", "The process has ended.")
        return Inform(entry.data)
    token = _found(graph, state, entry)
    if entry.verb is Verb.FAIL:
        return Fail(token.number, entry.code)
    if token.kind is Waits.SERVICE:
        return Finish(token.number, entry.data)
    return Complete(token.number, entry.by, entry.data)


def _found(graph: Graph, state: State, entry: Entry) -> Token:
    """The open element an entry names."""
    if entry.name not in graph.nodes:
        raise _Refusal("unknown", f"The process has no element {entry.name[:100]}.")
    wanted = _NEEDS[entry.verb]
    for token in state.tokens:
        at_node = token.node == entry.name and token.kind in wanted
        if at_node and entry.round in {0, _round(token)}:
            return token
    where = f"round {entry.round} of {entry.name}" if entry.round else entry.name
    raise _Refusal("gone", f"No {' or '.join(wanted)} is open at {where}.")


def _advanced(game: _Game, entry: Entry) -> _Game:
    """Let the clock go on, and fire what becomes due on the way."""
    try:
        until = duration(entry.name).after(game.local)
        until.astimezone(game.zone)
    except (ValueError, OverflowError) as problem:
        raise _Refusal("too_far", "The calendar ends before that.") from problem
    for _firing in range(MOST_FIRINGS):
        state = game.state
        due = _next_timer(state, until)
        if state is None or due is None:
            return replace(game, now=until)
        game = _stepped(replace(game, now=max(game.now, due.due or game.now)), state, Fire(due.number))
    raise _Refusal("too_often", f"More than {MOST_FIRINGS} timers fire in this time.")


def _next_timer(state: State | None, until: datetime) -> Token | None:
    """The timer that fires first, if any does until then; of two at one moment, the older one."""
    timers = [
        (token.due, token.number, token)
        for token in (state.tokens if state else ())
        if token.kind is Waits.TIMER and token.due is not None and token.due <= until
    ]
    return min(timers)[2] if timers else None


def _explained(refusal: NotPossible, entry: Entry) -> Problem:
    if refusal.code == "four_eyes":
        return Problem(
            "four_eyes", f"{entry.by} did the earlier step; another person has to do {refusal.node}."
        )
    if refusal.code == "unawaited":
        with_key = f" with the key {entry.key[:100]}" if entry.key else ""
        return Problem("unawaited", f"Nobody waits for the message {entry.name[:100]}{with_key}.")
    return Problem(refusal.code, f"This does not fit the process: {refusal}.")


def _outcome(game: _Game, entry: Entry, problem: Problem | None) -> Outcome:
    state = game.state
    return Outcome(
        stimulus=entry.written,
        now=game.now,
        open=_open(game.graph, state.tokens) if state else (),
        phase=state.phase if state else "",
        effects=game.effects,
        history=game.history,
        ended=state is not None and state.ended,
        error=problem,
    )


def _open(graph: Graph, tokens: Iterable[Token]) -> tuple[Open, ...]:
    return tuple(_as_open(graph, token) for token in tokens if token.kind in _OUTSIDE)


def _as_open(graph: Graph, token: Token) -> Open:
    node = graph.node(token.node)
    return Open(
        id=node.id,
        name=node.name,
        kind=token.kind.value,
        lane=node.lane,
        due=None if token.held else token.due,
        round=_round(token),
        service=node.service_type,
        message=node.message,
        key=token.key[len(node.message) + 1 :],
        paused=token.held.since if token.held else None,
    )


def _round(token: Token) -> int | None:
    """The round of the innermost multi-instance element a token lies in, counted from 1."""
    found = re.findall(r"\.(\d+)", token.scope)
    return int(found[-1]) + 1 if found else None
