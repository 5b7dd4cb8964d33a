"""Writing down what happened to a case, and what follows from a step of its process."""

from datetime import datetime
from typing import Any

from consular.accounts.models import User
from consular.appointments import leaving
from consular.cases import events
from consular.cases.consultations import FINAL, MESSAGE
from consular.cases.models import Case, ConsultationAnswer, Phase
from consular.core import jobs
from consular.core.prepared import Part
from consular.decisions.models import Letter
from consular.notifications import outbox
from consular.workflow import store
from consular.workflow.models import TokenKind
from consular.workflow.state import Deliver, HistoryItem
from consular.workflow.store import Advance, Telling

ANNOUNCED = {Phase.YOUR_TURN: "your_turn", Phase.READY: "ready"}
"""The phases whose beginning the applicant is told by mail."""

CLOSED_BY_THE_CLOCK = frozenset({"lapsed", "discontinued", "unclaimed", "not_appeared"})
"""Outcomes of which no letter tells: the applicant gets a mail, and the page of the case says what they mean."""


def event(case: Case, kind: str, *, actor: User | None, at: datetime, node: str = "", **data: Any) -> None:
    """Append one event to the history of `case`; `data` holds codes and ids, never what somebody typed."""
    events.append(case, [HistoryItem(kind, node, data)], actor=actor, at=at)


def letter(case: Case, issued: Letter, mail: str, *, key: str, at: datetime) -> None:
    """Write down a letter that was issued in this transaction, and promise its applicant a mail, once for each key."""
    event(case, "letter_issued", actor=None, at=at, letter=issued.pk, letter_kind=issued.kind)
    if case.owner:
        outbox.promise(mail, to=case.owner, case=case, key=key, facts={})


def telling(
    case: Case, *, actor: User | None, at: datetime, because: tuple[HistoryItem, ...] = ()
) -> Telling:
    """Tells a step in the very statement that writes it: its history after what it happened `because` of, and where
    the case stands then.
    """

    def tell(step: Advance) -> Part:
        told = step._replace(history=(*because, *step.history))
        return events.telling(case, told, _outcome(step) or case.outcome, actor=actor, at=at)

    return tell


def advance(case: Case, step: Advance, *, actor: User | None, at: datetime) -> None:
    """Write down a step of the process: its history and the new phase, unless told already; and its jobs and mails."""
    before, case.phase, case.changed_at = case.phase, step.phase, at
    outcome = _outcome(step)
    case.outcome = outcome or case.outcome
    if not step.is_told:
        events.append_and_move(case, step.history, actor=actor, at=at)
    for entered in step.entered:
        if entered.kind == TokenKind.SERVICE:
            jobs.promise(
                entered.service_type, key=f"service:{entered.token_id}", payload={"token": entered.token_id}
            )
    _pass_on_what_came_before(case, step)
    if before != case.phase == Phase.CLOSED:
        wait_no_longer(case, actor=None, at=at)
    if before != case.phase and case.phase in ANNOUNCED and case.owner:
        revision = step.instance.revision
        outbox.promise(
            ANNOUNCED[Phase(case.phase)],
            to=case.owner,
            case=case,
            key=f"phase:{case.pk}:{revision}",
            facts={},
        )
    if outcome in CLOSED_BY_THE_CLOCK and case.owner:
        outbox.promise("closed", to=case.owner, case=case, key=f"closed:{case.pk}")


def wait_no_longer(case: Case, *, actor: User | None, at: datetime) -> None:
    """A case that is over takes no place on a waiting list and no turn in a draw; those who came along stay there."""
    if leaving.over(case.pk, at):
        event(case, "waiting_left", actor=actor, at=at)


def _pass_on_what_came_before(case: Case, step: Advance) -> None:
    """Promise the process the answers that partners gave while it did not listen, now that it waits for a partner."""
    graph = store.graph(step.instance.definition)
    waits = [entered for entered in step.entered if entered.kind == TokenKind.MESSAGE]
    if not any(graph.node(entered.node).message == MESSAGE for entered in waits):
        return
    kept = ConsultationAnswer.objects.filter(
        consultation__case=case, consultation__closed_at=None, answer__in=FINAL, is_late=False
    )
    for answer in kept.values_list("pk", flat=True):
        key = f"answer:{answer}:{step.instance.revision}"
        jobs.promise("casework.pass_on", key=key, payload={"answer": answer})


def finish(case: Case, token_id: int, *, variables: store.Variables, at: datetime) -> Advance:
    """A service step is done: the process goes on, and what follows is written down. Refused with `done` if it was."""
    told = telling(case, actor=None, at=at)
    step = store.finish_service(token_id, variables=variables, now=at, telling=told)
    advance(case, step, actor=None, at=at)
    return step


def fail(case: Case, token_id: int, *, code: str, at: datetime) -> Advance:
    """A service step ended in a business error: the process goes on from what catches it. Refused like `finish`, and
    with `process_broken` when nothing catches it.
    """
    told = telling(case, actor=None, at=at)
    step = store.fail_service(token_id, code=code, now=at, telling=told)
    advance(case, step, actor=None, at=at)
    return step


def deliver(case: Case, arrival: Deliver, *, actor: User | None, at: datetime) -> Advance | None:
    """Hand a message from outside to the process of a case and write down what follows.

    None when nobody waits for it: it came twice, too late, or with a key that is nobody's. Then nothing moves, and the
    history says that it came (`unawaited`).
    """
    told = telling(case, actor=actor, at=at)
    step = store.deliver(case.instance_id, arrival, now=at, telling=told) if case.instance_id else None
    return _arrived(case, arrival, step, actor, at)


def deliver_or_inform(
    case: Case, arrival: Deliver, because: HistoryItem, *, actor: User | None, at: datetime
) -> Advance | None:
    """The same for a message whose variables are kept where nobody waits for it yet. The history says first what it
    came `because` of.
    """
    told = telling(case, actor=actor, at=at, because=(because,))
    step = (
        store.deliver_or_inform(case.instance_id, arrival, now=at, telling=told) if case.instance_id else None
    )
    if step is None:
        events.append(case, [because], actor=actor, at=at)
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
