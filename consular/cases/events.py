"""Adding to the history of a case, which only ever grows: one prepared statement, however many lines there are."""

import json
from collections.abc import Iterable
from datetime import datetime

from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import prepared
from consular.workflow.state import HistoryItem

_APPEND = """
INSERT INTO cases_event (case_id, at, kind, actor_id, node, data)
SELECT %(case)s, %(at)s, line.kind, %(actor)s::bigint, line.node, line.data
FROM ROWS FROM (json_to_recordset(%(lines)s) AS (kind text, node text, data jsonb))
    WITH ORDINALITY AS line (kind, node, data, number)
ORDER BY line.number
"""
_APPEND_AND_MOVE = f"""
WITH told AS ({_APPEND})
UPDATE cases_case SET phase = %(phase)s, outcome = %(outcome)s, changed_at = %(at)s WHERE id = %(case)s
"""  # noqa: S608  all parts are constants of this file


def append(case: Case, lines: Iterable[HistoryItem], *, actor: User | None, at: datetime) -> None:
    """Write lines into the history, oldest first; the database numbers them in this order."""
    prepared.run(_APPEND, _values(case, lines, actor, at))


def append_and_move(case: Case, lines: Iterable[HistoryItem], *, actor: User | None, at: datetime) -> None:
    """The same, and with it where the case now stands: its phase, its outcome, and when it last moved."""
    case.changed_at = at
    values = _values(case, lines, actor, at) | {"phase": str(case.phase), "outcome": str(case.outcome)}
    prepared.run(_APPEND_AND_MOVE, values)


def _values(case: Case, lines: Iterable[HistoryItem], actor: User | None, at: datetime) -> dict[str, object]:
    told = [{"kind": line.kind, "node": line.node, "data": dict(line.data)} for line in lines]
    return {"case": case.pk, "at": at, "actor": actor.pk if actor else None, "lines": json.dumps(told)}
