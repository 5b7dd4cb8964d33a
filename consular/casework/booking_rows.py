"""The cases that appointments are booked for, found and locked at every step of booking: statements by hand."""

from datetime import datetime

from consular.cases.models import Answers, Case
from consular.core.columns import Columns, side_by_side
from consular.core.prepared import first_row

_CASE, _ANSWERS = Columns(Case, "c"), Columns(Answers, "a")
_LOCKED = f"""
SELECT {_CASE.text} FROM cases_case c
WHERE c.phase <> 'draft' AND c.id = COALESCE(
    %(case)s::bigint,
    (SELECT own.id FROM cases_case own WHERE own.reference = %(reference)s::text),
    (SELECT b.case_id FROM appointments_booking b WHERE b.reference = %(booking)s::text)
)
FOR UPDATE
"""  # noqa: S608  all parts are names of columns
_TO_BOOK = f"""
SELECT EXISTS (
    SELECT FROM appointments_booking b
    WHERE b.case_id = c.id AND b.state IN ('held', 'confirmed') AND b.active_until > %(now)s
), {_CASE.text}, {_ANSWERS.text}
FROM cases_case c JOIN cases_answers a ON a.case_id = c.id
WHERE c.phase <> 'draft' AND c.id = COALESCE(
    %(case)s::bigint, (SELECT own.id FROM cases_case own WHERE own.reference = %(reference)s::text)
)
FOR UPDATE OF c
"""  # noqa: S608  all parts are names of columns


def locked(*, pk: int | None = None, reference: str | None = None, booking: str | None = None) -> Case | None:
    """A sent case, locked, whosever it is: by its number, its reference or one of its bookings."""
    row = first_row(_LOCKED, {"case": pk, "reference": reference, "booking": booking})
    return _CASE.found(row) if row else None


def to_book(pk: int | None, reference: str | None, now: datetime) -> tuple[Case, bool] | None:
    """The same with its answers, and whether a booking was there when the waiting for the lock began."""
    row = first_row(_TO_BOOK, {"case": pk, "reference": reference, "now": now})
    if row is None:
        return None
    is_booked, *found = row
    case, answers = side_by_side(found, _CASE, _ANSWERS)
    answers.case = case
    return case, is_booked
