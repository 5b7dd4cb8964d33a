"""Taking answers over from an earlier application of the same person into a draft."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Answers, Case
from consular.casework import journeys, record
from consular.casework.applicant import Conflict, not_there, own_drafts
from consular.casework.verb import verb
from consular.core import clock, references


@dataclass(frozen=True)
class Wanted:
    """What somebody ticked: the questions, of which application, and the revision of the draft it was shown with."""

    reference: str
    questions: frozenset[str]
    revision: int


def earlier_cases(draft: Case, *, actor: User | None, secret: str | None = None) -> QuerySet[Case]:
    """The other applications of the same person, drafts too, the latest first; of every service with a form."""
    cases = Case.objects.filter(owner=actor) if actor else own_drafts(None, secret)
    offered = {folder.service for folder in formspec.versions()}
    return cases.filter(service__in=offered).exclude(pk=draft.pk).order_by("-changed_at", "-pk")


def offers(draft: Case, earlier: Case) -> tuple[formspec.earlier.Offer, ...]:
    """What the draft can take over from the other application, question by question."""
    return formspec.earlier.offers(draft.form, draft.answers.data, _source(earlier))


@verb
def take_over(case_id: int, wanted: Wanted, *, actor: User | None, secret: str | None = None) -> int:
    """Make the wanted answers of an earlier application answers of the draft, marked until their page is saved.

    Nothing that the earlier application had hidden, and nothing that does not fit here. Returns how many were taken.
    Raises Conflict when somebody saved the draft since it was shown, and Refused (404) for what is somebody else's.
    """
    case = own_drafts(actor, secret).select_for_update().filter(pk=case_id).first()
    if case is None:
        raise not_there()
    earlier = earlier_case(case, wanted.reference, actor=actor, secret=secret)
    journeys.locked(case)
    stored = Answers.objects.get(case=case)
    if stored.revision != wanted.revision:
        raise Conflict(stored)
    form, now = case.form, clock.now()
    taken = formspec.earlier.taken(form, stored.data, _source(earlier), wanted.questions)
    if not taken:
        return 0
    together = formspec.kept(form, {**stored.data, **taken})
    stored.data = journeys.spread(case, stored.data, together, at=now)
    stored.taken_over = sorted(stored.data.keys() & {*stored.taken_over, *taken})
    stored.revision += 1
    stored.saved_at = now
    stored.save(update_fields=["data", "taken_over", "revision", "saved_at"])
    record.event(case, "answers_taken_over", actor=actor, at=now, source=earlier.reference)
    return len(taken)


@verb
def looked_over(
    case_id: int, questions: Iterable[str], *, actor: User | None, secret: str | None = None
) -> Answers:
    """Somebody has saved the page with these questions: what was taken over there is marked no longer."""
    case = own_drafts(actor, secret).select_for_update().filter(pk=case_id).first()
    if case is None:
        raise not_there()
    stored = Answers.objects.get(case=case)
    stored.taken_over = sorted(set(stored.taken_over) - set(questions))
    stored.save(update_fields=["taken_over"])
    return stored


def earlier_case(draft: Case, reference: str, *, actor: User | None, secret: str | None = None) -> Case:
    """One of the other applications with its answers; Refused (404) for one that is not there or somebody else's."""
    own = earlier_cases(draft, actor=actor, secret=secret).select_related("answers")
    found = own.filter(reference=references.tidy(reference) or "").first()
    if found is None:
        raise not_there()
    return found


def _source(case: Case) -> formspec.earlier.Earlier:
    return formspec.earlier.Earlier(case.form, case.answers.data, case.answers.saved_at.date())
