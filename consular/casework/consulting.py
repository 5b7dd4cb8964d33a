"""Asking other authorities: what a worker does when a process consults a partner, and when its silence counts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from consular.accounts.models import User
from consular.cases.consultations import (
    FINAL,
    MESSAGE,
    Consultation,
    ConsultationAnswer,
    Partner,
    Reply,
    Silence,
    readers,
)
from consular.cases.models import Case
from consular.casework import reaching, record
from consular.casework.verb import verb
from consular.casework.worker import waiting_step
from consular.core import clock, references
from consular.notifications import outbox
from consular.workflow import store, waiting
from consular.workflow.models import Token
from consular.workflow.state import Deliver


class StillWorking(Exception):
    """Nobody waits for the answer yet, because a step before that is not done: the job is tried again."""


@verb
def consult(payload: dict[str, Any]) -> None:
    """Ask the partner of this round and let the process wait for the answer.

    The partner's facts are in the round's variable `partner`: id, name, days, silence. Asked again while the first
    question is open, it is reminded: one consultation, the day by which to answer, and what silence means from now
    on. What it answered while nobody listened counts now. Where nobody can read the question, the process is held
    before it waits. All of it is one transaction.
    """
    found = waiting_step(payload)
    if found is None:
        return
    case, token = found
    partner, now = partner_of(token), clock.now()
    consultation = _open(case, partner["id"])
    if reaching.can_read(partner["id"], now) or (consultation is not None and _is_known(consultation)):
        send(case, token, consultation)
    else:
        consultation = consultation or _ask(case, partner, token, now)
        reaching.hold(case, token, consultation, _until(case, consultation))


def send(
    case: Case,
    token: Token,
    consultation: Consultation | None,
    *,
    to: Partner | None = None,
    actor: User | None = None,
) -> None:
    """Ask, or remind, the partner that the round names, or `to` instead of it, and let the process go on.

    The caller has locked the case.
    """
    partner, now = partner_of(token), clock.now()
    changed: dict[str, object] = {}
    if to is not None:
        partner = {**partner, "id": to.code, "name": to.name}
        changed = {"partner": partner}
    step = store.finish_service(token.pk, variables=changed, now=now)
    is_first = consultation is None or consultation.token == token.number
    consultation = consultation or _ask(case, partner, token, now)
    if is_first:
        consultation.asked_at = now
    consultation.due_at, consultation.silence = _until(case, consultation), _silence(partner)
    consultation.unreached_at = None
    consultation.save(update_fields=["asked_at", "due_at", "silence", "unreached_at"])
    _write_down(case, token, consultation, is_first=is_first, actor=actor)
    record.advance(case, step, actor=actor, at=now)
    kept = consultation.answers.filter(answer__in=FINAL, is_late=False).first()
    if kept is None or not hand_over(case, kept, now=now):
        write_to(consultation, token.pk, now)


def write_to(consultation: Consultation, token_id: int, now: datetime) -> None:
    """Mail those who can read the question that there is one."""
    anew = f":{consultation.renewed_at.isoformat()}" if consultation.renewed_at else ""
    for user in readers(consultation.partner, now):
        outbox.promise("consultation", to=user, key=f"consultation:{token_id}:{user.pk}{anew}")


def _write_down(
    case: Case, token: Token, consultation: Consultation, *, is_first: bool, actor: User | None
) -> None:
    """Say in the history that the partner was asked or reminded; or that an officer has to remind it, where it was
    reached another way and can read nothing here.
    """
    now = clock.now()
    kind = "consulted" if is_first else "reminded"
    if not is_first and actor is None and not reaching.can_read(consultation.partner, now):
        kind = "remind_by_hand"
    record.event(case, kind, actor=actor, at=now, node=token.node, consultation=consultation.pk)


@verb
def deem(payload: dict[str, Any]) -> None:
    """Write down that the partner was silent, as consent or as no answer, and let the process go on.

    The process is told `answer`: "consent" or "none". An answer that had come in time after all counts instead. The
    silence of a partner that could not read the question is no consent: the process is held, and once the question
    can be read its time begins anew.
    """
    found = waiting_step(payload)
    if found is None:
        return
    case, token = found
    partner, now = partner_of(token), clock.now()
    asked = case.consultations.filter(partner=partner["id"]).latest("pk")
    given = asked.answers.filter(answer__in=FINAL, is_late=False).first()
    if given is None and not reaching.silence_counts(asked, now):
        _hold_silence(case, token, asked, now)
        return
    given = given or _deemed(case, asked, token, now)
    asked.closed_at, asked.unreached_at = now, None
    asked.save(update_fields=["closed_at", "unreached_at"])
    record.finish(case, token.pk, variables={"answer": given.answer}, at=now)


def _hold_silence(case: Case, token: Token, asked: Consultation, now: datetime) -> None:
    """Hold the process before the silence is written down, or begin its time anew where somebody can read by now."""
    if reaching.is_running(asked, now):
        return
    if asked.unreached_at is None:
        reaching.hold(case, token, asked, None)
    elif reaching.can_read(asked.partner, now) and not asked.answers.exists():
        renew(case, token.pk, asked, actor=None)


def renew(case: Case, token_id: int, asked: Consultation, *, actor: User | None) -> None:
    """Ask again a partner whose silence did not count. The caller has locked the case."""
    now = clock.now()
    partner = partner_of(Token.objects.get(pk=token_id))
    reaching.renew(case, token_id, asked, int(partner["days"]))
    record.event(case, "consulted", actor=actor, at=now, consultation=asked.pk)
    write_to(asked, token_id, now)


@verb
def pass_on(payload: dict[str, Any]) -> None:
    """Hand the process an answer that came while a step before was being worked on.

    Raises StillWorking while a worker is at it; where a person is, the partner is asked again after that, and then the
    answer counts. When nobody wants it any more, it stays where it is: in the file.
    """
    answer = ConsultationAnswer.objects.select_related("consultation", "by").get(pk=payload["answer"])
    case = Case.objects.select_for_update(of=("self",)).get(pk=answer.consultation.case_id)
    if not hand_over(case, answer, now=clock.now()) and is_at_work(case, answer.consultation):
        raise StillWorking


def hand_over(case: Case, answer: ConsultationAnswer, *, now: datetime) -> bool:
    """Tell the process the answer, once at each place that waits for it; whether there was any.

    The consultation is closed when the answer is final or the process wants to hear no more of this partner; more
    time or more data stops the silence until the process says by when it is to count again. The caller has locked
    the case.
    """
    consultation = answer.consultation
    places = store.awaiting(_instance(case), MESSAGE, consultation.partner)
    arrival = Deliver(MESSAGE, key=consultation.partner, variables={"answer": answer.answer})
    for _place in range(places):
        step = store.deliver(_instance(case), arrival, now=now)
        if step is not None:
            record.advance(case, step, actor=answer.by, at=now)
    if not places:
        return False
    if answer.is_final or not is_under_way(case, consultation):
        consultation.closed_at = now
    else:
        consultation.due_at = _until(case, consultation)
    consultation.save(update_fields=["due_at", "closed_at"])
    return True


def is_under_way(case: Case, consultation: Consultation) -> bool:
    """Whether this partner's round is not over: the process waits for it, or a worker or a person has something to do
    before it waits for it again.
    """
    return _sees(waiting.around(_instance(case)), consultation)


def is_at_work(case: Case, consultation: Consultation) -> bool:
    """Whether a worker still has to do something in this partner's round."""
    return _sees(store.served(_instance(case)), consultation)


def _sees(places: Iterable[Mapping[str, object]], consultation: Consultation) -> bool:
    seen = [variables.get("partner") for variables in places]
    return any(isinstance(partner, dict) and partner.get("id") == consultation.partner for partner in seen)


def _until(case: Case, consultation: Consultation) -> datetime | None:
    """The moment from which silence counts: a reminder in between does not change it."""
    return waiting.until(_instance(case), MESSAGE, consultation.partner)


def _ask(case: Case, partner: dict[str, Any], token: Token, now: datetime) -> Consultation:
    return Consultation.objects.create(
        reference=references.issue(),
        case=case,
        partner=partner["id"],
        name=partner["name"],
        token=token.number,
        asked_at=now,
        silence=_silence(partner),
    )


def _deemed(case: Case, asked: Consultation, token: Token, now: datetime) -> ConsultationAnswer:
    """The silence as an answer."""
    reply = Reply.CONSENT if asked.silence == Silence.CONSENT else Reply.NONE
    answer = ConsultationAnswer.objects.create(consultation=asked, answer=reply, at=now, is_deemed=True)
    kind = "deemed" if reply == Reply.CONSENT else "unanswered"
    record.event(case, kind, actor=None, at=now, node=token.node, consultation=asked.pk, answer=answer.pk)
    return answer


def _open(case: Case, partner: str) -> Consultation | None:
    return case.consultations.filter(partner=partner, closed_at=None).first()


def _silence(partner: dict[str, Any]) -> Silence:
    return Silence(partner.get("silence") or Silence.NONE)


def _is_known(consultation: Consultation) -> bool:
    """Whether the partner knows of the question, although nobody can read it here: it has answered another way, or an
    officer says that it arrived.
    """
    return consultation.by_other_way or consultation.answers.exists()


def partner_of(token: Token) -> dict[str, Any]:
    """The partner's facts in the round of this step."""
    partner = store.seen(token.pk)["partner"]
    if not isinstance(partner, dict):
        raise TypeError(f"{token.node}: the variable partner holds no partner")
    return partner


def _instance(case: Case) -> int:
    """The process of a case that is running."""
    if case.instance_id is None:
        raise ValueError(f"{case.reference} has no process")
    return case.instance_id
