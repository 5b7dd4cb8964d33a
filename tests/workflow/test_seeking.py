"""Looking for one situation among too many: what is found can be reached, and what can be reached is found."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consular.workflow import seeking
from consular.workflow.compile import compile
from consular.workflow.graph import Graph
from consular.workflow.reach import reach
from consular.workflow.seeking import Marking, leads_to
from tests.workflow import bpmn
from tests.workflow.blocks import Block, blocks, written
from tests.workflow.bpmn import path

BRANCHES, LENGTH = 20, 3


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(block=blocks(), data=st.data())
def test_it_agrees_with_looking_at_every_situation(block: Block, data: st.DataObject) -> None:
    """As they are, and with a token taken away, added or put elsewhere."""
    everything = reach(compile(written(block)))
    parent = data.draw(st.sampled_from(sorted(everything.nets)))
    net, known = everything.nets[parent], everything.markings[parent]
    assert known is not None
    places = sorted({place for marking in known for place in marking})
    marking = data.draw(st.sampled_from(sorted(known, key=sorted)))
    other = marking ^ frozenset(data.draw(st.lists(st.sampled_from(places or [""]), max_size=2)))

    assert leads_to(net, marking) is True
    assert leads_to(net, other) is (other in known)


def wide() -> Graph:
    """Many branches side by side, each with several tasks: billions of situations."""
    ways = [[f"t{branch}.{number}" for number in range(LENGTH)] for branch in range(BRANCHES)]
    tasks = [bpmn.user(id) for way in ways for id in way]
    return compile(
        bpmn.process(
            bpmn.start(),
            bpmn.end(),
            bpmn.exclusive("or", "or-split"),
            bpmn.user("x"),
            bpmn.exclusive("out"),
            bpmn.parallel("split"),
            bpmn.parallel("join"),
            *tasks,
            *(path("split", *way, "join") for way in ways),
            path("start", "or", "split"),
            bpmn.flow("or", "x", "short"),
            path("x", "out", "end"),
            path("join", "out"),
        )  # fmt: skip
    )


def standing(*numbers: int) -> Marking:
    """Each branch at this task, or, at LENGTH, before the join."""
    return frozenset(
        f"t{branch}.{LENGTH - 1}-join" if number == LENGTH else f"t{branch}.{number}"
        for branch, number in enumerate(numbers)
    )


@pytest.fixture(scope="module")
def net() -> seeking.Net:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "consular.workflow.reach.MOST", 1_000
        )  # looking at more takes seconds and finds as little
        found = reach(wide())
    assert found.markings[""] is None
    return found.nets[""]


@given(numbers=st.lists(st.integers(0, LENGTH), min_size=BRANCHES, max_size=BRANCHES))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_one_of_billions_of_situations_is_found(net: seeking.Net, numbers: list[int]) -> None:
    assert leads_to(net, standing(*numbers)) is True


def test_two_ways_that_exclude_each_other_are_never_gone_at_once(net: seeking.Net) -> None:
    assert leads_to(net, standing(*[1] * BRANCHES) | {"x"}) is False
    assert leads_to(net, frozenset({"x"})) is True
