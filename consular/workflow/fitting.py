"""Whether one element of a new process can take over a token of an old one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consular.workflow import endings
from consular.workflow.graph import BOUNDARY, Graph, Kind, Node
from consular.workflow.mapping import TokenMapping
from consular.workflow.state import State, Token, Waits

_ALIKE = ({Kind.SERVICE, Kind.SEND}, {Kind.RECEIVE, Kind.MESSAGE})
"""Kinds that wait for the same and go on in the same way."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case cannot be moved: a stable word, the element (of the old process), and English for process owners."""

    code: str
    element: str
    detail: str

    def __str__(self) -> str:
        return f"{self.element}: {self.detail}"


def unknown(old: Graph, new: Graph, mapping: TokenMapping) -> Iterator[Reason]:
    """What a mapping names that is not there, or is no boundary event where only those make sense."""
    old_flows, new_flows = (
        {flow.id for node in graph.nodes.values() for flow in node.outgoing} for graph in (old, new)
    )
    for names, known, what in (
        (mapping.elements.keys(), old.nodes.keys(), "the old process has no such element"),
        (mapping.elements.values(), new.nodes.keys(), "the new process has no such element"),
        (mapping.flows.keys(), old_flows, "the old process has no such flow"),
        (mapping.flows.values(), new_flows, "the new process has no such flow"),
        (mapping.drop, _guards(old), "the old process has no such boundary event"),
        (mapping.begin | mapping.without, _guards(new), "the new process has no such boundary event"),
    ):
        for name in sorted(set(names) - set(known)):
            yield Reason("mapping", name, what)


def _guards(graph: Graph) -> set[str]:
    return {node.id for node in graph.nodes.values() if node.kind in BOUNDARY - {Kind.ON_ERROR}}


def is_guarded(token: Token, state: State) -> bool:
    """Whether boundary events hang on this token: not on guards, joins, races, and single rounds of a task."""
    if token.host or token.race or token.kind is Waits.JOIN:
        return False
    return not _is_round(token, {one.number: one for one in state.tokens})


def _is_round(token: Token, tokens: Mapping[int, Token]) -> bool:
    """Whether a token is one round of a task, which lies in the token that holds all its rounds."""
    return bool(token.scope) and not token.host and tokens[endings.holder(token.scope)].node == token.node


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tokens of one case lie, in two processes."""

    old: Graph
    new: Graph
    mapping: TokenMapping
    tokens: Mapping[int, Token]

    def reasons(self, token: Token, old: Node, new: Node) -> Iterator[Reason]:
        """Everything that keeps a token from going on at the new element."""

        def reason(code: str, detail: str) -> Reason:
            return Reason(code, old.id, detail)

        if old.kind is not new.kind and not any({old.kind, new.kind} <= alike for alike in _ALIKE):
            yield reason("kind", f"{new.id} is no {old.kind} but a {new.kind}")
            return
        if old.lane != new.lane and old.kind is Kind.USER and old.id not in self.mapping.elements:
            yield reason(
                "lane", f"the lane is now {new.lane}, not {old.lane}; map it expressly if that is meant"
            )
        if old.service_type != new.service_type:
            yield reason(
                "service",
                f"{old.service_type} is on its way already; the new process wants {new.service_type}",
            )
        yield from self._of_loop(old, new)
        yield from self._of_scope(token, old, new)
        if token.kind is Waits.JOIN and self.mapping.flow(token.flow) not in new.incoming:
            yield reason("flow", f"came by {token.flow}, which does not lead to {new.id}; map the flow")

    def _of_loop(self, old: Node, new: Node) -> Iterator[Reason]:
        if (old.loop is None) != (new.loop is None):
            yield Reason(
                "loop", old.id, "only one of the two processes repeats it for each element of a list"
            )
        elif old.loop and new.loop and old.loop.each != new.loop.each:
            yield Reason("loop", old.id, f"its rounds know {old.loop.each}, not {new.loop.each}")

    def _of_scope(self, token: Token, old: Node, new: Node) -> Iterator[Reason]:
        """Sub-processes and guarded activities around a token must be those around its new element."""
        parent = ""
        if token.scope:
            holder = self.tokens[endings.holder(token.scope)]
            parent = self.mapping.element(holder.node)
            if _is_round(token, self.tokens):
                parent = new.parent if parent == new.id else parent
        if new.parent != parent:
            yield Reason(
                "scope",
                old.id,
                f"{new.id} lies in {new.parent or 'no sub-process'}, not in {parent or 'none'}",
            )
        if token.host:
            host = self.mapping.element(self.tokens[token.host].node)
            if new.attached_to != host:
                yield Reason("scope", old.id, f"{new.id} hangs on {new.attached_to}, not on {host}")


def races(new: Graph, mapping: TokenMapping, state: State) -> Iterator[Reason]:
    """The events behind an event-based gateway stay all the events behind one."""
    groups: dict[int, set[str]] = {}
    for token in state.tokens:
        target = mapping.element(token.node)
        if target not in new.nodes or token.host:
            continue
        if token.race:
            groups.setdefault(token.race, set()).add(token.node)
        elif _rivals(new, target):
            yield Reason("race", token.node, f"{target} waits with others behind an event-based gateway")
    for group in groups.values():
        targets = {mapping.element(node) for node in group}
        if len(targets) < len(group) or any(_rivals(new, target) != targets for target in targets):
            yield Reason("race", min(group), "the new process waits for other events at the same time")


def _rivals(graph: Graph, id: str) -> set[str]:
    """The events that wait together behind an event-based gateway, this one too; nothing when it is alone."""
    for node in graph.nodes.values():
        ways = {flow.target for flow in node.outgoing}
        if node.kind is Kind.RACE and id in ways:
            return ways
    return set()
