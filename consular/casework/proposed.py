"""What a second officer approves: the letter of the open proposal as it will be signed, and a mark of what it says."""

import hashlib
import json

from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case
from consular.core.errors import Refused
from consular.decisions import approval, issuing, rulings
from consular.decisions.composing import compose
from consular.decisions.letter import Letter as Values
from consular.decisions.models import Decision
from consular.decisions.source import Source, local_day

CODE = "0" * 4
"""Stands where the letter will have its code; none has this one."""


def preview(case: Case, proposal: Decision) -> bytes:
    """The letter as a PDF, marked on each page as a sample: neither sealed nor signed nor stored."""
    return issuing.render(_values(case, proposal), is_sample=True)


def mark(case: Case, proposal: Decision) -> str:
    """Another one as soon as the letter would say something else; its number, code and day are no part of that."""
    said = json.dumps(_values(case, proposal).as_values(), sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def require_same(case: Case, seen: str) -> None:
    """Refused (409) where the letter would say something else now than what was looked at; the case is locked."""
    proposal = approval.open_proposal(case)
    if proposal is not None and mark(case, proposal) != seen:
        raise Refused(
            _(
                "The letter would say something else now than what you have seen. Look at it again, and approve then."
            ),
            code="changed",
        )


def _values(case: Case, proposal: Decision) -> Values:
    source = Source(case, case.folder, proposal, local_day(proposal.proposed_at, case))
    return compose(rulings.letter_of(proposal), source, number=case.reference, code=CODE)
