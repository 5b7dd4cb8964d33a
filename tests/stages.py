"""Cases at every stage of their life, reached by calling the verbs as people would."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from consular import casework, formspec
from consular.accounts.models import Role, User
from consular.appointments import calendars
from consular.appointments.models import Booking, Calendar, OpeningRule, Slot
from consular.cases.models import Case
from consular.core import clock, jobs
from consular.decisions import keys
from consular.formspec import postal_codes
from consular.missions.models import Mission, ServiceGroup
from consular.workflow.models import Token, TokenKind
from tests import factories, prepared

SERVICE = "schengen_visa"
ATTESTED = (
    "fee_not_refunded", "insurance_each_stay", "data_needed", "visa_information_system", "right_to_know",
    "true_and_complete", "leave_in_time",
)  # fmt: skip
LIVING = {
    "eu_family": False,
    "occupation": "none",
    "fingerprints_before": False,
    "staying": ["accommodation"],
    "accommodations": [
        {
            "accommodation_name": "Example Hotel",
            "accommodation_state": "DEU",
            "accommodation_address": {
                "lines": "1 Example Square",
                "postal_code": "10115",
                "place": "Berlin",
                "country": "DEU",
            },
        }
    ],
    "costs": ["self"],
    "self_means": ["cash", "credit_card"],
    "filled_by_other": False,
}
"""How the tourist lives, stays and pays."""
HOME = {"lines": "12 Example Road", "postal_code": "400001", "place": "Mumbai", "country": "IND"}


def home(country: str) -> dict[str, str]:
    """An address in this country."""
    return HOME | {"postal_code": postal_codes.example(country) or HOME["postal_code"], "country": country}


def answers(**changed: Any) -> dict[str, Any]:
    """All answers of an adult tourist from Mumbai; a test changes what it is about (None removes)."""
    today = clock.today()
    values: dict[str, Any] = {
        "surname": "Mensah",
        "given_names": "Ama",
        "birth_date": "1990-04-12",
        "birth_place": "Accra",
        "birth_country": "GHA",
        "nationality": "GHA",
        "has_other_nationalities": False,
        "sex": "female",
        "civil_status": "single",
        "doc_type": "ordinary",
        "doc_number": "G1234567",
        "doc_issue_date": (today - timedelta(days=400)).isoformat(),
        "doc_valid_until": (today + timedelta(days=2000)).isoformat(),
        "doc_issued_by": "GHA",
        "residence_country": "IND",
        "residence_area": "IN-MH",
        "home_address": home(changed.get("residence_country", "IND")),
        "email": "ama.mensah@example.org",
        "phone": "+91 22 5550 1234",
        "residence_permit": "Residence permit",
        "residence_permit_number": "RP123456",
        "residence_permit_until": (today + timedelta(days=900)).isoformat(),
        "purposes": ["tourism"],
        "main_destination": "DEU",
        "has_other_destinations": False,
        "first_entry": "DEU",
        "entries": "single",
        "arrival_date": (today + timedelta(days=60)).isoformat(),
        "departure_date": (today + timedelta(days=70)).isoformat(),
        **LIVING,
    }
    return {key: value for key, value in {**values, **changed}.items() if value is not None}


def granting(**changed: Any) -> dict[str, Any]:
    """The examination's form for a grant."""
    first = clock.today() + timedelta(days=60)
    return {
        "recommendation": "grant",
        "visa_type": "C",
        "valid_from": first.isoformat(),
        "valid_until": (first + timedelta(days=25)).isoformat(),
        "entries": "1",
        "days": "11",
        **changed,
    }


REFUSING = {"recommendation": "refuse", "grounds": ["2", "11"], "ground_11_text": "Statements on the hotel."}
LODGING = {
    "identity_checked": True,
    "biometrics": "taken",
    "fee": "paid",
    "documents_seen": ["travel_document"],
}
PLENTY = 10
"""Places of a slot."""
SEARCHED = {"registers": ["vis", "sis"], "hits": "none"}


@dataclass(frozen=True)
class Post:
    """The mission in Mumbai with one officer for each role."""

    mission: Mission
    clerk: User
    caseworker: User
    decider: User


def ministry() -> Post:
    """Missions, published processes, a signing key, and the officers of Mumbai."""
    prepared.prepare()
    keys.make_local()
    mission = Mission.objects.get(code="MUMB")
    return Post(
        mission,
        clerk=factories.official(Role.INTAKE_CLERK, mission=mission),
        caseworker=factories.official(Role.CASEWORKER, mission=mission),
        decider=factories.official(Role.DECIDER, mission=mission),
    )


def draft(owner: User | None = None, *, secret: str | None = None, **changed: Any) -> Case:
    """A draft in which everything is answered."""
    actor = owner if owner or secret else factories.applicant()
    return casework.start(SERVICE, language="en", actor=actor, secret=secret, answers=answers(**changed))


def sent(owner: User | None = None, **changed: Any) -> Case:
    """A case that was sent a moment ago."""
    case = draft(owner, **changed)
    assert case.owner is not None
    return casework.submit(case.pk, attested=ATTESTED, actor=case.owner)


def open_task(case: Case) -> Token:
    """The one task that is open."""
    return Token.objects.get(instance=case.instance_id, kind=TokenKind.TASK)


def do(case: Case, officer: User, **entries: Any) -> Case:
    """An officer completes the open task with these entries."""
    return casework.complete(case.reference, open_task(case).pk, entries, actor=officer)


def booked(case: Case) -> Booking:
    """An appointment for the case, on the first free time of its mission."""
    assert case.owner is not None
    slot = Slot.objects.filter(
        calendar=calendar(case.mission), starts_at__gt=clock.now() + timedelta(days=2)
    ).first()
    held = casework.hold_slot(case.pk, slot.pk, actor=case.owner)
    return casework.confirm_booking(held.reference, actor=case.owner)


def calendar(mission: Mission) -> Calendar:
    """The mission's calendar for the service, open every day with plenty of places."""
    found = calendars.of(mission, SERVICE)
    if found is None:
        found = Calendar.objects.create(
            mission=mission, category=ServiceGroup.VISA_C, services=[SERVICE], counters=PLENTY
        )
        OpeningRule.objects.bulk_create(
            OpeningRule(
                calendar=found, weekday=weekday, opens_at=time(8), closes_at=time(16), capacity=PLENTY,
                valid_from=clock.today(),
            )
            for weekday in range(7)
        )  # fmt: skip
        casework.generate_slots(found, clock.today() + timedelta(days=14))
    return found


def at_examination(post: Post, **changed: Any) -> Case:
    """A case that was complete, lodged, admissible, and lies before the caseworker."""
    case = sent(**changed)
    do(case, post.clerk, complete=True)
    booked(case)
    do(case, post.clerk, **LODGING)
    do(case, post.caseworker, admissibility="admissible")
    do(case, post.caseworker, **SEARCHED)
    return Case.objects.get(pk=case.pk)


def at_decision(post: Post, **entries: Any) -> Case:
    """A case with a proposal that waits for a second officer."""
    case = at_examination(post)
    do(case, post.caseworker, **(entries or granting()))
    return Case.objects.get(pk=case.pk)


def decided(post: Post, **entries: Any) -> Case:
    """A case that was approved; its letter is not issued yet."""
    case = at_decision(post, **entries)
    do(case, post.decider, approved=True)
    return Case.objects.get(pk=case.pk)


def issued(post: Post, **entries: Any) -> Case:
    """A case whose letter was issued by a worker."""
    case = decided(post, **entries)
    jobs.work()
    return Case.objects.get(pk=case.pk)


def folder() -> formspec.Folder:
    """The service all stages are about."""
    return formspec.latest(SERVICE)
