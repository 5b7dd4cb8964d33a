"""Processes: transitions a second with their rows in PostgreSQL, and steps of the pure engine."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg

from tests.benchmarks import stand

if TYPE_CHECKING:
    from tests.workflow.blocks import Block

TASKS = 6
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
READ = (
    "SELECT i.*, d.sha256, m.time_zone FROM workflow_instance i JOIN workflow_definition d ON d.id = i.definition_id "
    "JOIN missions_mission m ON m.id = i.mission_id WHERE i.id = %(instance)s FOR UPDATE OF i",
    "SELECT * FROM workflow_token WHERE instance_id = %(instance)s",
    "SELECT mission_id, role FROM missions_posting WHERE user_id = %(user)s",
    "UPDATE workflow_instance SET revision = revision + 1, variables = '{\"complete\": true}' WHERE id = %(instance)s",
    "DELETE FROM workflow_token WHERE instance_id = %(instance)s",
    "INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, since, due_at, message_key, "
    "data) VALUES (%(instance)s, 1, 'lodge', 'task', '', 'intake_clerk', %(mission)s, now(), now(), '', '{}')",
)


def seed() -> tuple[Any, Any, Any]:
    """The published process, a mission, and somebody who may do everything there."""
    stand.start_django()

    from consular.accounts.models import Role  # noqa: PLC0415  models need the tables
    from consular.workflow import store  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415
    from tests.workflow import bpmn  # noqa: PLC0415

    xml = bpmn.VISA
    mission = factories.mission()
    officer = factories.official(Role.INTAKE_CLERK, Role.CASEWORKER, mission=mission)
    return store.publish("schengen_visa", 1, xml), mission, officer


def with_rows(url: str, seconds: float) -> Iterator[stand.Figure]:
    """A process started and two tasks completed, each in a transaction of its own, one after the other."""
    definition, mission, officer = seed()
    from django.db import transaction  # noqa: PLC0415  models need the tables

    from consular.workflow import store  # noqa: PLC0415

    own = psycopg.connect(url)
    instance = 0

    def ours() -> None:
        nonlocal instance
        with transaction.atomic():
            step = store.start(definition, mission=mission, variables={"booked": True}, now=NOW)
        for variables in ({"complete": True}, {}):
            with transaction.atomic():
                token = step.entered[0].token_id
                step = store.complete(token, by=officer, variables=variables, now=NOW)
        instance = step.instance.pk

    def bare() -> None:
        values = {"instance": instance, "user": officer.pk, "mission": mission.pk}
        for _ in range(3):
            with own.transaction():
                for statement in READ:
                    own.execute(statement, values)

    milliseconds, bare_ms = stand.in_turns([ours, bare], max(10, int(seconds * 30)))
    own.close()
    yield stand.figure(
        "process: transitions with their rows",
        3000 / milliseconds,
        "transitions/s",
        3000 / bare_ms,
        reference="the same rows written by hand",
        clients=1,
    )


def pure(seconds: float) -> Iterator[stand.Figure]:
    """A chain of tasks with a parallel part, from start to end, in the engine and in a naive interpreter."""
    from tests.workflow.blocks import Block  # noqa: PLC0415  needs the settings

    tasks = tuple(Block("task", f"task{number}") for number in range(TASKS))
    block = Block("seq", "all", (*tasks[:2], Block("par", "both", tasks[2:4]), *tasks[4:]))
    milliseconds, bare_ms = stand.in_turns([engine(block), naive(block)], max(20, int(seconds * 200)))
    yield stand.figure(
        "process: steps in memory",
        1000 * TASKS / milliseconds,
        "steps/s",
        1000 * TASKS / bare_ms,
        reference="naive interpreter",
    )


def engine(block: "Block") -> stand.Work:
    """All tasks of the block, completed one after the other in the compiled process."""
    from consular.workflow.compile import compile  # noqa: PLC0415  needs the settings
    from consular.workflow.state import Complete  # noqa: PLC0415
    from consular.workflow.step import start, step  # noqa: PLC0415
    from tests.workflow import blocks  # noqa: PLC0415

    graph = compile(blocks.written(block))

    def walk() -> None:
        state, _ = start(graph, {}, NOW, None)
        while not state.ended:
            state, _ = step(graph, state, Complete(state.tokens[0].number, "1", {}), NOW, None)

    return walk


def naive(block: "Block") -> stand.Work:
    """The same walked as nested blocks."""
    from tests.workflow.naive import Naive  # noqa: PLC0415  needs the settings

    def walk() -> None:
        running = Naive(block, {})
        while found := running.open:
            running.find(found[0]).act({})

    return walk


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    with stand.database() as url:
        stand.progress("process: transitions")
        stand.emit(with_rows(url, options.seconds))
        stand.emit(pure(options.seconds))
        stand.hang_up()


if __name__ == "__main__":
    main()
