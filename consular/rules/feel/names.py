"""Which names an expression needs from outside."""

from consular.rules.feel.registry import BUILTINS
from consular.rules.feel.syntax import Call, Entries, Filter, Lambda, Loop, Name, Node, children


def mentions(node: Node, name: str) -> bool:
    """Whether a name occurs anywhere in a tree."""
    return (isinstance(node, Name) and node.name == name) or any(
        mentions(child, name) for child in children(node)
    )


def free(node: Node, bound: frozenset[str] = frozenset(), *, filters: bool = True) -> frozenset[str]:
    """The names a tree reads and does not bind itself; inside `filters` also those an item may turn out to have."""
    if isinstance(node, Name):
        return frozenset() if node.name in bound else frozenset((node.name,))
    if isinstance(node, Entries):
        return _entries(node, bound, filters)
    if isinstance(node, Loop):
        return _loop(node, bound, filters)
    if isinstance(node, Lambda):
        return free(node.body, bound | set(node.parameters), filters=filters)
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in BUILTINS:
        return frozenset().union(*(free(argument, bound, filters=filters) for argument in node.arguments))
    if isinstance(node, Filter):
        base = free(node.base, bound, filters=filters)
        return base | free(node.condition, bound | {"item"}) if filters else base
    return frozenset().union(*(free(child, bound, filters=filters) for child in children(node)))


def _entries(node: Entries, bound: frozenset[str], filters: bool) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for name, value in node.entries:
        found |= free(value, bound, filters=filters)
        bound |= {name}
    return found


def _loop(node: Loop, bound: frozenset[str], filters: bool) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if node.word == "for":
        bound |= {"partial"}
    for iterator in node.iterators:
        found |= free(iterator.domain, bound, filters=filters)
        found |= free(iterator.end, bound, filters=filters) if iterator.end else frozenset()
        bound |= {iterator.name}
    return found | free(node.body, bound, filters=filters)
