"""What the database refuses of journeys, mandates and consents whoever asks; each also switched off."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from consular.cases.models import Consent, Journey, Mandate
from consular.core import clock, references
from tests import factories, harm

pytestmark = pytest.mark.django_db


def journey(reference: str) -> Journey:
    return Journey.objects.create(reference=reference, owner=factories.applicant(), created_at=clock.now())


def two_journeys() -> None:
    journey("AAAA")
    journey("AAAA")


def mandate(**fields: object) -> Mandate:
    values = {
        "capacity": "lawyer", "surname": "Mehta", "address": {}, "email": "a@example.org", "phone": "1",
        "since": date(2026, 1, 1), "text": "I act", "version": 1, "language": "en", "declared_at": clock.now(),
    }  # fmt: skip
    return Mandate.objects.create(
        case=fields.pop("case", None) or factories.sent_case(), **{**values, **fields}
    )


def consent(**fields: object) -> Consent:
    now = clock.now()
    values = {
        "reference": references.issue(), "state": "asked", "name": "Lena", "email": "a@example.org",
        "language": "en", "asked_at": now, "expires_at": now,
    }  # fmt: skip
    return Consent.objects.create(
        case=fields.pop("case", None) or factories.sent_case(), **{**values, **fields}
    )


def two_of(make: Callable[..., object], **fields: object) -> None:
    make(**fields)
    make(**fields)


def of_one_case(make: Callable[..., object]) -> None:
    two_of(make, case=factories.sent_case())


ANSWERED = "an_answered_consent_says_what_when_and_by_which_proof"
CONSTRAINTS = [
    (Journey, "reference", two_journeys),
    (Mandate, "case", partial(of_one_case, mandate)),
    (Consent, "case", partial(of_one_case, consent)),
    (Consent, "reference", partial(two_of, consent, reference="AAAA")),
    (Consent, ANSWERED, partial(consent, state="given", answered_at=None)),
    (Consent, "who_is_asked_by_link_has_an_address_and_an_end", partial(consent, email="")),
]

test_a_constraint_refuses_the_harm = harm.refused(CONSTRAINTS)
test_without_the_constraint_the_harm_is_done = harm.done_without(CONSTRAINTS)
