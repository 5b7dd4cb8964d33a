"""How long decisions take at a mission now: measured on those of its last weeks, or nothing when there are too few.

Counted in days of the calendar at the mission, from the day on which it took in the application to the day on which a
second officer approved the decision. Who withdrew, or let the time pass, was not decided and does not count.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache.backends.locmem import LocMemCache

from consular.cases.models import Case, Phase
from consular.core import clock
from consular.core.prepared import first_row
from consular.missions.models import Mission

DECIDED = ("granted", "refused", "issued", "restricted", "unclaimed")
"""The outcomes of applications that were decided; what was not collected in the end had been issued."""

GOES_ON = frozenset({Phase.RECEIVED, Phase.IN_REVIEW, Phase.YOUR_TURN, Phase.WAITING})
"""The phases in which a decision is still to come."""

_MEASURED = """
WITH decided AS (
    SELECT c.id, decision.at FROM cases_case c
    CROSS JOIN LATERAL (
        SELECT min(e.at) AS at FROM cases_event e WHERE e.case_id = c.id AND e.kind = 'approved'
    ) decision
    WHERE c.mission_id = %(mission)s::bigint AND c.service = %(service)s::text
    AND c.outcome <> '' AND c.outcome = ANY(%(outcomes)s::text[])
    AND c.changed_at >= %(since)s::timestamptz AND decision.at >= %(since)s::timestamptz
), lasted AS (
    SELECT (decided.at AT TIME ZONE %(zone)s::text)::date - (taken.at AT TIME ZONE %(zone)s::text)::date AS days
    FROM decided CROSS JOIN LATERAL (
        SELECT max(t.at) AS at FROM cases_taskentry t WHERE t.case_id = decided.id AND t.form = %(form)s::text
    ) taken
    WHERE taken.at <= decided.at
)
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY days), percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM lasted
"""
"""A case that was decided since then has not stood still for longer: the walk along the index ends there."""

_kept = LocMemCache("forecast", {"TIMEOUT": 3600, "OPTIONS": {"MAX_ENTRIES": 10_000}})
"""What was measured, for an hour in each process, by mission and service: the same for everybody."""


@dataclass(frozen=True)
class Forecast:
    """Of `cases` decisions since `since`, half took up to `half_days`, nine of ten up to `nine_of_ten_days`."""

    cases: int
    since: date
    half_days: int
    nine_of_ten_days: int


@dataclass(frozen=True)
class Own:
    """What that means for one case: the days by which half, and nine of ten, of such cases would be decided.

    Both are None until the mission has taken in the application.
    """

    forecast: Forecast
    today: date
    half: date | None = None
    nine_of_ten: date | None = None

    @property
    def is_past_half(self) -> bool:
        """Half of such cases would be decided by now."""
        return self.half is not None and self.half < self.today

    @property
    def is_longer(self) -> bool:
        """Nine of ten of such cases would be decided by now."""
        return self.nine_of_ten is not None and self.nine_of_ten < self.today


def here(mission: Mission, service: str) -> Forecast | None:
    """How long decisions on this service take at this mission now; at most an hour old. None: too few to say."""
    key = f"{mission.pk}:{service}"
    kept: tuple[Forecast | None] | None = _kept.get(key)
    if kept is None:
        kept = (measure(mission, service),)
        _kept.set(key, kept)
    return kept[0]


def measure(mission: Mission, service: str) -> Forecast | None:
    """The same, measured in this moment."""
    data = rules()
    form = data["taken_in"].get(service)
    if form is None:
        return None
    since = clock.now() - timedelta(weeks=data["weeks"])
    values = {
        "mission": mission.pk,
        "service": service,
        "outcomes": list(DECIDED),
        "since": since,
        "zone": mission.time_zone,
        "form": form,
    }
    cases, half, most = first_row(_MEASURED, values) or (0, None, None)
    if cases < data["fewest"]:
        return None
    return Forecast(cases, since.astimezone(ZoneInfo(mission.time_zone)).date(), half, most)


def of(case: Case) -> Own | None:
    """What to expect for a case that is not decided; None where nothing can be said, or nothing is to come."""
    if case.phase not in GOES_ON or case.mission is None:
        return None
    found = here(case.mission, case.service)
    if found is None:
        return None
    form, today = rules()["taken_in"][case.service], clock.today(case.mission.time_zone)
    taken = case.task_entries.filter(form=form).order_by("-id").values_list("at", flat=True).first()
    if taken is None:
        return Own(found, today)
    first = taken.astimezone(ZoneInfo(case.mission.time_zone)).date()
    half, most = (first + timedelta(days=days) for days in (found.half_days, found.nine_of_ten_days))
    return Own(found, today, half, most)


def forget() -> None:
    """Measure anew when asked next."""
    _kept.clear()


@cache
def rules() -> dict[str, Any]:
    """Over how many weeks, how many decisions at least, and where the time begins."""
    return tomllib.loads(Path(__file__).with_name("forecast.toml").read_text(encoding="utf-8"))
