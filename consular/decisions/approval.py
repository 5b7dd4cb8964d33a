"""Four eyes: one officer proposes, another natural person approves exactly that content or sends it back."""

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import judging, second_looks
from consular.decisions.choices import State
from consular.decisions.judging import Proposal as Proposal
from consular.decisions.models import Decision


def propose(case: Case, proposal: Proposal, *, by: User) -> Decision:
    """Write down a proposal; the caller holds the lock on the case.

    Refused when it does not say all it must, or when the case has an open proposal or a decision in force.
    """
    judging.judge(proposal)
    if open_proposal(case) is not None:
        raise Refused(_("There is already a proposal for this case."), code="already_proposed")
    if case.decisions.filter(state=State.APPROVED).exists():
        raise Refused(_("This case has already been decided."), code="already_decided")
    return Decision.objects.create(
        case=case,
        outcome=proposal.outcome,
        content=proposal.says,
        proposed_by=by,
        proposed_at=clock.now(),
        **judging.kept(proposal),
    )


def approve(decision: Decision, *, by: User) -> Decision:
    """Approve a proposal; from now on it is the decision in force.

    Refused for the person who proposed it, with whatever account, and when somebody has judged it meanwhile.
    """
    current = _still_open(decision)
    proposer = User.objects.get(pk=current.proposed_by_id)
    if by.person == proposer.person:
        raise Refused(
            _("Another person than the one who proposed a decision must approve it."),
            code="four_eyes",
            status=403,
        )
    current.state = State.APPROVED
    current.approved_by = by
    current.approved_at = clock.now()
    current.save(update_fields=["state", "approved_by", "approved_at"])
    second_looks.choose(current)
    return current


def send_back(decision: Decision, *, by: User, because: str = "") -> Decision:
    """Give a proposal back to be made anew, with the reason; it stays in the record."""
    current = _still_open(decision)
    current.state = State.SENT_BACK
    current.sent_back_by = by
    current.sent_back_at = clock.now()
    current.sent_back_because = because.strip()
    current.save(update_fields=["state", "sent_back_by", "sent_back_at", "sent_back_because"])
    return current


def drop(decision: Decision) -> Decision:
    """Take a proposal off the table because there is nothing left to decide; it stays in the record, judged by nobody.

    The caller holds the lock on the case. Refused with `done` when somebody has judged it meanwhile.
    """
    current = _still_open(decision)
    current.state = State.DROPPED
    current.save(update_fields=["state"])
    return current


def open_proposal(case: Case) -> Decision | None:
    """The proposal of this case that waits for a second officer, if there is one."""
    return case.decisions.filter(state=State.PROPOSED).first()


def in_force(case: Case) -> Decision:
    """The approved decision of this case. Refused when there is none."""
    decision = case.decisions.filter(state=State.APPROVED).first()
    if decision is None:
        raise Refused(_("This case has not been decided yet."), code="not_decided")
    return decision


def _still_open(decision: Decision) -> Decision:
    """The proposal as it stands now, locked; refused when somebody has judged it already."""
    current = Decision.objects.select_for_update().get(pk=decision.pk)
    if current.state != State.PROPOSED:
        raise Refused(_("Somebody has already judged this proposal."), code="done")
    return current
