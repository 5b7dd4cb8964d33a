"""The small net and the net as it was drawn agree on whether a process is sound: random processes, also spoilt ones."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow import reduction, soundness
from consular.workflow.check import check
from consular.workflow.compile import compile
from consular.workflow.graph import BOUNDARY, Graph, Kind
from consular.workflow.net import Inner, Net, Scope, scopes
from consular.workflow.reduction import reduce
from consular.workflow.soundness import MOST_MARKINGS, Exploration, Explored
from tests.workflow import bpmn
from tests.workflow.blocks import blocks, written
from tests.workflow.bpmn import flow, path

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


def drawn(*parts: str) -> Graph:
    return compile(bpmn.process(*parts))


BEGIN, END, A, B = bpmn.start(), bpmn.end(), bpmn.user("a"), bpmn.user("b")
CHOICE_BEFORE_JOIN = drawn(
    BEGIN, bpmn.exclusive("which", "which-b"), A, B, bpmn.parallel("join"), END,
    path("start", "which", "b", "join", "end"), flow("which", "a", "x"), path("a", "join"),
)  # fmt: skip
LOOP_WITH_TERMINATE = drawn(
    BEGIN, A, B, bpmn.on_timer("late", "b", cancel="false"), bpmn.terminate("stop"), path("start", "a", "b", "a"),
    path("late", "stop"),
)  # fmt: skip
LOOP = drawn(
    BEGIN, A, B, bpmn.exclusive("which", "which-end"), END, path("start", "a", "b", "which", "end"),
    flow("which", "a", "again"),
)  # fmt: skip


def codes(graph: Graph) -> set[str]:
    return {finding.code for finding in check(graph)}


def test_a_loop_nobody_leaves_is_called_so_also_where_the_drawn_net_is_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = drawn(BEGIN, A, B, path("start", "a", "b", "a"))
    monkeypatch.setattr(soundness, "MOST_DRAWN", 0)

    assert codes(graph) == {"endless"}


def test_places_that_are_only_emptied_together_are_no_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(net: Net) -> list[str]:
        for move in [*net.producers["a-join"], *net.consumers["a-join"]]:
            net.remove(move)
            move.take, move.put = (
                frozenset("b-join" if place == "a-join" else place for place in places)
                for places in (move.take, move.put)
            )
            net.add(move)
        return []

    assert "deadlock" in codes(CHOICE_BEFORE_JOIN)
    monkeypatch.setattr(reduction, "_twin_places", careless)
    assert "deadlock" not in codes(CHOICE_BEFORE_JOIN)


def test_a_way_to_end_everything_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    passing = reduction._passing_place

    def careless(net: Net, place: str) -> list[str]:
        again = passing(net, place)
        for move in [move for moves in net.producers.values() for move in moves]:
            move.escapes = False
        return again

    assert codes(LOOP_WITH_TERMINATE) == set()
    monkeypatch.setattr(reduction, "_passing_place", careless)
    monkeypatch.setattr(soundness, "MOST_DRAWN", 0)
    assert "endless" in codes(LOOP_WITH_TERMINATE)


def test_what_a_loop_passes_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(net: Net, place: str) -> None:
        for move in [move for move in net.consumers[place] if move.take == move.put]:
            net.remove(move)

    side = drawn(
        BEGIN, bpmn.exclusive("which", "which-end"), A, bpmn.rule("r"), END, path("start", "a", "which", "end"),
        flow("which", "r", "again"), path("r", "a"),
    )  # fmt: skip
    assert codes(side) == codes(LOOP) == set()
    monkeypatch.setattr(reduction, "_idle_moves", careless)
    assert codes(side) == {"dead"}
