"""Letters as they would be, about people who do not exist: for those who look after the letters and their texts.

A sample is written in the database like a real case, composed by the same code, and taken back at once. It is neither
sealed nor signed nor stored, and says on each page what it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.accounts.models import User
from consular.cases.models import Answers, Case, Event, TaskEntry
from consular.casework import letter_entries
from consular.core import references
from consular.decisions import concerns, issuing
from consular.decisions.composing import compose
from consular.decisions.concerns import Concern
from consular.decisions.facts import Booked, Drawn, Facts, Listed, Paid
from consular.decisions.letter import CODE_LENGTH
from consular.decisions.models import Decision
from consular.decisions.source import Source
from consular.formspec import Folder
from consular.missions.models import Mission

CODE = ("SAMPLE" * 4)[:CODE_LENGTH]
"""No letter has this code: it has signs that codes are never made of."""

PEOPLE: Mapping[str, tuple[str | Promise, str, str]] = {
    "latin": (_("Latin letters"), "Mensah", "Ama Serwaa"),
    "long": (
        _("A very long name"),
        "von Wolfeschlegelsteinhausenbergerdorff-Papadimitrakopoulou-Ramanathapuram",
        "Maximiliana Konstantina Wilhelmina Theodora Alexandra Venkatasubramaniam",
    ),
    "arabic": (_("Arabic letters"), "المنصوري", "عبد الرحمن بن محمد"),
    "chinese": (_("Chinese characters"), "欧阳", "明华"),
    "devanagari": (_("Devanagari letters"), "श्रीवास्तव", "ज्योत्स्ना"),
}
"""The people of the samples: how the list calls them, surname, first names."""


@dataclass(frozen=True)
class Wanted:
    """Which letter, in which language of the application, about whom, of which mission, on which day."""

    letter: str
    language: str
    person: str
    mission: Mission
    on: date


def preview(wanted: Wanted, *, actor: User) -> bytes:
    """The sample as a PDF. Nothing of it stays. `actor` stands for all officers in it."""
    service = letter_entries.SERVICES.get(wanted.letter, "schengen_visa")
    folder = formspec.latest(service)
    with transaction.atomic():
        try:
            case = _case(wanted, folder)
            about = _happened(case, wanted, actor)
            source = Source(
                case, folder, _decision(case, wanted), wanted.on, wanted.on + timedelta(days=30),
                about=about, facts=_facts(wanted),
            )  # fmt: skip
            values = compose(wanted.letter, source, number=f"{case.reference}/0", code=CODE)
        finally:
            transaction.set_rollback(True)
    return issuing.render(values, is_sample=True)


def _case(wanted: Wanted, folder: Folder) -> Case:
    """The case of somebody who does not exist; it has no owner and no process, and is a draft for ever."""
    _label, surname, given_names = PEOPLE[wanted.person]
    moment = _moment(wanted)
    case = Case.objects.create(
        reference=references.issue(), service=folder.service, version=folder.version, language=wanted.language,
        mission=wanted.mission, applicant_name=f"{surname}, {given_names}"[:170],
        created_at=moment, changed_at=moment, submitted_at=moment - timedelta(days=40),
    )  # fmt: skip
    with translation.override(wanted.language):
        declared = [{"id": each.id, "text": str(each.text)} for each in folder.form.declarations]
    data = {**letter_entries.ANSWERS, "surname": surname, "given_names": given_names}
    Answers.objects.create(case=case, data=data, declarations=declared, saved_at=moment)
    return case


def _happened(case: Case, wanted: Wanted, actor: User) -> str:
    """What was entered at tasks, what came to pass and what somebody asked; the number of the last, if there is one."""
    for form, entries in letter_entries.ENTERED.get(wanted.letter, ()):
        TaskEntry.objects.create(
            case=case, form=form, by=actor, at=_moment(wanted) - timedelta(days=20), entries=dict(entries)
        )
    if wanted.letter in EVENTS:
        kind, data = EVENTS[wanted.letter](wanted.mission)
        Event.objects.create(case=case, kind=kind, at=_moment(wanted), data=data)
    if wanted.letter == "L13":
        return _consulted(case, wanted)
    kinds = {name: kind for kind, name in concerns.LETTERS.items()}
    return _concerned(case, wanted, kinds[wanted.letter], actor) if wanted.letter in kinds else ""


EVENTS: Mapping[str, Callable[[Mission], tuple[str, dict[str, str]]]] = {
    "L11": lambda _mission: ("message", {"message": "applicant.withdrew"}),
    "L12": lambda mission: ("transferred", {"before": _another(mission).code, "appointment": "2026-11-25"}),
}
"""What has to have come to pass for a letter."""


def _another(mission: Mission) -> Mission:
    return Mission.objects.exclude(pk=mission.pk).order_by("code").first() or mission


def _consulted(case: Case, wanted: Wanted) -> str:
    reference = references.issue()
    moment = _moment(wanted)
    case.consultations.create(
        reference=reference, partner="central", name="Central authorities", token=1, silence="consent",
        asked_at=moment, due_at=moment + timedelta(days=7),
    )  # fmt: skip
    return reference


def _concerned(case: Case, wanted: Wanted, kind: str, actor: User) -> str:
    has_reply = kind in {concerns.ConcernKind.RECTIFICATION, concerns.ConcernKind.ERASURE}
    number = f"{wanted.mission.code}/{wanted.on.year}/0"
    Concern.objects.create(
        case=case, mission=wanted.mission, number=number, kind=kind, received_on=wanted.on,
        subject=letter_entries.SUBJECT, reply="partly" if has_reply else "",
        reasons=letter_entries.REASONS if has_reply else "", entered_by=actor, entered_at=_moment(wanted),
    )  # fmt: skip
    return number


def _decision(case: Case, wanted: Wanted) -> Decision | None:
    """The decision that a letter says; it is never written anywhere."""
    said = letter_entries.DECIDED.get(wanted.letter)
    if said is None:
        return None
    days = {}
    if said.get("visa_type"):
        days = {
            "valid_from": wanted.on + timedelta(days=20),
            "valid_until": wanted.on + timedelta(days=45),
        }
    return Decision(case=case, approved_at=_moment(wanted), **said, **days)


def _facts(wanted: Wanted) -> Facts | None:
    moment = _moment(wanted)
    begins = moment + timedelta(days=12)
    ends, papers = begins + timedelta(minutes=30), ("Travel document", "Photograph")
    paid = Paid(
        wanted.on, Decimal(90), "EUR", "Visa Code, Article 16(1)", False, Decimal(8100), "INR",
        Decimal(90), wanted.on,
    )  # fmt: skip
    found: Mapping[str, Facts] = {
        "L02": Booked(references.issue(), begins, papers, ends_at=ends),
        "L02.waiting": Listed(moment - timedelta(days=12), 2, 24),
        "L02.draw": Drawn(1, "5a" * 16, moment, 3, 50),
        "L03": paid,
    }
    return found.get(wanted.letter)


def _moment(wanted: Wanted) -> datetime:
    return datetime.combine(wanted.on, time(9), UTC)
