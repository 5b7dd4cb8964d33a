"""The demo beyond visas: times for services of one appointment, and somebody whose passport was stolen this morning."""

from datetime import date, time, timedelta

from consular import casework
from consular.accounts.models import User
from consular.appointments.models import Calendar, OpeningRule
from consular.cases.models import Case
from consular.core import clock
from consular.missions.models import Mission, ServiceGroup

NOTARIAL = ["signature_certification", "document_legalisation", "birth_registration"]
EMERGENCY = "emergency_travel_document"
DECLARATIONS = ("true_statements", "lost_and_found")
EMAIL = "traveller@example.org"


def calendar(mission: Mission, since: date) -> None:
    """Two afternoons a week at one counter."""
    made = Calendar.objects.create(
        mission=mission, category=ServiceGroup.NOTARIAL, services=NOTARIAL, counters=1
    )
    OpeningRule.objects.bulk_create(
        OpeningRule(
            calendar=made,
            weekday=weekday,
            opens_at=time(13),
            closes_at=time(16),
            capacity=1,
            valid_from=since,
        )
        for weekday in (1, 3)
    )


def make() -> Case | None:
    """A German tourist in Mumbai asks for help; None when the case is there already."""
    if User.objects.filter(email=EMAIL).exists():
        return None
    owner = User.objects.create_user(EMAIL, language="de")
    draft = casework.start(EMERGENCY, language="de", actor=owner, answers=_answers())
    return casework.submit(draft.pk, attested=DECLARATIONS, actor=owner)


def _answers() -> dict[str, object]:
    return {
        "nationality": "DEU",
        "lost": True,
        "loss_told": "Rucksack heute Morgen am Bahnhof gestohlen",
        "present_country": "IND",
        "present_area": "IN-MH",
        "lives_there": False,
        "residence_country": "DEU",
        "returns_home": True,
        "travel_on": (clock.today() + timedelta(days=2)).isoformat(),
        "surname": "Muster",
        "given_names": "Erika",
        "birth_date": "1990-04-12",
        "birth_place": "Bonn",
        "phone": "+4930123456",
    }
