"""What happens without a person: letters are issued, timers strike."""

from datetime import date, datetime, timedelta
from typing import Any

import structlog

from consular.accounts.models import Role
from consular.cases.models import Case
from consular.casework import failing, record, relocating
from consular.casework.failing import BusinessError
from consular.casework.verb import verb
from consular.core import clock
from consular.decisions import approval, ending, issuing, rulings
from consular.decisions.issuing import About
from consular.decisions.models import Kind
from consular.decisions.source import local_day
from consular.missions.models import Mission
from consular.missions.postings import is_manned
from consular.workflow import store, waiting
from consular.workflow.models import Token, TokenKind
from consular.workflow.store import Advance

TIMERS_AT_ONCE = 200

log = structlog.get_logger(__name__)


@verb
def acknowledge(payload: dict[str, Any]) -> None:
    """Issue the receipt with the sealed copy of what was sent; a second run finds it there and does nothing."""
    case = Case.objects.select_for_update().get(pk=payload["case"])
    if case.letters.filter(kind=Kind.L01).exists():
        return
    folder = case.folder
    letter = issuing.issue(case, Kind.L01, key=f"acknowledgement:{case.pk}", folder=folder)
    record.event(case, "letter_issued", actor=None, at=clock.now(), letter=letter.pk, letter_kind=letter.kind)


@verb
def issue(payload: dict[str, Any]) -> None:
    """Issue the letter of the approved decision and move the process on.

    Letter, history, next task and mail are one transaction: a worker killed on the way leaves none of them, and the
    next one that leases the job does it all. A second run finds the token gone and does nothing.
    """
    found = waiting_step(payload)
    if found is None:
        return
    case, token = found
    decision = approval.in_force(case)
    now = clock.now()
    letter = issuing.issue(
        case,
        rulings.letter_of(decision),
        key=f"decision:{decision.pk}",
        about=About(decision),
        folder=case.folder,
    )
    old = ending.by_decision(decision, letter)
    if old is not None:
        record.event(
            old.case, "letter_ended", actor=decision.approved_by, at=now, letter=old.pk, end=decision.outcome
        )
    record.letter(case, letter, "decided", key=f"decided:{decision.pk}", at=now)
    record.finish(case, token.pk, variables={"outcome": decision.outcome}, at=now)


@verb
def write(payload: dict[str, Any]) -> None:
    """Issue the letter that a service step names (its property `letter`) and move the process on; like `issue`.

    The process goes first: where it then waits with a timer, the letter says until when.
    """
    found = waiting_step(payload)
    if found is None:
        return
    case, token = found
    now = clock.now()
    node = store.graph(token.instance.definition).node(token.node)
    step = store.finish_service(token.pk, variables={}, now=now)
    letter = issuing.issue(
        case,
        node.letter,
        key=f"letter:{token.pk}",
        about=About(last_day=_last_day(case, step, waiting.strikes(token.instance_id, node.deadline))),
        folder=case.folder,
    )
    record.letter(case, letter, "letter", key=f"letter:{letter.pk}", at=now)
    record.advance(case, step, actor=None, at=now)


def _last_day(case: Case, step: Advance, named: datetime | None) -> date | None:
    """The last whole day before the timer strikes that the process names, else the first one that the step has set, at
    the mission; None without a timer.
    """
    timers = [
        entered.due_at for entered in step.entered if entered.kind == TokenKind.TIMER and entered.due_at
    ]
    due = named or min(timers, default=None)
    return local_day(due - timedelta(microseconds=1), case) if due else None


@verb
def transfer(payload: dict[str, Any]) -> None:
    """Move the case to the mission that an officer named in the routing variable `mission`, with its open tasks.

    Deadlines that run keep their day; the applicant is told. Where that mission cannot take it, the step ends in the
    business error NO_RECEIVER.
    """
    found = waiting_step(payload)
    if found is not None:
        with failing.caught(*found):
            _transfer(*found)


def _transfer(case: Case, token: Token) -> None:
    now = clock.now()
    mission = _receiver(token.instance.variables["mission"], case)
    relocating.relocate(case, mission, key=str(token.pk), actor=None, at=now)
    record.finish(case, token.pk, variables={}, at=now)


def _receiver(code: object, case: Case) -> Mission:
    """The mission that takes the case. Raises BusinessError where the case is there already or nobody could go on."""
    mission = Mission.objects.filter(code=code).first()
    if mission is None or mission == case.mission or not is_manned(mission, Role.CASEWORKER):
        raise BusinessError(failing.NO_RECEIVER)
    return mission


def waiting_step(payload: dict[str, Any]) -> tuple[Case, Token] | None:
    """The service step a job was promised for and its case, locked; None when it was done before."""
    token = Token.objects.filter(pk=payload["token"]).first()
    if token is None:
        return None
    cases = Case.objects.select_for_update(of=("self",)).select_related("owner", "mission")
    case = cases.get(instance=token.instance_id)
    tokens = Token.objects.select_related("instance__definition", "instance__mission").defer(
        "instance__definition__xml"
    )
    token = tokens.filter(pk=token.pk).first()
    return (case, token) if token else None


def wake(now: datetime | None = None) -> int:
    """Fire timers that are due, each in a transaction of its own; returns how many struck.

    However many fail, those behind them have their turn: where one failed, the next ones are taken up at once.
    """
    moment = now or clock.now()
    struck, last, failed = 0, None, True
    while failed:
        timers, failed = store.due_timers(moment, TIMERS_AT_ONCE, last), False
        for timer in timers:
            try:
                struck += strike(timer.token_id, timer.instance_id, now=moment)
            except Exception:  # one case that cannot go on must not stop the clock for all others
                log.exception("timer_failed", token=timer.token_id)
                failed = len(timers) == TIMERS_AT_ONCE
        last = timers[-1] if timers else None
    return struck


@verb
def strike(token_id: int, instance_id: int, *, now: datetime) -> bool:
    """Fire one timer; False when another worker or the process itself was faster."""
    case = Case.objects.select_for_update().get(instance=instance_id)
    step = store.fire_timer(token_id, now=now, telling=record.telling(case, actor=None, at=now))
    if step is None:
        return False
    record.advance(case, step, actor=None, at=now)
    return True
