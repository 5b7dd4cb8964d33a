"""What there is to a case, asked in one statement, so that nothing is looked up which most cases do not have."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from consular.cases.models import Case
from consular.casework.withdrawing import WITHDREW
from consular.core.prepared import all_rows
from consular.workflow.models import TokenKind


class Contents(NamedTuple):
    """Of what a case has any: partners that were asked, inquiries to the applicant, letters, messages and notes,
    entries at tasks, a mandate, documents that came after it was sent; and whether its process waits for a withdrawal.
    """

    consultations: bool
    inquiries: bool
    letters: bool
    messages: bool
    entries: bool
    mandate: bool
    arrivals: bool
    can_be_withdrawn: bool


MOST_ENTRIES = 50


class Entry(NamedTuple):
    """What somebody entered at a task: the form, their name, when, and the answers."""

    form: str
    by: str
    at: datetime
    entries: Mapping[str, Any]


def of(case: Case) -> Contents:
    """What there is to a case now."""
    facts = {"case": case.pk, "instance": case.instance_id, "sent": case.submitted_at}
    (row,) = all_rows(_ANY, {**facts, "withdrew": WITHDREW, "message": TokenKind.MESSAGE.value})
    return Contents._make(row)


def entries(case: Case) -> list[Entry]:
    """What officers entered at the tasks of a case, the latest first."""
    rows = all_rows(_ENTRIES, {"case": case.pk, "most": MOST_ENTRIES})
    return [Entry(form, by, at, json.loads(entered)) for form, by, at, entered in rows]


_ENTRIES = """
SELECT entry.form, person.name, entry.at, entry.entries
FROM cases_taskentry entry JOIN accounts_user person ON person.id = entry.by_id
WHERE entry.case_id = %(case)s ORDER BY entry.id DESC LIMIT %(most)s
"""
_ANY = """
SELECT EXISTS (SELECT FROM cases_consultation WHERE case_id = %(case)s),
    EXISTS (SELECT FROM cases_inquiry WHERE case_id = %(case)s),
    EXISTS (SELECT FROM decisions_letter WHERE case_id = %(case)s),
    EXISTS (SELECT FROM cases_message WHERE case_id = %(case)s),
    EXISTS (SELECT FROM cases_taskentry WHERE case_id = %(case)s),
    EXISTS (SELECT FROM cases_mandate WHERE case_id = %(case)s),
    EXISTS (SELECT FROM cases_attachment WHERE case_id = %(case)s AND created_at > %(sent)s),
    EXISTS (SELECT FROM workflow_token
        WHERE instance_id = %(instance)s AND kind = %(message)s AND message_key = %(withdrew)s)
"""
