"""What letters that people ask for are about: an appointment, a waiting list, a draw, a payment; and what they say.

`about` names one state of it: where an appointment moves there is another letter to ask for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from consular import fees, formspec
from consular.appointments import booking
from consular.appointments.models import State
from consular.appointments.waiting import Waiting, Waits
from consular.cases.models import Case, TaskEntry
from consular.casework import checklist, waiting
from consular.core import clock
from consular.decisions.facts import Booked, Drawn, Facts, Listed, Paid
from consular.formspec import Folder
from consular.missions.models import Mission

SETTLED = {"paid": False, "waived": True}
"""Answers of task forms that settle the fee, and whether it was waived."""


def about_now(case: Case, name: str) -> str | None:
    """What the letter of this name would be about now; None when there is nothing."""
    return FOUND[name](case) if name in FOUND else None


def is_true(case: Case, name: str, about: str) -> bool:
    """Whether a letter about this still says what is so. A payment stays one when another follows."""
    if name == "L03":
        return _payments(case).filter(pk=about).exists()
    return name not in FOUND or about_now(case, name) == about


def facts(case: Case, name: str, about: str, folder: Folder) -> Facts | None:
    """What a letter has to say of it. Raises ValueError when it is not so any more."""
    return SAID[name](case, about, folder) if name in SAID else None


def _booked(case: Case, about: str, _folder: Folder) -> Booked:
    current = booking.current(case.pk, now=clock.now())
    if current is None or f"{current.reference}:{current.sequence}" != about:
        raise ValueError("this letter needs the appointment it was written about")
    papers = tuple(str(paper.label) for paper in checklist.asked(case) if paper.id != checklist.OTHER)
    where, (begins, ends) = current.slot.calendar.mission, (current.slot.starts_at, current.ends_at)
    return Booked(current.told_reference, begins, papers, where, ends)


def _listed(case: Case, about: str, _folder: Folder) -> Listed:
    entry = waiting.of(case.pk)
    if entry is None or _on_list(case) != about:
        raise ValueError("this letter needs the waiting list it was written about")
    draw_at = entry.draw.round_at if entry.draw else None
    return Listed(entry.since, entry.people, entry.calendar.offer_hours, entry.ticket, draw_at)


def _drawn(case: Case, about: str, _folder: Folder) -> Drawn:
    entry = _last_draw(case)
    if entry is None or str(entry.pk) != about:
        raise ValueError("this letter needs the draw it was written about")
    draw = entry.draw
    assert draw is not None and draw.drawn_at is not None  # noqa: S101, PT018  whoever has a turn was drawn
    return Drawn(draw.pk, entry.ticket, draw.drawn_at, entry.turn, draw.winners)


def _paid(case: Case, about: str, folder: Folder) -> Paid:
    """What was asked for when the fee was settled, whatever was corrected and wherever the case went since."""
    entry = _payments(case).get(pk=about)
    mission, answers = _mission_of(case, entry.at), _answers_of(case, entry.at)
    on: date = entry.at.astimezone(ZoneInfo(mission.time_zone if mission else "UTC")).date()
    fee = fees.due(folder, answers | formspec.derived(folder.form, answers), on)
    is_waived = SETTLED[entry.entries["fee"]] or fee.waived
    basis = "" if is_waived and not fee.waived else fee.basis  # that of the fee is none for taking nothing
    paid = Paid(on, fee.amount, fee.currency, basis, is_waived)
    rate = fees.rate_of(mission, on) if mission and fee.currency == fees.EURO else None
    if rate is None or is_waived:
        return paid
    return replace(
        paid,
        local_amount=rate.of(fee.amount),
        local_currency=rate.currency,
        per_euro=rate.per_euro,
        rate_of=rate.since,
    )


def _answers_of(case: Case, moment: datetime) -> dict[str, Any]:
    """The answers as they were at a moment."""
    later = case.earlier_answers.filter(replaced_at__gt=moment).order_by("id")
    found: dict[str, Any] | None = later.values_list("data", flat=True).first()
    return case.answers.data if found is None else found


def _mission_of(case: Case, moment: datetime) -> Mission | None:
    """The mission where the case was at a moment."""
    moves = case.events.filter(kind="transferred", at__gt=moment).order_by("id")
    code = moves.values_list("data__before", flat=True).first()
    return case.mission if code is None else Mission.objects.get(code=code)


def _appointment(case: Case) -> str | None:
    """The appointment that is confirmed, and which state of it."""
    current = booking.current(case.pk, now=clock.now())
    if current is None or current.state != State.CONFIRMED:
        return None
    return f"{current.reference}:{current.sequence}"


def _on_list(case: Case) -> str | None:
    """The waiting list, or the draw that is to come, and since when."""
    entry = waiting.of(case.pk)
    if entry is None or entry.turn:
        return None
    return f"{entry.pk}:{entry.calendar_id}:{entry.since:%Y%m%d%H%M%S}"


def _draw(case: Case) -> str | None:
    """The last registration for a draw that has taken place."""
    entry = _last_draw(case)
    return str(entry.pk) if entry else None


def _last_draw(case: Case) -> Waiting | None:
    rows = Waiting.objects.select_related("draw").filter(Q(case=case) | Q(companions__case=case), head=None)
    return rows.filter(turn__gt=0).exclude(state=Waits.LEFT).exclude(ticket="").order_by("-pk").first()


def _fee(case: Case) -> str | None:
    """The last task at which the fee was settled, where the service has one."""
    if "fees" not in case.folder.tables:
        return None
    entry = _payments(case).order_by("-id").values_list("pk", flat=True).first()
    return str(entry) if entry else None


def _payments(case: Case) -> QuerySet[TaskEntry]:
    return case.task_entries.filter(entries__fee__in=list(SETTLED))


def _notice(_case: Case) -> str | None:
    return ""


FOUND: Mapping[str, Callable[[Case], str | None]] = {
    "L02": _appointment,
    "L02.waiting": _on_list,
    "L02.draw": _draw,
    "L03": _fee,
    "L16.notice": _notice,
}
"""What each letter would be about now."""

SAID: Mapping[str, Callable[[Case, str, Folder], Facts]] = {
    "L02": _booked,
    "L02.waiting": _listed,
    "L02.draw": _drawn,
    "L03": _paid,
}
"""What each of them says."""
