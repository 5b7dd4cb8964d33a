"""What to bring and how long it takes, by the decisions `documents` and `duration` of the table `documents`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from consular.fees.tables import Facts, TableFailed, ask
from consular.formspec import Folder


@dataclass(frozen=True)
class Document:
    """One line of the checklist; `label`, `note` and `basis` are English messages."""

    id: str
    label: str
    note: str
    basis: str


@dataclass(frozen=True)
class Duration:
    """Calendar days from lodging to decision, as a rule and at most, with the legal source as English message."""

    usual_days: int
    most_days: int
    basis: str


def documents(folder: Folder, facts: Facts, on: date) -> tuple[Document, ...]:
    """The documents to bring, in the order of the table. `facts` are answers by question id."""
    rows = ask(folder, "documents", "documents", facts, on).value
    if not isinstance(rows, list):
        raise TableFailed("documents.dmn gives no list")
    return tuple(_document(row) for row in rows if isinstance(row, dict))


def duration(folder: Folder, facts: Facts, on: date) -> Duration | None:
    """How long a decision takes; None where the service promises nothing."""
    row = ask(folder, "documents", "duration", facts, on).value
    if not isinstance(row, dict):
        return None
    usual, most = row["usual_days"], row["most_days"]
    if not isinstance(usual, Decimal) or not isinstance(most, Decimal):
        raise TableFailed("documents.dmn gives a duration without days")
    return Duration(int(usual), int(most), str(row["basis"]))


def _document(row: dict[str, Any]) -> Document:
    return Document(str(row["document"]), str(row["label"]), str(row["note"]), str(row["basis"]))
