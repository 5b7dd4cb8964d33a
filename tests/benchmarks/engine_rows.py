"""What running processes are asked for at 1 million open cases: due timers, who waits for a message, queues, next task.

`ours` is the whole call with its rows as Python values, `database_ms` what of it the statements take with planning and
their way there and back, `execution_ms` what PostgreSQL says it runs for all of them, asked at once a second time, so
that the pages are in memory. All are medians.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.benchmarks import desk_queue, filling, stand

DUE = 200
"""Timers that are due, as when the clock stood still for a while; the worker takes that many at once."""
TIMERS = """
INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, since, due_at, message_key, data)
SELECT id, 2, 'deadline', 'timer', '', '', mission_id, started_at,
    now() + CASE WHEN id % %(every)s = 0 THEN -1 ELSE 1 END * (interval '1 hour' + random() * interval '30 days'), '',
    '{"host": 1}'
FROM workflow_instance
""".replace("id % %", "id %% %")
MESSAGES = """
INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, since, due_at, message_key, data)
SELECT id, 3, 'await_answer', 'message', '', '', mission_id, started_at, NULL,
    'partner.answered#' || (ARRAY['FR', 'PL', 'CZ', 'NL'])[1 + id % 4], '{}'
FROM workflow_instance WHERE id % 3 = 0
"""

Ask = Callable[[int], object]


def fill(url: str, seeded: desk_queue.Seeded, number: int) -> None:
    """Open cases with a task each, a timer each, and a message for every third."""
    filling.fill(url, number, seeded.facts)
    with psycopg.connect(url, autocommit=True) as own:
        own.execute("SET session_replication_role = replica")
        own.execute(TIMERS, {"every": max(1, number // DUE)})
        own.execute(MESSAGES)
        own.execute("VACUUM ANALYZE workflow_token")


def asked(url: str, seeded: desk_queue.Seeded) -> dict[str, Ask]:
    """The questions by name; each takes the number of the round."""
    from consular.accounts.models import Role, User  # noqa: PLC0415  models need the tables
    from consular.cases import queue, watch  # noqa: PLC0415
    from consular.casework import allocation  # noqa: PLC0415
    from consular.core import clock  # noqa: PLC0415
    from consular.missions.postings import duties  # noqa: PLC0415
    from consular.workflow import store  # noqa: PLC0415

    officer, now = User.objects.get(pk=seeded.facts["officer"]), clock.now()
    held, deep = duties(officer), _deep(url, seeded.mission)
    with psycopg.connect(url) as own:
        sql = "SELECT instance_id FROM workflow_token WHERE kind = 'message' ORDER BY random() LIMIT 1000"
        waiting = [instance for (instance,) in own.execute(sql)]
    takers = list(User.objects.filter(postings__mission=seeded.mission).distinct()[:20])
    return {
        "due timers": lambda turn: store.due_timers(now, DUE),
        "message correlation": lambda turn: store.awaiting(
            waiting[turn % len(waiting)], "partner.answered", "FR"
        ),
        "a process for a step": lambda turn: _locked(waiting[-turn % len(waiting)]),
        "queue, first page": lambda turn: queue.page(held),
        "queue, deep page": lambda turn: queue.page(held, after=deep),
        "the watch, cases nobody moves": lambda turn: watch.stalled(now, watch.Range()),
        "the watch, tasks overdue": lambda turn: watch.overdue(now, watch.Range()),
        "claim next": lambda turn: allocation.claim_next(
            seeded.mission, Role.INTAKE_CLERK, actor=takers[turn % len(takers)]
        ),
    }


def _locked(instance: int) -> None:
    """What a message does first: the process with all it waits for, under its lock."""
    from django.db import transaction  # noqa: PLC0415  models need the tables

    from consular.workflow import rows  # noqa: PLC0415

    with transaction.atomic():
        rows.lock(pk=instance)


def _deep(url: str, mission: int) -> Any:
    """Behind nine tenths of a queue."""
    from consular.cases.queue import Position  # noqa: PLC0415  models need the tables

    moment, _dash, token = desk_queue.deep(url, mission).rpartition("=")[2].rpartition("-")
    return Position(datetime.fromtimestamp(float(moment), UTC), int(token))


class Timed:
    """Milliseconds of a question, and of its statements."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.whole: list[float] = []
        self.database: list[float] = []
        self.executed: list[float] = []
        self.heard: list[tuple[str, Any]] = []

    def run(self, turn: int) -> None:
        """Ask once more."""
        from django.db import connection  # noqa: PLC0415

        self.database.append(0.0)
        self.heard.clear()
        began = time.perf_counter()
        with connection.execute_wrapper(self._statement):
            self.ask(turn)
        self.whole.append(1000 * (time.perf_counter() - began))

    def _statement(self, execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, *rest)
        finally:
            self.database[-1] += 1000 * (time.perf_counter() - began)
            self.heard.append((sql, params))

    def explain(self) -> None:
        """What PostgreSQL says the statements of the last call take to run, planned and sent already."""
        from django.db import connection, transaction  # noqa: PLC0415

        with transaction.atomic(), connection.cursor() as cursor:
            total = 0.0
            for sql, params in self.heard:
                if sql.lstrip().startswith(("SELECT", "(SELECT", "WITH")):
                    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
                    (found,) = cursor.fetchone()
                    total += (json.loads(found) if isinstance(found, str) else found)[0]["Execution Time"]
            self.executed.append(total)
            transaction.set_rollback(True)


def figures(asks: dict[str, Ask], rounds: int, number: int) -> Iterator[stand.Figure]:
    """One line for each question; they take turns."""
    timed = {name: Timed(ask) for name, ask in asks.items()}
    for turn in range(rounds + 10):
        for one in timed.values():
            one.run(turn)
            one.explain()
    for name, one in timed.items():
        yield stand.figure(
            f"engine rows: {name}, {number:,} open cases",
            statistics.median(one.whole[10:]),
            "ms",
            database_ms=round(statistics.median(one.database[10:]), 3),
            execution_ms=round(statistics.median(one.executed[10:]), 3),
            statements=len(one.heard),
        )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    with stand.database() as url:
        seeded = desk_queue.seed()
        stand.progress(f"engine rows: filling {options.cases:,} open cases")
        fill(url, seeded, options.cases)
        stand.emit(figures(asked(url, seeded), options.rounds, options.cases))
        stand.hang_up()


if __name__ == "__main__":
    main()
