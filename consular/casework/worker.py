"""What happens without a person: letters are issued, timers strike."""

from datetime import datetime
from typing import Any

import structlog

from consular import formspec
from consular.cases.models import Case
from consular.casework import record
from consular.casework.verb import verb
from consular.core import clock
from consular.decisions import approval, issuing
from consular.decisions.models import Kind, Outcome
from consular.notifications import outbox
from consular.workflow import store
from consular.workflow.models import Token

LETTER_OF = {Outcome.GRANTED: Kind.L10, Outcome.REFUSED: Kind.L08}
TIMERS_AT_ONCE = 200

log = structlog.get_logger(__name__)


@verb
def acknowledge(payload: dict[str, Any]) -> None:
    """Issue the receipt with the sealed copy of what was sent; a second run finds it there and does nothing."""
    case = Case.objects.select_for_update().get(pk=payload["case"])
    if case.letters.filter(kind=Kind.L01).exists():
        return
    folder = formspec.folder(case.service, case.version)
    letter = issuing.issue(case, Kind.L01, key=f"acknowledgement:{case.pk}", folder=folder)
    record.event(case, "letter_issued", actor=None, at=clock.now(), letter=letter.pk, letter_kind=letter.kind)


@verb
def issue(payload: dict[str, Any]) -> None:
    """Issue the letter of the approved decision and move the process on.

    Letter, history, next task and mail are one transaction: a worker killed on the way leaves none of them, and the
    next one that leases the job does it all. A second run finds the token gone and does nothing.
    """
    token = Token.objects.filter(pk=payload["token"]).first()
    if token is None:
        return
    case = (
        Case.objects.select_for_update(of=("self",)).select_related("owner").get(instance=token.instance_id)
    )
    decision = approval.in_force(case)
    now = clock.now()
    letter = issuing.issue(
        case,
        LETTER_OF[Outcome(decision.outcome)],
        key=f"decision:{decision.pk}",
        decision=decision,
        folder=formspec.folder(case.service, case.version),
    )
    record.event(case, "letter_issued", actor=None, at=now, letter=letter.pk, letter_kind=letter.kind)
    if case.owner:
        outbox.promise("decided", to=case.owner, case=case, key=f"decided:{decision.pk}", facts={})
    outcome = {"outcome": decision.outcome}
    step = store.finish_service(token.pk, variables=outcome, now=now)
    record.advance(case, step, actor=None, at=now)


def wake(now: datetime | None = None) -> int:
    """Fire every timer that is due, each in a transaction of its own; returns how many struck."""
    moment = now or clock.now()
    struck = 0
    for timer in store.due_timers(moment, TIMERS_AT_ONCE):
        try:
            struck += strike(timer.token_id, timer.instance_id, now=moment)
        except Exception:  # one case that cannot go on must not stop the clock for all others
            log.exception("timer_failed", token=timer.token_id)
    return struck


@verb
def strike(token_id: int, instance_id: int, *, now: datetime) -> bool:
    """Fire one timer; False when another worker or the process itself was faster."""
    case = Case.objects.select_for_update().get(instance=instance_id)
    step = store.fire_timer(token_id, now=now)
    if step is None:
        return False
    record.advance(case, step, actor=None, at=now)
    return True
