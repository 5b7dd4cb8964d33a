"""What is asked about the people of one day is found along an index, however many came in the years before; each with
the harm when the index is missing.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from consular.appointments import day, figures, overbooking
from consular.appointments.models import Calendar
from consular.cases.models import Case
from consular.casework import approaching, together
from consular.core import clock
from tests import factories as people
from tests.appointments import factories
from tests.appointments.factories import NOW

pytestmark = pytest.mark.django_db

MANY = """
SET LOCAL session_replication_role = replica;
INSERT INTO appointments_slot (calendar_id, starts_at, ends_at, capacity)
SELECT {calendar}, moment, moment + interval '30 minutes', 2
FROM generate_series(TIMESTAMPTZ '{now}' - interval '300 days', TIMESTAMPTZ '{now}' + interval '9 days',
    interval '3 hours') AS moment;
INSERT INTO appointments_place (slot_id, number, free_from)
SELECT id, n, ends_at FROM appointments_slot, generate_series(1, 2) AS n;
INSERT INTO appointments_booking (reference, place_id, owner_id, case_id, identity, category, state, active_until,
    sequence, held_at, changed_at, people, party)
SELECT 'OLD' || p.id, p.id, {owner}, p.id, decode(md5(p.id::text) || md5(p.id::text), 'hex'), 'visa_c',
    CASE p.id % 3 WHEN 0 THEN 'past' ELSE 'confirmed' END, p.free_from, 0, p.made_at, p.made_at, 1, ''
FROM appointments_place p;
SET LOCAL session_replication_role = origin;
ANALYZE appointments_slot; ANALYZE appointments_place; ANALYZE appointments_booking
"""
INDEX = "appointments_of_a_place"
Ask = Callable[[Calendar], object]
YESTERDAY = NOW.date() - timedelta(days=1)
LONG_AGO = NOW - timedelta(days=297)
ASKS: dict[str, tuple[Ask, str]] = {
    "the list of a day": (lambda on: day.of_day(on.mission, YESTERDAY), INDEX),
    "the times of a day": (lambda on: day.times(on.mission, YESTERDAY, YESTERDAY, now=NOW), INDEX),
    "who did not come": (lambda on: overbooking.learnt(on, now=LONG_AGO), INDEX),
    "the figures": (lambda on: figures.of_mission(on.mission, now=LONG_AGO), INDEX),
    "who may come along": (lambda on: along(on), "one_active_booking_per_case"),
    "who is reminded": (lambda on: approaching.remind_visitors(), "one_active_booking_per_place"),
}


def along(on: Calendar) -> list[Case]:
    """Who may come with somebody."""
    owner = people.applicant()
    return together.others(Case(pk=0, owner=owner, mission=on.mission, service="schengen_visa"), owner, NOW)


@pytest.fixture
def calendar() -> Calendar:
    """A calendar with five thousand appointments of the last months, of which the clock has overtaken most."""
    made = factories.calendar(overbooking=2)
    owner = people.applicant()
    with connection.cursor() as cursor:
        cursor.execute(MANY.format(calendar=made.pk, owner=owner.pk, now=NOW.isoformat()))
    return made


def plan(ask: Ask, calendar: Calendar, without: str = "") -> str:
    """How PostgreSQL runs the first statement of a question about bookings."""
    heard: list[tuple[str, Any]] = []

    def hear(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        heard.append((sql, params))
        return execute(sql, params, *rest)

    with transaction.atomic(), connection.cursor() as cursor:
        with connection.execute_wrapper(hear), clock.at(NOW):
            ask(calendar)
        if without:
            cursor.execute(f"DROP INDEX {without}")
        sql, params = next(one for one in heard if "appointments_booking" in one[0])
        cursor.execute(f"EXPLAIN {sql}", params)
        found = "\n".join(row[0] for row in cursor.fetchall())
        transaction.set_rollback(True)
    return found


def test_appointments_of_earlier_years_are_not_read_for_those_of_one_day(calendar: Calendar) -> None:
    for name, (ask, index) in ASKS.items():
        found = plan(ask, calendar)
        assert f"using {index}" in found or f"on {index}" in found, f"{name}\n{found}"
        assert "Seq Scan on appointments_booking" not in found, f"{name}\n{found}"


def test_without_the_index_all_appointments_would_be_read_for_the_list_of_a_day(calendar: Calendar) -> None:
    """Negative control."""
    for name in ("the list of a day", "the times of a day"):
        assert "Seq Scan on appointments_booking" in plan(ASKS[name][0], calendar, without=INDEX), name
