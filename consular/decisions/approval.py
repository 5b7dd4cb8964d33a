"""Four eyes: one officer proposes, another natural person approves exactly that content or sends it back."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.models import Case
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions.models import (
    GROUNDS,
    STATEMENTS_DOUBTED,
    Decision,
    Entries,
    LimitedBecause,
    Outcome,
    State,
    VisaType,
)
from consular.formspec import places

LONGEST_STAY = 90
"""Days a short-stay visa may allow (Visa Code art. 2(2))."""

LONGEST_TRANSITS = 6
"""Months for which a visa for several airport transits may be valid (Visa Code art. 26(4))."""


@dataclass(frozen=True)
class Proposal:
    """What one officer proposes to decide.

    A refusal names grounds by their Annex VI numbers; `statement` completes ground 11 (which statements are
    doubted), `alerting_state` ground 6. A grant names its type, dates (both included), entries and, unless it is for
    airport transit, days of stay; one with limited territorial validity the states (alpha-3) and the reason, too.
    """

    outcome: str
    grounds: tuple[int, ...] = ()
    statement: str = ""
    alerting_state: str = ""
    remarks: str = ""
    visa_type: str = VisaType.UNIFORM
    territory: tuple[str, ...] = ()
    ltv_reason: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    entries: str = ""
    days: int | None = None


def propose(case: Case, proposal: Proposal, *, by: User) -> Decision:
    """Write down a proposal; the caller holds the lock on the case.

    Refused when it does not say all it must, or when the case has an open proposal or a decision in force.
    """
    _judge(proposal)
    if open_proposal(case) is not None:
        raise Refused(_("There is already a proposal for this case."), code="already_proposed")
    if case.decisions.filter(state=State.APPROVED).exists():
        raise Refused(_("This case has already been decided."), code="already_decided")
    granted = proposal.outcome == Outcome.GRANTED
    return Decision.objects.create(
        case=case,
        outcome=proposal.outcome,
        grounds=[] if granted else sorted(set(proposal.grounds)),
        statement="" if granted else proposal.statement.strip(),
        alerting_state="" if granted else proposal.alerting_state.strip(),
        remarks=proposal.remarks.strip(),
        visa_type=proposal.visa_type if granted else "",
        territory=sorted(set(proposal.territory)) if granted else [],
        ltv_reason=proposal.ltv_reason if granted else "",
        valid_from=proposal.valid_from if granted else None,
        valid_until=proposal.valid_until if granted else None,
        entries=proposal.entries if granted else "",
        days=proposal.days if granted else None,
        proposed_by=by,
        proposed_at=clock.now(),
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


def _judge(proposal: Proposal) -> None:
    """Refuse a proposal that does not say all a decision must (Visa Code art. 24, 32(2) and Annex VI)."""
    if proposal.outcome == Outcome.REFUSED:
        _judge_refusal(proposal)
    elif proposal.outcome == Outcome.GRANTED:
        _judge_grant(proposal)
    else:
        raise _wrong("outcome", _("Choose whether to grant or to refuse."))


def _judge_refusal(proposal: Proposal) -> None:
    if not proposal.grounds or not set(proposal.grounds) <= set(GROUNDS):
        raise _wrong("grounds", _("A refusal names at least one ground."))
    if STATEMENTS_DOUBTED in proposal.grounds and not proposal.statement.strip():
        raise _wrong("statement", _("Say which statements are doubted: ground 11 requires it."))


def _judge_grant(proposal: Proposal) -> None:
    first, last = proposal.valid_from, proposal.valid_until
    if proposal.visa_type not in VisaType.values:
        raise _wrong("visa_type", _("Choose the type of visa."))
    _judge_territory(proposal)
    if first is None or last is None or last < first:
        raise _wrong("valid_until", _("A visa is valid from a day to the same or a later day."))
    if proposal.entries not in Entries.values:
        raise _wrong("entries", _("Choose the number of entries."))
    if proposal.visa_type == VisaType.TRANSIT:
        _judge_transit(proposal, first, last)
    elif proposal.days is None or not 1 <= proposal.days <= min(LONGEST_STAY, (last - first).days + 1):
        raise _wrong(
            "days", _("The days of stay must be between one and 90, and no more than the days of validity.")
        )


def _judge_territory(proposal: Proposal) -> None:
    """A visa with limited territorial validity says where it is valid and why; no other one does (art. 25)."""
    named = set(proposal.territory)
    if proposal.visa_type != VisaType.LIMITED:
        if named or proposal.ltv_reason:
            raise _wrong(
                "territory", _("Only a visa with limited territorial validity names states and a reason.")
            )
        return
    if not named or not named <= set(places.MEMBER_STATES):
        raise _wrong("territory", _("Name the member states for which the visa is valid."))
    if named == set(places.MEMBER_STATES):
        raise _wrong("territory", _("A visa for all member states is a uniform visa."))
    if proposal.ltv_reason not in LimitedBecause.values:
        raise _wrong("ltv_reason", _("Choose why the visa is valid for some states only."))


def _judge_transit(proposal: Proposal, first: date, last: date) -> None:
    """An airport transit visa allows no stay, and several transits in at most six months (art. 2(5), 26(4))."""
    if proposal.days is not None:
        raise _wrong("days", _("An airport transit visa allows no days of stay."))
    if proposal.entries != Entries.ONE and _months(first, last) > LONGEST_TRANSITS:
        raise _wrong("valid_until", _("A visa for several airport transits is valid for at most six months."))


def _months(first: date, last: date) -> int:
    """Calendar months from the first to the last day; a month that has begun counts."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    return whole + (last.day > first.day)


def _wrong(field: str, sentence: str | Promise) -> Refused:
    return Refused(sentence, code="invalid", field=field, status=422)
