"""What stands beside the answers of a case: flags, what does not fit together, other cases, colleagues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from consular import formspec
from consular.accounts.models import User
from consular.cases import beside, contradictions, related
from consular.cases.models import Case
from consular.core import clock
from consular.desk.in_both import Answered
from consular.missions.postings import Duties


@dataclass(frozen=True)
class Place:
    """An answer on the page: its label and where it stands."""

    label: str
    anchor: str


@dataclass(frozen=True)
class Doubt:
    """One thing that does not fit together, its legal basis, and the answers it is about."""

    sentence: str
    basis: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Other:
    """Another case that may be of the same person."""

    found: related.Related
    service: str


def context(
    case: Case, officer: User, held: Duties, folder: formspec.Folder, pages: Iterable[Answered]
) -> dict[str, Any]:
    """The named values of these parts of the page."""
    others = [
        Other(each, _(formspec.latest(each.service).form.title))
        for each in related.of(case, Case.objects.visible_to(officer, held))
    ]
    return {
        "beside": beside.of(case, officer, clock.today()),
        "doubts": doubts(case, folder, pages),
        "earlier_cases": [other for other in others if other.found.is_same_person],
        "duplicates": [other for other in others if not other.found.is_same_person],
    }


def doubts(case: Case, folder: formspec.Folder, pages: Iterable[Answered]) -> list[Doubt]:
    """What does not fit together among the answers, with links to them."""
    zone = ZoneInfo(case.mission.time_zone)
    hints = contradictions.found(
        folder.form,
        case.answers.data,
        sent_on=case.submitted_at.astimezone(zone).date(),
        today=clock.today(case.mission.time_zone),
    )
    if not hints:
        return []
    labels = _labels(folder.form, pages)
    return [
        Doubt(
            hint.sentence,
            hint.basis,
            tuple(labels[question] for question in hint.questions if question in labels),
        )
        for hint in hints
    ]


def _labels(form: formspec.Form, pages: Iterable[Answered]) -> Mapping[str, Place]:
    """Question -> where its answer stands; of a group the first answer in it."""
    shown = [answer for page in pages for answer in page.answers]
    found: dict[str, Place] = {}
    for answer in shown:
        group = answer.id.partition("-")[0]
        if group != answer.id:
            label = next((str(each.label) for each in form.questions if each.id == group), answer.label)
            found.setdefault(group, Place(label, answer.id))
        found.setdefault(answer.id, Place(answer.label, answer.id))
    return found
