"""Letters that people ask for: confirmation of an appointment or of waiting for one, receipt for a fee, a request to an
authority on paper, and the notice about data protection. A worker writes them; asked again, the same letter is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.models import Case, Phase, TaskEntry
from consular.casework import letter_facts, record
from consular.casework.correspondence import require_another
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import composing, issuing
from consular.decisions.choices import INTERNAL
from consular.decisions.issuing import About
from consular.decisions.models import Letter
from consular.missions.postings import duties

OFFICERS = frozenset({Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION})
"""Who may have them written for a case of their mission."""

TITLES: Mapping[str, str | Promise] = {
    "L02.waiting": _("Confirmation that you wait for an appointment"),
    "L02.draw": _("Result of the draw of appointments"),
    "L16.notice": _("Information on data protection"),
}
"""What letters are called that are one of several of their kind."""

OF_APPLICANTS = frozenset({"L02", "L02.waiting", "L02.draw", "L03"})
"""What applicants may ask for themselves."""


@dataclass(frozen=True)
class Offer:
    """A letter that can be asked for; `about` is which appointment, fee or consultation, `partner` whom it is to."""

    name: str
    about: str = ""
    partner: str = ""


def offers(case: Case, *, is_applicant: bool) -> list[Offer]:
    """What can be asked for in a case that is not there yet. What was revoked only an officer has written anew."""
    possible = [
        Offer(name, about)
        for name in letter_facts.FOUND
        if (not is_applicant or name in OF_APPLICANTS)
        and (about := letter_facts.about_now(case, name)) is not None
    ]
    if not is_applicant:
        asked = case.consultations.filter(closed_at=None, unreached_at=None).order_by("pk")
        possible += [Offer("L13", one.reference, one.name) for one in asked]
    there = _written(case) if is_applicant else _written(case).filter(supersession=None)
    written = set(there.values_list("values__name", "values__about"))
    return [offer for offer in possible if (offer.name, offer.about) not in written]


def title(offer: Offer) -> str:
    """What a letter is called where it can be asked for."""
    if offer.partner:
        return gettext("Request to an authority: %(partner)s") % {"partner": gettext(offer.partner)}
    return str(TITLES.get(offer.name) or composing.composer(offer.name).kind.label)


def reprints(case: Case) -> list[Letter]:
    """What was asked for and written already, newest first: printed again it is the same bytes."""
    return list(_written(case).defer("content", "values").order_by("-pk"))


def _written(case: Case) -> QuerySet[Letter]:
    names = [*letter_facts.FOUND, "L13"]
    return Letter.objects.filter(case=case, values__name__in=names)


def receipt(case: Case, entry: TaskEntry, name: str) -> None:
    """Promise the letter that a task names for what was just settled there, as the receipt that is due without asking
    (Visa Code art. 16(8)). Nothing was settled: nothing is promised.
    """
    if entry.entries.get("fee") in letter_facts.SETTLED:
        _promise(case, name, str(entry.pk))


@verb
def ask_letter(reference: str, name: str, about: str, *, actor: User) -> None:
    """Promise the letter that was asked for. Refused (404) when there is nothing it could say, or it is not
    theirs, and (403) `own_case` for officers who have applied themselves.
    """
    cases = Case.objects.visible_to(actor).exclude(phase=Phase.DRAFT).select_related("mission")
    case = cases.filter(reference=reference).first()
    is_applicant = case is not None and case.owner_id == actor.pk
    if case is None or not (is_applicant or _is_officer(case, actor)):
        raise _missing()
    if not is_applicant:
        require_another(case, actor)
    if (name, about) not in {(one.name, one.about) for one in offers(case, is_applicant=is_applicant)}:
        raise _missing()
    _promise(case, name, about)


def _promise(case: Case, name: str, about: str) -> None:
    gone = _written(case).filter(values__name=name, values__about=about, supersession__isnull=False).count()
    payload = {"case": case.pk, "name": name, "about": about, "gone": gone}
    jobs.promise("casework.write_requested", key=f"letter.{_key(payload)}", payload=payload)


@verb
def write_requested(payload: dict[str, Any]) -> None:
    """Write a letter that was asked for. What is no longer true meanwhile is not written."""
    cases = Case.objects.select_for_update(of=("self",)).select_related("owner", "mission")
    case, name, about = cases.get(pk=payload["case"]), payload["name"], payload["about"]
    key = _key(payload)
    if Letter.objects.filter(key=key).exists():
        return
    if not letter_facts.is_true(case, name, about):
        return
    folder = case.folder
    letter = issuing.issue(
        case,
        name,
        key=key,
        about=About(reference=about, facts=letter_facts.facts(case, name, about, folder)),
        folder=folder,
    )
    kind = "authority_letter" if letter.kind in INTERNAL else "letter_issued"
    record.event(case, kind, actor=None, at=clock.now(), letter=letter.pk, letter_kind=letter.kind)


def _key(payload: dict[str, Any]) -> str:
    """One letter for each thing it is about; after some that stand no longer, another one."""
    key = f"request:{payload['case']}:{payload['name']}:{payload['about']}"
    return f"{key}:{payload['gone']}" if payload.get("gone") else key


def _is_officer(case: Case, actor: User) -> bool:
    held = duties(actor)
    return any(held.has(role, case.mission_id) for role in OFFICERS)


def _missing() -> Refused:
    return Refused(
        _("There is no such letter to ask for, or it is there already."), code="not_found", status=404
    )
