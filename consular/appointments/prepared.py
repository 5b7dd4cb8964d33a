"""Statements that PostgreSQL plans once per connection: planning one of booking takes longer than running it.

Measured: 1.1 ms each when sent as text, 0.25 ms prepared. A pooler in front of the database must know them
(PgBouncer from 1.21).
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.postgresql.base import CursorMixin
from django.db.backends.utils import CursorWrapper


class _Prepared(CursorMixin, psycopg.Cursor[Any]):
    """Django's cursor with parameters bound by the server, preparing at first sight."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


def first_row(statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run one statement in the caller's transaction and give its first row."""
    connection.ensure_connection()
    with _counted(_Prepared(connection.connection)) as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _counted(raw: Any) -> CursorWrapper:
    """Where statements are counted or logged, these are too."""
    return connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
