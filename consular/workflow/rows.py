"""A running process as rows: read under a lock, written in one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from consular.accounts.models import User
from consular.core.errors import Refused
from consular.core.prepared import all_rows, first_row
from consular.missions import working_days
from consular.missions.models import Mission
from consular.workflow import standing, values
from consular.workflow.days import Clock
from consular.workflow.graph import Graph
from consular.workflow.models import Definition, Instance, Token
from consular.workflow.state import Done, Effects, HistoryItem, Round, State, Waits
from consular.workflow.state import Token as Waiting

MOST_VARIABLES = 20_000
"""Characters of JSON all variables of one stimulus may have."""

_INSTANCE = [field.attname for field in Instance._meta.concrete_fields]
_TOKEN = [field.attname for field in Token._meta.concrete_fields]
_DEFINITION = ["id", "service", "version", "sha256"]
_MISSION = ["id", "country", "time_zone"]
_JSON = frozenset({"variables", "memory", "data"})


def _columns_of(table: str, names: list[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)


_LOCK = f"""
SELECT {_columns_of("i", _INSTANCE)}, {_columns_of("d", _DEFINITION)}, {_columns_of("m", _MISSION)}
FROM workflow_instance i
JOIN workflow_definition d ON d.id = i.definition_id
JOIN missions_mission m ON m.id = i.mission_id
WHERE i.id = COALESCE(%(instance)s, (SELECT instance_id FROM workflow_token WHERE id = %(token)s))
FOR UPDATE OF i
"""  # noqa: S608  all parts are names of columns
_TOKENS = f"""
SELECT {", ".join(_TOKEN)} FROM workflow_token WHERE instance_id = %(instance)s ORDER BY number
"""  # noqa: S608

_WRITE = """
WITH moved AS (
    UPDATE workflow_instance SET variables = %(variables)s, memory = %(memory)s, phase = %(phase)s,
        revision = revision + 1, ended_at = %(ended_at)s
    WHERE id = %(instance)s AND revision = %(revision)s RETURNING id
), gone AS (
    DELETE FROM workflow_token USING moved WHERE workflow_token.id = ANY(%(gone)s)
), noted AS (
    INSERT INTO workflow_completion (token_id, instance_id, node, by_id, at)
    SELECT %(done_token)s::bigint, moved.id, %(done_node)s::text, %(done_by)s::bigint, %(now)s FROM moved
    WHERE %(done_token)s::bigint IS NOT NULL
), new AS (
    INSERT INTO workflow_token
        (instance_id, mission_id, since, number, node, kind, scope, lane, due_at, message_key, data,
        allocation, four_eyes_with)
    SELECT moved.id, %(mission)s, %(now)s, row.* FROM moved, json_to_recordset(%(fresh)s) AS row (
        number int, node text, kind text, scope text, lane text, due timestamptz, key text, data jsonb,
        allocation text, eyes text
    )
    RETURNING number, id
)
SELECT (SELECT count(*) FROM moved), COALESCE((SELECT json_object_agg(number, id) FROM new), '{}')
"""
# The update goes first and the rest hangs on it: a transition that lost the instance to another one changes
# nothing, even without the lock.


@dataclass(frozen=True, slots=True)
class Entered:
    """A node where the process now waits, and the row that waits there."""

    node: str
    kind: str
    token_id: int
    service_type: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Advance:
    """What one transition led to. `history` goes into the case's events, oldest first."""

    instance: Instance
    phase: str
    entered: tuple[Entered, ...]
    history: tuple[HistoryItem, ...]
    ended: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """A locked instance, its token rows by id, and the same as the engine sees it."""

    instance: Instance
    rows: Mapping[int, Token]
    state: State

    def number(self, token_id: int) -> int:
        """The engine's number of a token row; 0 when the row is gone."""
        row = self.rows.get(token_id)
        return row.number if row else 0


def lock(*, pk: int | None = None, tokens: int | None = None) -> Loaded | None:
    """Load one instance under its row lock, by its own number or by that of one of its tokens; None when there is none.

    Two statements, the tokens after the lock: in one, a transaction that had to wait would see the tokens as
    they were before the other one committed. Written by hand: composing them took longer than running them.
    """
    found = first_row(_LOCK, {"instance": pk, "token": tokens})
    if found is None:
        return None
    open_rows = all_rows(_TOKENS, {"instance": found[0]})
    waiting_rows = [Token.from_db(connection.alias, _TOKEN, _read(row, _TOKEN)) for row in open_rows]
    instance = _instance(found)
    return Loaded(instance, {row.pk: row for row in waiting_rows}, _state(instance, waiting_rows))


def _instance(found: tuple[Any, ...]) -> Instance:
    """The instance with what transitions need of its definition and mission; the rest is read when it is asked for."""
    own, definition = len(_INSTANCE), len(_DEFINITION)
    instance = Instance.from_db(connection.alias, _INSTANCE, _read(found[:own], _INSTANCE))
    instance.definition = Definition.from_db(connection.alias, _DEFINITION, found[own : own + definition])
    instance.mission = Mission.from_db(connection.alias, _MISSION, found[own + definition :])
    return instance


def _read(row: Sequence[Any], columns: Sequence[str]) -> list[Any]:
    """The values of a row; Django leaves JSON as text."""
    return [json.loads(value) if name in _JSON else value for name, value in zip(columns, row, strict=True)]


def local(now: datetime, instance: Instance) -> datetime:
    """The moment in the time zone of the instance's mission: days are counted there."""
    return now.astimezone(ZoneInfo(instance.mission.time_zone))


def clock(now: datetime, instance: Instance) -> Clock:
    """The clock of the instance's mission, with its working days; they cost nothing unless somebody counts them."""
    return Clock(local(now, instance), working_days.of(instance.mission))


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

    row: Token
    by: User


def write(
    loaded: Loaded,
    graph: Graph,
    result: tuple[State, Effects],
    now: datetime,
    completed: Completed | None = None,
) -> Advance:
    """Write the next state in one statement. Refused with code `changed` when the instance moved meanwhile."""
    state, effects = result
    instance = loaded.instance
    fresh, turned = standing.changes(loaded.state, state)
    kept = {token.number for token in state.tokens} - {token.number for token in fresh}
    instance.variables, instance.memory, instance.phase = dict(state.variables), _memory(state), state.phase
    instance.ended_at = now if state.ended else None
    parameters: dict[str, Any] = {
        "instance": instance.pk,
        "revision": instance.revision,
        "variables": json.dumps(instance.variables),
        "memory": json.dumps(instance.memory),
        "phase": instance.phase,
        "ended_at": instance.ended_at,
        "mission": instance.mission_id,
        "now": now,
        "gone": [row.pk for row in loaded.rows.values() if row.number not in kept],
        "done_token": completed.row.pk if completed else None,
        "done_node": completed.row.node if completed else None,
        "done_by": completed.by.pk if completed else None,
        "fresh": json.dumps([_new_row(token, graph) for token in fresh]),
    }
    statement, clocks = standing.and_turn(_WRITE, loaded.rows, turned, _data)
    moved, ids = first_row(statement, parameters | clocks) or (0, "{}")
    if not moved:
        raise Refused(
            _("Somebody else changed this case in the same moment. Please look at it again."), code="changed"
        )
    instance.revision += 1
    return Advance(instance, state.phase, _entered(effects, graph, ids), effects.history, state.ended)


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
        "data": _data(token),
        "allocation": node.allocation.value,
        "eyes": node.four_eyes_with,
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


def _memory(state: State) -> dict[str, Any]:
    return {"numbers": state.numbers, "done": [[done.node, done.scope, done.by] for done in state.done]}


def _data(token: Waiting) -> dict[str, Any]:
    """What the columns do not hold."""
    data: dict[str, Any] = {"host": token.host, "race": token.race, "flow": token.flow}
    data["held"] = standing.to_data(token.held)
    data["rounds"] = [[dict(round.own), round.over, round.gave] for round in token.rounds]
    return {name: value for name, value in data.items() if value}


def _state(instance: Instance, rows: list[Token]) -> State:
    memory: dict[str, Any] = instance.memory
    return State(
        tokens=tuple(waiting(row) for row in rows),
        variables=instance.variables,
        done=tuple(Done(*entry) for entry in memory.get("done", [])),
        phase=instance.phase,
        numbers=memory.get("numbers", 0),
    )


def done(instance: Instance) -> State:
    """The state without its tokens: enough to ask who completed what."""
    return _state(instance, [])


def waiting(row: Token) -> Waiting:
    """A token row as the engine sees it."""
    data: dict[str, Any] = row.data
    return Waiting(
        number=row.number,
        node=row.node,
        kind=Waits(row.kind),
        scope=row.scope,
        due=row.due_at,
        key=row.message_key,
        host=data.get("host", 0),
        race=data.get("race", 0),
        flow=data.get("flow", ""),
        rounds=tuple(Round(own, over, gave) for own, over, gave in data.get("rounds", [])),
        held=standing.from_data(data.get("held")),
    )
