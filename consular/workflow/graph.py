"""A compiled process: frozen nodes and flows, read by the engine, the soundness check and the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consular.rules.feel import Expression
from consular.workflow.timing import Timing


class Kind(StrEnum):
    """The elements of the subset (BPMN 2.0, sections 10.2 to 10.6)."""

    START = "start"
    END = "end"
    TERMINATE = "terminate"
    ERROR = "error"
    USER = "user"
    SERVICE = "service"
    SEND = "send"
    RECEIVE = "receive"
    RULE = "rule"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    RACE = "race"
    SUB = "sub"
    TIMER = "timer"
    MESSAGE = "message"
    ON_TIMER = "on_timer"
    ON_MESSAGE = "on_message"
    ON_ERROR = "on_error"


class Allocation(StrEnum):
    """How a task finds the person who does it: picked, or handed out by the queue."""

    FREE = "free"
    OLDEST = "oldest"
    RANDOM = "random"


UNLIMITED = Timing(written="P30D")
"""The time limit of a task whose process names none: queues are sorted by it, so that no task is without."""

ENDS = frozenset({Kind.END, Kind.TERMINATE, Kind.ERROR})
BOUNDARY = frozenset({Kind.ON_TIMER, Kind.ON_MESSAGE, Kind.ON_ERROR})
ACTIVITIES = frozenset({Kind.USER, Kind.SERVICE, Kind.SEND, Kind.RECEIVE, Kind.RULE, Kind.SUB})
CATCHES = frozenset({Kind.TIMER, Kind.MESSAGE, Kind.RECEIVE})
"""What may follow an event-based gateway."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` only behind an exclusive gateway."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Parallel multi-instance: one round for each element of the list `over`, called `each` inside the round.

    The value of `gives` at the end of each round is collected, in the order of the list, in the variable
    `into`.
    """

    over: Expression
    each: str = ""
    gives: Expression | None = None
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One element. `parent` is the sub-process it lies in ("" for the process itself); `name` is a msgid.

    `clock` is what runs while a token waits here: the time of an event, or the limit of a task; every task has one.
    """

    id: str
    kind: Kind
    name: str = ""
    line: int = 0
    parent: str = ""
    lane: str = ""
    phase: str = ""
    form: str = ""
    step: str = ""
    letter: str = ""
    outcome: str = ""
    sla: Timing | None = None
    four_eyes_with: str = ""
    allocation: Allocation = Allocation.FREE
    together: bool = False
    office: Expression | None = None
    deadline: str = ""
    service_type: str = ""
    decision: str = ""
    result: str = ""
    message: str = ""
    key: Expression | None = None
    timing: Timing | None = None
    error_code: str = ""
    attached_to: str = ""
    interrupting: bool = True
    loop: Loop | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default: str = ""
    boundaries: tuple[str, ...] = ()
    start: str = ""
    clock: Timing | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        clock = self.timing or self.sla or (UNLIMITED if self.kind is Kind.USER else None)
        object.__setattr__(self, "clock", clock)


@dataclass(frozen=True, slots=True)
class Graph:
    """One process. Node ids are unique; those of a called process are prefixed with the calling element's
    id and /. `pauses`: whether any clock in it ever stands still. `nests`: whether it has sub-processes or rounds.
    """

    id: str
    name: str
    start: str
    nodes: Mapping[str, Node]
    pauses: bool = field(init=False, compare=False)
    nests: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        clocks = [node.clock for node in self.nodes.values()]
        object.__setattr__(self, "pauses", any(clock is not None and clock.pauses for clock in clocks))
        nests = any(node.kind is Kind.SUB or node.loop is not None for node in self.nodes.values())
        object.__setattr__(self, "nests", nests)

    def node(self, node_id: str) -> Node:
        """The element with this id; KeyError when the process has none."""
        return self.nodes[node_id]

    def inside(self, parent: str) -> tuple[Node, ...]:
        """The elements that lie directly in a sub-process, or in the process itself ("")."""
        return tuple(node for node in self.nodes.values() if node.parent == parent)
