"""Taking the next task reads as few rows, however many others have taken: counted, never timed."""

import json
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction

from consular.accounts.models import Role, User
from consular.casework import allocation
from consular.core import clock
from consular.missions.models import Mission
from tests import factories
from tests.casework.test_allocation import taken, task

pytestmark = pytest.mark.django_db

TAKEN = 1000
MANY = """
INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, assignee_id, since, due_at,
    message_key, data, allocation)
SELECT instance_id, number + n, node, kind, scope, lane, mission_id, CASE WHEN n <= {taken} THEN {other} END, since,
    due_at + n * interval '1 minute', message_key, data, allocation
FROM workflow_token, generate_series(1, 2 * {taken}) AS n;
DELETE FROM workflow_token WHERE id = {first};
SET CONSTRAINTS ALL IMMEDIATE;
ANALYZE workflow_token
"""


def queue(mission: Mission, way: str) -> None:
    """Two thousand open tasks, of which somebody else has taken the older half."""
    first = task(mission, way=way)
    other = factories.official(Role.CASEWORKER, mission=mission)
    with connection.cursor() as cursor:
        cursor.execute(MANY.format(taken=TAKEN, other=other.pk, first=first.pk))


def asked(mission: Mission, officer: User) -> dict[str, object]:
    """The values of the statements."""
    return {
        "mission": mission.pk, "lane": "caseworker", "actor": officer.pk, "person": officer.person,
        "place": "8", "at": clock.now(),
    }  # fmt: skip


def explained(statement: str, values: dict[str, object], without: str = "") -> dict[str, Any]:
    """How PostgreSQL runs a statement, and what it meets; the rows stay as they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        if without:
            cursor.execute(f"DROP INDEX {without}")
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + statement, values)
        (found,) = cursor.fetchone()
        transaction.set_rollback(True)
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def met(plan: dict[str, Any]) -> Counter[str]:
    """How many tasks are met along each of their indexes."""
    found: Counter[str] = Counter()
    if str(plan.get("Index Name", "")).startswith("token_"):
        each = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        found[plan["Index Name"]] = round(each * plan["Actual Loops"])
    return sum((met(part) for part in plan.get("Plans", ())), found)


@pytest.mark.parametrize(
    ("way", "index", "most"),
    [("oldest", "token_unclaimed", 1), ("random", "token_draw", allocation.SAMPLE)],
)
def test_what_others_have_taken_is_not_even_read(
    mission: Mission, officer: User, way: str, index: str, most: int
) -> None:
    """With the harm where the index is missing: all of it is."""
    queue(mission, way)
    values = asked(mission, officer)
    statement = allocation._OLDEST if way == "oldest" else allocation._RANDOM

    for text, walked, few in ((statement, index, most), (allocation._ALONE, "token_unclaimed", 1)):
        assert met(explained(text, values)) == {walked: few}
        assert met(explained(text, values, without=walked)).total() >= TAKEN


def test_taking_the_next_one_is_one_statement(
    mission: Mission, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    task(mission, way="oldest")
    run = allocation.first_row
    statements: list[str] = []
    monkeypatch.setattr(
        allocation, "first_row", lambda text, values: statements.append(text) or run(text, values)
    )
    taken(mission, officer)

    assert ["UPDATE workflow_token" in text for text in statements] == [False, True]
