"""What partners answer when they were asked: through the interface, or on paper and entered by an officer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.consultations import FINAL, GIVEN, Consultation, ConsultationAnswer, Reply
from consular.cases.models import Case, Event
from consular.casework import consulting, correspondence, reaching, record
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.missions.postings import duties

ENTERS = frozenset({Role.CASEWORKER, Role.HEAD_OF_SECTION})
"""The officers who may enter what a partner answered outside the interface."""
EXPLAINED = frozenset({Reply.CONDITIONS, Reply.MORE_DATA})
"""Answers that say nothing without words: which conditions, which data."""
NOTED = {
    "not_found": "stranger", "forbidden": "forbidden", "own_case": "own_case",
    "duplicate": "duplicate", "key_reused": "key_reused",
}  # fmt: skip
"""The refusals that are written into the history, and how they are called there: a stranger learns nothing."""

REFUSED = "answer_refused"


@dataclass(frozen=True)
class Given:
    """What somebody says a partner answered; `key` is what the partner's system calls this answer."""

    answer: str
    text: str = ""
    key: str = ""


def answer(reference: str, given: Given, *, actor: User) -> ConsultationAnswer:
    """Take an answer to the consultation with this reference, from a member of the partner or an officer.

    In time, it moves the process. Later, when silence has counted, it is kept as late and moves nothing. The same
    answer under the same key is taken once and answered again. Refused, and written down: `not_found` (404) for
    whom it was not asked, `own_case` and `forbidden` (403), `duplicate` (409), `key_reused` (422).
    """
    try:
        return _take(reference, given, actor=actor)
    except Refused as refusal:
        if refusal.code in NOTED:
            _write_down(reference, NOTED[refusal.code], actor=actor)
        raise


@verb
def _take(reference: str, given: Given, *, actor: User) -> ConsultationAnswer:
    consultation = locked(reference)
    case, now = consultation.case, clock.now()
    require_right(consultation, actor)
    given = _judged(given)
    known = consultation.answers.filter(key=given.key).first() if given.key else None
    if known is not None:
        return _known(known, given)
    if consultation.answers.filter(answer__in=FINAL, is_deemed=False).exists():
        raise Refused(_("This consultation has been answered already."), code="duplicate")
    is_late = _is_late(consultation, now)
    taken = ConsultationAnswer.objects.create(
        consultation=consultation,
        answer=given.answer,
        text=given.text,
        key=given.key,
        at=now,
        by=actor,
        is_late=is_late,
    )
    kind = "answered_late" if is_late else "answered"
    record.event(case, kind, actor=actor, at=now, consultation=consultation.pk, answer=taken.pk)
    if not is_late and not consulting.hand_over(case, taken, now=now):
        _keep_for_later(case, taken)
    return taken


@verb
def _write_down(reference: str, code: str, *, actor: User) -> None:
    """Note once for each person and reason that an answer was refused: nobody floods a history."""
    if not Consultation.objects.filter(reference=reference).exists():
        return
    consultation = locked(reference)
    noted: dict[str, int | str] = {"consultation": consultation.pk, "code": code}
    if not _was_noted(consultation.case, actor, noted):
        record.event(
            consultation.case, REFUSED, actor=actor, at=clock.now(), consultation=consultation.pk, code=code
        )


def _was_noted(case: Case, actor: User, noted: dict[str, int | str]) -> bool:
    return Event.objects.filter(case=case, kind=REFUSED, actor=actor, data=noted).exists()


def may_enter(case: Case, actor: User) -> bool:
    """Whether this officer may enter what a partner answered on paper."""
    held = duties(actor)
    return any(held.has(role, case.mission_id) for role in ENTERS)


def locked(reference: str) -> Consultation:
    """The consultation with its case, which is locked until the end of the transaction."""
    case_id = Consultation.objects.filter(reference=reference).values_list("case_id", flat=True).first()
    if case_id is None:
        raise Refused(_("There is no such consultation."), code="not_found", status=404)
    case = Case.objects.select_related("owner").select_for_update(of=("self",)).get(pk=case_id)
    consultation = Consultation.objects.get(reference=reference)
    consultation.case = case
    return consultation


def require_right(consultation: Consultation, actor: User) -> None:
    """Refused unless the partner was asked for whom this account answers, or an officer of the case enters it."""
    case = consultation.case
    asked = Consultation.objects.visible_to(actor).filter(pk=consultation.pk).exists()
    reads = actor.is_official and Case.objects.visible_to(actor).filter(pk=case.pk).exists()
    if not asked and not reads:
        raise Refused(_("There is no such consultation."), code="not_found", status=404)
    if case.owner is not None and case.owner.person == actor.person:
        sentence = _("This is your own application. Somebody else has to answer.")
        raise Refused(sentence, code="own_case", status=403)
    if not asked and not may_enter(case, actor):
        sentence = _("Your role lets you read this case, not enter the answers of partners.")
        raise Refused(sentence, code="forbidden", status=403)


def _judged(given: Given) -> Given:
    """The answer with tidy words; Refused (422) when it is none, or says nothing without words and has none."""
    if given.answer not in dict(GIVEN):
        raise Refused(_("Choose one of the answers."), code="invalid", field="answer", status=422)
    if not given.text.strip() and given.answer not in EXPLAINED:
        return Given(given.answer, "", given.key)
    if not given.text.strip():
        sentence = _("Say which conditions apply or which data is needed.")
        raise Refused(sentence, code="empty", field="text", status=422)
    return Given(given.answer, correspondence.tidy(given.text), given.key)


def _known(known: ConsultationAnswer, given: Given) -> ConsultationAnswer:
    """The answer that came under this key before; Refused when it said something else."""
    if (known.answer, known.text) != (given.answer, given.text):
        sentence = _("This key was used for another answer.")
        raise Refused(sentence, code="key_reused", status=422)
    return known


def _is_late(consultation: Consultation, now: datetime) -> bool:
    """Whether the process has gone on without this answer, or silence counts by the clock."""
    if consultation.closed_at is not None:
        return True
    if consultation.is_silent(now) and reaching.silence_counts(consultation, now):
        return True
    return not consulting.is_under_way(consultation.case, consultation)


def _keep_for_later(case: Case, taken: ConsultationAnswer) -> None:
    """A step before is being worked on: a job hands the answer over as soon as the process can take it.

    Where the request was held because nobody could read it here, it has arrived another way, and the step goes on.
    Where the silence was to be written down, only a final answer lets it go on; any other stops the time.
    """
    consultation = taken.consultation
    if consultation.unreached_at is not None:
        consultation.by_other_way = True
    if consultation.renewed_at is not None and not taken.is_final:
        consultation.due_at = None
    consultation.save(update_fields=["by_other_way", "due_at"])
    reaching.wake(case, consultation, f"answer:{taken.pk}")
    if taken.is_final or not reaching.is_before_silence(case, consultation):
        jobs.promise("casework.pass_on", key=f"answer:{taken.pk}", payload={"answer": taken.pk})
