"""Letters that people ask for: confirmation of an appointment, receipt for a fee, a request to an authority on paper,
and the notice about data protection. A worker writes them; asked again, the same letter is there already.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from consular import fees, formspec
from consular.accounts.models import Role, User
from consular.appointments import booking
from consular.appointments.models import State
from consular.cases.models import Case, Phase
from consular.casework import checklist, record
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import issuing
from consular.decisions.choices import INTERNAL
from consular.decisions.facts import Booked, Facts, Paid
from consular.decisions.issuing import About
from consular.decisions.models import Letter
from consular.formspec import Folder
from consular.missions.postings import duties

OFFICERS = frozenset({Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION})
"""Who may have them written for a case of their mission."""

OF_APPLICANTS = frozenset({"L02", "L03"})
"""What applicants may ask for themselves."""

SETTLED = {"paid": False, "waived": True}
"""Answers of task forms that settle the fee, and whether it was waived."""


@dataclass(frozen=True)
class Offer:
    """A letter that can be asked for; `about` is which appointment, fee or consultation, `partner` whom it is to."""

    name: str
    about: str = ""
    partner: str = ""


def offers(case: Case, *, is_applicant: bool) -> list[Offer]:
    """What can be asked for in a case that is not there yet."""
    possible = [
        Offer(name, about)
        for name, find in FOUND.items()
        if (about := find(case)) is not None and (not is_applicant or name in OF_APPLICANTS)
    ]
    if not is_applicant:
        asked = case.consultations.filter(closed_at=None).order_by("pk")
        possible += [Offer("L13", one.reference, one.name) for one in asked]
    written = set(Letter.objects.filter(case=case, key__startswith="request:").values_list("key", flat=True))
    return [offer for offer in possible if _key(case, offer.name, offer.about) not in written]


@verb
def ask_letter(reference: str, name: str, about: str, *, actor: User) -> None:
    """Promise the letter that was asked for. Refused (404) when there is nothing it could say, or it is not theirs."""
    cases = Case.objects.visible_to(actor).exclude(phase=Phase.DRAFT).select_related("mission")
    case = cases.filter(reference=reference).first()
    is_applicant = case is not None and case.owner_id == actor.pk
    if case is None or not (is_applicant or _is_officer(case, actor)):
        raise _missing()
    if (name, about) not in {(one.name, one.about) for one in offers(case, is_applicant=is_applicant)}:
        raise _missing()
    payload = {"case": case.pk, "name": name, "about": about}
    jobs.promise("casework.write_requested", key=f"letter.{_key(case, name, about)}", payload=payload)


@verb
def write_requested(payload: dict[str, Any]) -> None:
    """Write a letter that was asked for. What is no longer true meanwhile is not written."""
    cases = Case.objects.select_for_update(of=("self",)).select_related("owner", "mission")
    case, name, about = cases.get(pk=payload["case"]), payload["name"], payload["about"]
    if Letter.objects.filter(key=_key(case, name, about)).exists():
        return
    if name in FOUND and FOUND[name](case) != about:
        return
    folder = formspec.folder(case.service, case.version)
    letter = issuing.issue(
        case,
        name,
        key=_key(case, name, about),
        about=About(reference=about, facts=facts(case, name, about, folder)),
        folder=folder,
    )
    kind = "authority_letter" if letter.kind in INTERNAL else "letter_issued"
    record.event(case, kind, actor=None, at=clock.now(), letter=letter.pk, letter_kind=letter.kind)


def facts(case: Case, name: str, about: str, folder: Folder) -> Facts | None:
    """What a letter about an appointment or a fee has to say. Raises ValueError when that is not there any more."""
    if name == "L02":
        return _booked(case, about)
    return _paid(case, int(about), folder) if name == "L03" else None


def _booked(case: Case, about: str) -> Booked:
    current = booking.current(case.pk, now=clock.now())
    if current is None or f"{current.reference}:{current.sequence}" != about:
        raise ValueError("this letter needs the appointment it was written about")
    papers = tuple(str(paper.label) for paper in checklist.asked(case) if paper.id != checklist.OTHER)
    return Booked(current.reference, current.slot.starts_at, papers)


def _paid(case: Case, entry_id: int, folder: Folder) -> Paid:
    entry = case.task_entries.get(pk=entry_id)
    zone, currency = (case.mission.time_zone, case.mission.currency) if case.mission else ("UTC", fees.EURO)
    on: date = entry.at.astimezone(ZoneInfo(zone)).date()
    told = case.answers.data | formspec.derived(folder.form, case.answers.data)
    fee = fees.due(folder, told, on)
    is_waived = SETTLED[entry.entries["fee"]] or fee.waived
    paid = Paid(on, fee.amount, fee.currency, fee.basis, is_waived)
    rate = fees.rate(currency, on) if fee.currency == fees.EURO else None
    if rate is None or is_waived:
        return paid
    return Paid(
        on,
        fee.amount,
        fee.currency,
        fee.basis,
        is_waived,
        rate.of(fee.amount),
        rate.currency,
        rate.per_euro,
        rate.since,
    )


def _appointment(case: Case) -> str | None:
    """The appointment that is confirmed, and which state of it."""
    current = booking.current(case.pk, now=clock.now())
    if current is None or current.state != State.CONFIRMED:
        return None
    return f"{current.reference}:{current.sequence}"


def _fee(case: Case) -> str | None:
    """The last task at which the fee was settled, where the service has one."""
    if "fees" not in formspec.folder(case.service, case.version).tables:
        return None
    entries = case.task_entries.filter(entries__fee__in=list(SETTLED)).order_by("-id")
    entry = entries.values_list("pk", flat=True).first()
    return str(entry) if entry else None


def _notice(_case: Case) -> str | None:
    return ""


FOUND: Mapping[str, Callable[[Case], str | None]] = {"L02": _appointment, "L03": _fee, "L16.notice": _notice}
"""What each letter would be about now; None when there is nothing."""


def _key(case: Case, name: str, about: str) -> str:
    return f"request:{case.pk}:{name}:{about}"


def _is_officer(case: Case, actor: User) -> bool:
    held = duties(actor)
    return any(held.has(role, case.mission_id) for role in OFFICERS)


def _missing() -> Refused:
    return Refused(
        _("There is no such letter to ask for, or it is there already."), code="not_found", status=404
    )
