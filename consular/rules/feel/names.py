"""Which names an expression needs from outside."""

from consular.rules.feel.syntax import Entries, Filter, Lambda, Loop, Name, Node, children


def mentions(node: Node, name: str) -> bool:
    """Whether a name occurs anywhere in a tree."""
    return (isinstance(node, Name) and node.name == name) or any(mentions(child, name) for child in children(node))


def free(node: Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """The names a tree reads and does not bind itself; inside filters also those an item may turn out to have."""
    if isinstance(node, Name):
        return frozenset() if node.name in bound else frozenset((node.name,))
    if isinstance(node, Entries):
        return _entries(node, bound)
    if isinstance(node, Loop):
        return _loop(node, bound)
    if isinstance(node, Lambda):
        return free(node.body, bound | set(node.parameters))
    if isinstance(node, Filter):
        return free(node.base, bound) | free(node.condition, bound | {"item"})
    return frozenset().union(*(free(child, bound) for child in children(node)))


def _entries(node: Entries, bound: frozenset[str]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for name, value in node.entries:
        found |= free(value, bound)
        bound |= {name}
    return found


def _loop(node: Loop, bound: frozenset[str]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if node.word == "for":
        bound |= {"partial"}
    for iterator in node.iterators:
        found |= free(iterator.domain, bound)
        found |= free(iterator.end, bound) if iterator.end else frozenset()
        bound |= {iterator.name}
    return found | free(node.body, bound)
