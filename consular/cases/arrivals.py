"""Documents that came after an application was sent and that no officer has opened yet."""

from consular.cases.models import Case
from consular.core.prepared import first_row

UNREAD = """
SELECT {what} FROM cases_attachment file
WHERE file.case_id = {case} AND file.state = 'ready' AND file.created_at > {sent} AND NOT EXISTS (
    SELECT FROM cases_event opened
    WHERE opened.case_id = file.case_id AND opened.kind = 'document_opened'
        AND (opened.data ->> 'attachment')::bigint = file.id
)
"""
"""A query over the checked documents of one case; the history says which ones an officer has opened."""

_COUNT = UNREAD.format(what="count(*)", case="%(case)s", sent="%(sent)s")


def unread(case: Case) -> int:
    """How many documents of a sent case nobody at the mission has seen yet; those of the application itself aside."""
    row = first_row(_COUNT, {"case": case.pk, "sent": case.submitted_at})
    return int(row[0]) if row else 0
