"""Processes: transitions a second with their rows in PostgreSQL, and steps of the pure engine.

"Per core" is the number of transitions by the seconds of CPU that client and server took for them together, which is
transitions a second by the number of cores that were busy: what one core does that carries both. The machine's other
work does not count. One client, one connection; a transition is one transaction with all its rows: instance, tokens
(queue), who completed it, history, phase of the case, jobs promised.
"""

import argparse
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg

from tests.benchmarks import stand
from tests.benchmarks.cost import Cost, Meter

if TYPE_CHECKING:
    from tests.workflow.blocks import Block

TASKS = 6
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
BY_HAND = (
    "SELECT i.*, d.sha256, m.time_zone FROM workflow_instance i JOIN workflow_definition d ON d.id = i.definition_id "
    "JOIN missions_mission m ON m.id = i.mission_id WHERE i.id = %(instance)s FOR UPDATE OF i",
    "SELECT * FROM workflow_token WHERE instance_id = %(instance)s",
    "UPDATE workflow_instance SET revision = revision + 1, variables = '{\"hits\": 0}' WHERE id = %(instance)s",
    "DELETE FROM workflow_token WHERE instance_id = %(instance)s",
    "INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, since, due_at, message_key, "
    "data) VALUES (%(instance)s, 1, 'lodge', 'task', '', 'caseworker', %(mission)s, now(), now(), '', '{}')",
    "INSERT INTO cases_event (case_id, at, kind, actor_id, node, data) VALUES (%(case)s, now(), 'completed', "
    "%(user)s, 'check', '{\"token\": 1}'), (%(case)s, now(), 'entered', %(user)s, 'lodge', '{\"token\": 2}')",
    "UPDATE cases_case SET phase = 'in_review', outcome = '', changed_at = now() WHERE id = %(case)s",
)
"""What a transition has to do at least, without knowing any process; who completed a task is not kept."""


class Ours:
    """Cases on the process of thirty elements, and two officers who may do everything there."""

    def __init__(self) -> None:
        stand.start_django()
        from consular.accounts.models import Role  # noqa: PLC0415  models need the tables
        from consular.missions.postings import duties  # noqa: PLC0415
        from consular.workflow import store  # noqa: PLC0415
        from tests import factories  # noqa: PLC0415
        from tests.workflow import visa  # noqa: PLC0415

        self.definition, self.way = store.publish("thirty", 1, visa.XML), visa.WAY
        self.mission, self.owner = factories.mission(), factories.applicant()
        roles = (Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER)
        self.officers = [factories.official(*roles, mission=self.mission) for _ in range(2)]
        self.held = [duties(officer) for officer in self.officers]

    def begin(self) -> tuple[Any, Any]:
        """A case whose process has just started."""
        from consular.workflow import store  # noqa: PLC0415
        from tests import factories  # noqa: PLC0415

        step = store.start(self.definition, mission=self.mission, variables={}, now=NOW)
        return factories.sent_case(mission=self.mission, owner=self.owner, instance=step.instance), step

    def walk(self, case: Any, step: Any) -> int:
        """All steps of one case, a transaction each; how many."""
        from django.db import transaction  # noqa: PLC0415

        waiting: dict[str, Any] = {}
        for node, given in self.way:
            waiting |= {entered.node: entered for entered in step.entered}
            with transaction.atomic():
                step = self.act(case, waiting[node], given)
        return len(self.way)

    def act(self, case: Any, entered: Any, given: Mapping[str, object]) -> Any:
        """One transition."""
        from consular.casework import record  # noqa: PLC0415
        from consular.workflow import store  # noqa: PLC0415

        if entered.kind != "task":
            return record.finish(case, entered.token_id, variables=given, at=NOW)
        number = int(entered.node == "decide")
        by, held = self.officers[number], self.held[number]
        task = store.open_task(entered.token_id, telling=record.telling(case, actor=by, at=NOW))
        step = store.complete_open(task, by=by, held=held, variables=given, now=NOW)
        record.advance(case, step, actor=by, at=NOW)
        return step

    def statements(self) -> list[int]:
        """How many statements each step of one case takes, without beginning and end of its transaction."""
        from django.db import connection, transaction  # noqa: PLC0415
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

        case, step = self.begin()
        waiting: dict[str, Any] = {}
        counted = []
        for node, given in self.way:
            waiting |= {entered.node: entered for entered in step.entered}
            with transaction.atomic(), CaptureQueriesContext(connection) as captured:
                step = self.act(case, waiting[node], given)
            counted.append(len(captured))
        return counted


def by_hand(url: str, ours: Ours, case: Any) -> Callable[[], int]:
    """As many transactions that leave the same kinds of rows."""
    own = psycopg.connect(url)
    values = {
        "instance": case.instance_id, "case": case.pk, "user": ours.officers[0].pk, "mission": ours.mission.pk,
    }  # fmt: skip

    def walk() -> int:
        for _ in ours.way:
            with own.transaction():
                for statement in BY_HAND:
                    own.execute(statement, values)
        return len(ours.way)

    return walk


def with_rows(url: str, seconds: float) -> Iterator[stand.Figure]:
    """The same case in our engine, as statements written by hand, and in SpiffWorkflow, in turns."""
    from tests.benchmarks.spiff import Pickled, Serialized, Spiff  # noqa: PLC0415  only where it is installed

    ours, turns = Ours(), max(5, int(seconds * 12))
    begun = [ours.begin() for _ in range(turns + 1)]
    works: list[Callable[[], int]] = [
        lambda: ours.walk(*begun.pop()),
        by_hand(url, ours, ours.begin()[0]),
    ]
    names = ["written by hand"]
    for form in (Serialized(), Pickled()):
        theirs = Spiff(url, ours.definition.xml, ours.way, form)
        works.append(lambda theirs=theirs: theirs.walk(theirs.begin()))  # type: ignore[misc]
        names.append(form.name)
    mine, *others = Meter(url).in_turns(works, turns)
    counted = ours.statements()
    counts = {
        "statements": round(sum(counted) / len(counted), 1),
        "statements_most": max(counted),
        "clients": 1,
    }
    for name, other in zip(names, others, strict=True):
        yield line(name, mine, other, **counts)


def line(reference: str, ours: Cost, other: Cost, **more: object) -> stand.Figure:
    """Transitions a second and core, ours beside another's."""
    facts = ours.facts() | {f"{name}_of_other": value for name, value in other.facts().items()}
    name = "process: transitions with their rows"
    unit = "transitions/s/core"
    return stand.figure(name, ours.per_core, unit, other.per_core, reference=reference, **facts, **more)


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
    warnings.simplefilter("ignore")
    with stand.database() as url:
        stand.progress("process: transitions")
        stand.emit(with_rows(url, options.seconds))
        stand.emit(pure(options.seconds))
        stand.hang_up()


if __name__ == "__main__":
    main()
