"""What completing a task does besides moving the process on, by the `step` property of the task in the process."""

from collections.abc import Callable, Mapping
from dataclasses import replace
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
from consular.decisions import approval, rulings
from consular.decisions.choices import Content, Kind, VisaType
from consular.decisions.models import Letter

Step = Callable[..., None]

TEXTS = (
    "remarks", "visa_type", "ltv_reason", "entries", "facts", "reasons", "conditions", "visa_number",
)  # fmt: skip
"""Questions of a task form whose answer goes into the decision as it was typed or chosen."""

OF_THE_VISA = ("visa_number", "visa_issued_on", "visa_letter")
"""What an annulment or revocation says of the visa, unless the task's form asks for it anew."""


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
    if answers.get("recommendation") == rulings.ASK:
        ask(case, answers, actor=actor)
        return
    stated = _of_the_visa(case) | dict(answers)
    proposal = replace(_proposal(case, stated), ends=_letter_named(stated.get("visa_letter"), actor))
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


def tell(case: Case, answers: Mapping[str, Any], *, actor: User) -> None:
    """Send the person what the officer wrote into the task, if there is anything."""
    if answers.get("told"):
        correspondence.send(case, answers["told"], audience=Audience.APPLICANT, actor=actor)


STEPS: dict[str, Step] = {"check": ask, "propose": propose, "approve": approve, "tell": tell}


def _of_the_visa(case: Case) -> dict[str, Any]:
    """What was entered about a visa when the case was opened: its number, its day, and our letter of grant."""
    data = case.answers.data
    return {name: data[name] for name in OF_THE_VISA if data.get(name)}


def _letter_named(number: str | None, actor: User) -> int | None:
    """The letter of grant with this number, which the officer may read and which still stands; None when none is named.

    Refused when there is none: an annulment that points nowhere would leave the letter valid.
    """
    if not number:
        return None
    readable = Case.objects.visible_to(actor)
    letters = Letter.objects.filter(kind=Kind.L10, supersession=None, case__in=readable)
    found = letters.filter(number=number.strip()).values_list("pk", flat=True).first()
    if found is None:
        raise Refused(
            _("There is no letter of grant with this number that still stands."),
            code="invalid",
            field="visa_letter",
            status=422,
        )
    return found


def _mind_objections(case: Case, proposal: approval.Proposal) -> None:
    """Against the objection of a consulted state only limited territorial validity is possible (Visa Code art. 25)."""
    if proposal.content != Content.VISA or proposal.visa_type == VisaType.LIMITED:
        return
    objection = objections(case.pk).select_related("consultation").first()
    if objection is not None:
        sentence = _(
            "There is an objection: %(partner)s. Only a visa with limited territorial validity can be granted against "
            "it (Visa Code, Article 25(1)(a)(ii))."
        )
        name = gettext(objection.consultation.name)
        raise Refused(sentence % {"partner": name}, code="objection", field="recommendation", status=422)


def _proposal(case: Case, answers: Mapping[str, Any]) -> approval.Proposal:
    """What the officer entered, under the names that all services share; what counts, the content decides."""
    ruling = rulings.named(case.service, case.version, answers.get("recommendation"))
    if ruling is None:
        raise Refused(_("Choose what to decide."), code="invalid", field="recommendation", status=422)
    texts: dict[str, Any] = {name: answers.get(name) or "" for name in TEXTS}
    return approval.Proposal(
        outcome=ruling.outcome,
        content=ruling.content,
        grounds=tuple(int(ground) for ground in answers.get("grounds") or ()),
        statement=answers.get("ground_11_text") or "",
        alerting_state=answers.get("ground_6_state") or "",
        territory=tuple(answers.get("territory") or ()),
        valid_from=_day(answers.get("valid_from")),
        valid_until=_day(answers.get("valid_until")),
        days=int(answers["days"]) if answers.get("days") else None,
        visa_issued_on=_day(answers.get("visa_issued_on")),
        **texts,
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
