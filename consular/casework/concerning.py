"""Requests about data and complaints: entered in the register of the mission, and answered by a letter."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.models import Case
from consular.casework import correspondence, record
from consular.casework.officer import locked
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import concerns, issuing
from consular.decisions.concerns import Concern, ConcernKind, Reply
from consular.decisions.issuing import About
from consular.missions.models import Mission
from consular.missions.postings import duties
from consular.notifications import outbox

ANSWERING = (Role.HEAD_OF_SECTION,)
"""Who answers: the head of the section, not the officers whom a complaint may be about."""


LONGEST_SUBJECT = 2000


@dataclass(frozen=True)
class Entered:
    """What somebody asked for, when, and what is answered."""

    kind: str
    received_on: date
    subject: str
    reply: str = ""
    reasons: str = ""


@verb
def enter_concern(reference: str, entered: Entered, *, actor: User) -> Concern:
    """Enter a request or complaint in the register of the mission, and promise the letter that answers it."""
    case = locked(reference, actor)
    held = duties(actor)
    if case.mission is None or not any(held.has(role, case.mission_id) for role in ANSWERING):
        raise Refused(_("Your role does not allow this."), code="forbidden", status=403)
    _judge(case, entered)
    now = clock.now()
    concern = Concern.objects.create(
        case=case,
        mission=case.mission,
        number=_number(case.mission, clock.today(case.mission.time_zone).year),
        kind=entered.kind,
        received_on=entered.received_on,
        subject=_tidied(entered.subject, "subject", LONGEST_SUBJECT),
        reply=entered.reply,
        reasons=_tidied(entered.reasons, "reasons", correspondence.LENGTH) if entered.reasons.strip() else "",
        entered_by=actor,
        entered_at=now,
    )
    record.event(case, "concern_entered", actor=actor, at=now, concern=concern.pk)
    jobs.promise("casework.answer_concern", key=f"concern:{concern.pk}", payload={"concern": concern.pk})
    return concern


@verb
def answer_concern(payload: dict[str, Any]) -> None:
    """Write the letter about a request or complaint and tell the applicant; a second run finds it there."""
    concern = Concern.objects.get(pk=payload["concern"])
    cases = Case.objects.select_for_update(of=("self",)).select_related("owner", "mission")
    case, key = cases.get(pk=concern.case_id), f"concern:{concern.pk}"
    if case.letters.filter(key=key).exists():
        return
    letter = issuing.issue(
        case,
        concerns.LETTERS[ConcernKind(concern.kind)],
        key=key,
        about=About(reference=concern.number),
        folder=case.folder,
    )
    record.event(case, "letter_issued", actor=None, at=clock.now(), letter=letter.pk, letter_kind=letter.kind)
    if case.owner:
        outbox.promise("letter", to=case.owner, case=case, key=f"letter:{letter.pk}")


def _judge(case: Case, entered: Entered) -> None:
    zone = case.mission.time_zone if case.mission else "UTC"
    if entered.kind not in ConcernKind.values:
        raise _wrong("kind", _("Choose what was asked for."))
    if entered.received_on > clock.today(zone):
        raise _wrong("received_on", _("The day has not come yet."))
    if not entered.subject.strip():
        raise _wrong("subject", _("Say what was asked for."))
    needs_reply = entered.kind in {ConcernKind.RECTIFICATION, ConcernKind.ERASURE}
    if needs_reply != (entered.reply in Reply.values):
        raise _wrong(
            "reply", _("Choose the answer: requests to correct or erase data have one, others do not.")
        )
    if entered.reply in {Reply.PARTLY, Reply.REFUSED} and not entered.reasons.strip():
        raise _wrong("reasons", _("Give the reasons: a refusal without them explains nothing."))


def _tidied(text: str, field: str, most: int) -> str:
    """What was typed, without invisible signs; Refused at its field."""
    try:
        tidied = correspondence.tidy(text)
    except Refused as refusal:
        raise _wrong(field, refusal.message) from refusal
    if len(tidied) > most:
        raise _wrong(field, _("The text is too long."))
    return tidied


def _number(mission: Mission, year: int) -> str:
    """The next number in the mission's register of a year; one after the other, by a lock until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consular.concern'), %s)", [mission.pk])
    start = f"{mission.code}/{year}/"
    return f"{start}{Concern.objects.filter(number__startswith=start).count() + 1}"


def _wrong(field: str, sentence: object) -> Refused:
    return Refused(str(sentence), code="invalid", field=field, status=422)
