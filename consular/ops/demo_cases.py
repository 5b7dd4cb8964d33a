"""The cases of the demo: synthetic people at every stage, sent and worked on through the verbs of the service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from consular import casework
from consular.accounts.models import Role, User
from consular.appointments import calendars, slots
from consular.cases.models import Case
from consular.core import clock
from consular.core.errors import Refused
from consular.formspec import postal_codes
from consular.missions.models import Mission, Posting
from consular.ops.demo_documents import specimen
from consular.workflow.models import Token, TokenKind

SERVICE = "schengen_visa"
DECLARATIONS = (
    "fee_not_refunded", "data_needed", "visa_information_system", "right_to_know", "true_and_complete", "leave_in_time",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who never lived, and how far the case has come."""

    surname: str
    given_names: str
    nationality: str
    area: str
    language: str
    stage: str
    has_documents: bool = False


PEOPLE = (
    Person("Sharma", "Anaya", "IND", "IN-DL", "en", "sent"),
    Person("Iyer", "Rohan", "IND", "IN-MH", "en", "sent", has_documents=True),
    Person("Mensah", "Ama", "GHA", "IN-MH", "fr", "lodging"),
    Person("Haddad", "Layla", "JOR", "IN-MH", "ar", "examination", has_documents=True),
    Person("Fernandes", "Inês", "IND", "IN-GA", "en", "decision"),
    Person("Diallo", "Moussa", "SEN", "US-CA/06037", "fr", "sent"),
    Person("Okafor", "Chidi", "NGA", "US-CA/06037", "en", "examination"),
    Person("Yılmaz", "Elif", "TUR", "TR-34", "de", "decision"),
    Person("Nguyễn", "Thị Minh", "VNM", "BR-SP", "fr", "lodging"),
    Person("الخطيب", "سلمى", "SYR", "TR-34", "ar", "sent"),
    Person("Nasser", "Karim", "SYR", "IN-MH", "ar", "consultation"),
)
IN_LATIN = {"الخطيب": {"surname_latin": "ALKHATIB", "given_names_latin": "SALMA"}}
"""The Latin spelling of names in another script, as travel documents have it."""
WALK: tuple[tuple[Role, str, dict[str, Any]], ...] = (
    (
        Role.INTAKE_CLERK,
        "lodging",
        {
            "identity_checked": True,
            "biometrics": "taken",
            "fee": "paid",
            "documents_seen": ["travel_document", "photograph", "insurance"],
        },
    ),
    (Role.CASEWORKER, "admissibility", {"admissibility": "admissible"}),
    (Role.CASEWORKER, "registers", {"registers": ["vis", "sis"], "hits": "none"}),
)
"""The tasks from the appointment to the examination: whose, at which stage, and what is entered."""
LIVING: dict[str, Any] = {
    "eu_family": False,
    "occupation": "employed",
    "profession": "Accountant",
    "employer": "Example Trading Ltd",
    "employer_address": {"lines": "5 Example Avenue", "place": "Example City", "country": "GHA"},
    "employer_phone": "+4930123457",
    "fingerprints_before": False,
    "staying": ["accommodation"],
    "accommodations": [
        {
            "accommodation_name": "Example Hotel",
            "accommodation_state": "DEU",
            "accommodation_address": {"lines": "1 Example Square", "postal_code": "10115", "place": "Berlin"},
        }
    ],
    "costs": ["self"],
    "self_means": ["cash", "credit_card"],
    "filled_by_other": False,
}
"""How these people work, stay and pay."""


def make() -> None:
    """Send the cases that are not there yet and bring each to its stage."""
    for number, person in enumerate(PEOPLE):
        email = f"applicant{number + 1}@example.org"
        if User.objects.filter(email=email).exists():
            continue
        owner = User.objects.create_user(email, language=person.language)
        draft = casework.start(
            SERVICE, language=person.language, actor=owner, answers=_answers(person, number, owner.email)
        )
        if person.has_documents:
            _add_documents(draft, owner)
        case = casework.submit(draft.pk, attested=DECLARATIONS, actor=owner)
        _bring(case, person.stage)


def _add_documents(draft: Case, owner: User) -> None:
    """What this person has as files: a page alone, and two that belong together."""
    pages = {
        "itinerary": (specimen("Reservation", ("One room, eleven nights", "Exampletown")),),
        "means": tuple(
            specimen(f"Bank statement {month}", ("Account of nobody", "Balance 4,321.00 EUR"))
            for month in (1, 2)
        ),
    }
    for document, sheets in pages.items():
        casework.add_document(
            draft.pk, document, [(f"{document}.png", sheet) for sheet in sheets], actor=owner
        )


def _bring(case: Case, stage: str) -> None:
    """Walk the process up to the stage."""
    if stage == "sent":
        return
    _do(case, Role.INTAKE_CLERK, complete=True)
    _book(case)
    for role, reached, answers in WALK:
        if stage == reached:
            return
        _do(case, role, **answers)
    if stage == "decision":
        _do(case, Role.CASEWORKER, **_grant())


def _do(case: Case, role: Role, **answers: Any) -> None:
    posting = Posting.objects.select_related("user").filter(mission=case.mission_id, role=role).earliest("pk")
    token = Token.objects.get(instance=case.instance_id, kind=TokenKind.TASK)
    casework.complete(case.reference, token.pk, answers, actor=posting.user)


def _book(case: Case) -> None:
    mission = Mission.objects.get(pk=case.mission_id)
    calendar = calendars.of(mission, SERVICE)
    if calendar is None or case.owner is None:
        raise Refused(f"{mission.code} has no calendar")
    today = clock.today(mission.time_zone)
    first = slots.free(calendar, today, today + timedelta(days=30), now=clock.now())[0]
    held = casework.hold_slot(case.pk, first.id, actor=case.owner)
    casework.confirm_booking(held.reference, actor=case.owner)


def _grant() -> dict[str, Any]:
    first = clock.today() + timedelta(days=40)
    return {
        "recommendation": "grant",
        "visa_type": "C",
        "checked": ["document", "purpose", "means", "alerts", "insurance"],
        "valid_from": first.isoformat(),
        "valid_until": (first + timedelta(days=27)).isoformat(),
        "entries": "1",
        "days": "12",
    }


def _home(country: str) -> dict[str, str]:
    code = postal_codes.example(country)
    return {"lines": "1 Example Street", "postal_code": code, "place": "Example City"}


def _answers(person: Person, number: int, email: str) -> dict[str, Any]:
    today = clock.today()
    day: Callable[[int], str] = lambda days: (today + timedelta(days=days)).isoformat()  # noqa: E731
    country = {"IN": "IND", "US": "USA", "TR": "TUR", "BR": "BRA"}[person.area[:2]]
    answers = {
        "surname": person.surname,
        "given_names": person.given_names,
        "birth_date": date(1980 + number, 1 + number, 3 + number).isoformat(),
        "birth_place": "Example City",
        "birth_country": person.nationality,
        "nationality": person.nationality,
        "has_other_nationalities": False,
        "sex": "female" if number % 2 else "male",
        "civil_status": "single",
        "doc_type": "ordinary",
        "doc_number": f"X{1000000 + number * 7919}",
        "doc_issue_date": day(-500),
        "doc_valid_until": day(2500),
        "doc_issued_by": person.nationality,
        "residence_country": country,
        "residence_area": person.area,
        "home_address": _home(country),
        "email": email,
        "phone": "+4930123456",
        "purposes": ["tourism"],
        "main_destination": "DEU",
        "has_other_destinations": False,
        "first_entry": "DEU",
        "entries": "single",
        "arrival_date": day(40),
        "departure_date": day(51),
        **LIVING,
    }
    if country != person.nationality:
        answers |= {
            "residence_permit": "Residence permit",
            "residence_permit_number": f"RP{1000 + number}",
            "residence_permit_until": day(800),
        }
    return answers | IN_LATIN.get(person.surname, {})
