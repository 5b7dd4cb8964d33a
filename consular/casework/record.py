"""Writing down what happened to a case, and what follows from a step of its process."""

from datetime import datetime
from typing import Any

from consular.accounts.models import User
from consular.cases import events
from consular.cases.models import Case, Phase
from consular.core import jobs
from consular.notifications import outbox
from consular.workflow import store
from consular.workflow.models import TokenKind
from consular.workflow.state import Deliver, HistoryItem
from consular.workflow.store import Advance

ANNOUNCED = {Phase.YOUR_TURN: "your_turn", Phase.READY: "ready"}
"""The phases whose beginning the applicant is told by mail."""


def event(case: Case, kind: str, *, actor: User | None, at: datetime, node: str = "", **data: Any) -> None:
    """Append one event to the history of `case`; `data` holds codes and ids, never what somebody typed."""
    events.append(case, [HistoryItem(kind, node, data)], actor=actor, at=at)


def advance(case: Case, step: Advance, *, actor: User | None, at: datetime) -> None:
    """Write down a step of the process: its history, the new phase, the jobs and mails that follow."""
    before, case.phase = case.phase, step.phase
    case.outcome = _outcome(step) or case.outcome
    events.append_and_move(case, step.history, actor=actor, at=at)
    for entered in step.entered:
        if entered.kind == TokenKind.SERVICE:
            jobs.promise(
                entered.service_type, key=f"service:{entered.token_id}", payload={"token": entered.token_id}
            )
    if before != case.phase and case.phase in ANNOUNCED and case.owner:
        revision = step.instance.revision
        outbox.promise(
            ANNOUNCED[Phase(case.phase)],
            to=case.owner,
            case=case,
            key=f"phase:{case.pk}:{revision}",
            facts={},
        )


def deliver(case: Case, arrival: Deliver, *, actor: User | None, at: datetime) -> Advance | None:
    """Hand a message from outside to the process of a case and write down what follows.

    None when nobody waits for it: it came twice, too late, or with a key that is nobody's. Then nothing moves, and the
    history says that it came (`unawaited`).
    """
    step = store.deliver(case.instance_id, arrival, now=at) if case.instance_id else None
    return _arrived(case, arrival, step, actor, at)


def deliver_or_inform(case: Case, arrival: Deliver, *, actor: User | None, at: datetime) -> Advance | None:
    """The same for a message whose variables are kept where nobody waits for it yet."""
    step = store.deliver_or_inform(case.instance_id, arrival, now=at) if case.instance_id else None
    return _arrived(case, arrival, step, actor, at)


def _arrived(
    case: Case, arrival: Deliver, step: Advance | None, actor: User | None, at: datetime
) -> Advance | None:
    if step is None:
        event(case, "unawaited", actor=actor, at=at, message=arrival.message, key=arrival.key)
    else:
        advance(case, step, actor=actor, at=at)
    return step


def _outcome(step: Advance) -> str:
    """What an end event that was reached says the case ended in, "" when none says anything."""
    graph = store.graph(step.instance.definition)
    ends = (graph.node(item.node).outcome for item in step.history if item.kind == "reached")
    return next(filter(None, ends), "")
