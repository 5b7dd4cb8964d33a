"""Functions that build calendars, slots and bookings; a test passes only what it is about."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from consular.accounts.models import Role, User
from consular.appointments import booking, identity, inviting
from consular.appointments.invitations import Invitation
from consular.appointments.models import Booking, Calendar, OpeningRule, Place, Slot
from consular.cases.models import Answers, Case
from consular.core import clock, references
from consular.missions.models import Mission
from consular.workflow import store
from consular.workflow.models import Definition
from tests import factories
from tests.workflow import bpmn

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
"""A Monday."""

LONG = "national_visa"
"""A service that takes several slots, where a calendar says so."""

_documents = iter(range(1, 10_000_000))


def calendar(mission: Mission | None = None, **fields: object) -> Calendar:
    """A calendar for Schengen visas: half an hour, ten counters, bookable at any time and at once when cancelled."""
    values = {
        "category": "visa_c",
        "services": ["schengen_visa"],
        "counters": 10,
        "notice_hours": 0,
        "horizon_days": 90,
        "returns_after": 0,
        "returns_before": 0,
    }
    return Calendar.objects.create(mission=mission or factories.mission(), **{**values, **fields})


def rule(
    on: Calendar, weekday: int = 0, opens: str = "09:00", closes: str = "11:00", **fields: object
) -> OpeningRule:
    """Mondays from nine to eleven for one person at a time, unless said otherwise."""
    values = {"capacity": 1, "valid_from": date(2020, 1, 1)}
    return OpeningRule.objects.create(
        calendar=on,
        weekday=weekday,
        opens_at=time.fromisoformat(opens),
        closes_at=time.fromisoformat(closes),
        **{**values, **fields},
    )


def slot(
    on: Calendar | None = None, capacity: int = 1, starts_at: datetime = NOW + timedelta(days=7)
) -> Slot:
    """A slot with its places, next Monday."""
    made = Slot.objects.create(
        calendar=on or calendar(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        capacity=capacity,
    )
    Place.objects.bulk_create([Place(slot=made, number=n + 1) for n in range(capacity)], batch_size=5_000)
    return made


def person() -> bytes:
    """The keyed hash of somebody new."""
    return identity.fingerprint(f"X{next(_documents):08}", date(1990, 1, 1))


def held(on: Slot, *, owner: User | None = None, who: bytes | None = None, now: datetime = NOW) -> Booking:
    """A place of `on`, held."""
    return booking.hold(
        on.pk, owner=owner or factories.applicant(), case_id=None, identity=who or person(), now=now
    )


def confirmed(
    on: Slot, *, owner: User | None = None, who: bytes | None = None, now: datetime = NOW
) -> Booking:
    """A place of `on`, booked."""
    return booking.confirm(held(on, owner=owner, who=who, now=now).reference, now=now)


@transaction.atomic
def bookable_case(on: Calendar, *, owner: User | None = None, is_awaited: bool = False) -> Case:
    """A sent case of the calendar's mission on a small process; `is_awaited`: its process waits for the booking."""
    definition = Definition.objects.filter(version=1).first() or store.publish("schengen_visa", 1, bpmn.VISA)
    now = clock.now()
    step = store.start(definition, mission=on.mission, variables={"booked": False}, now=now)
    if is_awaited:
        clerk = factories.official(Role.INTAKE_CLERK, mission=on.mission)
        step = store.complete(step.entered[0].token_id, by=clerk, variables={"complete": True}, now=now)
    case = Case.objects.create(
        reference=references.issue(),
        service="schengen_visa",
        version=1,
        owner=owner or factories.applicant(),
        language="en",
        phase=step.phase,
        mission=on.mission,
        applicant_name="Mensah, Ama",
        instance=step.instance,
        created_at=now,
        changed_at=now,
        submitted_at=now,
    )
    data = {"doc_number": f"C{next(_documents):08}", "birth_date": "1990-04-12"}
    Answers.objects.create(case=case, data=data, saved_at=now)
    return case


@transaction.atomic
def times_kept() -> Invitation:
    """A time in a week that a clerk keeps for three days for a case."""
    on, now = calendar(), clock.now()
    clerk = factories.official(Role.INTAKE_CLERK, mission=on.mission)
    slots = [slot(on, starts_at=now + timedelta(days=7)).pk]
    return inviting.keep(bookable_case(on), slots, until=now + timedelta(days=3), by=clerk, now=now)
