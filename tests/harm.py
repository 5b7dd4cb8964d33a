"""Switching off what the database refuses, to see the harm it keeps away."""

from django.db import connection, models


def without(model: type[models.Model], name: str) -> None:
    """Drop a constraint or a unique index of a table until the test ends; `name` is its name or that of its field."""
    field = next((field for field in model._meta.local_fields if field.name == name), None)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = connection.introspection.get_constraints(cursor, table)
        doomed = [
            key
            for key, facts in found.items()
            if key == name or (field and facts["unique"] and facts["columns"] == [field.column])
        ]
        assert doomed, f"{table} has no {name}"
        for key in doomed:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{key}"')
            cursor.execute(f'DROP INDEX IF EXISTS "{key}"')
