"""Queue rows in the officer's words: the last day of a deadline, and clocks that stand still."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from consular.core import clock
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

PAST = datetime(2026, 5, 2, 18, 30, tzinfo=UTC)
"""Midnight in India."""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, (True, False)),
        ({"held": {"since": "2026-05-01T08:00:00+00:00", "due": PAST.isoformat()}}, (False, True)),
    ],
)
def test_nothing_is_overdue_while_its_clock_stands_still(
    data: dict[str, object], expected: tuple[bool, bool]
) -> None:
    post = stages.ministry()
    case = stages.sent()
    Token.objects.filter(instance=case.instance_id).update(due_at=PAST, data=data)
    client = factories.signed_in(Client(), post.clerk)

    (row,) = client.get("/desk/").context["rows"]

    assert clock.now() > PAST
    assert (row.is_overdue, row.is_paused) == expected
    assert row.due_on == date(2026, 5, 2)
