"""What stands around the rows of a queue, in one statement: how much lies where, colleagues, views, missions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consular.accounts.models import User
from consular.cases import queue
from consular.cases.narrowing import Tab
from consular.core import clock
from consular.core.prepared import first_row
from consular.missions.models import Mission, MissionKind
from consular.missions.postings import Duties

COUNTED = 500
"""Tasks are counted up to here: nobody reads a larger number, and counting a million takes long."""

_COUNT = """
(SELECT count(*) FROM (
    SELECT FROM workflow_token t JOIN unnest((SELECT %(m_{tab})s::bigint[]), (SELECT %(l_{tab})s::text[]))
    AS q (mission, lane) ON t.mission_id = q.mission AND t.lane = q.lane WHERE t.kind = 'task' {also} LIMIT {most}
) AS counted)
"""
_OWN = f"""
(SELECT count(*) FROM (
    SELECT FROM (
        SELECT t.mission_id, t.lane FROM workflow_token t WHERE t.assignee_id = %(user)s
        ORDER BY t.due_at, t.id LIMIT {2 * COUNTED}
    ) AS held WHERE (held.mission_id, held.lane) IN (
        SELECT * FROM unnest(%(m_team)s::bigint[], %(l_team)s::text[])
    ) LIMIT {COUNTED}
) AS counted)
"""  # noqa: S608  all parts are constants of this file
_LENT = f"""
(SELECT count(*) FROM (
    SELECT FROM workflow_token t WHERE t.home_id = ANY(%(homes)s) AND t.kind = 'task' LIMIT {COUNTED}
) AS counted)
"""  # noqa: S608  the same
# The number is written out: of a parameter PostgreSQL thinks that it means a tenth of everything, and plans each time
# anew. One's own tasks are read first, in the order of their index: whatever PostgreSQL thinks of their number, it does
# not walk all tasks of the mission for them. Whoever holds more than a thousand sees how many of the first thousand.
# That they are tasks is not asked: nothing else lies in a role's queue, and the index alone gives the answer. Arrays
# come from a SELECT, so that PostgreSQL does not hope for a better plan from knowing them: planning took longer than
# counting.
_BORROWED = "AND t.home_id IS NOT NULL AND NOT t.home_id = ANY(%(homes)s::bigint[])"
_FRAME = f"""
SELECT
    {_OWN},
    {_COUNT.format(tab="team", also="", most=COUNTED)},
    {_COUNT.format(tab="mission", also="", most=COUNTED)},
    {_COUNT.format(tab="team", also=_BORROWED, most=COUNTED)} + {_LENT},
    EXISTS (SELECT FROM cases_mention WHERE to_id = %(user)s AND seen_at IS NULL),
    (SELECT json_agg(json_build_array(m.id, m.code, m.kind, m.city, m.country, m.time_zone)) FROM missions_mission m
        WHERE m.id = ANY(%(known)s) OR m.kind = %(back_office)s),
    (SELECT json_agg(json_build_array(u.id, u.name) ORDER BY u.name, u.id) FROM accounts_user u
        WHERE u.is_active AND u.id IN (
            SELECT p.user_id FROM missions_posting p WHERE p.mission_id = ANY(%(homes)s) AND p.role = ANY(%(does)s)
            AND p.starts_on <= %(day)s AND (p.ends_on IS NULL OR p.ends_on >= %(day)s)
        )),
    (SELECT json_agg(json_build_array(v.id, v.name, v.wanted, v.is_start, v.owner_id = %(user)s, v.mission_id)
        ORDER BY v.name, v.id) FROM cases_savedview v
        WHERE v.owner_id = %(user)s OR v.mission_id = ANY(%(known)s))
"""  # noqa: S608  all parts are constants of this file


@dataclass(frozen=True)
class View:
    """A saved view, and whether it is one's own."""

    id: int
    name: str
    wanted: Mapping[str, str]
    is_start: bool
    is_own: bool
    mission_id: int | None


@dataclass(frozen=True)
class Frame:
    """Counts by tab (COUNTED means: so many or more), and everything that is offered beside the rows."""

    counts: Mapping[Tab, int]
    has_mentions: bool
    missions: Mapping[int, Mission]
    colleagues: tuple[tuple[int, str], ...]
    views: tuple[View, ...]

    @property
    def start(self) -> View | None:
        """The view the queue begins with."""
        return next((view for view in self.views if view.is_own and view.is_start), None)


def frame(user: User, duties: Duties) -> Frame:
    """The frame of an officer's queue; one statement."""
    line = first_row(_FRAME, _values(user, duties))
    assert line is not None  # noqa: S101  it has no FROM
    mine, team, mission, shared, has_mentions, *lists = line
    missions, colleagues, views = (
        json.loads(each) if isinstance(each, str) else each or [] for each in lists
    )
    names = ("id", "code", "kind", "city", "country", "time_zone")
    known = [Mission(**dict(zip(names, each, strict=True))) for each in missions]
    return Frame(
        counts={Tab.MINE: mine, Tab.TEAM: team, Tab.MISSION: mission, Tab.SHARED: min(shared, COUNTED)},
        has_mentions=has_mentions,
        missions={each.pk: each for each in known},
        colleagues=tuple((number, name) for number, name in colleagues),
        views=tuple(View(*each) for each in views),
    )


def _values(user: User, duties: Duties) -> dict[str, Any]:
    team, mission = queue.queues(duties, Tab.TEAM), queue.queues(duties, Tab.MISSION)
    return {
        "user": user.pk,
        "day": clock.today(),
        "m_team": [one for one, _role in team],
        "l_team": [role.value for _one, role in team],
        "m_mission": [one for one, _role in mission],
        "l_mission": [role.value for _one, role in mission],
        "homes": sorted(duties.missions_with(queue.SEES_TASKS)),
        "known": sorted({one for one, _role in duties.at}),
        "does": sorted(role.value for role in queue.DOES_TASKS),
        "back_office": MissionKind.BACK_OFFICE.value,
    }
