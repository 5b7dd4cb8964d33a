"""What the applicant is asked at the moment, and to whom the answer comes back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consular import formspec
from consular.accounts.models import User
from consular.cases.inquiries import Inquiry
from consular.cases.models import Case, Phase
from consular.casework import record
from consular.core import clock
from consular.core.errors import Refused
from consular.decisions import rulings
from consular.missions import absences
from consular.workflow import tasks, waiting
from consular.workflow.models import TokenKind
from consular.workflow.store import Advance

ANSWERED = "applicant.answered"
"""The message by which a process learns that the applicant has answered."""
REQUEST = "request"
"""The question of a task's form in which an officer writes what is needed: whoever can answer it can ask."""
ANSWER_BY = "answer_by"
"""The question of the same form that names the last day for the answer. The timers of the process read it."""


def settle(case: Case, task: tuple[int, str], entries: Mapping[str, Any], *, actor: User) -> None:
    """A task was completed at which one can ask: what was prepared is sent with it, or forgotten.

    Without items, too, it is written down who asked, so that the answer comes back. What was open is closed.
    """
    token_id, node = task
    prepared = Inquiry.objects.filter(case=case, task=token_id, sent_at=None).first()
    if not _asks(entries):
        if prepared is not None:
            prepared.delete()
        return
    now = clock.now()
    Inquiry.objects.filter(case=case, closed_at=None, sent_at__isnull=False).update(closed_at=now, typed={})
    inquiry = prepared or Inquiry(case=case, task=token_id, node=node, begun_at=now)
    inquiry.by, inquiry.sent_at = actor, now
    inquiry.save()
    if inquiry.items:
        record.event(case, "asked", actor=actor, at=now, inquiry=inquiry.pk, items=len(inquiry.items))


def terms(page: formspec.Page, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the process sees of a task at which one can ask: the day of an earlier request counts for that one alone."""
    names_day = any(question.id == ANSWER_BY for question in page.questions)
    return {ANSWER_BY: None, **variables} if names_day else variables


def of(case: Case) -> Inquiry | None:
    """What the applicant is asked at the moment; None unless the process waits for the answer."""
    if case.phase != Phase.YOUR_TURN or case.instance_id is None:
        return None
    inquiry = case.inquiries.filter(closed_at=None, sent_at__isnull=False).select_related("by").first()
    return inquiry if inquiry is not None and waiting.since(case.instance_id, ANSWERED) else None


def come_back(inquiry: Inquiry | None, case: Case, step: Advance | None, *, at: datetime) -> None:
    """The applicant has answered: the inquiry is closed, and the task goes to the officer who had asked.

    It stays in the queue where that officer is away or may not do it any more.
    """
    if inquiry is None or step is None:
        return
    inquiry.closed_at, inquiry.typed = at, {}
    inquiry.save(update_fields=["closed_at", "typed"])
    zone = case.mission.time_zone if case.mission else "UTC"
    if not inquiry.by.is_active or absences.of(inquiry.by, clock.today(zone)):
        return
    for entered in step.entered:
        if entered.kind == TokenKind.TASK and entered.node == inquiry.node:
            _give(case, entered.token_id, inquiry.by, at)


def _give(case: Case, token_id: int, officer: User, at: datetime) -> None:
    """Give the task to this officer, unless their postings or four eyes forbid it."""
    try:
        tasks.give(token_id, to=officer)
    except Refused:
        return
    record.event(case, "came_back", actor=officer, at=at, token=token_id)


def _asks(entries: Mapping[str, Any]) -> bool:
    """Whether a task was completed by asking: not by finding it complete, nor by proposing a decision."""
    is_asking = entries.get("recommendation") in (None, rulings.ASK) and entries.get("complete") is not True
    return is_asking and bool(entries.get(REQUEST))
