"""Taking the next task of a queue: the one that is due first, or one drawn by lot, in one statement.

Tasks of cases that somebody works on in this moment are skipped, never waited for: two officers who ask at once get
two tasks. So are one's own case and what four eyes forbid.
"""

import secrets
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases import events
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.core.prepared import Row, first_row
from consular.missions import absences
from consular.missions.postings import duties
from consular.workflow.graph import Allocation

MOST_HELD = 3
"""How many tasks one person may hold that the queue handed out: whoever hoards them chooses among cases after all."""
SAMPLE = 100
"""Among how many is drawn: where the queue is longer, among those in a row from a random place on. There every task has
its place by the hash of its number, so that the chances differ by a tenth, and nobody knows of whom. Where none will do
the whole queue is drawn, which takes about 1 ms for each thousand tasks.
"""

_FITS = """
    JOIN workflow_instance i ON i.id = t.instance_id
    JOIN cases_case c ON c.instance_id = t.instance_id
    JOIN accounts_user owner ON owner.id = c.owner_id
    WHERE t.assignee_id IS NULL AND owner.person <> %(person)s AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(i.memory -> 'done') AS done
        WHERE done ->> 0 = t.four_eyes_with AND done ->> 2 = %(person)s::text AND (
            done ->> 1 = '' OR t.scope = '' OR done ->> 1 = t.scope
            OR starts_with(done ->> 1, t.scope || '/') OR starts_with(done ->> 1, t.scope || '.')
            OR starts_with(t.scope, (done ->> 1) || '/') OR starts_with(t.scope, (done ->> 1) || '.')
        )
    )
"""
"""What somebody may do: nobody has it, not their own case, not against four eyes (workflow.step.may_complete)."""
_TAKE = f"""
, taken AS (
    UPDATE workflow_token SET assignee_id = %(actor)s FROM picked WHERE workflow_token.id = picked.id
    RETURNING workflow_token.id, workflow_token.node, picked.case_id, picked.reference
), told AS ({events.OF_TASKS.format(kind="claimed", tasks="taken")})
SELECT id, reference FROM taken
"""  # noqa: S608  all parts are constants
_ALONE = """
SELECT m.time_zone, (
    SELECT allocation FROM workflow_token
    WHERE kind = 'task' AND mission_id = m.id AND lane = %(lane)s AND assignee_id IS NULL
    ORDER BY due_at, id LIMIT 1
)
FROM accounts_user u JOIN missions_mission m ON m.id = %(mission)s WHERE u.id = %(actor)s FOR NO KEY UPDATE OF u
"""
"""One claim after the other for one person, or two at once would get more than the most. Says also how the task that
is due first is handed out.
"""
_MAY_DRAW = f"""
(
    SELECT count(*) < {MOST_HELD} FROM workflow_token
    WHERE kind = 'task' AND assignee_id = %(actor)s AND allocation <> 'free'
)
"""  # noqa: S608  all parts are constants of this file
"""PostgreSQL counts only when it meets a task that this is asked of."""
_OLDEST = f"""
WITH picked AS (
    SELECT t.id, c.id AS case_id, c.reference FROM workflow_token t {_FITS}
    AND t.kind = 'task' AND t.mission_id = %(mission)s AND t.lane = %(lane)s
    AND (t.allocation = 'free' OR t.allocation = 'oldest' AND {_MAY_DRAW})
    ORDER BY t.due_at, t.id LIMIT 1 FOR UPDATE OF c, t SKIP LOCKED
) {_TAKE}
"""  # noqa: S608  all parts are constants of this file
_IN_A_ROW = f"""
SELECT id FROM workflow_token
WHERE kind = 'task' AND allocation = 'random' AND assignee_id IS NULL
AND mission_id = %(mission)s AND lane = %(lane)s AND {_MAY_DRAW} AND md5(id::text) {{}} %(place)s
ORDER BY md5(id::text)
"""  # noqa: S608  the same
_DRAW = f"""
WITH lots AS MATERIALIZED (
    SELECT id, random() AS lot FROM (
        ({_IN_A_ROW.format(">=")} {{limit}}) UNION ALL ({_IN_A_ROW.format("<")} {{limit}}) {{limit}}
    ) AS circle ORDER BY lot
), picked AS (
    SELECT t.id, c.id AS case_id, c.reference FROM lots JOIN workflow_token t USING (id) {_FITS}
    ORDER BY lots.lot LIMIT 1 FOR UPDATE OF c, t SKIP LOCKED
) {_TAKE}
"""  # noqa: S608
_RANDOM, _OF_ALL = _DRAW.format(limit=f"LIMIT {SAMPLE}"), _DRAW.format(limit="")
# The limit is written out: as a parameter it would keep PostgreSQL from keeping its plan.


@verb
def claim_next(mission_id: int, lane: Role, *, actor: User) -> str:
    """Take the next task of this mission and role, and give the reference of its case.

    Where the task that is due first is one to be drawn (`allocation` is random), one of those is drawn; else it is the
    first one. Refused with `not_your_lane`, `absent`, `enough` held already, or `empty`.
    """
    asked = {"mission": mission_id, "lane": lane.value, "actor": actor.pk}
    before = first_row(_ALONE, asked)
    if before is None or not duties(actor).has(lane, mission_id):
        raise Refused(
            _("This task belongs to another role or another mission."), code="not_your_lane", status=403
        )
    time_zone, way = before
    absences.require_present(actor, clock.today(time_zone), by=actor)
    found = _next(asked | {"person": actor.person, "at": clock.now()}, way)
    if found is None:
        _refuse_empty(asked)
    return str(found[1])


def _next(values: dict[str, Any], way: str | None) -> Row | None:
    """A task that is theirs now: what is due first says whether it is drawn; where that gives none, the other way."""
    ways = (_drawn, _first) if way == Allocation.RANDOM else (_first, _drawn)
    return ways[0](values) or ways[1](values)


def _first(values: dict[str, Any]) -> Row | None:
    return first_row(_OLDEST, values)


def _drawn(values: dict[str, Any]) -> Row | None:
    """One by lot: out of some, of which nearly always one will do, else out of all."""
    values |= {"place": secrets.token_hex(16)}
    return first_row(_RANDOM, values) or first_row(_OF_ALL, values)


def _refuse_empty(asked: dict[str, Any]) -> NoReturn:
    if first_row(f"SELECT {_MAY_DRAW}", {"actor": asked["actor"]}) == (False,):
        raise Refused(
            _("You have enough tasks that the queue gave you. Finish one of them first."), code="enough"
        )
    raise Refused(_("There is nothing for you in this queue at the moment."), code="empty")
