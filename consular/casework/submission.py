"""Sending an application: judged again, routed with its reason, its process started, all in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Answers, Case, Phase
from consular.casework import consents, journeys, record, searching
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.notifications import outbox
from consular.routing import Responsible, Situation, as_guest, responsible
from consular.workflow import library, store


class Incomplete(Refused):
    """The form still has problems; `problems` says where."""

    def __init__(self, problems: Sequence[formspec.Problem]) -> None:
        super().__init__(
            _("Some answers are missing or not right yet. Nothing was sent."), code="incomplete", status=422
        )
        self.problems = tuple(problems)


class NotAttested(Refused):
    """A declaration that the law asks for was not confirmed."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            _("Confirm every declaration before you send the application. Nothing was sent."),
            code="not_attested",
            field=missing[0],
            status=422,
        )


@verb
def submit(case_id: int, *, attested: Collection[str], actor: User) -> Case:
    """Send the draft: check it again, find the responsible mission and why, start the process, promise the receipt.

    `attested` are the ids of the declarations that were confirmed; their texts are kept in the language they were
    read in, and the letters to the applicant are written in it. Raises Incomplete, NotAttested, NobodyResponsible, or
    Refused when it was sent already, belongs to somebody else, or somebody else has to agree first.
    """
    case = _locked(case_id, actor)
    journeys.locked(case)
    return sent(case, attested=attested, actor=actor)


def sent(
    case: Case, *, attested: Collection[str], actor: User, also: Sequence[formspec.Declaration] = ()
) -> Case:
    """The same for a draft that is the actor's and locked, with its journey; `also` are more declarations."""
    answers = Answers.objects.select_for_update().get(case=case)
    form = case.form
    walk = formspec.walk(form, answers.data)
    if walk.problems:
        raise Incomplete(walk.problems)
    missing = consents.obstacle(case, answers.data)
    if missing:
        raise missing
    now = clock.now()
    answers.data = walk.answers
    answers.declarations = declared((*walk.declarations, *also), attested, now)
    found = route(case.service, answers.data, now.date())

    answers.save(update_fields=["data", "declarations"])
    step = store.start(
        library.in_force(case.service, case.version, now),
        mission=found.mission,
        variables={
            "booked": False,
            **consents.variables(case, answers.data),
            **walk.starting_values,
        },
        now=now,
    )
    case.mission, case.instance, case.submitted_at = found.mission, step.instance, now
    case.because, case.applicant_name = found.because.as_json(), applicant_name(answers.data)
    case.nationality = str(answers.data.get("nationality", ""))[:3]
    case.language = get_language() or case.language
    sent_now = ("mission", "because", "applicant_name", "nationality", "language", "instance", "submitted_at")
    case.save(update_fields=sent_now)
    searching.add_names(case, form, answers.data)
    record.event(case, "submitted", actor=actor, at=now, mission=found.mission.code, rule=found.because.rule)
    record.advance(case, step, actor=actor, at=now)
    jobs.promise("casework.acknowledge", key=f"acknowledge:{case.pk}", payload={"case": case.pk})
    outbox.promise("submitted", to=actor, case=case, key=f"submitted:{case.pk}", facts={})
    return case


def applicant_name(answers: Mapping[str, Any]) -> str:
    """Family name and first names as in the travel document, for the officers' lists."""
    return ", ".join(answers[part] for part in ("surname", "given_names") if answers.get(part))[:170]


def _locked(case_id: int, actor: User) -> Case:
    """The actor's own draft, locked."""
    case = Case.objects.select_for_update().filter(owner=actor, pk=case_id).first()
    if case is None:
        raise Refused(_("There is no such application, or it is not yours."), code="not_found", status=404)
    if case.phase != Phase.DRAFT:
        raise Refused(_("This application was sent already."), code="sent_already")
    return case


def declared(
    asked: Sequence[formspec.Declaration], attested: Collection[str], now: datetime
) -> list[dict[str, Any]]:
    """The declarations as they were read and confirmed: text and its version, language, moment."""
    missing = [declaration.id for declaration in asked if declaration.id not in attested]
    if missing:
        raise NotAttested(missing)
    return [
        {
            "id": declaration.id,
            "version": declaration.version,
            "text": str(declaration.text),
            "language": get_language(),
            "at": now.isoformat(),
        }
        for declaration in asked
    ]


def route(service: str, answers: Mapping[str, Any], on: date) -> Responsible:
    """The mission that is responsible for what was answered.

    A form asks where somebody lives (`residence_area`), or, for help in an emergency, where they are (`present_area`)
    and the country where they live if it is not there. Who wants to apply where they are staying (`applies_at`) is sent
    to the mission there.
    """
    present = answers.get("present_area")
    residence = answers.get("residence_area") or answers.get("residence_country") or present
    found = responsible(
        service,
        nationality=answers["nationality"],
        residence=residence or "",
        on=on,
        situation=Situation(destination=answers.get("main_destination"), present_in=present),
    )
    return as_guest(found) or found if answers.get("applies_at") == "staying" else found
