"""The rows of a draft that is typed at: read and written at every page and field, so their statements are by hand."""

import json
from collections.abc import Mapping
from typing import Any

from consular.cases.models import Answers, Case, Journey, Mandate
from consular.core.columns import Columns, side_by_side
from consular.core.prepared import Row, first_row

_CASE, _ANSWERS = Columns(Case, "c"), Columns(Answers, "a")
_MANDATE, _JOURNEY = Columns(Mandate, "m"), Columns(Journey, "j")
_DRAFT = f"""
SELECT {_CASE.text}, {_ANSWERS.text}, {_MANDATE.text}, {_JOURNEY.text}
FROM cases_case c JOIN cases_answers a ON a.case_id = c.id
LEFT JOIN cases_mandate m ON m.case_id = c.id LEFT JOIN cases_journey j ON j.id = c.journey_id
WHERE c.phase = 'draft' AND
"""  # noqa: S608  all parts are names of columns
_BY_REFERENCE = f"{_DRAFT} c.reference = %(reference)s"
_LOCKED = f"{_DRAFT} c.id = %(case)s FOR UPDATE OF c"
_WRITE = """
UPDATE cases_answers SET data = %(data)s, revision = %(revision)s, saved_at = %(saved_at)s
WHERE id = %(id)s AND revision = %(read)s RETURNING id
"""


def by_reference(reference: str) -> Case | None:
    """The draft with its answers, mandate and journey, whosever it is."""
    return _found(_BY_REFERENCE, {"reference": reference})


def locked(case_id: int) -> Case | None:
    """The same under the lock of its case. Whoever had to wait for it sees the answers as they were before."""
    return _found(_LOCKED, {"case": case_id})


def write(stored: Answers, *, read: int) -> bool:
    """Write the answers with their revision, unless their row has another one than was `read`."""
    values = {"data": json.dumps(stored.data), "revision": stored.revision, "saved_at": stored.saved_at}
    return first_row(_WRITE, {**values, "id": stored.pk, "read": read}) is not None


def _found(statement: str, values: Mapping[str, Any]) -> Case | None:
    row = first_row(statement, values)
    return None if row is None else _draft(row)


def _draft(row: Row) -> Case:
    case, answers, mandate, journey = side_by_side(row, _CASE, _ANSWERS, _MANDATE, _JOURNEY)
    draft: Case = case
    answers.case = draft
    draft.journey = journey
    if mandate is None:
        Case._meta.get_field("mandate").set_cached_value(draft, None)
    else:
        mandate.case = draft
    return draft
