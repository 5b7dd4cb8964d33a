"""The rows of an officer's queue, page by page, with bounded effort at any depth and size, in one statement.

One head of an index per mission and role, put together by UNION ALL: an `IN` would sort everything. What an index
does not know (a service, a flag) is looked for among the next LOOKED tasks; a page says where that ended.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from consular.accounts.models import Role
from consular.cases.arrivals import UNREAD
from consular.cases.narrowing import LOOKED, SORTS, Tab, Wanted, narrow, reach
from consular.core.prepared import all_rows
from consular.missions.postings import Duties

PAGE = 25
DOES_TASKS = frozenset({Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION})
SEES_TASKS = DOES_TASKS | {Role.AUDITOR}
"""Who reads the cases of a mission sees what is open there; doing it is another matter."""
EVERYTHING = Wanted()

_SHOWN = """
WITH looked AS MATERIALIZED (
    SELECT * FROM ({heads}) AS head ORDER BY at, id LIMIT {most}
), kept AS MATERIALIZED (
    SELECT looked.at, looked.id FROM looked
    JOIN LATERAL (SELECT * FROM workflow_token WHERE id = looked.id OFFSET 0) AS t ON true
    JOIN LATERAL (SELECT * FROM cases_case WHERE instance_id = t.instance_id OFFSET 0) AS c ON true
    WHERE {narrow} ORDER BY looked.at, looked.id LIMIT {shown}
)
SELECT (SELECT count(*) FROM looked), (SELECT at::text FROM looked ORDER BY at DESC, id DESC LIMIT 1),
    (SELECT id FROM looked ORDER BY at DESC, id DESC LIMIT 1), kept.at::text,
    t.id, t.node, t.due_at::text, t.since::text, t.assignee_id, u.name, i.definition_id, d.sha256, c.reference,
    c.applicant_name, c.service, m.time_zone, EXISTS (UNREAD), t.data -> 'held', c.phase, c.nationality, t.allocation,
    t.home_id, m.kind, m.city,
    ARRAY(SELECT f.kind FROM cases_flag f WHERE f.case_id = c.id AND f.removed_at IS NULL ORDER BY f.id)
FROM (VALUES (1)) AS always LEFT JOIN (
    kept
    JOIN workflow_token t ON t.id = kept.id
    JOIN workflow_instance i ON i.id = t.instance_id
    JOIN workflow_definition d ON d.id = i.definition_id
    JOIN missions_mission m ON m.id = t.mission_id
    JOIN cases_case c ON c.instance_id = i.id
    LEFT JOIN accounts_user u ON u.id = t.assignee_id
) ON true ORDER BY kept.at, kept.id
""".replace("UNREAD", UNREAD.format(what="", case="c.id", sent="c.submitted_at"))
# Moments go as text: a loader in Python for each of them took as long as the rest of the page's values. The numbers are
# written out, and OFFSET 0 keeps the order of the joins: PostgreSQL would guess that a parameter means
# a tenth of everything, and read whole tables.
_HEAD = "(SELECT {key} AS at, t.id FROM workflow_token t WHERE {where} ORDER BY {key}, t.id LIMIT {most})"


class Row(NamedTuple):
    """One open task, as plain values."""

    token_id: int
    node: str
    due_at: datetime
    since: datetime
    assignee_id: int | None
    assignee: str | None
    definition_id: int
    sha256: str
    """Of the file of its process."""
    reference: str
    applicant: str
    service: str
    time_zone: str
    has_unread: bool
    """Whether documents have come that nobody at the mission has opened yet."""
    held: Mapping[str, str] | None
    """What is kept of a clock that stands still, and nothing while it runs."""
    phase: str
    nationality: str
    allocation: str
    home_id: int | None
    """The mission of the case, while the task lies in another one's queue: of this kind, in this city."""
    kind: str
    city: str
    flags: list[str]


@dataclass(frozen=True)
class Position:
    """Where a page begins: after this moment and task."""

    due_at: datetime
    token_id: int

    def __str__(self) -> str:
        return f"{self.due_at.timestamp():.6f}-{self.token_id}"


@dataclass(frozen=True)
class Received:
    """The same where the first received comes first: after this process and task."""

    instance_id: int
    token_id: int

    def __str__(self) -> str:
        return f"{self.instance_id}-{self.token_id}"


Place = Position | Received


class Statement(NamedTuple):
    """One page as a statement and its values."""

    text: str
    values: dict[str, Any]
    most: int
    """Tasks it looks at."""


def page(
    duties: Duties,
    wanted: Wanted = EVERYTHING,
    *,
    user_id: int = 0,
    after: Place | None = None,
    size: int = PAGE,
) -> tuple[list[Row], Place | None]:
    """One page of the open tasks that are wanted, and where the next page begins.

    `user_id` is whose queue it is, for the tasks that are theirs. A page may be short or empty and still have a next
    one: then no more was found among the tasks that were looked at.
    """
    asked = statement(duties, wanted, user_id=user_id, after=after, size=size)
    if asked is None:
        return [], None
    lines = all_rows(asked.text, asked.values)
    looked, last_at, last_id = lines[0][:3]
    rows = [_row(line[4:]) for line in lines if line[4] is not None]
    if len(rows) > size:
        return rows[:size], _place(lines[size - 1][3], rows[size - 1].token_id)
    if looked == asked.most:
        return rows, _place(last_at, last_id)
    return rows, None


def statement(
    duties: Duties, wanted: Wanted, *, user_id: int = 0, after: Place | None = None, size: int = PAGE
) -> Statement | None:
    """The statement of a page; None for somebody who has no queue."""
    heads, values = _heads(duties, wanted, user_id)
    if not heads:
        return None
    narrowed, more = narrow(wanted)
    key, kind = SORTS[wanted.sort]
    values = more | values
    bounds = ["t.kind = 'task'", *reach(wanted)]
    if after is not None:
        bounds.append(f"({key}, t.id) > (%(after)s::{kind}, %(after_id)s::bigint)")
        values["after"] = after.instance_id if isinstance(after, Received) else after.due_at
        values["after_id"] = after.token_id
    most = LOOKED if narrowed else size + 1
    drawn = [_HEAD.format(key=key, where=" AND ".join([head, *bounds]), most=most) for head in heads]
    parts = {"heads": "\nUNION ALL ".join(drawn), "narrow": " AND ".join(narrowed) or "true"}
    return Statement(_SHOWN.format(**parts, most=most, shown=size + 1), values, most)


def queues(duties: Duties, tab: Tab) -> list[tuple[int, Role]]:
    """The queues that a tab is about, each a mission and a role."""
    if tab == Tab.MISSION:
        return sorted((one, role) for one in duties.missions_with(SEES_TASKS) for role in DOES_TASKS)
    return sorted((mission, role) for mission, role in duties.at if role in DOES_TASKS)


def _heads(duties: Duties, wanted: Wanted, user_id: int) -> tuple[list[str], dict[str, Any]]:
    """The conditions of each stretch of an index, and their values."""
    pairs = queues(duties, wanted.tab)
    officer = user_id if wanted.tab == Tab.MINE else wanted.officer
    if wanted.tab == Tab.SHARED:
        return _shared(pairs, sorted(duties.missions_with(SEES_TASKS)))
    if pairs and officer is not None:
        values = {"missions": [one for one, _role in pairs], "lanes": [role.value for _one, role in pairs]}
        among = "SELECT * FROM unnest(%(missions)s::bigint[], %(lanes)s::text[])"
        return [f"t.assignee_id = %(officer)s AND (t.mission_id, t.lane) IN ({among})"], values | {
            "officer": officer
        }
    return _each(pairs, "")


def _each(pairs: list[tuple[int, Role]], also: str) -> tuple[list[str], dict[str, Any]]:
    """One stretch for each queue."""
    heads = [f"t.mission_id = %(m{at})s AND t.lane = %(l{at})s{also}" for at in range(len(pairs))]
    values: dict[str, Any] = {f"m{at}": mission for at, (mission, _role) in enumerate(pairs)}
    return heads, values | {f"l{at}": role.value for at, (_mission, role) in enumerate(pairs)}


def _shared(pairs: list[tuple[int, Role]], homes: list[int]) -> tuple[list[str], dict[str, Any]]:
    """What others lent to these queues, and what these missions lent to others."""
    heads, values = _each(pairs, " AND t.home_id IS NOT NULL AND NOT t.home_id = ANY(%(homes)s::bigint[])")
    heads += [f"t.home_id = %(h{at})s" for at in range(len(homes))]
    return heads, values | {"homes": homes} | {f"h{at}": mission for at, mission in enumerate(homes)}


def _row(columns: tuple[Any, ...]) -> Row:
    row = Row(*columns)
    return row._replace(
        due_at=datetime.fromisoformat(columns[2]),
        since=datetime.fromisoformat(columns[3]),
        held=json.loads(row.held) if isinstance(row.held, str) else row.held,
    )


def _place(at: str, token_id: int) -> Place:
    return Received(int(at), token_id) if at.isdecimal() else Position(datetime.fromisoformat(at), token_id)
