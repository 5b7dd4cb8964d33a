"""The few parts of the way an applicant is told: what is done, where the case is, what usually comes next.

A part is named by the property `step` of an element, or by the phase in which the case is decided or ready. Where a
process names no step at all, every phase it enters is a part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from consular.workflow.graph import Graph, Node
from consular.workflow.outline import Standing, traces, where
from consular.workflow.replay import Recorded
from consular.workflow.state import Token
from consular.workflow.way import Way

TOGETHER: Mapping[str, str] = {"approve": "propose", "hand_over": "ready"}
"""Parts that are one for the applicant: that a second officer sent a proposal back is no news for outside."""
ALWAYS_TOLD = frozenset({"decided", "ready"})
NEVER_TOLD = frozenset({"", "received", "closed"})


@dataclass(frozen=True, slots=True)
class Milestone:
    """One part of the way. `key`: its step or phase; `node`: the element it is told by; `at`: when it was last done."""

    key: str
    node: Node
    standing: Standing
    at: datetime | None = None


def milestones(graph: Graph, tokens: Iterable[Token], history: Iterable[Recorded]) -> tuple[Milestone, ...]:
    """What is done (in the order it was done), what is open, and what comes next on the usual way; each part once.

    While nothing that has a name is open, the part that comes next counts as open: it is being worked towards.
    """
    way = Way(graph)
    keys = _keys(graph)
    places = where(graph, tokens)
    coming = way.ahead(places)
    now = _parts(keys, (node for node in way.all() if node.id in places))
    later = _parts(keys, (node for node in way.all() if node.id in coming), without=now)
    if places and not now and later:
        first = next(iter(later))
        now[first] = later.pop(first)
    done = [line for line in _done(graph, keys, history) if line.key not in {*now, *later}]
    return (
        *done,
        *(Milestone(key, node, Standing.OPEN) for key, node in now.items()),
        *(Milestone(key, node, Standing.AHEAD) for key, node in later.items()),
    )


def _keys(graph: Graph) -> dict[str, str]:
    """The part each element belongs to, where it belongs to one."""
    names_steps = any(node.step for node in graph.nodes.values())
    return {node.id: key for node in graph.nodes.values() if (key := _key(node, names_steps))}


def _key(node: Node, names_steps: bool) -> str:
    phase = "" if node.phase in NEVER_TOLD or (names_steps and node.phase not in ALWAYS_TOLD) else node.phase
    return TOGETHER.get(node.step, node.step) or phase


def _parts(
    keys: Mapping[str, str], nodes: Iterable[Node], without: Mapping[str, Node] | None = None
) -> dict[str, Node]:
    """The parts these elements belong to, each with its first element."""
    found: dict[str, Node] = {}
    for node in nodes:
        key = keys.get(node.id)
        if key and key not in (without or {}):
            found.setdefault(key, node)
    return found


def _done(graph: Graph, keys: Mapping[str, str], history: Iterable[Recorded]) -> list[Milestone]:
    """The parts of which something was done, in the order in which that was last."""
    last: dict[str, Milestone] = {}
    for node_id, trace in traces(history).items():
        key = keys.get(node_id)
        if key is None or not trace.times or trace.at is None:
            continue
        known = last.get(key)
        if known is None or known.at is None or known.at < trace.at:
            last[key] = Milestone(key, graph.nodes[node_id], Standing.DONE, trace.at)
    return sorted(last.values(), key=lambda one: (one.at is None, one.at))
