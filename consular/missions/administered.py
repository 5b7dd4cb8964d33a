"""The rows that a mission keeps itself, as lists that can be compared, kept and written back exactly.

A state is the sorted list of all rows of one subject: of a detail `[valid_from, value]`, of a person's postings
`[role, first day, last day or null]`, of intake sites `[kind, name, city, groups, areas, from, to or null, uncertain]`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet

from consular.missions.changes import Detail, Subject
from consular.missions.models import IntakeSite, Posting

State = list[list[Any]]
COLUMNS: dict[Subject, tuple[str, ...]] = {
    Subject.DETAIL: ("valid_from", "value"),
    Subject.STAFF: ("role", "starts_on", "ends_on"),
    Subject.SITES: (
        "kind",
        "name",
        "city",
        "service_groups",
        "areas",
        "valid_from",
        "valid_to",
        "uncertain",
    ),
}
DAYS = frozenset({"valid_from", "valid_to", "starts_on", "ends_on"})


@dataclass(frozen=True)
class Target:
    """What is changed: a detail by its name, the postings of one account at the mission, or its intake sites."""

    subject: Subject
    mission: int
    about: str = ""


def state_of(target: Target) -> State:
    """What stands now."""
    found = _rows(target).values_list(*COLUMNS[target.subject])
    return tidy([[_plain(cell) for cell in row] for row in found])


def tidy(state: Sequence[Sequence[Any]]) -> State:
    """The same rows in the order in which they are kept."""
    return sorted((list(row) for row in state), key=_key)


def mark(state: State) -> str:
    """By what a state is known again: who saves must have seen what stands."""
    return hashlib.sha256(_key(state).encode()).hexdigest()


def write(target: Target, state: State) -> None:
    """Make it so: rows that are not in the state go, new ones come, all others stay as they are."""
    columns = COLUMNS[target.subject]
    wanted = {_key(row): row for row in state}
    for row in _rows(target):
        key = _key([_plain(getattr(row, name)) for name in columns])
        if wanted.pop(key, None) is None:
            row.delete()
    model = _rows(target).model
    for row in wanted.values():
        values = dict(zip(columns, row, strict=True))
        fields = {name: _day(value) if name in DAYS else value for name, value in values.items()}
        model._default_manager.create(mission_id=target.mission, **_owner(target), **fields)


def gains(before: State, after: State) -> list[str]:
    """The roles of a person's postings that last longer or begin earlier after a change, or are new."""
    return sorted({role for role, first, last in after if not _was_there(role, first, last, before)})


def _was_there(role: str, first: str, last: str | None, before: State) -> bool:
    return any(
        role == one and since <= first and (until is None or (last is not None and last <= until))
        for one, since, until in before
    )


def _rows(target: Target) -> QuerySet[Any]:
    models: dict[Subject, type[Model]] = {
        Subject.DETAIL: Detail,
        Subject.STAFF: Posting,
        Subject.SITES: IntakeSite,
    }
    return models[target.subject]._default_manager.filter(mission=target.mission, **_owner(target))


def _owner(target: Target) -> dict[str, Any]:
    if target.subject == Subject.DETAIL:
        return {"name": target.about}
    return {"user_id": int(target.about)} if target.subject == Subject.STAFF else {}


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
