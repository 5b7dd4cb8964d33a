"""How the consent of the other person with custody stands, and the link by which they answer.

The link names the consent and the number of its last sending, and is signed. Nothing of it is stored, nothing in it is
about a person, and no earlier link works once a newer one was sent. The same holds for the code by mail and for the
ticket that a browser keeps after somebody has proven who they are.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.cases.families import ConsentState, Proof
from consular.cases.models import Case, Consent, Event
from consular.core import crypto, references
from consular.core.errors import Refused

VARIABLE = "second_consent"
LONGEST = 60
DIGITS = 6
_SIGNATURE = 18  # bytes: 24 characters


@dataclass(frozen=True)
class Standing:
    """What a form asks of somebody else, and what has come of it; `is_outdated`: they agreed to other answers.

    `is_declined`: the other person has said no, and nothing that was given since takes that back. Neither other answers
    nor asking again do, nor the word of the applicant that it is given in person.
    """

    asked: formspec.Consent
    consent: Consent | None
    is_outdated: bool = False
    is_declined: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is given, to the answers as they are."""
        return self.consent is not None and self.consent.state == ConsentState.GIVEN and not self.is_outdated

    @property
    def label(self) -> str:
        """In a few words how it stands."""
        if self.consent is None:
            return gettext("Not asked for yet")
        if self.is_outdated:
            return gettext("Given to other answers: ask again")
        return str(ConsentState(self.consent.state).label)

    @property
    def is_in_person(self) -> bool:
        """Whether it is given at the mission instead."""
        return self.consent is not None and self.consent.state == ConsentState.IN_PERSON


def standing(case: Case, answers: Mapping[str, Any]) -> Standing | None:
    """How a case with these answers stands; None when nobody else has to agree."""
    form = case.form
    asked = formspec.asked_consent(form, answers)
    if asked is None:
        return None
    consent = Consent.objects.filter(case=case).first()
    if consent is None:
        return Standing(asked, None)
    if consent.state == ConsentState.GIVEN:
        return Standing(asked, consent, is_outdated=consent.about != formspec.consent_hash(form, answers))
    return Standing(asked, consent, is_declined=_was_declined(consent))


def _was_declined(consent: Consent) -> bool:
    """Whether the answer was no, now or before the last sending."""
    if consent.state == ConsentState.DECLINED or consent.sequence < 2:
        return consent.state == ConsentState.DECLINED
    return Event.objects.filter(case=consent.case_id, kind="consent_declined").exists()


def variables(case: Case, answers: Mapping[str, Any]) -> dict[str, str]:
    """What the process knows of the consent, as the routing variable `second_consent`; nothing where a form asks none.

    `not_needed`, `missing` (nobody was asked), `outdated` (given to other answers), or a state of the consent.
    """
    if case.form.consent is None:
        return {}
    found = standing(case, answers)
    if found is None:
        return {VARIABLE: "not_needed"}
    if found.consent is None:
        return {VARIABLE: "missing"}
    if found.is_declined:
        return {VARIABLE: str(ConsentState.DECLINED)}
    return {VARIABLE: "outdated" if found.is_outdated else str(found.consent.state)}


def obstacle(case: Case, answers: Mapping[str, Any]) -> Refused | None:
    """What keeps the case from being sent; None when nothing does."""
    found = standing(case, answers)
    if found is None or not found.asked.required or found.counts or found.is_in_person:
        return None
    return Refused(
        _(
            "The consent of the other person with custody is missing. Ask for it, or say that it is given in person. "
            "Nothing was sent."
        ),
        code="consent",
        status=422,
    )


def link(consent: Consent) -> str:
    """The token of the link that was sent last, safe in addresses."""
    return _signed(consent.reference, consent.sequence)


def read(token: str) -> tuple[str, int] | None:
    """The reference of a consent and the number of the sending that a token of ours names; None for any other text."""
    parts = token.split(".")
    if len(token) > LONGEST or len(parts) != 3 or not token.isascii() or not parts[1].isdecimal():
        return None
    reference, sequence = references.tidy(parts[0]) or "", int(parts[1])
    return (reference, sequence) if hmac.compare_digest(token, _signed(reference, sequence)) else None


def _signed(reference: str, sequence: int) -> str:
    plain = f"{reference}.{sequence}"
    digest = crypto.fingerprint(plain, purpose="consent.link")[:_SIGNATURE]
    return f"{plain}.{base64.urlsafe_b64encode(digest).decode()}"


def ticket(consent: Consent, proof: Proof) -> str:
    """What a browser keeps once somebody has proven who they are: for this link alone."""
    digest = crypto.fingerprint(f"{link(consent)} {proof.value}", purpose="consent.ticket")
    return f"{proof.value}.{base64.urlsafe_b64encode(digest).decode()}"


def proof_of(consent: Consent, shown: str) -> Proof | None:
    """By what somebody was recognised who shows this ticket; None when it is no ticket of this link."""
    for proof in Proof:
        if hmac.compare_digest(shown.encode(), ticket(consent, proof).encode()):
            return proof
    return None


def code(consent: Consent) -> str:
    """The six digits that were sent last for this link."""
    digest = crypto.fingerprint(f"{link(consent)} {consent.codes}", purpose="consent.code")
    return str(int.from_bytes(digest[:8]) % 10**DIGITS).zfill(DIGITS)


def identity(consent_reference: str, birth_date: str, document: str) -> bytes:
    """A keyed hash of who somebody is: the date of birth (ISO) and the number of the travel document, tidied."""
    tidy = "".join(character for character in document.upper() if character.isalnum())
    return crypto.fingerprint(f"{consent_reference} {birth_date} {tidy}", purpose="consent.identity")
