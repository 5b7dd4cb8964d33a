"""SpiffWorkflow as a service would run it: its state lies in one row, read, moved and written in each transaction."""

import json
import pickle
from collections.abc import Sequence

import psycopg
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from tests.workflow.oracle import Oracle, conditions

TABLE = (
    "CREATE TABLE IF NOT EXISTS spiff (id bigserial PRIMARY KEY, state bytea NOT NULL, revision int NOT NULL)"
)
BEGIN = "INSERT INTO spiff (state, revision) VALUES (%s, 0) RETURNING id"
READ = "SELECT state FROM spiff WHERE id = %s FOR UPDATE"
WRITE = "UPDATE spiff SET state = %s, revision = revision + 1 WHERE id = %s"


class Pickled:
    """The state as Python pickles it: faster than what the library offers, and tied to its version."""

    name = "SpiffWorkflow, its state pickled in one row"

    def pack(self, case: Oracle) -> bytes:
        """The state as bytes."""
        return pickle.dumps(case)

    def unpack(self, state: bytes) -> Oracle:
        """The same case again."""
        case = pickle.loads(state)  # noqa: S301  written by ourselves a moment ago
        assert isinstance(case, Oracle)
        return case


class Serialized:
    """The state as the library's own serializer writes it, the process with it, as its documentation shows."""

    name = "SpiffWorkflow, its state in one row by its own serializer"

    def __init__(self) -> None:
        self.serializer = BpmnWorkflowSerializer()

    def pack(self, case: Oracle) -> bytes:
        """The state as bytes."""
        return json.dumps([case.variables, self.serializer.serialize_json(case.flow)]).encode()

    def unpack(self, state: bytes) -> Oracle:
        """The same case again."""
        variables, text = json.loads(state)
        case = Oracle.__new__(Oracle)
        case.variables, case.flow = variables, self.serializer.deserialize_json(text)
        case.flow.script_engine = conditions(variables)
        return case


class Spiff:
    """One process after the other, on a connection of its own."""

    def __init__(
        self,
        url: str,
        xml: bytes,
        way: Sequence[tuple[str, dict[str, object]]],
        form: Pickled | Serialized,
    ) -> None:
        self.own = psycopg.connect(url)
        self.own.execute(TABLE)
        self.own.commit()
        self.form, self.way = form, way
        self.begun = form.pack(Oracle(xml, {}))

    def begin(self) -> int:
        """A row with a process that has just started; its file is read beforehand."""
        with self.own.transaction():
            (row,) = self.own.execute(BEGIN, (self.begun,)).fetchone() or (0,)
        return int(row)

    def walk(self, row: int) -> int:
        """The way through the process, a transaction for each step; how many."""
        for node, given in self.way:
            with self.own.transaction():
                (state,) = self.own.execute(READ, (row,)).fetchone() or (b"",)
                case = self.form.unpack(state)
                case.act(node, given)
                self.own.execute(WRITE, (self.form.pack(case), row))
        return len(self.way)
