"""Sending an application: judged again, routed with its reason, its process started, all in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.appointments.models import Booking
from consular.cases.models import Answers, Case, Phase
from consular.casework import record
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.notifications import outbox
from consular.routing import Responsible, Situation, responsible
from consular.workflow import store
from consular.workflow.models import Definition


class Incomplete(Refused):
    """The form still has problems; `problems` says where."""

    def __init__(self, problems: Sequence[formspec.Problem]) -> None:
        super().__init__(
            _("Some answers are missing or not right yet. Nothing was sent."), code="incomplete", status=422
        )
        self.problems = tuple(problems)


@verb
def submit(case_id: int, *, declarations: Sequence[Mapping[str, Any]], actor: User) -> Case:
    """Send the draft: check it again, find the responsible mission and why, start the process, promise the receipt.

    `declarations` are the attested texts as they were shown: id, text version, language, moment.
    Raises Incomplete, NobodyResponsible, or Refused when it was sent already or belongs to somebody else.
    """
    case = Case.objects.select_for_update().filter(owner=actor, pk=case_id).first()
    if case is None:
        raise Refused(_("There is no such application, or it is not yours."), code="not_found", status=404)
    if case.phase != Phase.DRAFT:
        raise Refused(_("This application was sent already."), code="sent_already")
    answers = Answers.objects.select_for_update().get(case=case)
    folder = formspec.folder(case.service, case.version)
    problems = formspec.problems(folder.form, answers.data)
    if problems:
        raise Incomplete(problems)

    now = clock.now()
    route = _route(case.service, answers.data, now.date())
    answers.data = formspec.counted(folder.form, answers.data)
    answers.declarations = [dict(declaration) for declaration in declarations]
    answers.save(update_fields=["data", "declarations"])
    step = store.start(
        Definition.objects.get(service=case.service, version=case.version),
        mission=route.mission,
        variables={"booked": Booking.objects.active(now).filter(case=case).exists()},
        now=now,
    )
    case.mission = route.mission
    case.because = route.because.as_json()
    case.applicant_name = _name(answers.data)
    case.instance = step.instance
    case.submitted_at = now
    case.save(update_fields=["mission", "because", "applicant_name", "instance", "submitted_at"])
    record.event(case, "submitted", actor=actor, at=now, mission=route.mission.code, rule=route.because.rule)
    record.advance(case, step, actor=actor, at=now)
    jobs.promise("casework.acknowledge", key=f"acknowledge:{case.pk}", payload={"case": case.pk})
    outbox.promise("submitted", to=actor, case=case, key=f"submitted:{case.pk}", facts={})
    return case


def _route(service: str, answers: Mapping[str, Any], on: date) -> Responsible:
    """The mission that is responsible for what was answered."""
    return responsible(
        service,
        nationality=answers["nationality"],
        residence=answers["residence_area"],
        on=on,
        situation=Situation(destination=answers.get("main_destination")),
    )


def _name(answers: Mapping[str, Any]) -> str:
    """Family name and first names as in the travel document, for the officers' lists."""
    return ", ".join(answers[part] for part in ("surname", "given_names") if answers.get(part))[:170]
