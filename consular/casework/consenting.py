"""Asking the other person with custody: what the applicant does, what the person asked does by link, and reminding."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.families import ConsentState, Proof
from consular.cases.models import Answers, Case, Consent, Phase
from consular.casework import consent_mails, consents, record
from consular.casework.applicant import not_there
from consular.casework.verb import verb
from consular.core import clock, jobs, references
from consular.core.errors import Refused
from consular.notifications import outbox
from consular.notifications.models import Kind
from consular.workflow import store

LASTS = timedelta(days=14)
REMINDED_AFTER = timedelta(days=5)
LINKS = 10
"""So many links are sent for one case."""
TRIES = 5
"""Wrong proofs after which a link is void."""
CODES = 5
CODE_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Asked:
    """Who is asked: name, address and language of the mails; by which date of birth and document they are known."""

    name: str
    email: str
    language: str
    birth_date: date | None = None
    document: str = ""


@verb
def ask_consent(case_id: int, asked: Asked, *, actor: User) -> Consent:
    """Send the other person with custody a link of their own. Asked again, no earlier link or answer counts."""
    case, consent = _own(case_id, actor)
    now = clock.now()
    consent = consent or Consent(case=case, reference=references.issue(), sequence=0)
    consent.name, consent.email, consent.language = asked.name, asked.email, asked.language
    consent.identity = (
        consents.identity(consent.reference, asked.birth_date.isoformat(), asked.document)
        if asked.birth_date and asked.document
        else None
    )
    consent.state, consent.answered_at, consent.proof = ConsentState.ASKED, None, ""
    consent.text, consent.version, consent.answered_in, consent.about = "", 0, "", ""
    return _send(consent, actor, now)


@verb
def resend_consent(case_id: int, *, actor: User) -> Consent:
    """Send the same person a new link; the earlier one does not work any more."""
    _case, consent = _own(case_id, actor)
    if consent is None or not consent.is_open:
        raise Refused(_("Nobody is being asked at the moment."), code="not_asked")
    return _send(consent, actor, clock.now())


@verb
def consent_in_person(case_id: int, *, actor: User) -> Consent:
    """The other person comes along, or brings a certified consent; a link that was sent does not work any more."""
    case, consent = _own(case_id, actor)
    now = clock.now()
    if consent is not None and consent.state == ConsentState.IN_PERSON:
        return consent
    consent = consent or Consent(case=case, reference=references.issue(), language=case.language)
    consent.state, consent.sequence, consent.asked_at = ConsentState.IN_PERSON, consent.sequence + 1, now
    consent.answered_at, consent.proof, consent.text, consent.about = None, "", "", ""
    consent.expires_at, consent.identity = None, None
    consent.save()
    record.event(case, "consent_in_person", actor=actor, at=now, consent=consent.pk)
    _tell_process(case, now)
    return consent


def consent_of(token: str) -> Consent:
    """The consent a link is for, with its case. Refused: (404) no link of ours, (410) used, replaced or too old."""
    found = consents.read(token)
    consent = None
    if found is not None:
        consent = Consent.objects.select_related("case__answers").filter(reference=found[0]).first()
    if found is None or consent is None:
        raise Refused(
            _("This link is not one of ours. Copy it from the mail again, completely."),
            code="not_found",
            status=404,
        )
    is_current = consent.is_open and consent.sequence == found[1] and consent.tries < TRIES
    is_over = consent.expires_at is None or consent.expires_at <= clock.now()
    if not is_current or is_over or consent.case.phase == Phase.CLOSED:
        raise Refused(
            _(
                "This link was used already, or is too old. Whoever applies for the child can send you a new one."
            ),
            code="over",
            status=410,
        )
    return consent


@verb
def prove_by_document(token: str, birth_date: date, document: str) -> str:
    """The ticket of somebody who knows date of birth and document number; "" where they do not fit. Tries count."""

    def fits(consent: Consent) -> bool:
        shown = consents.identity(consent.reference, birth_date.isoformat(), document)
        return consent.identity is not None and hmac.compare_digest(bytes(consent.identity), shown)

    return _proven(_locked(token), Proof.DOCUMENT, fits)


@verb
def prove_by_code(token: str, code: str) -> str:
    """The ticket of somebody who has the code that was mailed; "" where it is another one. Tries count."""

    def fits(consent: Consent) -> bool:
        is_current = consent.code_until is not None and consent.code_until > clock.now()
        return is_current and hmac.compare_digest(consents.code(consent).encode(), code.encode())

    return _proven(_locked(token), Proof.CODE, fits)


@verb
def send_consent_code(token: str) -> None:
    """Mail a code of six digits to the address that the link was sent to."""
    consent = _locked(token)
    if consent.codes >= CODES:
        raise Refused(_("No more codes can be sent for this link."), code="too_often", status=429)
    consent.codes, consent.code_until = consent.codes + 1, clock.now() + CODE_LASTS
    consent.save(update_fields=["codes", "code_until"])
    consent_mails.promise(Kind.CONSENT_CODE, consent, consent.codes)


@verb
def answer_consent(token: str, ticket: str, *, agrees: bool, about: str) -> Consent:
    """The other person agrees or declines; then the link is used up. `about` is the hash of what they were shown.

    Kept with the text in the language it was read in, its version, the moment and by what they were recognised.
    """
    consent = _locked(token)
    proof = consents.proof_of(consent, ticket)
    if proof is None:
        raise Refused(_("Please prove first who you are."), code="not_proven", status=403)
    form, answers = consent.case.form, Answers.objects.get(case=consent.case).data
    asked = formspec.asked_consent(form, answers)
    if asked is None or about != formspec.consent_hash(form, answers):
        raise Refused(
            _(
                "The application was changed in the meantime. Please read again what you are asked to agree to."
            ),
            code="changed",
        )
    now = clock.now()
    consent.state = ConsentState.GIVEN if agrees else ConsentState.DECLINED
    consent.answered_at, consent.proof, consent.answered_in = now, proof, get_language() or consent.language
    consent.text, consent.version, consent.about = str(asked.text), asked.version, about
    consent.save()
    kind = "consent_given" if agrees else "consent_declined"
    record.event(
        consent.case, kind, actor=None, at=now,
        consent=consent.pk, version=asked.version, language=consent.answered_in, proof=proof.value, about=about,
    )  # fmt: skip
    _tell_process(consent.case, now)
    if consent.case.owner:
        outbox.promise(
            "consent_answered",
            to=consent.case.owner,
            case=consent.case,
            key=f"consent_answered:{_key(consent)}",
        )
    return consent


@verb
def remind_consent(payload: dict[str, Any]) -> None:
    """Remind the person who was asked and has not answered the link of that sending; once for each."""
    case = Case.objects.select_for_update(of=("self",)).filter(consent=payload["consent"]).first()
    consent = Consent.objects.filter(pk=payload["consent"], sequence=payload["sequence"]).first()
    if case is None or consent is None or not consent.is_open or case.phase == Phase.CLOSED:
        return
    if consent.tries >= TRIES:
        return
    consent_mails.promise(Kind.CONSENT_REMINDER, consent)
    record.event(case, "consent_reminded", actor=None, at=clock.now(), consent=consent.pk)


def _own(case_id: int, actor: User) -> tuple[Case, Consent | None]:
    """The actor's own case, locked, that somebody else has to agree to, and what has come of it."""
    cases = Case.objects.select_for_update(of=("self",)).filter(owner=actor, pk=case_id)
    case = cases.exclude(phase=Phase.CLOSED).first()
    if case is None:
        raise not_there()
    found = consents.standing(case, Answers.objects.get(case=case).data)
    if found is None:
        raise Refused(_("Nobody else has to agree to this application."), code="not_asked")
    if case.phase != Phase.DRAFT and found.counts:
        raise Refused(_("The consent was given already."), code="given")
    return case, found.consent


def _send(consent: Consent, actor: User, now: datetime) -> Consent:
    """A new link, with everything that was tried on the one before forgotten."""
    if consent.sequence >= LINKS:
        raise Refused(
            _("No more links can be sent for this application. The consent can be given in person."),
            code="too_often",
            status=429,
        )
    consent.sequence += 1
    consent.tries, consent.codes, consent.code_until = 0, 0, None
    consent.asked_at, consent.expires_at = now, now + LASTS
    consent.save()
    record.event(
        consent.case, "consent_asked", actor=actor, at=now, consent=consent.pk, sequence=consent.sequence
    )
    consent_mails.promise(Kind.CONSENT_ASKED, consent)
    _tell_process(consent.case, now)
    jobs.promise(
        "casework.remind_consent",
        key=f"remind_consent:{_key(consent)}",
        payload={"consent": consent.pk, "sequence": consent.sequence},
        run_at=now + REMINDED_AFTER,
    )
    return consent


def _tell_process(case: Case, now: datetime) -> None:
    """What was sent already has a process, which sees how the consent stands now; nothing waits for it."""
    if case.instance_id is None:
        return
    told = consents.variables(case, Answers.objects.get(case=case).data)
    step = store.inform(case.instance_id, variables=told, now=now)
    if step is not None:
        record.advance(case, step, actor=None, at=now)


def _locked(token: str) -> Consent:
    """The consent of a link, its case locked, as it stands then."""
    Case.objects.select_for_update(of=("self",)).get(pk=consent_of(token).case_id)
    return consent_of(token)


def _proven(consent: Consent, proof: Proof, fits: Callable[[Consent], bool]) -> str:
    if fits(consent):
        return consents.ticket(consent, proof)
    consent.tries += 1
    consent.save(update_fields=["tries"])
    return ""


def _key(consent: Consent) -> str:
    return f"{consent.reference}:{consent.sequence}"
