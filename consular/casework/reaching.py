"""Requests to partners that reach nobody: they are held where they are and told, and their silence does not count.

A step of the process that would ask is not finished before somebody can read the request, so no timer of silence
begins. Where the silence has run already, the step that would write it down is held in the same way.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from consular.accounts.models import Kind, Role, User
from consular.cases.consultations import Consultation, Silence, readers
from consular.cases.models import Case, Event
from consular.casework import record
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.missions.models import Mission
from consular.missions.postings import holders
from consular.notifications import outbox
from consular.workflow import days, waiting
from consular.workflow.models import Token, TokenKind
from consular.workflow.waiting import Service

CONSULT, DEEM = "casework.consult", "casework.deem"
"""The service steps that can be held."""


def can_read(partner: str, at: datetime) -> bool:
    """Whether any account of the partner could read a request at this moment."""
    return readers(partner, at).exists()


def silence_counts(asked: Consultation, now: datetime) -> bool:
    """Whether the silence of a partner may be written down. As consent it counts only for a request that could be read
    when it was sent and when its time was over, or of which an officer says that it arrived another way.
    """
    if asked.silence != Silence.CONSENT:
        return True
    if asked.unreached_at is not None or is_running(asked, now):
        return False
    return asked.by_other_way or all(can_read(asked.partner, at) for at in (asked.asked_at, now))


def is_running(asked: Consultation, now: datetime) -> bool:
    """Whether the time goes on that began when the request was sent anew, or was ended by a request for more time."""
    is_renewed = asked.renewed_at is not None and asked.unreached_at is None
    return is_renewed and (asked.due_at is None or now < asked.due_at)


def hold(case: Case, token: Token, asked: Consultation, due: datetime | None) -> None:
    """Leave the step where it is, and tell the officers of the case that the request reaches nobody: once, until it
    goes on. `due` is when the silence of an earlier request counts, if the process still waits for it.
    """
    if asked.unreached_at is not None:
        return
    now = clock.now()
    asked.unreached_at, asked.due_at = now, due
    if asked.token == token.number:  # it has never been sent
        asked.asked_at = now
    asked.save(update_fields=["asked_at", "unreached_at", "due_at"])
    record.event(case, "unreached", actor=None, at=now, node=token.node, consultation=asked.pk)
    for officer in _officers(case, now):
        key = f"unreached:{asked.pk}:{now.isoformat()}:{officer.pk}"
        outbox.promise("unreached", to=officer, case=case, key=key)


def _officers(case: Case, now: datetime) -> Iterator[User]:
    """The heads of section, whoever has a task of the case, and the officer who acted in it last."""
    mission = _mission(case)
    found = set(holders(mission, Role.HEAD_OF_SECTION, now.astimezone(ZoneInfo(mission.time_zone)).date()))
    tasks = Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK)
    found |= set(User.objects.filter(is_active=True, pk__in=tasks.values("assignee")))
    acted = Event.objects.filter(case=case, actor__kind=Kind.STAFF, actor__is_active=True).order_by("-pk")
    last = User.objects.filter(pk__in=acted.values("actor")[:1]).first()
    if last is not None and Case.objects.visible_to(last).contains(case):
        found.add(last)
    yield from sorted(found, key=lambda one: one.pk)


def held(case: Case, asked: Consultation) -> list[Service]:
    """The service steps of this partner's round that a worker has not finished."""
    if case.instance_id is None:
        return []
    return [
        step
        for step in waiting.services(case.instance_id)
        if step.type in (CONSULT, DEEM)
        and isinstance(partner := step.variables.get("partner"), dict)
        and partner.get("id") == asked.partner
    ]


def is_before_silence(case: Case, asked: Consultation) -> bool:
    """Whether the next thing in this partner's round is that its silence is written down."""
    return any(step.type == DEEM for step in held(case, asked))


def wake(case: Case, asked: Consultation, key: str) -> None:
    """Promise the jobs of the steps that are held: something has come that may let them go on."""
    for step in held(case, asked):
        jobs.promise(step.type, key=f"again:{step.token_id}:{key}", payload={"token": step.token_id})


def renew(case: Case, token_id: int, asked: Consultation, length: int) -> None:
    """Begin the time of silence anew for a request whose first time was over; a job looks when it ends."""
    now, zone = clock.now(), ZoneInfo(_mission(case).time_zone)
    asked.asked_at = asked.renewed_at = now
    asked.due_at = days.end_of(now.astimezone(zone).date() + timedelta(days=length), zone)
    asked.unreached_at = None
    asked.save(update_fields=["asked_at", "renewed_at", "due_at", "unreached_at"])
    key = f"again:{token_id}:{asked.due_at.isoformat()}"
    jobs.promise(DEEM, key=key, payload={"token": token_id}, run_at=asked.due_at)


@verb
def look_again() -> int:
    """Have held requests sent whose partners can read them by now; returns how many."""
    now = clock.now()
    unreached = Consultation.objects.unreached()
    partners = unreached.order_by("partner").values_list("partner", flat=True).distinct()
    reachable = [partner for partner in partners if can_read(partner, now)]
    found = unreached.filter(partner__in=reachable).select_related("case").order_by("pk")
    for asked in found:
        wake(asked.case, asked, now.isoformat())
    return len(found)


def _mission(case: Case) -> Mission:
    """The mission of a case that was sent."""
    if case.mission is None:
        raise ValueError(f"{case.reference} has no mission")
    return case.mission
