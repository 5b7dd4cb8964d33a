"""Every letter with what it needs: what officers entered, what happened, what was decided."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from consular.cases.models import Case, Event, TaskEntry
from consular.decisions.approval import Proposal
from consular.decisions.composing import compose
from consular.decisions.concerns import Concern
from consular.decisions.facts import Booked, Drawn, Listed, Paid
from consular.decisions.letter import Letter
from consular.decisions.source import Source
from tests import factories
from tests.decisions import letters

TYPED = 'Bitte <b>prüfen</b> {{ letter.code }} <link rel="attachment" href="file:///etc/passwd">'
DAY, LAST = date(2026, 5, 1), date(2026, 5, 31)
ANNULLED = Proposal("annulled", "annex_vi", grounds=(1, 10), visa_number="D1234567", visa_issued_on=DAY)
ON_REQUEST = Proposal("revoked", "annex_vi", grounds=(17,), visa_number="D1234567")
NATIONAL = Proposal(
    "refused", "national", grounds=(1, 8), facts="Das Konto ist leer.", reasons="Es fehlen Mittel."
)
NATIONAL_VISA = replace(
    letters.GRANT, content="national_visa", days=None, conditions="Beschäftigung bei Muster GmbH"
)
PASSPORT = Proposal("refused", "passport", grounds=(2,), reasons="Ein Haftbefehl liegt vor.")
RESTRICTED = replace(PASSPORT, outcome="restricted", conditions="Nur für die Rückreise nach Deutschland.")


def entered(case: Case, form: str, **entries: Any) -> None:
    """An officer completed the task with this form."""
    officer = factories.official()
    TaskEntry.objects.create(
        case=case, form=form, by=officer, at=datetime(2026, 4, 1, tzinfo=UTC), entries=entries
    )


def happened(case: Case, kind: str, **data: Any) -> None:
    Event.objects.create(case=case, kind=kind, at=datetime(2026, 4, 2, 9, tzinfo=UTC), data=data)


def asked(case: Case) -> None:
    entered(case, "precheck", request="Bitte senden Sie Ihren Arbeitsvertrag.")


def accused(case: Case) -> None:
    entered(case, "grounds", kind="annul", grounds=["1", "10"], visa_number="D1234567", facts="Siehe Akte.")


def lost(case: Case) -> None:
    entered(
        case, "loss", lost_document="EPASS", lost_number="C01X00T47", lost_on="2026-03-30", lost_at="Mumbai"
    )


def wanted(case: Case) -> None:
    case.answers.data = {"document": "ID"}


def moved(case: Case) -> None:
    happened(case, "transferred", before=factories.mission(city="Accra", country="GH").code)


WAY: Mapping[str, Callable[[Case], None]] = {
    "L04": asked,
    "L04.reminder": asked,
    "L04.hearing": accused,
    "L05.passport": lambda case: entered(case, "check", competent_authority="Stadt Bonn"),
    "L11": lambda case: happened(case, "message", message="applicant.withdrew"),
    "L12": moved,
    "L14.ready": wanted,
    "L14.reminder": wanted,
    "L14.loss": lost,
}
DECIDED = {"L09": NATIONAL, "L15": PASSPORT, "L15.travel_document": PASSPORT}


def consulted(case: Case) -> str:
    """An authority was asked and has until the end of May."""
    asked = case.consultations.create(
        reference="CONS-1", partner="central", name="Central authorities", token=1, silence="consent",
        asked_at=datetime(2026, 4, 1, 9, tzinfo=UTC), due_at=datetime(2026, 5, 31, 18, tzinfo=UTC),
    )  # fmt: skip
    return asked.reference


def concerned(kind: str, reply: str = "", reasons: str = TYPED) -> Callable[[Case], str]:
    """Somebody asked for something, or complained, in these words."""

    def make(case: Case) -> str:
        return Concern.objects.create(
            case=case, mission=case.mission, number=f"{case.mission.code}/2026/1", kind=kind, reply=reply,
            received_on=date(2026, 4, 2), subject=TYPED, reasons=reasons, entered_by=factories.official(),
            entered_at=datetime(2026, 4, 2, tzinfo=UTC),
        ).number  # fmt: skip

    return make


ABOUT: Mapping[str, Callable[[Case], str]] = {
    "L13": consulted,
    "L16.access": concerned("access", reasons=""),
    "L16.rectification": concerned("rectification", "partly"),
    "L16.erasure": concerned("erasure", "refused"),
    "L17": concerned("complaint"),
}
FACTS = {
    "L02": Booked("BOOK-1", datetime(2026, 5, 12, 8, 30, tzinfo=UTC), ("Travel document", "Photograph")),
    "L02.waiting": Listed(datetime(2026, 4, 2, 9, tzinfo=UTC), 2, 24),
    "L02.draw": Drawn(7, "ab" * 16, datetime(2026, 4, 2, 9, tzinfo=UTC), 3, 5),
    "L03": Paid(
        date(2026, 4, 2), Decimal(90), "EUR", "Visa Code, Article 16(1)", False, Decimal(8100), "INR",
        Decimal("90.5000"), date(2026, 3, 1),
    ),
}  # fmt: skip


def case_of(language: str = "en", applicant: str = "Ama Mensah") -> Case:
    return factories.sent_case(
        language=language, applicant_name=applicant, submitted_at=datetime(2026, 3, 3, 9, tzinfo=UTC)
    )


def written(name: str, case: Case, proposal: Proposal | None = None) -> Letter:
    """The letter of this name about a case, or about a decision on it."""
    if name in WAY:
        WAY[name](case)
    proposal = proposal or DECIDED.get(name)
    decision = letters.approved(proposal, case) if proposal else None
    source = Source(
        case,
        letters.folder(),
        decision,
        DAY,
        LAST,
        None,
        ABOUT[name](case) if name in ABOUT else "",
        FACTS.get(name),
    )
    return compose(name, source, number="N/1", code=letters.CODE)
