"""What a running process is in rows, and what the same is in the engine."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from consular.workflow import standing
from consular.workflow.models import Instance, Token
from consular.workflow.state import Done, Round, State, Waits
from consular.workflow.state import Token as Waiting


class Row(NamedTuple):
    """What a transition needs of a token row, by the names of its columns: made much faster than a model."""

    id: int
    instance_id: int
    number: int
    node: str
    kind: str
    scope: str
    lane: str
    mission_id: int
    assignee_id: int | None
    allocation: str
    message_key: str
    data: dict[str, Any]
    due_at: datetime | None


class Place(NamedTuple):
    """What the deadlines of a process need of its mission."""

    pk: int
    country: str
    time_zone: str


def memory(state: State) -> dict[str, Any]:
    """Who completed what, and the last number given."""
    return {"numbers": state.numbers, "done": [[done.node, done.scope, done.by] for done in state.done]}


def data(token: Waiting) -> dict[str, Any]:
    """What the columns do not hold."""
    found: dict[str, Any] = {"host": token.host, "race": token.race, "flow": token.flow}
    found["held"] = standing.to_data(token.held)
    found["rounds"] = [[dict(round.own), round.over, round.gave] for round in token.rounds]
    return {name: value for name, value in found.items() if value}


def state(instance: Instance, rows: Iterable[Token | Row]) -> State:
    """A running process as the engine sees it."""
    kept: dict[str, Any] = instance.memory
    return State(
        tokens=tuple(waiting(row) for row in rows),
        variables=instance.variables,
        done=tuple(Done(*entry) for entry in kept.get("done", [])),
        phase=instance.phase,
        numbers=kept.get("numbers", 0),
    )


def done(instance: Instance) -> State:
    """The state without its tokens: enough to ask who completed what."""
    return state(instance, [])


def waiting(row: Token | Row) -> Waiting:
    """A token row as the engine sees it."""
    kept: dict[str, Any] = row.data
    return Waiting(
        number=row.number,
        node=row.node,
        kind=Waits(row.kind),
        scope=row.scope,
        due=row.due_at,
        key=row.message_key,
        host=kept.get("host", 0),
        race=kept.get("race", 0),
        flow=kept.get("flow", ""),
        rounds=tuple(Round(own, over, gave) for own, over, gave in kept.get("rounds", [])),
        held=standing.from_data(kept.get("held")),
    )
