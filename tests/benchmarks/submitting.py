"""Sending an application, and jobs: milliseconds, statements, and jobs a second, against the same rows by hand."""

import argparse
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tests.benchmarks import stand

BY_HAND = (
    """SELECT * FROM cases_case WHERE id = %(case)s AND owner_id = %(owner)s FOR UPDATE""",
    """SELECT * FROM cases_answers WHERE case_id = %(case)s FOR UPDATE""",
    """UPDATE cases_answers SET data = data, declarations = %(declarations)s WHERE case_id = %(case)s""",
    """INSERT INTO workflow_instance (definition_id, mission_id, variables, memory, phase, revision, started_at)
    SELECT min(d.id), %(mission)s, '{}', '{}', 'in_review', 1, now() FROM workflow_definition d""",
    """INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, since, due_at,
        message_key, data)
    VALUES (lastval(), 1, 'check_completeness', 'task', '', 'intake_clerk', %(mission)s, now(), now(), '', '{}')""",
    """UPDATE cases_case SET mission_id = %(mission)s, because = %(because)s, applicant_name = 'Mensah, Ama',
        phase = 'in_review', instance_id = (SELECT max(id) FROM workflow_instance), submitted_at = now()
    WHERE id = %(case)s""",
    """INSERT INTO cases_event (case_id, at, kind, actor_id, node, data)
    SELECT %(case)s, now(), kind, %(owner)s, '', '{}' FROM unnest(ARRAY['submitted', 'started', 'entered']) AS kind""",
    """INSERT INTO notifications_notification (kind, key, to_id, case_id, facts, message_id, promised_at)
    VALUES ('submitted', 'by-hand-' || %(case)s, %(owner)s, %(case)s, '{}', %(case)s::text, now())""",
    """INSERT INTO core_job (name, key, payload, created_at, run_at, attempts, error)
    SELECT name, name || %(case)s, '{}', now(), now() + interval '1 day', 0, ''
    FROM unnest(ARRAY['casework.acknowledge', 'notifications.send']) AS name""",
)
LEASE = """
UPDATE core_job SET attempts = attempts + 1, leased_until = now() + interval '1 minute' WHERE id = (
    SELECT id FROM core_job WHERE done_at IS NULL AND dead_at IS NULL AND run_at <= now()
        AND (leased_until IS NULL OR leased_until < now()) ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
DONE = "UPDATE core_job SET done_at = now(), leased_until = NULL WHERE id = %s"
NOTHING = "benchmarks.nothing"


def seed(number: int) -> list[Any]:
    """Complete drafts, each of a person of its own."""
    stand.start_django()
    from tests import stages  # noqa: PLC0415  models need the tables

    stages.ministry()
    return [stages.draft() for _ in range(number)]


def sending(url: str, drafts: list[Any]) -> Iterator[stand.Figure]:
    """One submission through the verb, with its commit."""
    from consular import casework  # noqa: PLC0415  models need the tables
    from consular.missions.models import Mission  # noqa: PLC0415
    from tests import stages  # noqa: PLC0415
    from tests.benchmarks import browsing  # noqa: PLC0415

    own = psycopg.connect(url)
    mission = Mission.objects.get(code="MUMB")
    waiting = iter(drafts)

    def ours() -> None:
        draft = next(waiting)
        casework.submit(draft.pk, attested=stages.ATTESTED, actor=draft.owner)

    def bare() -> None:
        draft = next(waiting)
        values = {"case": draft.pk, "owner": draft.owner_id, "mission": mission.pk}
        values |= {"because": Jsonb({}), "declarations": Jsonb(list(stages.ATTESTED))}
        with own.transaction():
            for statement in BY_HAND:
                own.execute(statement, values)

    statements = browsing.counted(ours)
    milliseconds, bare_ms = stand.in_turns([ours, bare], len(drafts) // 2 - 2)
    own.close()
    yield stand.figure(
        "submit",
        milliseconds,
        "ms",
        bare_ms,
        reference="the same rows written by hand",
        statements=statements,
    )


def working(url: str, number: int) -> Iterator[stand.Figure]:
    """Jobs that do nothing, done by one worker after the other: what leasing and marking costs."""
    from consular.core import clock, jobs  # noqa: PLC0415  models need the tables
    from consular.core.models import Job  # noqa: PLC0415

    jobs.handler(NOTHING)(lambda payload: None)
    now = clock.now()

    def promise() -> None:
        Job.objects.all().delete()
        Job.objects.bulk_create(
            Job(name=NOTHING, key=f"{NOTHING}:{n}", created_at=now, run_at=now) for n in range(number)
        )

    def by_hand() -> None:
        with psycopg.connect(url, autocommit=True) as own:
            while row := own.execute(LEASE).fetchone():
                own.execute(DONE, row)

    promise()
    ours = speed(number, lambda: jobs.work(number))
    promise()
    bare = speed(number, by_hand)
    yield stand.figure("jobs", ours, "jobs/s", bare, reference="two statements by hand", workers=1)


def speed(number: int, work: stand.Work) -> float:
    """How many a second."""
    began = time.perf_counter()
    work()
    return number / (time.perf_counter() - began)


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drafts", type=int, default=120)
    parser.add_argument("--jobs", type=int, default=1_000)
    options = parser.parse_args()
    with stand.database() as url:
        stand.progress("submit: writing drafts")
        drafts = seed(options.drafts)
        stand.emit(sending(url, drafts))
        stand.progress("jobs")
        stand.emit(working(url, options.jobs))
        stand.hang_up()


if __name__ == "__main__":
    main()
