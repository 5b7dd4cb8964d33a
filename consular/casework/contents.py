"""What there is to a case, asked in one statement, so that nothing is looked up which most cases do not have."""

from typing import NamedTuple

from consular.cases.models import Case
from consular.casework.withdrawing import WITHDREW
from consular.core.prepared import first_row
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


def of(case: Case) -> Contents:
    """What there is to a case now."""
    facts = {"case": case.pk, "instance": case.instance_id, "sent": case.submitted_at}
    row = first_row(_ANY, {**facts, "withdrew": WITHDREW, "message": TokenKind.MESSAGE.value})
    return Contents._make(row or ())


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
