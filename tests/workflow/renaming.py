"""The same process with other ids for its elements and flows; what it reads, hears and shows is called as before."""

import re

from consular.workflow.compile import compile
from consular.workflow.graph import Graph
from consular.workflow.mapping import TokenMapping

_NAMED = re.compile(rb'\b(id|sourceRef|targetRef|attachedToRef|default)="([^"]+)"')


def renamed(xml: bytes) -> tuple[Graph, Graph, TokenMapping]:
    """The process, the renamed one, and which element and flow of one is which of the other."""
    old = compile(xml)
    flows = {flow.id for node in old.nodes.values() for flow in node.outgoing}
    known = {id.encode() for id in (*old.nodes, *flows)}
    new = compile(_NAMED.sub(lambda found: _with_new_id(found, known), xml))
    return old, new, TokenMapping({id: f"new_{id}" for id in old.nodes}, {id: f"new_{id}" for id in flows})


def _with_new_id(found: re.Match[bytes], known: set[bytes]) -> bytes:
    name, id = found.groups()
    return b'%s="new_%s"' % (name, id) if id in known else found.group()
