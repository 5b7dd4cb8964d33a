"""The applicant says that everything is there: documents answer what the mission asked for, like a message does."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.attachments import AttachmentState
from consular.cases.models import Case, Phase
from consular.casework import asking, record
from consular.casework.attachments import own_case
from consular.casework.correspondence import ANSWERED
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.workflow import waiting
from consular.workflow.state import Deliver

HANDED_IN = "handed_in"
"""The event by which the history says so."""


@verb
def hand_in(case_id: int, *, actor: User) -> Case:
    """Let the mission go on with the documents that were added since it asked.

    Refused (409): `not_waiting` when the process waits for no answer, `named` where the mission has named what is to
    be sent, `nothing_new` without a usable document since then, `arriving` while one has not arrived completely;
    `not_found` (404) for a case of somebody else.
    """
    case = own_case(case_id, actor)
    if not is_awaited(case):
        raise Refused(_("The mission is not waiting for documents at the moment."), code="not_waiting")
    inquiry = asking.of(case)
    if inquiry is not None and inquiry.items:
        raise Refused(_("Send what the mission has named, on the page of your case."), code="named")
    if case.attachments.filter(state=AttachmentState.ARRIVING).exists():
        raise Refused(
            _("A file has not arrived completely. Send it again, or remove it first."), code="arriving"
        )
    if not has_new(case):
        raise Refused(_("Add a document first, or write to the mission."), code="nothing_new")
    now = clock.now()
    record.event(case, HANDED_IN, actor=actor, at=now)
    step = record.deliver(case, Deliver(ANSWERED), actor=actor, at=now)
    asking.come_back(inquiry, case, step, at=now)
    return case


def is_awaited(case: Case) -> bool:
    """Whether the process waits for an answer of the applicant, which documents can be."""
    return case.phase == Phase.YOUR_TURN and _since(case) is not None


def has_new(case: Case) -> bool:
    """Whether a document was added since the mission asked, and can be used as far as anybody knows."""
    since, usable = _since(case), [AttachmentState.CHECKING, AttachmentState.READY]
    return since is not None and case.attachments.filter(state__in=usable, created_at__gt=since).exists()


def _since(case: Case) -> datetime | None:
    """Since when the process waits for the applicant's answer."""
    return waiting.since(case.instance_id, ANSWERED) if case.instance_id else None
