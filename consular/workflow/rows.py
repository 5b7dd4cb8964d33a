"""A running process as rows: read under a lock, written in one statement."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from consular.accounts.models import User
from consular.core.errors import Refused
from consular.core.prepared import Part, first_row
from consular.missions import working_days
from consular.missions.models import Mission
from consular.workflow import run, shapes, standing, values
from consular.workflow.days import Clock
from consular.workflow.graph import Graph
from consular.workflow.models import Definition, Instance, Token
from consular.workflow.shapes import Place, Row
from consular.workflow.shapes import done as done
from consular.workflow.shapes import waiting as waiting
from consular.workflow.state import Effects, HistoryItem, State, Waits
from consular.workflow.state import Token as Waiting

MOST_VARIABLES = 20_000
"""Characters of JSON all variables of one stimulus may have."""

_INSTANCE = [field.attname for field in Instance._meta.concrete_fields]
_DEFINITION = ["id", "service", "version", "sha256"]
_MISSION = ["id", "country", "time_zone"]
_JSON = frozenset({"variables", "memory"})


def _columns_of(table: str, names: list[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


_TOKENS = f"""
SELECT json_agg(json_build_array({", ".join(Row._fields)}) ORDER BY number) FROM workflow_token WHERE instance_id =
"""  # noqa: S608  all parts are names of columns
_LOCK = f"""
SELECT i.xmin = (SELECT now.xmin FROM workflow_instance now WHERE now.id = i.id) AS is_fresh, ({_TOKENS} i.id),
    {_columns_of("i", _INSTANCE)}, {_columns_of("d", _DEFINITION)}, {_columns_of("m", _MISSION)}
FROM workflow_instance i
JOIN workflow_definition d ON d.id = i.definition_id
JOIN missions_mission m ON m.id = i.mission_id
WHERE i.id = COALESCE(%(instance)s, (SELECT instance_id FROM workflow_token WHERE id = %(token)s))
FOR UPDATE OF i
"""  # noqa: S608  all parts are names of columns
_ANEW = f"{_TOKENS} %(instance)s"

_WRITE = """
WITH moved AS (
    UPDATE workflow_instance SET variables = %(variables)s, memory = %(memory)s, phase = %(phase)s,
        revision = revision + 1, ended_at = %(ended_at)s
    WHERE id = %(instance)s AND revision = %(revision)s RETURNING id
), gone AS (
    DELETE FROM workflow_token USING moved WHERE workflow_token.id = ANY(%(gone)s)
), noted AS (
    INSERT INTO workflow_completion (token_id, instance_id, node, scope, four_eyes_with, by_id, at)
    SELECT task.id, moved.id, task.node, task.scope, task.four_eyes_with, %(done_by)s::bigint, %(now)s
    FROM moved JOIN workflow_token task ON task.id = %(done_token)s::bigint
), new AS (
    INSERT INTO workflow_token
        (instance_id, mission_id, home_id, since, number, node, kind, scope, lane, due_at, message_key, data,
        allocation, four_eyes_with)
    SELECT moved.id, COALESCE((SELECT id FROM missions_mission WHERE code = row.office), %(mission)s),
        (SELECT %(mission)s FROM missions_mission WHERE code = row.office AND id <> %(mission)s), %(now)s,
        row.number, row.node, row.kind, row.scope, row.lane, row.due, row.key, row.data, row.allocation, row.eyes
    FROM moved, json_to_recordset(%(fresh)s) AS row (
        number int, node text, kind text, scope text, lane text, due timestamptz, key text, data jsonb,
        allocation text, eyes text, office text
    )
    RETURNING number, id
)
"""
_WRITTEN = """
SELECT (SELECT count(*) FROM moved), COALESCE((SELECT json_object_agg(number, id) FROM new), '{}')
"""
# The update goes first and the rest hangs on it, whatever parts are put between: a transition that lost the instance
# to another one changes nothing, even without the lock.


class Entered(NamedTuple):
    """A node where the process now waits, and the row that waits there."""

    node: str
    kind: str
    token_id: int
    service_type: str = ""
    due_at: datetime | None = None


class Advance(NamedTuple):
    """What one transition led to. `history` goes into the case's events, oldest first, unless it `is_told` already."""

    instance: Instance
    phase: str
    entered: tuple[Entered, ...]
    history: tuple[HistoryItem, ...]
    ended: bool
    is_told: bool = False


Telling = Callable[[Advance], Part]
"""Tells a transition that is about to be written, in the same statement; its tokens have no rows yet (`entered`)."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A locked instance, its token rows by id, the same as the engine sees it, and who tells what becomes of it."""

    instance: Instance
    place: Place | Mission
    rows: Mapping[int, Token | Row]
    state: State
    telling: Telling | None = None

    def number(self, token_id: int) -> int:
        """The engine's number of a token row; 0 when the row is gone."""
        row = self.rows.get(token_id)
        return row.number if row else 0


def lock(
    *, pk: int | None = None, tokens: int | None = None, telling: Telling | None = None
) -> Loaded | None:
    """Load one instance under its row lock, by its own number or by that of one of its tokens; None when there is none.

    One statement, written by hand: composing it took longer than running it. A transaction that had to wait for the
    lock sees the instance as it is now, but the tokens as they were when it began to wait; it notices by the instance
    as it was then, and reads the tokens again.
    """
    row = first_row(_LOCK, {"instance": pk, "token": tokens})
    if row is None:
        return None
    is_fresh, waiting_rows, *found = row
    if not is_fresh:
        (waiting_rows,) = first_row(_ANEW, {"instance": found[0]}) or (None,)
    own, definition = len(_INSTANCE), len(_DEFINITION)
    instance = Instance.from_db(DEFAULT_DB_ALIAS, _INSTANCE, _read(found[:own]))
    instance.definition = _definition(*found[own : own + definition])
    open_rows = [_row(waiting_row) for waiting_row in waiting_rows or ()]
    state = shapes.state(instance, open_rows)
    place = Place(*found[own + definition :])
    return Loaded(instance, place, {row.id: row for row in open_rows}, state, telling)


@lru_cache(maxsize=1000)
def _definition(*facts: Any) -> Definition:
    """What transitions need of a definition. What is published never changes, so all its processes share it."""
    return Definition.from_db(DEFAULT_DB_ALIAS, _DEFINITION, facts)


def _read(row: Sequence[Any]) -> list[Any]:
    """The values of an instance; Django leaves JSON as text."""
    return [json.loads(value) if name in _JSON else value for name, value in zip(_INSTANCE, row, strict=True)]


def _row(columns: Sequence[Any]) -> Row:
    """The token whose columns came as JSON, in which a moment is text."""
    row = Row(*columns)
    return row._replace(due_at=datetime.fromisoformat(columns[-1])) if columns[-1] else row


def local(now: datetime, place: Place | Mission) -> datetime:
    """The moment in the time zone of a process's mission: days are counted there."""
    return now.astimezone(ZoneInfo(place.time_zone))


def clock(now: datetime, place: Place | Mission) -> Clock:
    """The clock of a process's mission, with its working days; they cost nothing unless somebody counts them."""
    return Clock(local(now, place), working_days.WorkingDays(place.pk, place.country))


def checked(variables: Mapping[str, object]) -> Mapping[str, object]:
    """Routing variables ready to be stored; refused when they are too long or no plain text."""
    ready = {str(name): values.to_json(value) for name, value in variables.items()}
    text = json.dumps(ready)
    if len(text) > MOST_VARIABLES or "\\u0000" in text:
        raise Refused(
            _("The values are too long or contain characters that cannot be stored."),
            code="bad_value",
            status=422,
        )
    return ready


@dataclass(frozen=True, slots=True)
class Completed:
    """The task row a person completed with this transition."""

    row: Token | Row
    by: User


def write(
    loaded: Loaded,
    graph: Graph,
    result: tuple[State, Effects],
    now: datetime,
    completed: Completed | None = None,
) -> Advance:
    """Write the next state in one statement, and with it what is told of it. Refused with code `changed` when the
    instance moved meanwhile: then nothing is written.
    """
    state, effects = result
    instance = loaded.instance
    fresh, turned = standing.changes(loaded.state, state)
    kept = {token.number for token in state.tokens} - {token.number for token in fresh}
    instance.variables, instance.memory = dict(state.variables), shapes.memory(state)
    instance.phase, instance.ended_at = state.phase, now if state.ended else None
    values = _values(instance, completed) | {
        "now": now,
        "gone": [row.id for row in loaded.rows.values() if row.number not in kept],
        "fresh": json.dumps([_new_row(token, graph) | _office(token, graph, state, now) for token in fresh]),
    }
    step = Advance(instance, state.phase, (), effects.history, state.ended)
    parts = [loaded.telling(step)] if loaded.telling else []
    if turned:
        clocks = [(row.id, turned[row.number]) for row in loaded.rows.values() if row.number in turned]
        parts.append(standing.turn(clocks, shapes.data))
    for part in parts:
        values |= part.values
    statement = "".join((_WRITE, *(part.text for part in parts), _WRITTEN))
    moved, ids = first_row(statement, values) or (0, "{}")
    if not moved:
        raise Refused(
            _("Somebody else changed this case in the same moment. Please look at it again."), code="changed"
        )
    instance.revision += 1
    return step._replace(entered=_entered(effects, graph, ids), is_told=loaded.telling is not None)


def _values(instance: Instance, completed: Completed | None) -> dict[str, Any]:
    """The columns of the instance, and who completed what."""
    return {
        "instance": instance.pk,
        "revision": instance.revision,
        "variables": json.dumps(instance.variables),
        "memory": json.dumps(instance.memory),
        "phase": instance.phase,
        "ended_at": instance.ended_at,
        "mission": instance.mission_id,
        "done_token": completed.row.id if completed else None,
        "done_by": completed.by.pk if completed else None,
    }


def _new_row(token: Waiting, graph: Graph) -> dict[str, object]:
    """A row to be written."""
    node = graph.node(token.node)
    return {
        "number": token.number,
        "node": token.node,
        "kind": token.kind.value,
        "scope": token.scope,
        "lane": node.lane if token.kind is Waits.TASK else "",
        "due": token.due.isoformat() if token.due else None,
        "key": token.key,
        "data": shapes.data(token),
        "allocation": node.allocation.value,
        "eyes": node.four_eyes_with,
    }


def _office(token: Waiting, graph: Graph, state: State, now: datetime) -> dict[str, object]:
    """The mission whose queue a task goes into, where its process names one; the case's own has no need to be named."""
    office = graph.node(token.node).office
    if office is None:
        return {}
    around = {one.number: one for one in state.tokens}
    return {
        "office": values.to_json(office.evaluate(run.seen(state.variables, around, token.scope), now=now))
    }


def _entered(effects: Effects, graph: Graph, ids: Mapping[str, int] | str) -> tuple[Entered, ...]:
    found = json.loads(ids) if isinstance(ids, str) else ids
    return tuple(
        Entered(
            token.node,
            token.kind.value,
            found[str(token.number)],
            graph.node(token.node).service_type,
            token.due,
        )
        for token in effects.entered
    )
