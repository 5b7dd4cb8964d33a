"""Somebody acts for the applicant: recorded in the draft, with what they declare about it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import User
from consular.cases.models import Answers, Case, Mandate
from consular.casework import journeys, record
from consular.casework.applicant import not_there, own_drafts
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused

VERSION = 1
TEXT = _(
    "I act for the person named in this application, who has authorised me or whose legal representative I am. "
    "They know what is stated here. I show the mandate when the mission asks for it, and I tell the mission at once "
    "when it ends."
)
"""What whoever acts for somebody declares; a new wording needs a new version."""


@dataclass(frozen=True)
class Representative:
    """Who acts for the applicant, in which capacity, and since when."""

    capacity: str
    surname: str
    given_names: str
    organisation: str
    address: Mapping[str, str]
    email: str
    phone: str
    since: date


@verb
def record_mandate(
    case_id: int, who: Representative, *, actor: User | None, secret: str | None = None
) -> Mandate:
    """Note in a draft that somebody acts for the applicant, and that they declared it in the active language.

    Noted again, it takes the place of the one before. The form's own questions about who fills it in are answered.
    """
    case = _draft(case_id, actor, secret)
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
    mandate, _made = Mandate.objects.update_or_create(case=case, defaults={**asdict(who), **declared})
    stored = Answers.objects.get(case=case)
    filled = _filled(case, who)
    if filled:
        stored.data = journeys.spread(case, stored.data, {**stored.data, **filled}, at=now)
        stored.revision += 1
        stored.saved_at = now
        stored.save(update_fields=["data", "revision", "saved_at"])
    record.event(case, "mandate_recorded", actor=actor, at=now, capacity=who.capacity, version=VERSION)
    return mandate


@verb
def remove_mandate(case_id: int, *, actor: User | None, secret: str | None = None) -> None:
    """Nobody acts for the applicant of a draft any more; answers about who fills in the form stay to be looked at."""
    case = _draft(case_id, actor, secret)
    if Mandate.objects.filter(case=case).delete()[0]:
        record.event(case, "mandate_removed", actor=actor, at=clock.now())


def _draft(case_id: int, actor: User | None, secret: str | None) -> Case:
    case = own_drafts(actor, secret).select_for_update().filter(pk=case_id).first()
    if case is None:
        raise not_there()
    return case


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
