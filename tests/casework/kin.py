"""Families for tests: drafts that share a journey, a child, a consent that was asked for."""

from datetime import date, timedelta
from typing import Any

from consular import casework, formspec
from consular.accounts.models import User
from consular.cases.models import Answers, Case, Consent
from consular.casework import consents
from consular.casework.consenting import Asked
from consular.core import clock
from tests import factories, stages

BORN, DOCUMENT = date(1988, 3, 9), "N7654321"
ASKED = Asked("Lena Sharma", "lena@example.org", "de", BORN, DOCUMENT)
GUARDIANS = [
    {
        "guardian_surname": surname,
        "guardian_given_names": given,
        "guardian_capacity": "joint",
        "guardian_phone": "+912266778899",
        "guardian_nationality": "IND",
    }
    for surname, given in (("Sharma", "Ravi"), ("Sharma", "Lena"))
]


def child(owner: User | None = None, **changed: Any) -> Case:
    """The complete draft of a child with two persons who have custody."""
    born = clock.today() - timedelta(days=8 * 365)
    return stages.draft(
        owner or factories.applicant(), birth_date=born.isoformat(), guardians=GUARDIANS, **changed
    )


def asked(case: Case) -> str:
    """The other parent was asked; the token of the link that was sent."""
    assert case.owner is not None
    return consents.link(casework.ask_consent(case.pk, ASKED, actor=case.owner))


def about(case: Case) -> str:
    """The hash of what the other parent is shown."""
    return formspec.consent_hash(case.form, Answers.objects.get(case=case).data)


def answered(case: Case, *, agrees: bool = True) -> Consent:
    """The other parent was asked and has answered."""
    token = asked(case)
    ticket = casework.prove_by_document(token, BORN, DOCUMENT)
    return casework.answer_consent(token, ticket, agrees=agrees, about=about(case))


def group(owner: User, persons: int = 2) -> list[Case]:
    """Complete drafts of one journey."""
    first = stages.draft(owner)
    others = [casework.add_person(first.pk, language="en", actor=owner) for _ in range(persons - 1)]
    for number, other in enumerate(others):
        answers = stages.answers(given_names=f"Asha {chr(65 + number)}", doc_number=f"M765432{number}")
        casework.save(other.pk, answers, revision=0, actor=owner)
    return [first, *others]
