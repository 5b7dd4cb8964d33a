"""SpiffWorkflow as a service would run it: its state lies in one row, read, moved and written in each transaction."""

import pickle
from collections.abc import Sequence

import psycopg

from tests.workflow.oracle import Oracle

TABLE = (
    "CREATE TABLE IF NOT EXISTS spiff (id bigserial PRIMARY KEY, state bytea NOT NULL, revision int NOT NULL)"
)


class Spiff:
    """One process after the other, on a connection of its own."""

    def __init__(self, url: str, xml: bytes, way: Sequence[tuple[str, dict[str, object]]]) -> None:
        self.own = psycopg.connect(url)
        self.own.execute(TABLE)
        self.own.commit()
        self.xml, self.way = xml, way
        self.read = pickle.dumps(Oracle(xml, {}))

    def begin(self) -> int:
        """A row with a process that has just started; its file is read beforehand."""
        with self.own.transaction():
            found = self.own.execute(
                "INSERT INTO spiff (state, revision) VALUES (%s, 0) RETURNING id", (self.read,)
            )
            (row,) = found.fetchone() or (0,)
        return int(row)

    def walk(self, row: int) -> int:
        """The way through the process, a transaction for each step; how many."""
        for node, given in self.way:
            with self.own.transaction():
                (state,) = self.own.execute(
                    "SELECT state FROM spiff WHERE id = %s FOR UPDATE", (row,)
                ).fetchone() or (b"",)
                case = pickle.loads(state)  # noqa: S301  written by ourselves a moment ago
                case.act(node, given)
                self.own.execute(
                    "UPDATE spiff SET state = %s, revision = revision + 1 WHERE id = %s",
                    (pickle.dumps(case), row),
                )
        return len(self.way)
