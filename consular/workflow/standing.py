"""Clocks that stand still, as rows: the token stays the same row, with its number and whoever works on it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from consular.workflow.models import Token as Row
from consular.workflow.state import Held, State, Token

_TURN = """
UPDATE workflow_token SET due_at = turned.due, data = turned.data
FROM unnest(%s::bigint[], %s::timestamptz[], %s::jsonb[]) AS turned (id, due, data)
WHERE workflow_token.id = turned.id
"""


def changes(before: State, after: State) -> tuple[list[Token], dict[int, Token]]:
    """The tokens that need rows of their own, and by number those of which nothing but the clock has changed."""
    known = {token.number: token for token in before.tokens}
    changed = [token for token in after.tokens if known.get(token.number) != token]
    turned = {token.number: token for token in changed if _has_turned(token, known.get(token.number))}
    return [token for token in changed if token.number not in turned], turned


def _has_turned(token: Token, before: Token | None) -> bool:
    return before is not None and replace(token, due=before.due, held=before.held) == before


def turn(
    rows: Mapping[int, Row], turned: Mapping[int, Token], data: Callable[[Token], Mapping[str, Any]]
) -> None:
    """Write the clocks of the rows (by id) whose tokens (by number) have turned, in one statement."""
    found = [(id, turned[row.number]) for id, row in rows.items() if row.number in turned]
    columns = (
        [id for id, _token in found],
        [token.due for _id, token in found],
        [Jsonb(data(token)) for _id, token in found],
    )
    with connection.cursor() as cursor:
        cursor.execute(_TURN, columns)


def to_data(held: Held | None) -> dict[str, str]:
    """A clock that stands still as JSON."""
    return {"since": held.since.isoformat(), "due": held.due.isoformat()} if held else {}


def from_data(data: Mapping[str, str] | None) -> Held | None:
    """The clock that was written as JSON, when it stands still."""
    if not data:
        return None
    return Held(datetime.fromisoformat(data["since"]), datetime.fromisoformat(data["due"]))
