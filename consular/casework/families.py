"""Several people, one account: add a person to a journey, let one apply alone, send all at once."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Answers, Case, Journey, Phase
from consular.casework import consents, journeys, mandates, record, submission
from consular.casework.applicant import in_force, judge_room, not_there
from consular.casework.verb import verb
from consular.core import clock, references
from consular.core.errors import Refused

MOST = 20
"""Persons of one journey."""

FOR_ALL = formspec.Declaration(
    "for_all",
    1,
    _(
        "I send these applications also for the other adults named here. They know what is stated and declared for "
        "them, and agree. Those who have custody apply for the children."
    ),
)
"""What whoever sends for all declares besides; kept with each case."""


class NotAllComplete(Refused):
    """Nothing was sent: `cases` are those that something is missing of."""

    def __init__(self, cases: Sequence[Case]) -> None:
        super().__init__(
            _("Not everybody's application is complete. Nothing was sent."), code="not_all", status=422
        )
        self.cases = tuple(cases)


@verb
def add_person(case_id: int, *, language: str, actor: User, service: str = "") -> Case:
    """Start a draft for another person of the same journey, who has the common answers already.

    Without a `service` for the same one. For another one it has what both forms share. Raises NoSuchService.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(owner=actor, pk=case_id).first()
    if case is None:
        raise not_there()
    now = clock.now()
    folder = in_force(service or case.service, now)
    if not (formspec.shared(folder.form) and formspec.shared(case.form)):
        raise Refused(_("For this service everybody applies alone."), code="alone")
    judge_room(actor, None)
    journey = journeys.locked(case) or _begun(case, actor)
    if journey.cases.count() >= MOST:
        raise Refused(_("A group has 20 persons at most."), code="too_many", status=429)
    other = Case.objects.create(
        reference=references.issue(), service=folder.service, version=folder.version, owner=actor, journey=journey,
        language=language, created_at=now, changed_at=now,
    )  # fmt: skip
    Answers.objects.create(case=other, data=journeys.common(other, journey.answers), saved_at=now)
    record.event(other, "draft_started", actor=actor, at=now, journey=journey.pk)
    mandates.carry(other, journey, actor=actor, at=now)
    return other


def _begun(case: Case, actor: User) -> Journey:
    """A journey that begins with this case and what it says for all."""
    now = clock.now()
    answers = journeys.common(case, Answers.objects.get(case=case).data)
    journey = Journey.objects.create(
        reference=references.issue(), owner=actor, answers=answers, created_at=now
    )
    case.journey = journey
    case.save(update_fields=["journey"])
    return journey


@verb
def apply_alone(case_id: int, *, actor: User) -> Case:
    """Take a draft out of its journey: its answers stay, and nobody else's change with them any more."""
    case = (
        Case.objects.select_for_update(of=("self",))
        .filter(owner=actor, pk=case_id, phase=Phase.DRAFT)
        .first()
    )
    if case is None:
        raise not_there()
    journey = journeys.locked(case)
    if journey is not None:
        case.journey = None
        case.save(update_fields=["journey"])
        if not journey.cases.exists():
            journey.delete()
    return case


@verb
def send_together(reference: str, *, attested: Collection[str], actor: User) -> list[Case]:
    """Send all drafts of a journey, or none: each becomes a case of its own with a decision of its own.

    Raises NotAllComplete, and what `submit` raises; then nothing was sent.
    """
    tidy = references.tidy(reference)
    drafts = Case.objects.select_for_update(of=("self",)).filter(
        journey__reference=tidy, owner=actor, phase=Phase.DRAFT
    )
    cases = list(drafts.order_by("pk"))
    if not cases:
        raise not_there()
    journeys.locked(cases[0])
    incomplete = [case for case in cases if not _is_ready(case)]
    if incomplete:
        raise NotAllComplete(incomplete)
    return [submission.sent(case, attested=attested, actor=actor, also=(FOR_ALL,)) for case in cases]


def _is_ready(case: Case) -> bool:
    """Whether nothing keeps a draft from being sent."""
    answers = Answers.objects.get(case=case).data
    form = case.form
    return not formspec.problems(form, answers) and consents.obstacle(case, answers) is None
