"""Queue rows in the officer's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from consular import formspec
from consular.cases.queue import Row
from consular.core import clock
from consular.workflow import store
from consular.workflow.days import last_day
from consular.workflow.graph import Node
from consular.workflow.models import Definition


@dataclass(frozen=True)
class QueueRow:
    """What one line of the queue says; the day of the deadline is the mission's, as on the page of the case.

    While its clock stands still (`is_paused`) the day is where it stood, and nothing is overdue.
    `has_unread`: documents have come that no officer has opened yet.
    """

    reference: str
    token_id: int
    applicant: str
    service: str
    task: str
    due_on: date
    is_overdue: bool
    is_paused: bool
    assignee: str | None
    has_unread: bool


def in_words(rows: Sequence[Row]) -> list[QueueRow]:
    """The rows with the names of their tasks and services in the active language; one query for all."""
    definitions = Definition.objects.defer("xml").in_bulk({row.definition_id for row in rows})
    return [_row(row, store.graph(definitions[row.definition_id]).node(row.node)) for row in rows]


def _row(row: Row, node: Node) -> QueueRow:
    return QueueRow(
        reference=row.reference,
        token_id=row.token_id,
        applicant=row.applicant,
        service=_(formspec.latest(row.service).form.title),
        task=_(node.name),
        due_on=last_day(row.due_at, ZoneInfo(row.time_zone)),
        is_overdue=row.held is None and row.due_at < clock.now(),
        is_paused=row.held is not None,
        assignee=row.assignee,
        has_unread=row.has_unread,
    )
