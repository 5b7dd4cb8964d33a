"""What completing a task does besides moving the process on, by the `step` property of the task in the process."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.casework import correspondence
from consular.cases.models import Audience, Case
from consular.core.errors import Refused
from consular.decisions import approval

Step = Callable[..., None]


def run(step: str, case: Case, answers: Mapping[str, Any], *, actor: User) -> None:
    """Do what a completed task asks for, within the caller's transaction; a task without a step does nothing."""
    if step:
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
    approval.propose(case, _proposal(answers), by=actor)


def approve(case: Case, answers: Mapping[str, Any], *, actor: User) -> None:
    """Approve the open proposal as another person than its author, or send it back with a reason."""
    proposal = approval.open_proposal(case)
    if proposal is None:
        raise Refused(_("There is no proposal to decide on."), code="no_proposal")
    if answers["approved"]:
        approval.approve(proposal, by=actor)
        case.outcome = proposal.outcome
    else:
        approval.send_back(proposal, by=actor)
        correspondence.send(case, answers["reason"], audience=Audience.INTERNAL, actor=actor)


STEPS: dict[str, Step] = {"ask": ask, "propose": propose, "approve": approve}


def _proposal(answers: Mapping[str, Any]) -> approval.Proposal:
    granted = answers["recommendation"] == "grant"
    return approval.Proposal(
        outcome="granted" if granted else "refused",
        grounds=() if granted else tuple(int(ground) for ground in answers["grounds"]),
        remarks=answers.get("remarks", ""),
        valid_from=_day(answers.get("valid_from")),
        valid_until=_day(answers.get("valid_until")),
        entries=answers.get("entries", ""),
        days=int(answers["days"]) if answers.get("days") else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
