"""What the expressions of a process read and give. FEEL takes an unknown name for null, so a misspelt one would go
unnoticed until cases take the wrong way.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from difflib import get_close_matches

from consular.rules.feel import Expression, names
from consular.rules.feel.registry import BUILTINS
from consular.rules.feel.syntax import Call, Name, Node, children
from consular.workflow import graph

ANY_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""The day on which a time that depends on nothing is tried: always the same one, a Monday."""
DAY = "on"
"""The day on which a decision is asked; every one may read it."""
IN_ROUNDS = frozenset({"loopCounter"})


def of(node: graph.Node) -> Iterator[tuple[str, Expression]]:
    """Every expression of an element, with the words for where it stands."""
    found = [(f"flow {flow.id}", flow.condition) for flow in node.outgoing]
    found += [("its time limit", node.sla.computed)] if node.sla else []
    found += [("its time", node.timing.computed)] if node.timing else []
    found += [("its list", node.loop.over), ("what it collects", node.loop.gives)] if node.loop else []
    for where, expression in (*found, ("its key", node.key), ("its office", node.office)):
        if expression is not None:
            yield where, expression


def set_by(process: graph.Graph) -> frozenset[str]:
    """The names that the elements of a process set: results of decisions, and what rounds bring and collect."""
    nodes = process.nodes.values()
    loops = [node.loop for node in nodes if node.loop]
    results = {node.result for node in nodes}
    return IN_ROUNDS.union(results, *({loop.each, loop.into} for loop in loops))


def unknown(node: graph.Node, known: frozenset[str] | None) -> Iterator[str]:
    """The names nothing sets, in words; without `known` only the functions that there are not."""
    for where, expression in of(node):
        called = _called(expression.tree)
        for name in sorted(names.free(expression.tree, filters=False)):
            if name in called:
                yield f"{where}: there is no function {name}{meant(name, BUILTINS)}"
            elif known is not None and name not in known:
                yield f"{where}: nothing sets {name}{meant(name, known)}"


def unread(node: graph.Node, inputs: Collection[str], known: frozenset[str]) -> Iterator[str]:
    """The inputs of the decision that a business rule task asks, and nothing sets, in words."""
    for name in sorted(frozenset(inputs) - known - {DAY}):
        yield f"nothing sets {name}, which the decision {node.decision} reads{meant(name, known)}"


def meant(name: str, known: Collection[str]) -> str:
    """The question whether a name like this one was meant; "" when none is like it."""
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return f": did you mean {near[0]}?" if near else ""


def no_moment(node: graph.Node) -> str:
    """Why a time that depends on no variable can never be counted; "" when it can."""
    clock = node.clock
    if clock is None or (clock.computed is not None and clock.computed.names):
        return ""
    try:
        clock.due(ANY_DAY, {})
    except (ValueError, OverflowError) as problem:
        return f"its time gives no moment: {problem}"
    return ""


def _called(tree: Node) -> frozenset[str]:
    own = {tree.function.name} if isinstance(tree, Call) and isinstance(tree.function, Name) else set()
    return frozenset(own).union(*map(_called, children(tree)))
