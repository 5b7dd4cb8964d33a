"""Somebody acts for the applicant: recorded in the draft, with what they declare about it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.models import Answers, Case, Journey, Mandate
from consular.casework import journeys, record
from consular.casework.applicant import not_there, own_drafts
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused

VERSION = 2
TEXT = _(
    "I act for the person named in this application and, where I say so above, for the others of the group, also for "
    "those who are added later. They have authorised me, or I am their legal representative. They know what is stated "
    "here. I show the mandate when the mission asks for it, and I tell the mission at once when it ends."
)
"""What whoever acts for somebody declares; a new wording needs a new version."""


@dataclass(frozen=True)
class Representative:
    """Who acts for the applicant, in which capacity, and since when; `for_group`: also for the others of the group."""

    capacity: str
    surname: str
    given_names: str
    organisation: str
    address: Mapping[str, str]
    email: str
    phone: str
    since: date
    for_group: bool = False


@verb
def record_mandate(
    case_id: int, who: Representative, *, actor: User | None, secret: str | None = None
) -> Mandate:
    """Note in a draft that somebody acts for the applicant, and that they declared it in the active language.

    Noted again, it takes the place of the one before. `for_group`: it counts for the other drafts of the journey, too.
    One that has a mandate of its own keeps it, and where this one was ended for a person, changing it begins none anew.
    The form's own questions about who fills it in are answered.
    """
    case, others = _drafts(case_id, actor, secret, together=who.for_group)
    now = clock.now()
    if who.since > clock.today():
        raise Refused(_("This day lies in the future."), code="future", field="since", status=422)
    declared = {
        "text": str(TEXT),
        "version": VERSION,
        "language": get_language() or case.language,
        "declared_at": now,
    }
    journeys.locked(case)
    for other in _concerned(case, others) if who.for_group else ():
        _note(other, who, declared, actor=actor, at=now)
    return _note(case, who, declared, actor=actor, at=now)


@verb
def remove_mandate(case_id: int, *, actor: User | None, secret: str | None = None) -> None:
    """Nobody acts for the applicant of a draft any more; answers about who fills in the form stay to be looked at.

    Others of the group for whom the same mandate counts keep it.
    """
    case, _others = _drafts(case_id, actor, secret, together=False)
    if Mandate.objects.filter(case=case).delete()[0]:
        record.event(case, "mandate_removed", actor=actor, at=clock.now())


def carry(case: Case, journey: Journey, *, actor: User, at: datetime) -> None:
    """Whoever acts for the group acts for a person who is added to it, by the declaration that was made."""
    known = (
        Mandate.objects.filter(case__journey=journey, for_group=True).order_by("-declared_at", "-pk").first()
    )
    if known is not None:
        who = Representative(**{each.name: getattr(known, each.name) for each in fields(Representative)})
        declared = {name: getattr(known, name) for name in ("text", "version", "language", "declared_at")}
        _note(case, who, declared, actor=actor, at=at)


def _drafts(
    case_id: int, actor: User | None, secret: str | None, *, together: bool
) -> tuple[Case, list[Case]]:
    """The draft, and with `together` the others of its journey, locked in the order of their numbers."""
    mine = own_drafts(actor, secret)
    journey = mine.filter(pk=case_id).values_list("journey", flat=True).first() if together else None
    wanted = Q(pk=case_id) if journey is None else Q(pk=case_id) | Q(journey=journey)
    found = list(mine.select_for_update().filter(wanted).order_by("pk"))
    case = next((each for each in found if each.pk == case_id), None)
    if case is None:
        raise not_there()
    return case, [each for each in found if each.pk != case_id and each.journey_id == case.journey_id]


def _concerned(case: Case, others: Collection[Case]) -> list[Case]:
    """For whom else a mandate counts: who has that of the group, and, when it is new, who has none."""
    known = dict(Mandate.objects.filter(case__in=[case, *others]).values_list("case", "for_group"))
    is_new = not known.get(case.pk)
    return [each for each in others if known.get(each.pk, is_new)]


def _note(
    case: Case, who: Representative, declared: Mapping[str, Any], *, actor: User | None, at: datetime
) -> Mandate:
    mandate, _made = Mandate.objects.update_or_create(case=case, defaults={**asdict(who), **declared})
    filled = _filled(case, who)
    if filled:
        stored = Answers.objects.get(case=case)
        stored.data = journeys.spread(case, stored.data, {**stored.data, **filled}, at=at)
        stored.revision += 1
        stored.saved_at = at
        stored.save(update_fields=["data", "revision", "saved_at"])
    version = declared["version"]
    record.event(case, "mandate_recorded", actor=actor, at=at, capacity=who.capacity, version=version)
    return mandate


def _filled(case: Case, who: Representative) -> dict[str, Any]:
    """Answers to `filled_by_other` and `filler` (field 33 of the Schengen form), where a form asks them."""
    form = case.form
    group = next((question for question in form.questions if question.id == "filler"), None)
    if group is None or not any(question.id == "filled_by_other" for question in form.questions):
        return {}
    known = {f"filler_{name}": value for name, value in asdict(who).items() if name != "since" and value}
    asked = {question.id for question in group.questions}
    entry = {name: value for name, value in known.items() if name in asked}
    return {"filled_by_other": True, "filler": [entry]}
