"""One history in two processes, step by step, and the place where the ways part."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from consular.workflow import days
from consular.workflow.days import Clock
from consular.workflow.graph import Graph, Node
from consular.workflow.mapping import NO_CHANGES, TokenMapping
from consular.workflow.replay import Follow, Recorded, stimulus_of, with_deadline
from consular.workflow.state import (
    Decide,
    Decided,
    Deliver,
    Effects,
    Fire,
    Inform,
    NotPossible,
    State,
    Stimulus,
    Waits,
)
from consular.workflow.step import start, step


@dataclass(frozen=True, slots=True)
class World:
    """One process with the answers to its decisions."""

    graph: Graph
    decide: Decide | None = None


class Parted(Exception):
    """The ways part: the case `went` to one element and `would` have gone to another one, "" for nowhere else."""

    def __init__(self, went: str, would: str, detail: str = "") -> None:
        super().__init__(detail)
        self.went = went
        self.would = would
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Block:
    """A stimulus and what followed from it."""

    first: Recorded
    rest: tuple[Recorded, ...]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.first.item.data


def blocks(history: Iterable[Recorded]) -> Iterator[Block]:
    """The history of a process, cut before each stimulus."""
    block: list[Recorded] = []
    for line in history:
        if line.item.kind in {"started", "migrated"} or stimulus_of(line) is not None:
            if block:
                yield Block(block[0], tuple(block[1:]))
            block = []
        block.append(line)
    if block:
        yield Block(block[0], tuple(block[1:]))


@dataclass(slots=True)
class Comparison:
    """Both worlds, and which token of one is which of the other."""

    graph: Graph
    other: World
    mapping: TokenMapping
    follow: Follow | None
    has_begun: bool = False
    old: State = field(default_factory=State)
    new: State = field(default_factory=State)
    pairs: dict[int, int] = field(default_factory=dict)
    clock: Clock = field(default_factory=lambda: Clock(datetime.min.replace(tzinfo=UTC)))
    late: tuple[int, Effects, str] | None = None
    """A timer of the old world that has struck, but not yet in the new one: its number there, and what it led to."""

    def take(self, block: Block) -> None:
        """The next thing that happened."""
        self.clock = days.clock(block.first.at)
        if block.first.item.kind == "migrated":
            self._migrated(block)
            return
        self._strike_late(self.clock.now)
        before = self.old
        effects = self._old_step(block)
        stimulus = stimulus_of(block.first)
        if stimulus is None:
            self.has_begun = True
            given = block.data.get("variables", {})
            self.new, there = start(self.other.graph, given, self.clock, self.other.decide)
            self._same(effects, there, block)
            return
        self._nothing_earlier(stimulus, before)
        self._step(stimulus, effects, block)

    def end(self) -> None:
        """After the last thing that happened: nothing is left open in only one of the two worlds."""
        if self.late is not None:
            self._strike_late(None)
        if self.old.ended and not self.new.ended:
            raise Parted("", self.new.tokens[0].node, "would still be open")

    def _migrated(self, block: Block) -> None:
        if self.follow is None or block.data["mapping"].get("elements"):
            raise NotPossible("migrated with other names")
        self.graph, self.old, _decide = self.follow(block.first, self.old)

    def _old_step(self, block: Block) -> Effects:
        """What really happened, with the decisions as they were taken then."""
        decided = iter([line.item.data for line in block.rest if line.item.kind == "decided"])

        def decide(node: Node, variables: Mapping[str, object], now: datetime) -> Decided:
            facts: Any = next(decided, None)
            if facts is None:
                raise NotPossible("undecided", node.id)
            return Decided(facts["value"], tuple(facts["rules"]))

        stimulus = stimulus_of(block.first)
        if stimulus is None:
            given = block.data.get("variables", {})
            self.old, effects = start(self.graph, given, self.clock, decide)
        else:
            self.old, effects = step(self.graph, self.old, stimulus, self.clock, decide)
        return effects

    def _step(self, stimulus: Stimulus, effects: Effects, block: Block) -> None:
        """The same in the other world; a timer that is not due there yet is waited for."""
        node = block.first.item.node
        number = self._number(stimulus, node)
        if isinstance(stimulus, Fire) and number is not None:
            token = next(token for token in self.new.tokens if token.number == number)
            if token.due is None or token.due > self.clock.now:
                self.late = (number, effects, node)
                self._keep_deadlines(block)
                return
        there_given = _for_token(stimulus, number)
        try:
            self.new, there = step(self.other.graph, self.new, there_given, self.clock, self.other.decide)
        except NotPossible as refusal:
            raise Parted(node, "", f"would have been refused: {refusal}") from refusal
        self._same(effects, there, block)

    def _number(self, stimulus: Stimulus, node: str) -> int | None:
        """The token of the other world a stimulus is for."""
        if isinstance(stimulus, Deliver | Inform):
            return None
        number = self.pairs.get(stimulus.token)
        if number is None or all(token.number != number for token in self.new.tokens):
            raise Parted(node, "", "does not wait there")
        return number

    def _same(self, went: Effects, there: Effects, block: Block) -> None:
        self._compare(went, there)
        self._keep_deadlines(block)

    def _compare(self, went: Effects, there: Effects) -> None:
        """Both led to the same elements, or the ways part here."""
        old = Counter(self.mapping.element(node) for node in _places(went))
        new = Counter(_places(there))
        if old != new:
            raise Parted(_first(old - new, went, self.mapping), _first(new - old, there, NO_CHANGES))
        self._pair(went, there)

    def _pair(self, went: Effects, there: Effects) -> None:
        """Tokens that came to the same element at the same time belong together, guards with what they guard."""
        free = list(there.entered)
        for token in went.entered:
            host = self.pairs.get(token.host, 0)
            for other in free:
                if (other.node, other.host) == (self.mapping.element(token.node), host):
                    self.pairs[token.number] = other.number
                    free.remove(other)
                    break

    def _keep_deadlines(self, block: Block) -> None:
        """Deadlines are those set then; in the other world, too, where it would have set the same."""
        for line in block.rest:
            data: Mapping[str, Any] = line.item.data
            if line.item.kind in {"entered", "resumed"} and "due" in data:
                due, number = datetime.fromisoformat(data["due"]), data["token"]
                before = {token.number: token.deadline for token in self.old.tokens}.get(number)
                there = {token.number: token.deadline for token in self.new.tokens}.get(
                    self.pairs.get(number, 0)
                )
                self.old = with_deadline(self.old, number, due)
                if there is not None and there == before:
                    self.new = with_deadline(self.new, self.pairs[number], due)

    def _nothing_earlier(self, stimulus: Stimulus, before: State) -> None:
        """No timer of the other world struck before this moment, unless it waited as long in the old one."""
        struck = self.pairs.get(stimulus.token) if isinstance(stimulus, Fire) else None
        olds = {self.pairs[token.number]: token for token in before.tokens if token.number in self.pairs}
        for token in self.new.tokens:
            if (
                token.kind is Waits.TIMER
                and token.due is not None
                and token.due < self.clock.now
                and token.number != struck
            ):
                there = olds.get(token.number)
                if there is None or there.due != token.due:
                    raise Parted("", token.node, "would have struck earlier")

    def _strike_late(self, moment: datetime | None) -> None:
        """The timer that struck later in the other world does so before the next thing happens, or never."""
        if self.late is None:
            return
        number, effects, node = self.late
        token = next((token for token in self.new.tokens if token.number == number), None)
        if token is None or token.due is None or (moment is not None and token.due > moment):
            raise Parted(node, "", "would not have struck yet")
        self.late = None
        then = replace(self.clock, now=token.due.astimezone(self.clock.zone))
        self.new, there = step(self.other.graph, self.new, Fire(number), then, self.other.decide)
        self._compare(effects, there)


def _for_token(stimulus: Stimulus, number: int | None) -> Stimulus:
    """The stimulus for a token of the other world; messages look for theirs themselves."""
    if number is None or isinstance(stimulus, Deliver | Inform):
        return stimulus
    return stimulus._replace(token=number)


def _places(effects: Effects) -> list[str]:
    """Where the path leads: what waits there itself, and the ends it reached."""
    waiting = [
        token.node
        for token in effects.entered
        if not token.host and token.kind not in {Waits.JOIN, Waits.SCOPE}
    ]
    return [*waiting, *(item.node for item in effects.history if item.kind == "reached")]


def _first(more: Counter[str], effects: Effects, mapping: TokenMapping) -> str:
    """The first element that the other world did not come to, as its own process calls it."""
    return next((node for node in _places(effects) if more[mapping.element(node)]), "")
