"""From the history of a case back to its tokens: the same stimuli at the same moments give the same state."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from consular.workflow.days import Clock
from consular.workflow.graph import Graph
from consular.workflow.state import (
    Complete,
    Decide,
    Deliver,
    Fail,
    Finish,
    Fire,
    HistoryItem,
    Inform,
    NotPossible,
    State,
    Stimulus,
)
from consular.workflow.step import start, step


@dataclass(frozen=True, slots=True)
class Recorded:
    """One line of history with its moment (in the time zone of the mission, on a clock with its calendar where working
    days count) and the natural person who acted.
    """

    at: datetime | Clock
    item: HistoryItem
    by: str = ""


Follow = Callable[[Recorded, State], tuple[Graph, State, Decide | None]]
"""Where a case was moved to another version: that process, the state in it, and what answers its decisions."""


def replay(
    graph: Graph, history: Iterable[Recorded], decide: Decide | None = None, follow: Follow | None = None
) -> State:
    """The state the history leads to. Raises NotPossible where the history does not fit the process.

    Deadlines are those that were set then, also where the calendar has learnt of another holiday since. A case that was
    moved to another version can only be replayed by those who can `follow` it there.
    """
    state = State()
    for line in history:
        data: Mapping[str, Any] = line.item.data
        if line.item.kind == "migrated":
            if follow is None:
                raise NotPossible("migrated")
            graph, state, decide = follow(line, state)
            continue
        if line.item.kind == "started":
            state, _effects = start(graph, data.get("variables", {}), line.at, decide)
            continue
        stimulus = stimulus_of(line)
        if stimulus is not None:
            state, _effects = step(graph, state, stimulus, line.at, decide)
        elif line.item.kind in {"entered", "resumed"} and "due" in data:
            state = with_deadline(state, data["token"], datetime.fromisoformat(data["due"]))
    return state


def with_deadline(state: State, number: int, due: datetime) -> State:
    """The state with the deadline one token had."""
    tokens = list(state.tokens)
    for index, token in enumerate(tokens):
        if token.number == number and token.deadline != due:
            held = replace(token.held, due=due) if token.held else None
            shown = token.due if held and token.due is None else due
            tokens[index] = token._replace(due=shown, held=held)
            return state._replace(tokens=tuple(tokens))
    return state


def stimulus_of(line: Recorded) -> Stimulus | None:
    """What came from outside; what only followed from it (entered, paused, resumed, decided, cancelled, reached,
    ended) is None.
    """
    data: Mapping[str, Any] = line.item.data
    variables = data.get("variables", {})
    match line.item.kind:
        case "completed":
            return Complete(data["token"], line.by, variables)
        case "finished":
            return Finish(data["token"], variables)
        case "failed":
            return Fail(data["token"], data["code"])
        case "timer":
            return Fire(data["token"])
        case "message":
            return Deliver(data["message"], data["key"], variables)
        case "informed":
            return Inform(variables)
    return None
