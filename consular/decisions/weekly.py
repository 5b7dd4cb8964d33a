"""What a mission received and decided in the last weeks, how long that took, and who decided with whom.

Cells from which somebody could tell how one person's application went are not told (see `Share`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from consular import formspec
from consular.cases import forecast
from consular.core.prepared import all_rows
from consular.decisions.choices import Outcome
from consular.missions.models import Mission

WEEKS = 12
FEWEST = 5
"""Of fewer decisions nothing is told but that there were some."""
POSITIVE = frozenset({Outcome.GRANTED, Outcome.ISSUED})

_RECEIVED = """
SELECT date_trunc('week', c.submitted_at AT TIME ZONE %(zone)s::text)::date, count(*) FROM cases_case c
WHERE c.mission_id = %(mission)s::bigint AND c.submitted_at >= %(since)s::timestamptz
GROUP BY 1
"""
_DECIDED = """
decided AS (
    SELECT c.id, c.service, c.submitted_at, d.outcome, d.approved_at, d.proposed_by_id, d.approved_by_id
    FROM cases_case c JOIN decisions_decision d ON d.case_id = c.id AND d.state = 'approved'
    WHERE c.mission_id = %(mission)s::bigint AND c.service = ANY(%(services)s::text[]) AND c.outcome <> ''
    AND c.changed_at >= %(since)s::timestamptz AND d.approved_at >= %(since)s::timestamptz
)
"""
"""A case that was decided since then has not stood still for longer: the walk along the index ends there."""
_WEEKS = f"""
WITH {_DECIDED}
SELECT date_trunc('week', approved_at AT TIME ZONE %(zone)s::text)::date, count(*) FROM decided GROUP BY 1
"""  # noqa: S608  all parts are constants of this file
_SERVICES = f"""
WITH {_DECIDED}, lasted AS (
    SELECT decided.service, decided.outcome, (decided.approved_at AT TIME ZONE %(zone)s::text)::date
        - (COALESCE(taken.at, decided.submitted_at) AT TIME ZONE %(zone)s::text)::date AS days
    FROM decided LEFT JOIN unnest(%(known)s::text[], %(forms)s::text[]) AS begins (service, form) USING (service)
    LEFT JOIN LATERAL (
        SELECT max(t.at) AS at FROM cases_taskentry t
        WHERE t.case_id = decided.id AND t.form = begins.form AND t.at <= decided.approved_at
    ) taken ON true
)
SELECT service, count(*), count(*) FILTER (WHERE outcome = ANY(%(positive)s::text[])),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY days), percentile_disc(0.9) WITHIN GROUP (ORDER BY days)
FROM lasted GROUP BY service ORDER BY service
"""  # noqa: S608  all parts are constants of this file
_PAIRS = f"""
WITH {_DECIDED}
SELECT p.name, a.name, count(*) FROM decided
JOIN accounts_user p ON p.id = decided.proposed_by_id JOIN accounts_user a ON a.id = decided.approved_by_id
GROUP BY p.id, p.name, a.id, a.name ORDER BY count(*) DESC, p.name, a.name, p.id, a.id LIMIT %(most)s::int
"""  # noqa: S608  all parts are constants of this file
MOST_PAIRS = 200


@dataclass(frozen=True)
class Week:
    """How many applications came and were decided in the week that begins on this Monday."""

    monday: date
    received: int
    decided: int


@dataclass(frozen=True)
class Share:
    """The decisions of one service: how many, how many favourable, and days until half and nine of ten were decided.

    None is what is not told: everything of fewer than FEWEST decisions, and both numbers of the outcome where one of
    them is between nothing and FEWEST, or where all ended alike.
    """

    service: str
    decided: int | None
    favourable: int | None
    other: int | None
    half_days: int | None
    nine_of_ten_days: int | None


@dataclass(frozen=True)
class Pair:
    """Who proposed and who approved, and how often the two did so."""

    proposed_by: str
    approved_by: str
    times: int


def weeks(mission: Mission, now: datetime) -> list[Week]:
    """The last weeks, the one that runs last; two statements."""
    first = _first_monday(mission, now)
    values = _values(mission, now)
    received: dict[date, int] = dict(
        all_rows(_RECEIVED, {name: values[name] for name in ("mission", "zone", "since")})
    )
    decided: dict[date, int] = dict(all_rows(_WEEKS, values))
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [Week(day, received.get(day, 0), decided.get(day, 0)) for day in mondays]


def shares(mission: Mission, now: datetime) -> list[Share]:
    """The decisions of the last weeks by service; one statement."""
    begins = forecast.rules()["taken_in"]
    more = {
        "known": list(begins),
        "forms": list(begins.values()),
        "positive": sorted(outcome.value for outcome in POSITIVE),
    }
    return [told(*row) for row in all_rows(_SERVICES, _values(mission, now) | more)]


def told(service: str, decided: int, favourable: int, half: int, most: int) -> Share:
    """What may be told of these numbers."""
    if decided < FEWEST:
        return Share(service, None, None, None, None, None)
    other = decided - favourable
    if min(favourable, other) < FEWEST:
        return Share(service, decided, None, None, half, most)
    return Share(service, decided, favourable, other, half, most)


def pairs(mission: Mission, now: datetime) -> list[Pair]:
    """Who decided with whom in the last weeks, the most frequent first; one statement."""
    return [Pair(*row) for row in all_rows(_PAIRS, _values(mission, now) | {"most": MOST_PAIRS})]


def since(mission: Mission, now: datetime) -> datetime:
    """When these weeks began at a mission."""
    begun = datetime.combine(_first_monday(mission, now), time.min, ZoneInfo(mission.time_zone))
    return begun.astimezone(UTC)


def _first_monday(mission: Mission, now: datetime) -> date:
    today = now.astimezone(ZoneInfo(mission.time_zone)).date()
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def _values(mission: Mission, now: datetime) -> dict[str, Any]:
    services: Sequence[str] = [folder.service for folder in formspec.services()]
    return {
        "mission": mission.pk,
        "zone": mission.time_zone,
        "since": since(mission, now),
        "services": services,
    }
