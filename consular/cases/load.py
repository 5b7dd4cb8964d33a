"""How much lies where, for those who head a section: open tasks by queue and by person, and what is due this week.

Counted along the index of the queue: it costs as much as there is open work at these missions, whatever was done
before. A task whose clock stands still is neither due nor late.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from consular.cases.queue import DOES_TASKS
from consular.core.prepared import all_rows

Key = TypeVar("Key", bound=Hashable)

MOST = 100
"""Lines of the list of what is due."""

_COUNTS = """
count(*),
count(*) FILTER (WHERE t.due_at < %(now)s::timestamptz AND NOT t.data ? 'held'),
count(*) FILTER (WHERE t.due_at >= %(now)s::timestamptz AND t.due_at <= {today} AND NOT t.data ? 'held'),
count(*) FILTER (WHERE t.due_at >= %(now)s::timestamptz AND t.due_at > {today} AND t.due_at <= {week}
    AND NOT t.data ? 'held'),
count(*) FILTER (WHERE t.data ? 'held')
"""
_OF_MISSIONS = f"""
SELECT t.mission_id, {_COUNTS.format(today="%(day)s::timestamptz", week="%(week)s::timestamptz")}
FROM workflow_token t
WHERE t.kind = 'task' AND (%(missions)s::bigint[] IS NULL OR t.mission_id = ANY(%(missions)s::bigint[]))
GROUP BY t.mission_id
"""  # noqa: S608  all parts are constants of this file
_OF_ONE = f"""
SELECT t.lane, d.service, t.assignee_id, {_COUNTS.format(today="%(day)s::timestamptz", week="%(week)s::timestamptz")}
FROM workflow_token t
JOIN workflow_instance i ON i.id = t.instance_id
JOIN workflow_definition d ON d.id = i.definition_id
WHERE t.kind = 'task' AND t.mission_id = %(mission)s::bigint
GROUP BY t.lane, d.service, t.assignee_id
"""  # noqa: S608  all parts are constants of this file
_WAITING = """
SELECT c.phase, count(*) FROM cases_case c
WHERE c.mission_id = %(mission)s::bigint AND NOT (c.phase IN ('draft', 'closed')) AND c.phase = ANY(%(phases)s::text[])
GROUP BY c.phase
"""
_DUE = """
SELECT found.id, c.reference, c.service, found.node, found.due_at, i.definition_id, COALESCE(u.name, '')
FROM unnest(%(lanes)s::text[]) AS walk (lane) CROSS JOIN LATERAL (
    SELECT t.id, t.instance_id, t.node, t.due_at, t.assignee_id FROM workflow_token t
    WHERE t.kind = 'task' AND t.mission_id = %(mission)s::bigint AND t.lane = walk.lane
    AND t.due_at >= %(now)s::timestamptz AND t.due_at <= %(week)s::timestamptz AND NOT t.data ? 'held'
    ORDER BY t.due_at, t.id LIMIT %(limit)s::int
) found
JOIN cases_case c ON c.instance_id = found.instance_id
JOIN workflow_instance i ON i.id = found.instance_id
LEFT JOIN accounts_user u ON u.id = found.assignee_id
ORDER BY found.due_at, found.id LIMIT %(limit)s::int
"""


@dataclass(frozen=True)
class Counts:
    """Open tasks, and of them: late, due today, due later this week, and those whose clock stands still."""

    open: int = 0
    late: int = 0
    today: int = 0
    week: int = 0
    still: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.open + other.open,
            self.late + other.late,
            self.today + other.today,
            self.week + other.week,
            self.still + other.still,
        )


@dataclass(frozen=True)
class Heap:
    """The open tasks of one role, service and person (None: of nobody)."""

    lane: str
    service: str
    assignee_id: int | None
    counts: Counts


@dataclass(frozen=True)
class DueTask:
    """An open task that is due; who has taken it, "" when nobody has."""

    token_id: int
    reference: str
    service: str
    node: str
    due_at: datetime
    definition_id: int
    assignee: str


@dataclass(frozen=True)
class Horizon:
    """Now, the end of today and the end of the week at a mission."""

    now: datetime
    day: datetime
    week: datetime

    @property
    def values(self) -> dict[str, datetime]:
        """As the statements want it."""
        return {"now": self.now, "day": self.day, "week": self.week}


def of_missions(missions: Collection[int] | None, until: Horizon) -> dict[int, Counts]:
    """The open tasks in the queues of missions (None: of all), by mission."""
    wanted = None if missions is None else sorted(missions)
    rows = all_rows(_OF_MISSIONS, {"missions": wanted, **until.values})
    return {mission: Counts(*counts) for mission, *counts in rows}


def heaps(mission: int, until: Horizon) -> list[Heap]:
    """The open tasks in the queues of one mission, by role, service and person."""
    rows = all_rows(_OF_ONE, {"mission": mission, **until.values})
    return [Heap(lane, service, who, Counts(*counts)) for lane, service, who, *counts in rows]


def by(found: Iterable[Heap], key: Callable[[Heap], Key]) -> dict[Key, Counts]:
    """The heaps put together by something they have."""
    told: dict[Key, Counts] = {}
    for heap in found:
        told[key(heap)] = told.get(key(heap), Counts()) + heap.counts
    return told


def waiting(mission: int) -> dict[str, int]:
    """How many cases wait for their applicants, and for others, by phase."""
    phases = ["your_turn", "waiting"]
    return dict(all_rows(_WAITING, {"mission": mission, "phases": phases}))


def due(mission: int, until: Horizon) -> tuple[list[DueTask], bool]:
    """What will be late by the end of the week if nobody does it, the first one first, and whether there is more."""
    values = {
        "mission": mission,
        "lanes": sorted(role.value for role in DOES_TASKS),
        "limit": MOST + 1,
        "now": until.now,
        "week": until.week,
    }
    rows = [DueTask(*row) for row in all_rows(_DUE, values)]
    return rows[:MOST], len(rows) > MOST
