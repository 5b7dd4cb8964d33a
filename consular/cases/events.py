"""Adding to the history of a case, which only ever grows: one prepared statement, however many lines there are.

The lines of a step are a part of the statement that writes it.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import prepared
from consular.workflow.rows import Advance
from consular.workflow.state import HistoryItem

_LINES = """
INSERT INTO cases_event (case_id, at, kind, actor_id, node, data)
SELECT %(case)s, %(at)s, line.kind, %(actor)s::bigint, line.node, line.data
FROM {} ROWS FROM (json_to_recordset(%(lines)s) AS (kind text, node text, data jsonb))
    WITH ORDINALITY AS line (kind, node, data, number)
ORDER BY line.number
"""
_STAND = """
UPDATE cases_case SET phase = %(case_phase)s, outcome = %(outcome)s, changed_at = %(at)s
{} WHERE cases_case.id = %(case)s
"""
OF_TASKS = """
INSERT INTO cases_event (case_id, at, kind, actor_id, node, data)
SELECT case_id, %(at)s, '{kind}', %(actor)s::bigint, node, jsonb_build_object('token', id) FROM {tasks}
"""
"""One line for each of the tasks (id, node, case_id) that a part of the same statement has changed."""
_APPEND = _LINES.format("")
_APPEND_AND_MOVE = f"WITH told AS ({_APPEND}) {_STAND.format('')}"
_TOLD = f", told AS ({_LINES.format('moved,')}), stands AS ({_STAND.format('FROM moved')})"


def append(case: Case, lines: Iterable[HistoryItem], *, actor: User | None, at: datetime) -> None:
    """Write lines into the history, oldest first; the database numbers them in this order."""
    prepared.run(_APPEND, _values(case, lines, actor, at))


def append_and_move(case: Case, lines: Iterable[HistoryItem], *, actor: User | None, at: datetime) -> None:
    """The same, and with it where the case now stands: its phase, its outcome, and when it last moved."""
    prepared.run(_APPEND_AND_MOVE, _values(case, lines, actor, at) | _standing(case.phase, case.outcome))


def telling(case: Case, step: Advance, outcome: str, *, actor: User | None, at: datetime) -> prepared.Part:
    """The same for a step that is about to be written, as part of its statement: of one that fails nothing is told."""
    return prepared.Part(_TOLD, _values(case, step.history, actor, at) | _standing(step.phase, outcome))


def _standing(phase: str, outcome: str) -> dict[str, object]:
    return {"case_phase": str(phase), "outcome": str(outcome)}


def _values(case: Case, lines: Iterable[HistoryItem], actor: User | None, at: datetime) -> dict[str, object]:
    told = [{"kind": line.kind, "node": line.node, "data": dict(line.data)} for line in lines]
    return {"case": case.pk, "at": at, "actor": actor.pk if actor else None, "lines": json.dumps(told)}
