"""What running processes are asked for is found along an index; each with the harm when the index is missing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from consular.missions.models import Mission
from consular.workflow import rows, store
from consular.workflow.models import Token
from tests import factories
from tests.workflow import bpmn

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
XML = bpmn.process(
    bpmn.start(), bpmn.receive("wait"), bpmn.on_timer("late", "wait"), bpmn.end(), bpmn.end("deemed"),
    bpmn.path("start", "wait", "end"), bpmn.path("late", "deemed"),
)  # fmt: skip
MANY = """
INSERT INTO workflow_instance (definition_id, mission_id, variables, memory, phase, revision, started_at)
SELECT definition_id, mission_id, variables, memory, phase, revision, started_at
FROM workflow_instance, generate_series(1, 3000);
INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, since, due_at, message_key, data)
SELECT i.id, t.number, t.node, t.kind, t.scope, t.lane, t.mission_id, t.since, t.due_at + random() * interval '9 days',
    t.message_key, t.data
FROM workflow_instance i, workflow_token t;
ANALYZE workflow_instance; ANALYZE workflow_token
"""
LARGE = ("workflow_instance", "workflow_token")
Ask = Callable[[int], object]
ASKS: dict[str, tuple[Ask, str]] = {
    "due timers": (lambda instance: store.due_timers(NOW + timedelta(days=8)), "token_timers"),
    "due timers, further on": (
        lambda instance: store.due_timers(
            NOW + timedelta(days=8), after=store.DueTimer(1, 1, NOW + timedelta(days=7))
        ),
        "token_timers",
    ),
    "who waits for a message": (
        lambda instance: store.awaiting(instance, "booked"),
        "workflow_token_instance_id",
    ),
    "a process by its number": (lambda instance: rows.lock(pk=instance), "workflow_instance_pkey"),
    "the tokens of a process": (lambda instance: rows.lock(pk=instance), "workflow_token_instance_id"),
    "a process by a task": (
        lambda instance: rows.lock(tokens=Token.objects.filter(instance=instance)[0].pk),
        "workflow_token_pkey",
    ),
}


@pytest.fixture
def instance() -> int:
    """One of three thousand processes that wait for an answer and its end."""
    delhi: Mission = factories.mission("DELH")
    with transaction.atomic():
        begun = store.start(store.publish("p", 1, XML), mission=delhi, variables={}, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(MANY)
    return begun.instance.pk


def plan(ask: Ask, instance: int, without: str = "") -> str:
    """How PostgreSQL runs the last statement of a question, now that it knows how many rows there are."""
    heard: list[tuple[str, Any]] = []

    def hear(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        heard.append((sql, params))
        return execute(sql, params, *rest)

    with transaction.atomic(), connection.cursor() as cursor:
        # as where more is due than is asked for at once
        cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        with connection.execute_wrapper(hear):
            ask(instance)
        if without:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE %s", [f"{without}%"])
            ((index,),) = cursor.fetchall()
            cursor.execute(f'DROP INDEX "{index}"')
        sql, params = next(one for one in reversed(heard) if "SELECT" in one[0])
        cursor.execute(f"EXPLAIN {sql}", params)
        found = "\n".join(row[0] for row in cursor.fetchall())
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", ASKS)
def test_the_answer_is_found_along_an_index(instance: int, name: str) -> None:
    ask, index = ASKS[name]

    found = plan(ask, instance)

    assert f"using {index}" in found or f"on {index}" in found
    assert not [table for table in LARGE if f"Seq Scan on {table}" in found]
    assert "Sort" not in found or "due" not in name


@pytest.mark.parametrize("name", ["due timers", "who waits for a message", "the tokens of a process"])
def test_without_the_index_every_token_of_the_world_would_be_read(instance: int, name: str) -> None:
    """Negative control."""
    ask, index = ASKS[name]

    assert "Seq Scan on workflow_token" in plan(ask, instance, without=index)
