"""What the booking benchmark stands on: a database with cases and slots."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg

from tests.benchmarks import stand
from tests.benchmarks.booking import Client

CASES = 40_000
HOT_PLACES = 30_000
SLOTS = 1_000
PLACES = 30

INSTANCES = """
INSERT INTO workflow_instance (definition_id, mission_id, variables, memory, phase, revision, started_at)
SELECT definition_id, mission_id, variables, memory, phase, revision, started_at
FROM workflow_instance, generate_series(2, %s) WHERE id = %s
"""
TOKENS = """
INSERT INTO workflow_token (instance_id, {columns}) SELECT i.id, {values}
FROM workflow_instance i, workflow_token t WHERE i.id <> t.instance_id
"""
COPIES = """
INSERT INTO cases_case (reference, service, version, owner_id, language, phase, outcome, mission_id, because,
    applicant_name, instance_id, created_at, changed_at, submitted_at)
SELECT 'copy-' || i.id, service, version, (%s::bigint[])[1 + i.id %% %s], language, c.phase, outcome, c.mission_id,
    because, applicant_name, i.id, created_at, changed_at, submitted_at
FROM cases_case c, workflow_instance i WHERE i.id <> c.instance_id
"""
ANSWERS = """
INSERT INTO cases_answers (case_id, data, declarations, revision, saved_at)
SELECT c.id, jsonb_build_object('doc_number', 'D' || c.id, 'birth_date', '1990-04-12'), '[]', 1, now()
FROM cases_case c WHERE NOT EXISTS (SELECT FROM cases_answers a WHERE a.case_id = c.id)
"""


@dataclass(frozen=True)
class Seeded:
    """What was put into the database: users with sessions, their cases, the slots."""

    sessions: dict[int, str]
    cases: dict[int, tuple[tuple[int, str], ...]]
    slots: dict[str, tuple[int, ...]]

    def clients(self, number: int, slots: str, port: int) -> list[Client]:
        """This many clients, each a person of their own with their own cases."""
        users = list(self.sessions)[:number]
        return [
            Client(self.sessions[user], user, self.cases[user], self.slots[slots], port) for user in users
        ]


@contextmanager
def database(commit_delay: int) -> Iterator[Seeded]:
    """A durable PostgreSQL with all of it; every commit costs `commit_delay` microseconds more."""
    with stand.database(commit_delay) as url:
        yield seed(url)


def seed(url: str, users: int = 32) -> Seeded:
    """Migrate; one mission, one hot slot, many ordinary ones, people with sessions and cases."""
    stand.start_django()
    from django.test import Client as Browser  # noqa: PLC0415  models need the tables

    from consular.core import clock  # noqa: PLC0415
    from tests import factories as people  # noqa: PLC0415
    from tests.appointments import factories  # noqa: PLC0415

    calendar = factories.calendar()
    day = clock.now().replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(days=2)
    hot = factories.slot(calendar, capacity=HOT_PLACES, starts_at=day - timedelta(hours=1))
    spread = [
        factories.slot(calendar, capacity=PLACES, starts_at=day + timedelta(hours=n)).pk for n in range(SLOTS)
    ]
    owners = [people.applicant() for _ in range(users)]
    case = factories.bookable_case(calendar, owner=owners[0])
    copy_cases(url, case.instance_id, [owner.pk for owner in owners])
    sessions = {owner.pk: people.signed_in(Browser(), owner).cookies["session"].value for owner in owners}
    stand.hang_up()
    return Seeded(sessions, cases_of(url, sessions), {"hot": (hot.pk,), "spread": tuple(spread)})


def copy_cases(url: str, instance: int, owners: list[int]) -> None:
    """Many cases like the one there is, with processes of their own."""
    with psycopg.connect(url, autocommit=True) as own:
        own.execute(INSTANCES, (CASES, instance))
        rows = own.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'workflow_token' "
            "AND column_name NOT IN ('id', 'instance_id')"
        )
        names = [row[0] for row in rows]
        own.execute(TOKENS.format(columns=", ".join(names), values=", ".join(f"t.{name}" for name in names)))
        own.execute(COPIES, (owners, len(owners)))
        own.execute(ANSWERS)
        own.execute("VACUUM ANALYZE")


def cases_of(url: str, owners: dict[int, str]) -> dict[int, tuple[tuple[int, str], ...]]:
    """The cases of each person, with references that the pages accept."""
    from consular.core import references  # noqa: PLC0415

    with psycopg.connect(url, autocommit=True) as own:
        ids = [row[0] for row in own.execute("SELECT id FROM cases_case ORDER BY id")]
        own.cursor().executemany(
            "UPDATE cases_case SET reference = %s WHERE id = %s", [(references.issue(), pk) for pk in ids]
        )
        own.execute("VACUUM FULL ANALYZE cases_case")
        rows = own.execute("SELECT owner_id, id, reference FROM cases_case ORDER BY id").fetchall()
    return {user: tuple((pk, text) for owner, pk, text in rows if owner == user) for user in owners}
