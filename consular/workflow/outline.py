"""What a case has behind it, where it is, and what may come: the steps of its process, from its tokens and its history.

The same steps are written as a list and marked in the diagram.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from consular.workflow.graph import BOUNDARY, ENDS, Graph, Kind, Node
from consular.workflow.mapping import of_json
from consular.workflow.replay import Recorded
from consular.workflow.state import Token, Waits
from consular.workflow.way import Way

SHOWN = frozenset({*Kind} - {Kind.START, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.RACE})
"""The elements that are steps; the others only join them."""
_DONE = frozenset({"completed", "finished", "timer", "message", "decided", "reached"})
_BROKEN_OFF = frozenset({"cancelled", "failed"})
TOLD_BY = _DONE | _BROKEN_OFF | {"entered", "uncaught", "migrated"}
"""The kinds of lines of the history that say something about steps."""


class Standing(StrEnum):
    """How it stands with a step. `watching`: an event that may still come while something else is open."""

    AHEAD = "ahead"
    WATCHING = "watching"
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Trace:
    """What the history says of one element: how often it was done, and what happened to it last, when, by whom."""

    entered: int = 0
    times: int = 0
    is_broken_off: bool = False
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One element of a process as a case stands to it.

    `times` counts how often it was done, `open` how often it is open now (rounds). `at` and `by` belong to what
    happened last. `due` is the earliest of its deadlines; while its clock stands still it `is_paused`. Ends and events
    that never came are left out, as they say nothing about the case. `is_coming`: it lies on the usual way from
    where the case is.
    """

    node: Node
    standing: Standing
    times: int = 0
    open: int = 0
    at: datetime | None = None
    by: str = ""
    due: datetime | None = None
    is_late: bool = False
    is_paused: bool = False
    is_coming: bool = False
    inside: tuple["Step", ...] = ()


def outline(
    graph: Graph, tokens: Iterable[Token], history: Iterable[Recorded], now: datetime
) -> tuple[Step, ...]:
    """The steps of a case in the order of the way, those of sub-processes and called processes inside theirs.

    `history` is oldest first; what happened before a migration is told of the elements the case was moved to. `by` of
    its lines is told as it is given.
    """
    way, tokens = Way(graph), tuple(tokens)
    waiting: dict[str, list[Token]] = {}
    for token in tokens:
        waiting.setdefault(token.node, []).append(token)
    view = _View(way, way.ahead(where(graph, tokens)), waiting, traces(history), now)
    return view.steps("")


def where(graph: Graph, tokens: Iterable[Token]) -> frozenset[str]:
    """Where the case is: not in what only holds something, not at events that may come meanwhile.

    Of events that race, the one that usually wins.
    """
    held = sorted(
        (token for token in tokens if token.kind is not Waits.SCOPE and not token.host),
        key=lambda token: graph.nodes[token.node].kind is Kind.TIMER,
    )
    races: set[int] = set()
    found = set()
    for token in held:
        if not token.race or token.race not in races:
            found.add(token.node)
        races.add(token.race)
    return frozenset(found)


def traces(history: Iterable[Recorded]) -> dict[str, Trace]:
    """What the history says of each element."""
    found: dict[str, Trace] = {}
    for line in history:
        data: Mapping[str, Any] = line.item.data
        if line.item.kind == "migrated":
            found = _moved(found, data)
            continue
        if line.item.kind == "uncaught":
            found = {node: _cut(trace, line) for node, trace in found.items()}
            continue
        found[line.item.node] = _with(found.get(line.item.node, Trace()), line)
    return found


def _with(trace: Trace, line: Recorded) -> Trace:
    kind, at = line.item.kind, moment(line)
    if kind == "entered":
        return replace(trace, entered=trace.entered + 1, is_broken_off=False)
    if kind in _DONE:
        return replace(trace, times=trace.times + 1, at=at, by=line.by, is_broken_off=False)
    if kind in _BROKEN_OFF:
        return replace(trace, is_broken_off=True, at=at, by="")
    return trace


def moment(line: Recorded) -> datetime:
    """When a line of history was written."""
    return line.at if isinstance(line.at, datetime) else line.at.now


def _cut(trace: Trace, line: Recorded) -> Trace:
    """An error nobody caught ended everything that was still open."""
    if trace.entered > trace.times:
        return replace(trace, is_broken_off=True, at=moment(line), by="")
    return trace


def _moved(found: Mapping[str, Trace], data: Mapping[str, Any]) -> dict[str, Trace]:
    mapping = of_json(data.get("mapping", {}))
    return {mapping.element(node): trace for node, trace in found.items()}


@dataclass(frozen=True, slots=True)
class _View:
    """All there is to know while the steps are put together."""

    way: Way
    coming: frozenset[str]
    waiting: Mapping[str, list[Token]]
    traces: Mapping[str, Trace]
    now: datetime

    def steps(self, parent: str) -> tuple[Step, ...]:
        """The steps that lie directly in a sub-process."""
        found = (self.step(node) for node in self.way.inside(parent) if node.kind in SHOWN)
        return tuple(step for step in found if _says_something(step))

    def step(self, node: Node) -> Step:
        """One element with what lies in it."""
        trace = self.traces.get(node.id, Trace())
        tokens = [token for token in self.waiting.get(node.id, []) if token.kind is not Waits.JOIN]
        inside = self.steps(node.id) if node.kind is Kind.SUB else ()
        running = [token for token in tokens if not (token.kind is Waits.SCOPE and token.rounds)]
        due = min((token.due for token in tokens if token.due), default=None)
        return Step(
            node=node,
            standing=_standing(node, tokens, trace, inside),
            times=trace.times,
            open=len(running) or len(tokens),
            at=trace.at,
            by=trace.by,
            due=due,
            is_late=any(_is_late(token, self.now) for token in tokens),
            is_paused=any(token.held for token in tokens),
            is_coming=node.id in self.coming,
            inside=inside,
        )


def _is_late(token: Token, now: datetime) -> bool:
    """Work that is overdue; a timer that is due does its work by itself."""
    waits_for_work = token.kind is not Waits.TIMER and token.held is None
    return waits_for_work and token.due is not None and token.due < now


def _standing(node: Node, tokens: list[Token], trace: Trace, inside: tuple[Step, ...]) -> Standing:
    if tokens:
        return Standing.WATCHING if all(token.host for token in tokens) else Standing.OPEN
    if trace.is_broken_off:
        return Standing.CANCELLED
    if node.kind is Kind.SUB:
        begun = trace.entered or any(step.standing is not Standing.AHEAD for step in inside)
        return Standing.DONE if begun else Standing.AHEAD
    return Standing.DONE if trace.times else Standing.AHEAD


def _says_something(step: Step) -> bool:
    return step.standing is not Standing.AHEAD or step.node.kind not in BOUNDARY | ENDS
