"""How many tasks were completed in the last weeks, and how many of them after their deadline.

Read from the histories of the cases that a mission has now; costs as much as these have moved since. A deadline that
stood still counts as it went on. Tasks that are still open are not in it, however late they are.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from consular import formspec
from consular.cases.models import Phase
from consular.core.prepared import all_rows

Key = TypeVar("Key", bound=Hashable)

# That nothing open is a draft or closed is said as the index `case_standing` says it, or it would not be used.
_LATE = """
WITH moved AS (
    SELECT c.id, c.mission_id, c.service, c.instance_id FROM cases_case c
    WHERE c.mission_id = ANY(%(missions)s::bigint[]) AND NOT (c.phase IN ('draft', 'closed'))
    AND c.phase = ANY(%(phases)s::text[]) AND c.changed_at >= %(since)s::timestamptz
    UNION
    SELECT c.id, c.mission_id, c.service, c.instance_id FROM cases_case c
    WHERE c.mission_id = ANY(%(missions)s::bigint[]) AND c.service = ANY(%(services)s::text[]) AND c.outcome <> ''
    AND c.changed_at >= %(since)s::timestamptz
), tasks AS (
    SELECT moved.mission_id, moved.service, moved.instance_id, e.node,
        max(e.at) FILTER (WHERE e.kind = 'completed') AS done,
        ((array_agg(e.data ->> 'due' ORDER BY e.id DESC) FILTER (WHERE e.kind <> 'completed' AND e.data ? 'due'))[1])
            ::timestamptz AS due
    FROM moved JOIN cases_event e ON e.case_id = moved.id AND e.kind IN ('entered', 'resumed', 'completed')
    GROUP BY moved.mission_id, moved.service, moved.instance_id, e.case_id, e.node, e.data ->> 'token'
)
SELECT tasks.mission_id, tasks.service, tasks.node, max(i.definition_id), count(*),
    count(*) FILTER (WHERE tasks.done >= tasks.due)
FROM tasks JOIN workflow_instance i ON i.id = tasks.instance_id
WHERE tasks.done >= %(since)s::timestamptz AND tasks.due IS NOT NULL
GROUP BY tasks.mission_id, tasks.service, tasks.node ORDER BY 6 DESC, 5 DESC, 2, 3
"""


@dataclass(frozen=True)
class Late:
    """One task of one service at one mission: how often it was completed, and how often too late."""

    mission_id: int
    service: str
    node: str
    definition_id: int
    done: int
    late: int


def late(missions: Collection[int], since: datetime) -> list[Late]:
    """The tasks that had a deadline and were completed since then, those most often late first; one statement."""
    open_phases = [phase.value for phase in Phase if phase not in {Phase.DRAFT, Phase.CLOSED}]
    values = {
        "missions": list(missions),
        "phases": open_phases,
        "services": [folder.service for folder in formspec.services()],
        "since": since,
    }
    return [Late(*row) for row in all_rows(_LATE, values)]


def by(found: Iterable[Late], key: Callable[[Late], Key]) -> dict[Key, tuple[int, int]]:
    """How many were completed, and late, under each key."""
    sums: dict[Key, tuple[int, int]] = {}
    for one in found:
        done, late_ones = sums.get(key(one), (0, 0))
        sums[key(one)] = (done + one.done, late_ones + one.late)
    return sums
