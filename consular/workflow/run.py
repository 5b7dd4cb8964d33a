"""The workbench of one step: a state being changed, seen by nobody else, and frozen again at the end."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime

from consular.workflow import pausing, values
from consular.workflow.days import Clock, clock
from consular.workflow.graph import Flow, Graph, Node
from consular.workflow.state import (
    Broken,
    Decide,
    Decided,
    Done,
    Effects,
    HistoryItem,
    Round,
    State,
    Token,
    Waits,
)

MOST_TOKENS = 2_000


class Run:
    """Tokens, variables and history while one stimulus is worked off."""

    __slots__ = (
        "arrivals", "clock", "decide", "done", "graph", "history", "now", "numbers", "phase", "state", "tokens",
        "variables",
    )  # fmt: skip

    def __init__(self, graph: Graph, state: State, now: datetime | Clock, decide: Decide | None) -> None:
        self.graph = graph
        self.state = state
        self.clock = clock(now)
        self.now = self.clock.now
        self.decide = decide
        self.tokens = {token.number: token for token in state.tokens}
        self.variables: Mapping[str, object] = state.variables
        self.done = state.done
        self.phase = state.phase
        self.numbers = state.numbers
        self.arrivals: deque[tuple[Flow, str]] = deque()
        self.history: list[HistoryItem] = []

    def note(self, kind: str, node: str, data: Mapping[str, object] | None = None) -> None:
        """Write one line of history."""
        self.history.append(HistoryItem(kind, node, data or {}))

    def number(self) -> int:
        """The next number, for a token or a group of tokens."""
        self.numbers += 1
        return self.numbers

    def put(self, token: Token) -> None:
        """Add a token, or replace the one with its number."""
        self.tokens[token.number] = token
        if len(self.tokens) > MOST_TOKENS:
            raise Broken(f"more than {MOST_TOKENS} tokens at once")

    def enter(self, node: Node) -> None:
        """The case is at this node now: its phase counts."""
        if node.phase:
            self.phase = node.phase

    def leave(self, node: Node, scope: str) -> None:
        """Send one token along every flow out of a node."""
        for flow in node.outgoing:
            self.arrivals.append((flow, scope))

    def remember(self, token: Token, by: str) -> None:
        """Keep who completed a task, once for each person, task and scope."""
        done = Done(token.node, token.scope, by)
        if by and done not in self.done:
            self.done = (*self.done, done)

    def context(self, scope: str) -> Mapping[str, object]:
        """The variables seen in a scope: those of the process, and those of the rounds around it."""
        return seen(self.variables, self.tokens, scope) if "." in scope else self.variables

    def set(self, scope: str, variables: Mapping[str, object]) -> None:
        """Set variables in the innermost round around a scope, or in the process."""
        if not variables:
            return
        rounds = _rounds(scope)
        if not rounds:
            self.variables = {**self.variables, **variables}
            return
        number, index = rounds[-1]
        own = self.tokens[number].rounds[index].own
        self.set_round(number, index, Round({**own, **variables}))

    def set_round(self, number: int, index: int, changed: Round) -> None:
        """Replace one round of a multi-instance element."""
        host = self.tokens[number]
        rounds = (*host.rounds[:index], changed, *host.rounds[index + 1 :])
        self.put(host._replace(rounds=rounds))

    def answer(self, node: Node, scope: str) -> Decided:
        """What the decision of a business rule task says, by the variables and, as `on`, the day it is asked."""
        if self.decide is None:
            raise Broken(f"nobody answers the decision {node.decision} of {node.id}")
        return self.decide(node, {"on": self.now.date(), **self.context(scope)}, self.now)

    def due(self, node: Node, scope: str) -> datetime | None:
        """When the timer of an event or the time limit of a task ends; every task has one."""
        if node.clock is None:
            return None
        try:
            return node.clock.due(self.clock, self.context(scope))
        except (ValueError, OverflowError) as problem:
            raise Broken(f"{node.id}: {problem}") from problem

    def key(self, node: Node, scope: str) -> str:
        """The key of a message somebody waits for, as text."""
        if node.key is None:
            return ""
        value = values.to_json(node.key.evaluate(self.context(scope), now=self.now))
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise Broken(f"{node.id}: the correlation key is neither text nor a whole number")
        return str(value)

    def turn_clocks(self) -> list[HistoryItem]:
        """Stop and start clocks as the phase wants it now that everything waits; a line of history for each."""
        lines: list[HistoryItem] = []
        for token in tuple(self.tokens.values()):
            if not (self.graph.pauses or token.held):
                continue
            timing = self.graph.nodes[token.node].clock
            if timing is None:
                continue
            turned = pausing.turned(token, timing, self.phase, self.clock)
            if turned is not token:
                self.put(turned)
                facts = _with_due(turned)
                lines.append(HistoryItem("paused" if turned.held else "resumed", token.node, facts))
        return lines

    def result(self) -> tuple[State, Effects]:
        """The state as it is now, and what is new in it."""
        turned = self.turn_clocks()
        last = self.state.numbers
        entered = []
        for token in self.tokens.values():
            if token.number > last:
                entered.append(token)
                if token.kind is not Waits.JOIN:
                    self.note("entered", token.node, _entered(token))
        self.history.extend(turned)
        if not self.tokens:
            self.note("ended", self.graph.id)
        state = State(tuple(self.tokens.values()), self.variables, self.done, self.phase, self.numbers)
        return state, Effects(tuple(entered), tuple(self.history))


def seen(variables: Mapping[str, object], tokens: Mapping[int, Token], scope: str) -> Mapping[str, object]:
    """The variables seen in a scope: those of the process, and those of the rounds around it."""
    for number, index in _rounds(scope):
        variables = {**variables, **tokens[number].rounds[index].own}
    return variables


def _entered(token: Token) -> dict[str, object]:
    facts = _with_due(token)
    facts["kind"] = str(token.kind)
    return facts


def _with_due(token: Token) -> dict[str, object]:
    """A token in the history, with its deadline: replays take it from there, whatever calendars say by then."""
    facts: dict[str, object] = {"token": token.number}
    if (deadline := token.deadline) is not None:
        facts["due"] = deadline.isoformat()
    return facts


def _rounds(scope: str) -> list[tuple[int, int]]:
    """The multi-instance rounds in a scope's path, outermost first, as token number and index."""
    if "." not in scope:
        return []
    parts = (part.partition(".") for part in scope.split("/"))
    return [(int(number), int(index)) for number, dot, index in parts if dot]
