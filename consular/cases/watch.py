"""What should not be: cases that nobody moves, tasks whose deadline has passed, a clock that strikes late.

Each list is one walk along an index for each mission and phase (or role), put together by LATERAL, so that it costs the
same with a million open cases; pages follow each other by position. Only those walks are gone whose first row is among
the first of all: a page of 25 has no place for the others.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from consular.cases.queue import DOES_TASKS, Position
from consular.core.prepared import all_rows, first_row

PAGE = 25
LATE = timedelta(minutes=10)
"""A timer that is due for longer than this was not struck by the clock."""
COUNTED = 100
"""Up to how many are counted; one more means many."""

_STILL = """
    SELECT c.id, c.reference, c.service, c.phase, c.changed_at, c.mission_id FROM cases_case c
    WHERE c.mission_id = walk.mission AND c.phase = walk.phase AND NOT (c.phase IN ('draft', 'closed'))
    AND c.changed_at < walk.before
    AND (c.changed_at, c.id) > (%(after)s::timestamptz, %(after_id)s::bigint)
    ORDER BY c.changed_at, c.id
"""
_STALLED = f"""
WITH firsts AS MATERIALIZED (
    SELECT walk.* FROM (
        SELECT m.id, patience.* FROM missions_mission m
        CROSS JOIN unnest(%(phases)s::text[], %(before)s::timestamptz[]) AS patience
        WHERE %(missions)s::bigint[] IS NULL OR m.id = ANY(%(missions)s::bigint[])
    ) AS walk (mission, phase, before)
    CROSS JOIN LATERAL ({_STILL} LIMIT 1) first ORDER BY first.changed_at, first.id LIMIT %(limit)s::int
), found AS MATERIALIZED (
    SELECT found.* FROM firsts walk CROSS JOIN LATERAL ({_STILL} LIMIT %(limit)s::int) found
    ORDER BY found.changed_at, found.id LIMIT %(limit)s::int
)
SELECT found.id, found.reference, found.service, found.phase, found.changed_at, m.id, m.code
FROM found JOIN missions_mission m ON m.id = found.mission_id ORDER BY found.changed_at, found.id
"""  # noqa: S608  all parts are constants of this file
_LATE = """
    SELECT t.id, t.instance_id, t.node, t.due_at, t.assignee_id, t.mission_id FROM workflow_token t
    WHERE t.kind = 'task' AND t.mission_id = walk.mission AND t.lane = walk.lane
    AND t.due_at < %(now)s::timestamptz AND NOT t.data ? 'held'
    AND (t.due_at, t.id) > (%(after)s::timestamptz, %(after_id)s::bigint)
    ORDER BY t.due_at, t.id
"""
_OVERDUE = f"""
WITH firsts AS MATERIALIZED (
    SELECT walk.* FROM (
        SELECT m.id, role.* FROM missions_mission m CROSS JOIN unnest(%(lanes)s::text[]) AS role
        WHERE %(missions)s::bigint[] IS NULL OR m.id = ANY(%(missions)s::bigint[])
    ) AS walk (mission, lane)
    CROSS JOIN LATERAL ({_LATE} LIMIT 1) first ORDER BY first.due_at, first.id LIMIT %(limit)s::int
), found AS MATERIALIZED (
    SELECT found.* FROM firsts walk CROSS JOIN LATERAL ({_LATE} LIMIT %(limit)s::int) found
    ORDER BY found.due_at, found.id LIMIT %(limit)s::int
)
SELECT found.id, c.reference, c.service, found.node, found.due_at, m.id, m.code, i.definition_id, COALESCE(u.name, '')
FROM found
JOIN missions_mission m ON m.id = found.mission_id
JOIN cases_case c ON c.instance_id = found.instance_id
JOIN workflow_instance i ON i.id = found.instance_id
LEFT JOIN accounts_user u ON u.id = found.assignee_id
ORDER BY found.due_at, found.id
"""  # noqa: S608  all parts are constants of this file
# `NOT … ?` and not `-> … IS NULL`: the planner takes the second for rare and sorts everything.
_MACHINERY = """
SELECT
    (SELECT count(*) FROM (SELECT FROM core_job WHERE dead_at IS NOT NULL LIMIT %(most)s::int) dead),
    (SELECT count(*) FROM (
        SELECT FROM workflow_token WHERE kind = 'timer' AND due_at < %(late)s::timestamptz LIMIT %(most)s::int
    ) late),
    (SELECT min(due_at) FROM workflow_token WHERE kind = 'timer' AND due_at < %(late)s::timestamptz)
"""
_BEGINNING = "-infinity"


@dataclass(frozen=True)
class Stalled:
    """A case that nobody has moved for longer than its phase allows."""

    case_id: int
    reference: str
    service: str
    phase: str
    since: datetime
    mission_id: int
    mission: str


@dataclass(frozen=True)
class Overdue:
    """An open task whose deadline has passed; who has taken it, "" when nobody has."""

    token_id: int
    reference: str
    service: str
    node: str
    due_at: datetime
    mission_id: int
    mission: str
    definition_id: int
    assignee: str


@dataclass(frozen=True)
class Machinery:
    """Jobs that were given up and timers that should have struck, both counted up to one more than COUNTED."""

    dead_jobs: int
    late_timers: int
    late_since: datetime | None


@dataclass(frozen=True)
class Range:
    """Which stretch of a list: of these missions (None: all), after a position, so many."""

    missions: Collection[int] | None = None
    after: Position | None = None
    size: int = PAGE


def stalled(now: datetime, part: Range) -> tuple[list[Stalled], Position | None]:
    """One page of the cases nobody has moved, the longest first, and where the next page begins."""
    phases, before = limits(now)
    rows = all_rows(_STALLED, _values(part) | {"phases": phases, "before": before})
    found = [Stalled(*row) for row in rows]
    last = found[part.size - 1] if len(found) > part.size else None
    return found[: part.size], Position(last.since, last.case_id) if last else None


def overdue(now: datetime, part: Range) -> tuple[list[Overdue], Position | None]:
    """One page of the tasks whose deadline has passed, the longest first; clocks that stand still do not count."""
    lanes = sorted(role.value for role in DOES_TASKS)
    rows = all_rows(_OVERDUE, _values(part) | {"lanes": lanes, "now": now})
    found = [Overdue(*row) for row in rows]
    last = found[part.size - 1] if len(found) > part.size else None
    return found[: part.size], Position(last.due_at, last.token_id) if last else None


def machinery(now: datetime) -> Machinery:
    """How the jobs and the clock are doing."""
    row = first_row(_MACHINERY, {"most": COUNTED + 1, "late": now - LATE})
    return Machinery(*(row or (0, 0, None)))


def limits(now: datetime) -> tuple[list[str], list[datetime]]:
    """The phases, and for each the moment before which a case must have moved last to count as stalled."""
    days = patience()
    return list(days), [now - timedelta(days=each) for each in days.values()]


@cache
def patience() -> Mapping[str, int]:
    """Days without a step after which a case counts as stalled, by phase."""
    text = Path(__file__).with_name("patience.toml").read_text(encoding="utf-8")
    found: dict[str, int] = tomllib.loads(text)
    return found


def _values(part: Range) -> dict[str, Any]:
    return {
        "missions": None if part.missions is None else sorted(part.missions),
        "after": part.after.due_at if part.after else _BEGINNING,
        "after_id": part.after.token_id if part.after else 0,
        "limit": part.size + 1,
    }
