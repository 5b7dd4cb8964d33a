"""What completing a task does besides moving the process on, by the `step` property of the task in the process."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.consultations import objections
from consular.cases.models import Audience, Case
from consular.casework import correspondence, record
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import approval
from consular.decisions.models import Outcome, VisaType

Step = Callable[..., None]


def run(step: str, case: Case, answers: Mapping[str, Any], *, actor: User) -> None:
    """Do what a completed task asks for, within the caller's transaction; a step that is not here does nothing more."""
    if step in STEPS:
        STEPS[step](case, answers, actor=actor)


def ask(case: Case, answers: Mapping[str, Any], *, actor: User) -> None:
    """Send the applicant the question that the officer wrote into the task, if there is one."""
    if answers.get("request"):
        correspondence.send(case, answers["request"], audience=Audience.APPLICANT, actor=actor)


def propose(case: Case, answers: Mapping[str, Any], *, actor: User) -> None:
    """Put a decision up for a second officer, or ask the applicant first."""
    if answers["recommendation"] == "ask":
        ask(case, answers, actor=actor)
        return
    proposal = _proposal(answers)
    _mind_objections(case, proposal)
    decision = approval.propose(case, proposal, by=actor)
    record.event(case, "proposed", actor=actor, at=decision.proposed_at, decision=decision.pk)


def approve(case: Case, answers: Mapping[str, Any], *, actor: User) -> None:
    """Approve the open proposal as another person than its author, or send it back with a reason."""
    proposal = approval.open_proposal(case)
    if proposal is None:
        raise Refused(_("There is no proposal to decide on."), code="no_proposal")
    if answers["approved"]:
        approval.approve(proposal, by=actor)
        record.event(case, "approved", actor=actor, at=clock.now(), decision=proposal.pk)
        case.outcome = proposal.outcome
    else:
        approval.send_back(proposal, by=actor, because=answers["reason"])
        record.event(case, "sent_back", actor=actor, at=clock.now(), decision=proposal.pk)
        correspondence.send(case, answers["reason"], audience=Audience.INTERNAL, actor=actor)


STEPS: dict[str, Step] = {"check": ask, "propose": propose, "approve": approve}


def _mind_objections(case: Case, proposal: approval.Proposal) -> None:
    """Against the objection of a consulted state only limited territorial validity is possible (Visa Code art. 25)."""
    if proposal.outcome != Outcome.GRANTED or proposal.visa_type == VisaType.LIMITED:
        return
    objection = objections(case.pk).select_related("consultation").first()
    if objection is not None:
        sentence = _(
            "There is an objection: %(partner)s. Only a visa with limited territorial validity can be granted against "
            "it (Visa Code, Article 25(1)(a)(ii))."
        )
        name = gettext(objection.consultation.name)
        raise Refused(sentence % {"partner": name}, code="objection", field="recommendation", status=422)


def _proposal(answers: Mapping[str, Any]) -> approval.Proposal:
    if answers["recommendation"] == "refuse":
        return approval.Proposal(
            outcome=Outcome.REFUSED,
            grounds=tuple(int(ground) for ground in answers["grounds"]),
            statement=answers.get("ground_11_text") or "",
            alerting_state=answers.get("ground_6_state") or "",
            remarks=answers.get("remarks") or "",
        )
    return approval.Proposal(
        outcome=Outcome.GRANTED,
        remarks=answers.get("remarks") or "",
        visa_type=answers["visa_type"],
        territory=tuple(answers.get("territory") or ()),
        ltv_reason=answers.get("ltv_reason") or "",
        valid_from=date.fromisoformat(answers["valid_from"]),
        valid_until=date.fromisoformat(answers["valid_until"]),
        entries=answers["entries"],
        days=int(answers["days"]) if answers.get("days") else None,
    )
