"""Withdrawing an application before the decision, at once and for good: by the applicant, or entered by an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.appointments import booking
from consular.appointments.models import State
from consular.cases.models import Audience, Case, Phase
from consular.cases.withdrawals import ENTERED, Channel
from consular.casework import attachments, checklist, correspondence, record
from consular.casework.correspondence import may_write
from consular.casework.officer import locked
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import approval
from consular.decisions.source import local_day
from consular.notifications import outbox
from consular.workflow import store
from consular.workflow.state import Deliver

WITHDREW = "applicant.withdrew"
"""The message by which a process learns of it. A process accepts a withdrawal where it waits for this message."""

OUTCOME = "withdrawn"
DECIDED = frozenset({Phase.DECIDED, Phase.READY})


@dataclass(frozen=True)
class Declared:
    """A withdrawal that came another way: the day it reached the mission, how, and a scan of it, if there is one."""

    on: date
    how: str
    scan: Sequence[tuple[str, bytes]] = ()


@verb
def withdraw(case_id: int, *, reason: str = "", actor: User) -> Case:
    """End the application because its applicant wants it: tasks and appointment go, partners are asked no more.

    The reason, if there is one, reaches the mission as a message; the process says what follows, such as the letter and
    the return of papers. Doing it twice changes nothing. Refused: `not_found` (404), `decided`, `closed`, and `not_now`
    where the process lets nobody withdraw.
    """
    case = _locked(case_id, actor)
    if case.outcome == OUTCOME:
        return case
    _require_possible(case)
    if reason.strip():
        correspondence.send(case, reason, audience=Audience.MISSION, actor=actor)
    _end(case, actor)
    return case


@verb
def enter_withdrawal(reference: str, declared: Declared, *, actor: User) -> Case:
    """Enter that the applicant has withdrawn on paper, at the counter or by mail; it has the same effect.

    The history names the officer, the day and the way; the scan lies with the documents of the case. Refused like a
    withdrawal, (403) `forbidden` for officers of other roles or missions, and (422) for a wrong day or way.
    """
    case = locked(reference, actor)
    if not may_write(case, actor):
        raise Refused(_("Your role does not allow this."), code="forbidden", status=403)
    _require_possible(case)
    _judge(case, declared)
    if declared.scan:
        attachments.keep(case, checklist.OTHER, declared.scan, actor=actor)
    facts = {"on": declared.on.isoformat(), "how": declared.how}
    record.event(case, ENTERED, actor=actor, at=clock.now(), **facts)
    _end(case, actor)
    return case


def obstacle(case: Case) -> Refused | None:
    """Why a case cannot be withdrawn at this moment; None where its process accepts it."""
    if case.instance_id is not None and store.awaiting(case.instance_id, WITHDREW):
        return None
    if case.phase == Phase.CLOSED or case.outcome == OUTCOME:
        return Refused(_("This case is closed. There is nothing left to withdraw."), code="closed")
    if case.phase in DECIDED:
        return Refused(
            _("Your application has been decided, so it cannot be withdrawn any more. Read the letter."),
            code="decided",
        )
    return Refused(
        _("This application cannot be withdrawn at the moment. Write to the mission if you do not want it."),
        code="not_now",
    )


def _require_possible(case: Case) -> None:
    refusal = obstacle(case)
    if refusal is not None:
        raise refusal


def _judge(case: Case, declared: Declared) -> None:
    """A day between the application and today, at the mission, and a way that is known."""
    zone = case.mission.time_zone if case.mission else "UTC"
    if case.submitted_at is None or not local_day(case.submitted_at, case) <= declared.on <= clock.today(
        zone
    ):
        raise Refused(
            _("Enter the day on which it reached the mission: after the application and not in the future."),
            code="invalid",
            field="on",
            status=422,
        )
    if declared.how not in Channel.values:
        raise Refused(_("Choose how it reached the mission."), code="invalid", field="how", status=422)


def _end(case: Case, actor: User) -> None:
    """All that ends with the application, and what follows by its process."""
    now = clock.now()
    record.event(case, "withdrawn", actor=actor, at=now)
    _free_appointment(case, actor, now)
    record.wait_no_longer(case, actor=actor, at=now)
    _drop_proposal(case, actor, now)
    case.consultations.filter(closed_at=None).update(closed_at=now)
    case.outcome = OUTCOME
    record.deliver(case, Deliver(WITHDREW), actor=actor, at=now)
    if case.owner:
        outbox.promise("withdrawn", to=case.owner, case=case, key=f"withdrawn:{case.pk}")


def _locked(case_id: int, actor: User) -> Case:
    """The actor's own sent application, locked."""
    sent = Case.objects.filter(owner=actor).exclude(phase=Phase.DRAFT)
    case = sent.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None or actor.is_official:
        raise Refused(_("There is no such application, or it is not yours."), code="not_found", status=404)
    return case


def _drop_proposal(case: Case, actor: User, now: datetime) -> None:
    """A proposal that waits for a second officer ends with the application: nobody can approve it any more."""
    proposal = approval.open_proposal(case)
    if proposal is not None:
        approval.drop(proposal)
        record.event(case, "proposal_dropped", actor=actor, at=now, decision=proposal.pk)


def _free_appointment(case: Case, actor: User, now: datetime) -> None:
    """Give back the place that is held or confirmed; one whose time has begun stays in the record."""
    current = booking.current(case.pk, now=now)
    if current is None or current.slot.starts_at <= now:
        return
    gone = booking.cancel(current.reference, now=now)
    if current.state == State.CONFIRMED:
        facts = {"booking": gone.reference, "starts_at": gone.slot.starts_at.isoformat()}
        record.event(case, "appointment_cancelled", actor=actor, at=now, **facts)
