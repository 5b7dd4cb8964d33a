"""More cases like one that is there, each of another person: rows in the database of the running service."""

import secrets
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier, Placeholder
from psycopg.types.json import Jsonb

from consular.core import references
from consular.ops.postgres import Postgres

Connection = psycopg.Connection[dict[str, Any]]


def like(home: Path, surname: str, number: int) -> list[str]:
    """Sent cases, with their answers and what their process waits for; their references."""
    url = Postgres(home / "postgres").url
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.execute(
            "SET LOCAL session_replication_role = replica"
        )  # rows made of rows: nothing to be written down
        case = _one(connection, "cases_case", "applicant_name LIKE %s", f"{surname}%")
        return [_copy(connection, case, str(each)) for each in range(number)]


def _copy(connection: Connection, case: dict[str, Any], number: str) -> str:
    reference, other = references.issue(), f"Person{chr(ord('A') + int(number) % 26)}"
    instance = _insert(
        connection, "workflow_instance", _one(connection, "workflow_instance", "id = %s", case["instance_id"])
    )
    for token in connection.execute(
        "SELECT * FROM workflow_token WHERE instance_id = %s", (case["instance_id"],)
    ):
        _insert(connection, "workflow_token", token | {"instance_id": instance, "assignee_id": None})
    name = f"{other}, Seeded"
    copied = _insert(
        connection,
        "cases_case",
        case | {"reference": reference, "instance_id": instance, "applicant_name": name},
    )
    answers = _one(connection, "cases_answers", "case_id = %s", case["id"])
    answers["data"] |= {
        "surname": other,
        "given_names": "Seeded",
        "doc_number": f"S{secrets.randbelow(10**7):07}",
    }
    _insert(connection, "cases_answers", answers | {"case_id": copied})
    return reference


def _one(connection: Connection, table: str, condition: str, value: object) -> dict[str, Any]:
    statement = SQL("SELECT * FROM {} WHERE {}").format(Identifier(table), SQL(condition))  # type: ignore[arg-type]
    row = connection.execute(statement, (value,)).fetchone()
    assert row is not None, (table, value)
    return row


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> int:
    """A row like this one with a number of its own."""
    values = {
        name: Jsonb(value) if isinstance(value, dict | list) else value
        for name, value in row.items()
        if name != "id"
    }
    statement = SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
        Identifier(table), SQL(", ").join(map(Identifier, values)), SQL(", ").join(map(Placeholder, values))
    )
    made = connection.execute(statement, values).fetchone()
    assert made is not None
    return int(made["id"])
