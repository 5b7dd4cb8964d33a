"""Corrected answers can make another mission responsible. The case stays; its officers are told which mission it is.

Kept with the reason why the case is where it is, so that the page of the case reads it without asking anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from consular.cases.models import Case
from consular.casework import record, submission
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.routing import Because
from consular.routing.because import about

KEY = "elsewhere"
BEFORE = "before"
"""Why the case was where it came from, by the code of that mission: it holds again where the case comes back."""
HANDED_OVER = gettext_noop("Because %(mission)s has passed the application on.")
DECIDES = frozenset(
    {"nationality", "residence_area", "residence_country", "present_area", "applies_at", "main_destination"}
)
"""The questions that say which mission is responsible."""


@dataclass(frozen=True)
class Elsewhere:
    """The mission that is responsible by the corrected answers, by its code, and why; "" where none of ours is."""

    mission: str
    because: Because


def of(case: Case) -> Elsewhere | None:
    """Where the case should be by its answers; None where it is, as far as anybody knows."""
    kept: Mapping[str, Any] | None = case.because.get(KEY)
    return Elsewhere(kept["mission"], Because.from_json(kept["because"])) if kept else None


def note(case: Case, changed: Collection[str], now: datetime) -> None:
    """Write down whether another mission is responsible by the answers of `case`, now that these have changed."""
    if DECIDES.isdisjoint(changed) or case.mission is None:
        return
    try:
        route = submission.route(case.service, case.answers.data, now.date())
    except Refused:
        code, because = "", Because("", "")
    else:
        code, because = route.mission.code, route.because
    rest = {name: value for name, value in case.because.items() if name != KEY}
    is_here = code == case.mission.code
    case.because = rest if is_here else rest | {KEY: {"mission": code, "because": because.as_json()}}
    case.save(update_fields=["because"])
    if not is_here:
        record.event(case, "responsible_elsewhere", actor=None, at=now, mission=code)


def follow(case: Case, before: Mission) -> None:
    """The case has gone from one mission to another: why that one has it now; nothing is open any more."""
    found, here = of(case), case.mission.code if case.mission else ""
    kept: Mapping[str, Any] = case.because.get(BEFORE, {})
    rest = {name: value for name, value in case.because.items() if name not in {KEY, BEFORE}}
    if found is not None and found.mission == here:
        now = found.because.as_json()
    else:
        now = kept.get(here) or Because("handed_over", HANDED_OVER, about(before)).as_json()
    case.because = now | {BEFORE: {**kept, before.code: rest}}
    case.save(update_fields=["because"])
