"""The pure engine: compiling, checking and stepping, beside SpiffWorkflow on the same process; and how attacks end."""

import argparse
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

from consular.rules import feel
from consular.workflow.check import check
from consular.workflow.compile import compile
from consular.workflow.days import Clock
from consular.workflow.graph import Graph
from consular.workflow.state import Complete, Finish, State, Stimulus, Waits
from consular.workflow.step import start, step
from tests.benchmarks import stand
from tests.workflow import attacks, visa
from tests.workflow.large import Large
from tests.workflow.oracle import Oracle

NOW = Clock(datetime(2026, 6, 1, 8, 0, tzinfo=UTC))
SPIFF = "SpiffWorkflow"
SCHENGEN = stand.ROOT / "forms" / "schengen_visa" / "v1" / "process.bpmn"


def steps_of_a_case(graph: Graph) -> list[tuple[State, Stimulus]]:
    """Every state of a case from its start to its end, with what happens to it there."""
    steps: list[tuple[State, Stimulus]] = []
    state, _effects = start(graph, {}, NOW)
    for turn, (node, given) in enumerate(visa.WAY):
        token = next(token for token in state.tokens if token.node == node)
        act: Stimulus = (
            Complete(token.number, f"person {turn}", given)
            if token.kind is Waits.TASK
            else Finish(token.number, given)
        )
        steps.append((state, act))
        state, _effects = step(graph, state, act, NOW)
    return steps


def one_case_of_spiff() -> Oracle:
    """The same case in the other engine; its file is read beforehand."""
    oracle = Oracle(visa.XML, {})
    for node, given in visa.WAY:
        oracle.act(node, given)
    return oracle


def anew(xml: bytes) -> Graph:
    """The compiled process, no expression of it remembered from before."""
    feel._compiled.cache_clear()
    return compile(xml)


def compiling(rounds: int) -> Iterator[stand.Figure]:
    """Files of thirty and of three thousand elements, and one that is delivered."""
    small, spiff = stand.in_turns([lambda: anew(visa.XML), lambda: Oracle(visa.XML, {})], rounds)
    yield stand.figure(
        "engine: compile, 30 elements",
        small,
        "ms",
        spiff,
        reference=f"{SPIFF}, and its start",
        bytes=len(visa.XML),
    )
    large = Large(3_000).xml
    for name, xml in (("Schengen visa", SCHENGEN.read_bytes()), ("3,000 elements", large)):
        graph = compile(xml)
        works: list[stand.Work] = [lambda xml=xml: anew(xml), lambda graph=graph: check(graph)]  # type: ignore[misc]
        ours, checking = stand.in_turns(works, max(3, rounds // 5))
        yield stand.figure(f"engine: compile, {name}", ours, "ms", elements=len(graph.nodes), bytes=len(xml))
        yield stand.figure(f"engine: check, {name}", checking, "ms", elements=len(graph.nodes))


def stepping(rounds: int) -> Iterator[stand.Figure]:
    """The steps of a case, each from the state before it; SpiffWorkflow's without reading the file."""
    graph, steps = compile(visa.XML), len(visa.WAY)
    case = steps_of_a_case(graph)

    def twenty() -> None:
        for _ in range(20):
            for state, act in case:
                step(graph, state, act, NOW)

    ours, whole, reading = stand.in_turns([twenty, one_case_of_spiff, lambda: Oracle(visa.XML, {})], rounds)
    yield stand.figure(
        "engine: pure steps", 20 * steps * 1000 / ours, "steps/s", steps * 1000 / (whole - reading),
        reference=SPIFF, microseconds=round(ours * 1000 / (20 * steps), 1),
    )  # fmt: skip


def hostile() -> Iterator[stand.Figure]:
    """The slowest and the largest of all attacks."""
    costs = {name: attacks.cost(xml) for name, xml in attacks.ATTACKS.items()}
    slowest, largest = (
        max(costs, key=lambda name: costs[name][1]),
        max(costs, key=lambda name: costs[name][2]),
    )
    refused = all(refusal != "accepted" for refusal, _ms, _mb in costs.values())
    yield stand.figure(
        "engine: slowest attack", costs[slowest][1], "ms", attack=slowest, limit=200, refused=refused
    )
    yield stand.figure(
        "engine: largest attack", costs[largest][2], "MB", attack=largest, limit=50, attacks=len(costs)
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25, help="repetitions of each figure")
    rounds = parser.parse_args().rounds
    warnings.simplefilter("ignore")
    for name, figures in (
        ("attacks", hostile()),
        ("compiling", compiling(rounds)),
        ("stepping", stepping(rounds)),
    ):
        stand.progress(f"engine: {name}")
        stand.emit(figures)


if __name__ == "__main__":
    main()
