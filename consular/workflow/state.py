"""A running process as frozen values: what it waits for, what it remembers, what happens to it.

What every step makes anew is a named tuple: it is made in a third of the time a frozen dataclass takes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from consular.workflow.graph import Node


class Waits(StrEnum):
    """What a token waits for; the same words as the kinds of rows."""

    TASK = "task"
    SERVICE = "service"
    TIMER = "timer"
    MESSAGE = "message"
    JOIN = "join"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a multi-instance element: its own variables, and, when over, what it gives."""

    own: Mapping[str, object]
    over: bool = False
    gave: object = None


@dataclass(frozen=True, slots=True)
class Held:
    """A clock that stands still since a moment; `due` is when it would have run out. Both in UTC."""

    since: datetime
    due: datetime


class Token(NamedTuple):
    """Something the process waits for at a node. `number` is unique in the instance and never used twice.

    `scope` is the path of the sub-processes it lies in: numbers of their tokens, with `.round` in multi-
    instance. `host` is the number of the activity a boundary event guards, `race` that of an event-based
    gateway's group, `flow` the flow by which it came to a join. While its clock stands still it is `held`.
    """

    number: int
    node: str
    kind: Waits
    scope: str = ""
    due: datetime | None = None
    key: str = ""
    host: int = 0
    race: int = 0
    flow: str = ""
    rounds: tuple[Round, ...] = ()
    held: Held | None = None

    @property
    def deadline(self) -> datetime | None:
        """When it is due, or would have been had its clock not stopped."""
        return self.held.due if self.held else self.due


class Done(NamedTuple):
    """Which natural person completed which task, in which scope: four eyes are judged by it."""

    node: str
    scope: str
    by: str


class State(NamedTuple):
    """Everything a running process is. It has ended when it waits for nothing."""

    tokens: tuple[Token, ...] = ()
    variables: Mapping[str, object] = MappingProxyType({})
    done: tuple[Done, ...] = ()
    phase: str = ""
    numbers: int = 0

    @property
    def ended(self) -> bool:
        return not self.tokens


class Complete(NamedTuple):
    """A person completes a task. `by` is the natural person, "" for nobody in particular."""

    token: int
    by: str = ""
    variables: Mapping[str, object] = MappingProxyType({})


class Finish(NamedTuple):
    """A service step is done."""

    token: int
    variables: Mapping[str, object] = MappingProxyType({})


class Fail(NamedTuple):
    """A service step ended in a business error that the process knows."""

    token: int
    code: str


class Fire(NamedTuple):
    """The time of a timer has come."""

    token: int


class Deliver(NamedTuple):
    """A message arrives; with a key it is meant for the one who waits for that key."""

    message: str
    key: str = ""
    variables: Mapping[str, object] = MappingProxyType({})


class Inform(NamedTuple):
    """Something became known outside the process; nothing moves."""

    variables: Mapping[str, object]


Stimulus = Complete | Finish | Fail | Fire | Deliver | Inform


class HistoryItem(NamedTuple):
    """One line for the history of the case: what happened at which node, and facts worth keeping, ready for
    JSON.
    """

    kind: str
    node: str
    data: Mapping[str, object] = MappingProxyType({})


class Effects(NamedTuple):
    """What a step led to: what is newly waited for, and the history, oldest first."""

    entered: tuple[Token, ...]
    history: tuple[HistoryItem, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer of a decision table, ready for JSON, and the ids of the rules that fired."""

    value: object
    rules: tuple[str, ...] = ()


Decide = Callable[[Node, Mapping[str, object], datetime], Decided]
"""Answers a business rule task from the routing variables, at a moment in the time zone of the mission."""


class NotPossible(Exception):
    """The stimulus does not fit the state.

    `code` is one of gone (no such token waits), four_eyes, early (the timer is not due), unawaited (nobody
    waits for the message).
    """

    def __init__(self, code: str, node: str = "") -> None:
        super().__init__(f"{code} {node}".strip())
        self.code = code
        self.node = node


class Broken(Exception):
    """The model asks for the impossible at run time: a list that is none, a time that is none, an endless
    loop.
    """
