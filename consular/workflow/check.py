"""What is wrong with a process before anybody starts it: every reachable situation is looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from consular.rules.feel.sorts import Sort, mismatches, sort_of
from consular.workflow import expressions
from consular.workflow.graph import Graph, Kind, Node
from consular.workflow.net import Inner, Scope, scopes
from consular.workflow.soundness import Explored, explore


@dataclass(frozen=True, slots=True)
class Known:
    """The names a process may use; None leaves a kind of name unchecked. `writing` services have to name a letter.

    `receipts` are the letters that a user task may name: for what it settles. `variables` are the sorts of those that
    come from forms, `names` those that our service sets beside them and beside what the process sets itself; `asked`
    are the inputs that decisions read. `errors` are the codes of the business errors in which services may end; where
    they are not known, error events at services are taken as they are drawn.
    """

    lanes: frozenset[str] | None = None
    services: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    phases: frozenset[str] | None = None
    letters: frozenset[str] | None = None
    receipts: frozenset[str] | None = None
    outcomes: frozenset[str] | None = None
    messages: frozenset[str] | None = None
    names: frozenset[str] | None = None
    writing: frozenset[str] = frozenset()
    errors: Mapping[str, frozenset[str]] | None = None
    variables: Mapping[str, Sort] = field(default_factory=dict)
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong at one element; `code` is a stable word, `reason` English for process owners."""

    code: str
    node: str
    name: str
    line: int
    reason: str

    def __str__(self) -> str:
        label = f' "{self.name}"' if self.name else ""
        return f"line {self.line}: {self.node}{label}: {self.reason}"


def check(graph: Graph, known: Known | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong, in the order of the file; nothing means that every case can reach its end.

    Codes: no_default, no_condition, no_lane, no_letter, no_key (rounds that wait for the same message), no_moment (a
    time that can never be counted), unknown_lane, unknown_service, unknown_decision, unknown_form, unknown_phase,
    unknown_letter, unknown_outcome, unknown_message, unknown_name (in an expression), sorts (a comparison that never
    holds), circle (gateways in a circle without waiting), four_eyes (nothing leads here from the task that somebody
    else has to do), deadlock, left_behind, unbounded, doubled, endless, dead, uncaught, too_large.
    """
    known = known or Known()
    found = [finding for node in graph.nodes.values() for finding in _node(node, known)]
    found += (*_circles(graph), *_eyes(graph), *_names(graph, known), *_keys(graph))
    if not any(finding.code == "no_default" for finding in found):
        found += _soundness(graph, known.errors)
    return tuple(sorted(set(found), key=lambda finding: (finding.line, finding.node, finding.code)))


def _finding(graph: Graph, code: str, node: str, reason: str) -> Finding:
    found = graph.nodes.get(node)
    return Finding(code, node, found.name if found else "", found.line if found else 0, reason)


def _node(node: Node, known: Known) -> Iterator[Finding]:
    """What can be said of one element alone."""

    def finding(code: str, reason: str) -> Finding:
        return Finding(code, node.id, node.name, node.line, reason)

    if node.kind is Kind.EXCLUSIVE and len(node.outgoing) > 1:
        if not node.default:
            yield finding("no_default", "has no default flow")
        for flow in node.outgoing:
            if (flow.condition is None) == (flow.id != node.default):
                yield finding(
                    "no_condition", f"flow {flow.id} needs a condition, or none if it is the default"
                )
    for code, reason in (*_missing(node, known), *_never(node, known)):
        yield finding(code, reason)
    for what, name in _unknown(node, known):
        yield finding(f"unknown_{what}", f"unknown {what} {name}{_meant(what, name, known)}")


def _missing(node: Node, known: Known) -> Iterator[tuple[str, str]]:
    if node.kind is Kind.USER and not node.lane:
        yield "no_lane", "lies in no lane: nobody would see the task"
    if node.service_type in known.writing and not node.letter:
        yield "no_letter", "names no letter to write"
    why = expressions.no_moment(node)
    if why:
        yield "no_moment", why


def _never(node: Node, known: Known) -> Iterator[tuple[str, str]]:
    """Conditions that are never true: they are no question, or compare what is never equal."""
    for flow in node.outgoing:
        if flow.condition is None:
            continue
        sort = sort_of(flow.condition.tree, known.variables)
        if sort not in (None, "boolean"):
            what = sort if isinstance(sort, str) else "list or context"
            yield "sorts", f"flow {flow.id}: its condition gives a {what}: that is never true"
        for said in mismatches(flow.condition.tree, known.variables) if known.variables else ():
            yield "sorts", f"flow {flow.id}: {said}"


def _unknown(node: Node, known: Known) -> Iterator[tuple[str, str]]:
    names = (
        ("lane", node.lane if node.kind is Kind.USER else "", known.lanes),
        ("service", node.service_type, known.services),
        ("decision", node.decision, known.decisions),
        ("form", node.form, known.forms),
        ("phase", node.phase, known.phases),
        ("letter", node.letter, known.receipts if node.kind is Kind.USER else known.letters),
        ("outcome", node.outcome, known.outcomes),
        ("message", node.message, known.messages),
    )
    for what, name, allowed in names:
        if name and allowed is not None and name not in allowed:
            yield what, name


def _meant(what: str, name: str, known: Known) -> str:
    """What may stand there instead: the name that is most like it, of lanes all."""
    if what == "lane":
        return f": the id of a lane is a role, one of {', '.join(sorted(known.lanes or ()))}"
    return expressions.meant(name, getattr(known, f"{what}s") or ())


def _names(graph: Graph, known: Known) -> Iterator[Finding]:
    """Names and functions that there are not, in conditions, times, lists and keys."""
    names = None if known.names is None else known.names | known.variables.keys() | expressions.set_by(graph)
    for node in graph.nodes.values():
        inputs = known.asked.get(node.decision, frozenset())
        read = expressions.unread(node, inputs, names) if names is not None else ()
        for said in (*expressions.unknown(node, names), *read):
            yield _finding(graph, "unknown_name", node.id, said)


def _keys(graph: Graph) -> Iterator[Finding]:
    """Several rounds that wait for one message need a key each: else any of them would take it."""
    for node in graph.nodes.values():
        if node.message and node.key is None and _has_rounds(graph, node):
            reason = f"several rounds wait for the message {node.message}, so it needs a correlationKey"
            yield _finding(graph, "no_key", node.id, reason)


def _has_rounds(graph: Graph, node: Node) -> bool:
    return bool(node.loop) or bool(node.parent and _has_rounds(graph, graph.node(node.parent)))


def _circles(graph: Graph) -> Iterator[Finding]:
    """Elements that lead back to themselves through elements that never wait: the engine would not come to
    rest.
    """
    passing = _passing(graph)
    for id in passing:
        if id in _reached_at_once(graph, graph.node(id), passing):
            yield _finding(graph, "circle", id, "leads back to itself without ever waiting")


def _eyes(graph: Graph) -> Iterator[Finding]:
    """Four eyes look back: drawn before the other task or beside it, they would keep nobody away."""
    for node in graph.nodes.values():
        if node.four_eyes_with and node.id not in _later(graph, graph.node(node.four_eyes_with)):
            reason = f"nothing leads here from {node.four_eyes_with}: the same person could do both"
            yield _finding(graph, "four_eyes", node.id, reason)


def _later(graph: Graph, node: Node) -> set[str]:
    """Everything to which some way leads when an activity is done."""
    seen: set[str] = set()
    left: set[str] = set()
    todo = _left(graph, node)
    while todo:
        entered, is_over = todo.pop()
        if entered.id not in (left if is_over else seen):
            (left if is_over else seen).add(entered.id)
            todo += _left(graph, entered) if is_over else _entered(graph, entered)
    return seen


def _entered(graph: Graph, node: Node) -> list[tuple[Node, bool]]:
    """What follows when something begins: what guards it, and in a sub-process its start; the rest is over once."""
    guards = [(graph.node(id), False) for id in node.boundaries]
    return [*guards, (graph.node(node.start), False)] if node.kind is Kind.SUB else [*guards, (node, True)]


def _left(graph: Graph, node: Node) -> list[tuple[Node, bool]]:
    """What follows when something is over: behind an end, what follows or guards the sub-process."""
    if not node.outgoing and node.parent:
        around = graph.node(node.parent)
        return [(around, True), *((graph.node(id), False) for id in around.boundaries)]
    return [(graph.node(flow.target), False) for flow in node.outgoing]


def _passing(graph: Graph) -> set[str]:
    """Gateways and decisions, and the sub-processes that have a way through without waiting.

    In a sub-process with parallel paths another path may wait; those are left to the engine, which stops in time.
    """
    passing = {
        id for id, node in graph.nodes.items() if node.kind in {Kind.EXCLUSIVE, Kind.PARALLEL, Kind.RULE}
    }
    for parent, nodes in scopes(graph):
        if not parent or graph.node(parent).loop or any(n.kind is Kind.PARALLEL for n in nodes.values()):
            continue
        start = graph.node(graph.node(parent).start)
        reached = {start.id, *_reached_at_once(graph, start, passing)}
        targets = {nodes[flow.target].kind for id in reached for flow in nodes[id].outgoing}
        if targets & {Kind.END, Kind.TERMINATE}:
            passing.add(parent)
    return passing


def _reached_at_once(graph: Graph, node: Node, passing: set[str]) -> set[str]:
    """The passing elements to which a token comes from an element on; a join only when all its flows are filled."""
    filled: set[str] = set()
    reached: set[str] = set()
    todo = [node]
    while todo:
        for flow in todo.pop().outgoing:
            filled.add(flow.id)
            target = graph.node(flow.target)
            waits = target.kind is Kind.PARALLEL and not filled.issuperset(target.incoming)
            if target.id in passing and target.id not in reached and not waits:
                reached.add(target.id)
                todo.append(target)
    return reached


def _soundness(graph: Graph, errors: Mapping[str, frozenset[str]] | None) -> Iterator[Finding]:
    """Explore the sub-processes from the innermost outwards, then the process. `errors` are those of services."""
    inner = {} if errors is None else _of_services(graph, errors)
    entered: set[str] = set()
    for parent, nodes in scopes(graph):
        start = graph.node(parent).start if parent else graph.start
        explored = explore(Scope(graph, start, nodes, inner))
        inner[parent] = explored.inner()
        entered |= explored.entered
        yield from _explored(graph, parent, explored)
    for code, origin in sorted(inner[""].throws):
        yield _finding(graph, "uncaught", origin, f"error {code} is caught nowhere")
    for node in graph.nodes.values():
        if node.id not in entered:
            why = ": what it guards never ends in this error" if node.kind is Kind.ON_ERROR else ""
            yield _finding(graph, "dead", node.id, f"can never be reached{why}")


def _of_services(graph: Graph, errors: Mapping[str, frozenset[str]]) -> dict[str, Inner]:
    """The errors that leave each service, as if it were a sub-process that throws them."""
    services = (node for node in graph.nodes.values() if node.kind in {Kind.SERVICE, Kind.SEND})
    return {
        node.id: Inner(frozenset((code, node.id) for code in errors.get(node.service_type, ())))
        for node in services
    }


def _explored(graph: Graph, parent: str, explored: Explored) -> Iterator[Finding]:
    """What an exploration saw, at the elements where it was seen."""
    if explored.too_many:
        yield _finding(graph, "too_large", parent or graph.id, "has too many possible situations to check")
    targets = {flow.id: flow.target for node in graph.nodes.values() for flow in node.outgoing}
    stuck: dict[str, bool] = {}
    for place, ended in explored.stuck.items():
        node = targets.get(place, place)
        stuck[node] = stuck.get(node, True) and ended
    for node, ended in stuck.items():
        if ended:
            yield _finding(graph, "left_behind", node, "a token is left behind here when the rest has ended")
        else:
            yield _finding(graph, "deadlock", node, "waits for a path that never comes")
    for place, grows in explored.doubled.items():
        node = targets.get(place, place)
        if grows:
            yield _finding(graph, "unbounded", node, "a loop adds one more token here each time round")
        else:
            yield _finding(graph, "doubled", node, "two parallel paths meet here without a parallel gateway")
    for node in {targets.get(place, place) for place in explored.endless}:
        yield _finding(graph, "endless", node, "no way leads from here to an end")
