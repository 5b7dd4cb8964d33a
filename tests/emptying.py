"""Tests that commit leave rows behind. Django's flush truncates every table and makes its content types anew, which
takes longer than most of these tests; here only what was filled is emptied.
"""

from functools import cache

from django.core.management import call_command
from django.db import connection, transaction

KEPT = {"django_content_type", "auth_permission"}
"""Filled by migrations, and the same for every test."""


@cache
def _tables() -> tuple[str, ...]:
    return tuple(sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT))


def forget() -> None:
    """Leave nothing of what a fixture committed for all tests of a file."""
    if not empty():
        call_command("flush", interactive=False, inhibit_post_migrate=False, verbosity=0)


def empty() -> bool:
    """Delete all rows that were committed, waiting for whoever still writes; False where that takes a superuser."""
    connection.ensure_connection()
    if connection.connection.info.parameter_status("is_superuser") != "on":
        return False
    filled = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in _tables())  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(_tables())} IN EXCLUSIVE MODE")
        cursor.execute("SET LOCAL session_replication_role = replica")  # neither triggers nor foreign keys
        cursor.execute(filled)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    return True
