"""Annulment and revocation of a short-stay visa (Visa Code art. 34): the mission opens the case, nobody applies for it.

The visa is one that we have granted, by the letter of its case, or one that was issued elsewhere, by its number. The
case belongs to the holder, who finds it among the others and is told by a message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts import codes
from consular.accounts.models import Role, User
from consular.cases.models import Answers, Audience, Case, CaseQuerySet, Phase
from consular.casework import correspondence, record, searching
from consular.casework.officer import locked
from consular.casework.submission import Incomplete, applicant_name
from consular.casework.verb import verb
from consular.core import clock, references
from consular.core.errors import Refused
from consular.decisions.choices import Content, Kind
from consular.decisions.models import Letter
from consular.decisions.source import issued_on
from consular.missions.models import Mission
from consular.missions.postings import Duties, duties
from consular.routing import Because
from consular.workflow import library, store

SERVICE = "annulment"
"""The service whose process such a case runs on."""

OPENING = frozenset({Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION})
"""The officers who may open one at their mission."""

OWN_STATE = "DEU"
OF_THE_HOLDER = ("surname", "given_names", "birth_date", "nationality", "doc_number")
"""What is taken over from the application for the visa."""

WHY_HERE = Because(SERVICE, gettext_noop("The mission has opened this case itself (Visa Code, Article 34)."))


@dataclass(frozen=True)
class Elsewhere:
    """A visa that was issued elsewhere: the mission that acts, the holder's address and language, what is known."""

    mission: int
    email: str
    language: str
    answers: Mapping[str, Any]


@verb
def open_annulment(reference: str, *, reason: str, visa_number: str = "", actor: User) -> Case:
    """Open the annulment or revocation of the visa that was granted in a case; the reason is internal.

    Refused: `no_visa` where no letter of grant of a short-stay visa stands, `already_open` (409), `forbidden` (403).
    """
    case = locked(reference, actor)
    _require(actor, case.mission_id)
    letter = standing_grant(case)
    if letter is None or case.mission is None or case.owner is None:
        raise Refused(_("No short-stay visa that still stands was granted in this case."), code="no_visa")
    holder = User.objects.select_for_update(no_key=True).get(pk=case.owner.pk)
    answers = {name: case.answers.data.get(name) for name in OF_THE_HOLDER}
    answers |= {
        "issued_by": OWN_STATE,
        "visa_letter": letter.number,
        "visa_number": visa_number,
        "visa_issued_on": issued_on(letter).isoformat(),
    }
    return _opened(_case(holder, case.mission, case.language), answers, reason, actor=actor)


@verb
def open_annulment_elsewhere(visa: Elsewhere, *, reason: str, actor: User) -> Case:
    """Open the annulment or revocation of a visa that is in none of our cases.

    The holder's account is that of the address, and is made where there is none: whoever reads mail there can read the
    case. Refused like above, (422) for answers that are missing or wrong, and for an address of staff.
    """
    _require(actor, visa.mission)
    try:
        validate_email(codes.tidy(visa.email))
    except ValidationError as problem:
        raise Refused(problem.message, code="invalid", field="email", status=422) from None
    language = visa.language if visa.language in dict(settings.LANGUAGES) else "en"
    holder = codes.account_of(visa.email, language=language)
    if holder.is_official or not holder.is_active or holder.person == actor.person:
        raise Refused(
            _(
                "This address cannot be the holder's: it belongs to a member of staff or to an account that is closed."
            ),
            code="invalid",
            field="email",
            status=422,
        )
    mission = Mission.objects.get(pk=visa.mission)
    answers = {name: value for name, value in visa.answers.items() if name != "visa_letter"}
    return _opened(_case(holder, mission, language), answers, reason, actor=actor)


def standing_grant(case: Case) -> Letter | None:
    """The letter by which a short-stay visa was granted in a case, if it still stands."""
    grants = Letter.objects.listed().filter(case=case, kind=Kind.L10, decision__content=Content.VISA)
    return grants.filter(supersession=None).last()


def about(case: Case) -> CaseQuerySet:
    """The annulments and revocations of what was granted in a case, the latest first; for whom is to be judged."""
    numbers = case.letters.filter(kind=Kind.L10).values_list("number", flat=True)
    named = Case.objects.filter(
        service=SERVICE, owner=case.owner_id, answers__data__visa_letter__in=list(numbers)
    )
    return named.order_by("-pk")


def may_open(mission: int | None, held: Duties) -> bool:
    """Whether somebody with these duties may open such a case at a mission."""
    return any(held.has(role, mission) for role in OPENING)


def _require(actor: User, mission: int | None) -> None:
    if not actor.is_official or not may_open(mission, duties(actor)):
        raise Refused(_("Your role does not allow this."), code="forbidden", status=403)


def _case(holder: User, mission: Mission, language: str) -> Case:
    """A case that nobody has sent, not kept yet."""
    folder, now = formspec.latest(SERVICE), clock.now()
    return Case(
        reference=references.issue(),
        service=folder.service,
        version=folder.version,
        owner=holder,
        language=language,
        mission=mission,
        because=WHY_HERE.as_json(),
        created_at=now,
        changed_at=now,
        submitted_at=now,
    )


def _opened(case: Case, told: Mapping[str, Any], reason: str, *, actor: User) -> Case:
    """The case with its process; the lock on the holder's account keeps two officers from opening it twice."""
    form, now = case.form, case.created_at
    answers = {name: value for name, value in told.items() if value}
    problems = formspec.problems(form, answers)
    if problems:
        raise Incomplete(problems)
    answers = formspec.counted(form, answers)
    _require_none_open(case.owner, answers)
    process, mission = library.in_force(case.service, case.version, now), _mission(case)
    step = store.start(process, mission=mission, variables=formspec.starting_values(form, answers), now=now)
    case.instance, case.phase, case.applicant_name = step.instance, step.phase, applicant_name(answers)
    case.save(force_insert=True)
    Answers.objects.create(case=case, data=answers, saved_at=now)
    searching.add_names(case, form, answers)
    record.event(case, "opened_by_mission", actor=actor, at=now, mission=mission.code)
    record.advance(case, step, actor=actor, at=now)
    correspondence.send(case, reason, audience=Audience.INTERNAL, actor=actor)
    correspondence.send(case, _announced(case, answers), audience=Audience.APPLICANT, actor=actor)
    return case


def _mission(case: Case) -> Mission:
    """The mission that acts."""
    if case.mission is None:
        raise ValueError("a case that the mission opens has a mission")
    return case.mission


def _require_none_open(holder: User | None, answers: Mapping[str, Any]) -> None:
    """One case at a time about one visa."""
    names = ("visa_letter", "visa_number")
    running = Case.objects.filter(service=SERVICE, owner=holder).exclude(phase=Phase.CLOSED)
    for data in running.values_list("answers__data", flat=True):
        if any(answers.get(name) and answers[name] == data.get(name) for name in names):
            raise Refused(
                _("The annulment or revocation of this visa has been opened already."), code="already_open"
            )


def _announced(case: Case, answers: Mapping[str, Any]) -> str:
    """What the holder is told, in the language of the case."""
    with translation.override(case.language):
        visa = answers.get("visa_number") or answers.get("visa_letter")
        sentence = gettext(
            "We are examining your visa %(visa)s: whether it has to be annulled or revoked (Visa Code, Article 34). "
            "You do not have to do anything now. If we need a statement from you, we write to you here and send you "
            "a mail."
        )
        return sentence % {"visa": visa}
