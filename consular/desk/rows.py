"""Queue rows in the officer's words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from consular import formspec
from consular.cases.queue import Row
from consular.core import clock
from consular.workflow import store


@dataclass(frozen=True)
class QueueRow:
    """What one line of the queue says."""

    reference: str
    token_id: int
    applicant: str
    service: str
    task: str
    since: datetime
    due_at: datetime
    is_overdue: bool
    assignee: str | None


def in_words(row: Row) -> QueueRow:
    """The row with the names of its task and service in the active language."""
    node = store.graph(row.definition_id).node(row.node)
    return QueueRow(
        reference=row.reference,
        token_id=row.token_id,
        applicant=row.applicant,
        service=_(formspec.latest(row.service).form.title),
        task=_(node.name),
        since=row.since,
        due_at=row.due_at,
        is_overdue=row.due_at < clock.now(),
        assignee=row.assignee,
    )
