"""What staff want to change: about one calendar, or the closed days of a mission. Read and written as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from consular.appointments import outlooks, setups
from consular.appointments.changes import AtCounter, Subject
from consular.appointments.models import Calendar
from consular.appointments.outlooks import Days, Outlook
from consular.missions.closed import closed_days
from consular.missions.models import Absence, Closure

State = Any
"""What a subject says, as JSON: a setup, or a list of closures, or a list of absences."""


@dataclass(frozen=True)
class Proposal:
    """The state that something is to have: `calendar` is None for closed days; `undoes` is the change it undoes."""

    subject: Subject
    mission: int
    calendar: int | None
    state: State
    undoes: int | None = None


def calendars_of(proposal: Proposal) -> list[int]:
    """The calendars it is about, in the order in which they are locked."""
    found = Calendar.objects.filter(mission=proposal.mission).order_by("pk")
    if proposal.calendar is not None:
        found = found.filter(pk=proposal.calendar)
    return list(found.values_list("pk", flat=True))


def state_of(proposal: Proposal) -> State:
    """What stands now where the proposal would write."""
    if proposal.subject == Subject.SETUP:
        return setups.as_json(setups.of(_calendar(proposal)))
    if proposal.subject == Subject.ABSENCES:
        absences = AtCounter.objects.filter(calendar=proposal.calendar).order_by("absence")
        return list(absences.values_list("absence", flat=True))
    rows = Closure.objects.filter(mission=proposal.mission).order_by("first_day", "last_day", "pk")
    return [
        [first.isoformat(), last.isoformat(), reason]
        for first, last, reason in rows.values_list("first_day", "last_day", "reason")
    ]


def write(proposal: Proposal) -> None:
    """Make it so. The caller has locked the calendars."""
    if proposal.subject == Subject.SETUP:
        setups.write(_calendar(proposal), setups.from_json(proposal.state))
    elif proposal.subject == Subject.ABSENCES:
        _write_absences(proposal)
    else:
        _write_closures(proposal)


def outlook(proposal: Proposal, before: Outlook, first: date, last: date) -> Outlook:
    """How a calendar that stands as `before` would stand."""
    if proposal.subject == Subject.SETUP:
        return replace(before, setup=setups.from_json(proposal.state))
    if proposal.subject == Subject.ABSENCES:
        return replace(before, absent=_absences(proposal.state, first))
    calendar = Calendar.objects.select_related("mission").get(pk=before.calendar)
    own = [(date.fromisoformat(start), date.fromisoformat(end)) for start, end, _reason in proposal.state]
    return replace(before, closed=closed_days(calendar.mission, first, last, own))


def _calendar(proposal: Proposal) -> Calendar:
    return Calendar.objects.get(pk=proposal.calendar or 0)


def _absences(wanted: Sequence[int], first: date) -> tuple[Days, ...]:
    rows = Absence.objects.filter(pk__in=wanted, ends_on__gte=first).order_by("pk")
    return tuple(outlooks.Days(*row) for row in rows.values_list("starts_on", "ends_on"))


def _write_absences(proposal: Proposal) -> None:
    calendar = _calendar(proposal)
    rows = AtCounter.objects.filter(calendar=calendar)
    rows.exclude(absence__in=proposal.state).delete()
    there = set(rows.values_list("absence", flat=True))
    AtCounter.objects.bulk_create(
        AtCounter(calendar=calendar, absence_id=pk)
        for pk in Absence.objects.filter(pk__in=proposal.state).values_list("pk", flat=True)
        if pk not in there
    )


def _write_closures(proposal: Proposal) -> None:
    Closure.objects.filter(mission=proposal.mission).delete()
    Closure.objects.bulk_create(
        Closure(
            mission_id=proposal.mission,
            first_day=date.fromisoformat(first),
            last_day=date.fromisoformat(last),
            reason=reason,
        )
        for first, last, reason in proposal.state
    )
