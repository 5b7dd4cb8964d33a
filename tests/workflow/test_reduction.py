"""The small net and the net as it was drawn agree on whether a process is sound: random processes, also spoilt ones."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow.compile import compile
from consular.workflow.graph import BOUNDARY, Graph, Kind
from consular.workflow.net import Inner, Net, Scope, scopes
from consular.workflow.reduction import reduce
from consular.workflow.soundness import MOST_MARKINGS, Exploration, Explored
from tests.workflow.blocks import blocks, written

OTHER = {
    Kind.EXCLUSIVE: Kind.PARALLEL, Kind.PARALLEL: Kind.EXCLUSIVE, Kind.END: Kind.TERMINATE, Kind.TERMINATE: Kind.END,
    Kind.RACE: Kind.PARALLEL,
}  # fmt: skip


def led_elsewhere(graph: Graph, data: st.DataObject) -> Graph:
    """The process with one flow leading to another element of its sub-process."""
    nodes = dict(graph.nodes)
    ways = {way.id: way for node in nodes.values() for way in node.outgoing}
    way = ways[data.draw(st.sampled_from(sorted(ways)))]
    source = nodes[way.source]
    near = [n.id for n in graph.inside(source.parent) if n.kind not in BOUNDARY | {Kind.START}]
    to = data.draw(st.sampled_from(near))
    outgoing = tuple(replace(way, target=to) if each == way else each for each in source.outgoing)
    nodes[source.id] = replace(source, outgoing=outgoing)
    left = nodes[way.target]
    nodes[left.id] = replace(left, incoming=tuple(id for id in left.incoming if id != way.id))
    nodes[to] = replace(nodes[to], incoming=(*nodes[to].incoming, way.id))
    return replace(graph, nodes=MappingProxyType(nodes))


def changed_kind(graph: Graph, data: st.DataObject) -> Graph:
    """The process with an element of another kind: a gateway that is the other one, an end that ends everything."""
    node = graph.node(data.draw(st.sampled_from([n.id for n in graph.nodes.values() if n.kind in OTHER])))
    nodes = dict(graph.nodes) | {node.id: replace(node, kind=OTHER[node.kind])}
    return replace(graph, nodes=MappingProxyType(nodes))


def spoilt(graph: Graph, data: st.DataObject) -> Graph:
    """The process with a few changes, which often are mistakes."""
    for change in data.draw(st.lists(st.sampled_from([led_elsewhere, changed_kind]), max_size=3)):
        graph = change(graph, data)
    return graph


def explored(net: Net) -> Explored:
    return Exploration(net, MOST_MARKINGS).run()


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(), data=st.data())
def test_the_small_net_is_sound_exactly_when_the_drawn_one_is(block: object, data: st.DataObject) -> None:
    graph = spoilt(compile(written(block)), data)  # type: ignore[arg-type]
    inner: dict[str, Inner] = {}
    for parent, nodes in scopes(graph):
        scope = Scope(graph, graph.node(parent).start if parent else graph.start, nodes, inner)
        inner[parent] = Inner()
        for first in (scope.start, *scope.beside):
            drawn, small = scope.net(first), scope.net(first)
            reduce(small)
            long, short = explored(drawn), explored(small)
            if long.too_many:
                continue
            assert short.sound == long.sound
            if long.sound:
                seen = (short.entered, short.throws, short.can_end)
                assert seen == (long.entered, long.throws, long.can_end)
                inner[parent] = long.inner()
