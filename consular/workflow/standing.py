"""Clocks that stand still, as rows: the token stays the same row, with its number and whoever works on it."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from consular.core.prepared import Part
from consular.workflow.state import Held, State, Token

_TURN = """, turned AS (
    UPDATE workflow_token SET due_at = row.due, data = row.data
    FROM moved, json_to_recordset(%(turned)s) AS row (id bigint, due timestamptz, data jsonb)
    WHERE workflow_token.id = row.id
)"""


def changes(before: State, after: State) -> tuple[list[Token], dict[int, Token]]:
    """The tokens that need rows of their own, and by number those of which nothing but the clock has changed."""
    known = {token.number: token for token in before.tokens}
    changed = [token for token in after.tokens if known.get(token.number) != token]
    turned = {token.number: token for token in changed if _has_turned(token, known.get(token.number))}
    return [token for token in changed if token.number not in turned], turned


def _has_turned(token: Token, before: Token | None) -> bool:
    return before is not None and token._replace(due=before.due, held=before.held) == before


def turn(turned: Iterable[tuple[int, Token]], data: Callable[[Token], Mapping[str, Any]]) -> Part:
    """What also writes the clocks of the rows (by id) whose tokens have turned, in the statement that writes a step."""
    written = [
        {"id": id, "due": token.due.isoformat() if token.due else None, "data": data(token)}
        for id, token in turned
    ]
    return Part(_TURN, {"turned": json.dumps(written)})


def to_data(held: Held | None) -> dict[str, str]:
    """A clock that stands still as JSON."""
    return {"since": held.since.isoformat(), "due": held.due.isoformat()} if held else {}


def from_data(data: Mapping[str, str] | None) -> Held | None:
    """The clock that was written as JSON, when it stands still."""
    if not data:
        return None
    return Held(datetime.fromisoformat(data["since"]), datetime.fromisoformat(data["due"]))
