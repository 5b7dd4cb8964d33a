"""The rows of an officer's queue, page by page, with the same effort at any depth and size.

One head of the covering index per mission and role, put together by UNION ALL: an `IN` would sort everything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from consular.accounts.models import Role, User
from consular.cases.arrivals import UNREAD
from consular.core.prepared import all_rows
from consular.missions.postings import Duties
from consular.workflow.models import Token, TokenKind

PAGE = 25
DOES_TASKS = frozenset({Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION})

KEY = ("id", "due_at")
_SHOWN = """
SELECT t.id, t.node, t.due_at, t.since, t.assignee_id, u.name, i.definition_id, c.reference, c.applicant_name,
    c.service, m.time_zone, EXISTS (UNREAD), t.data -> 'held'
FROM workflow_token t
JOIN workflow_instance i ON i.id = t.instance_id
JOIN missions_mission m ON m.id = t.mission_id
LEFT JOIN cases_case c ON c.instance_id = i.id
LEFT JOIN accounts_user u ON u.id = t.assignee_id
WHERE t.id = ANY(%(ids)s) ORDER BY t.due_at, t.id
""".replace("UNREAD", UNREAD.format(what="", case="c.id", sent="c.submitted_at"))


@dataclass(frozen=True)
class Row:
    """One open task, as plain values."""

    token_id: int
    node: str
    due_at: datetime
    since: datetime
    assignee_id: int | None
    assignee: str | None
    definition_id: int
    reference: str
    applicant: str
    service: str
    time_zone: str
    has_unread: bool
    """Whether documents have come that nobody at the mission has opened yet."""
    held: Mapping[str, str] | None
    """What is kept of a clock that stands still, and nothing while it runs."""


@dataclass(frozen=True)
class Position:
    """Where a page begins: after this due moment and task."""

    due_at: datetime
    token_id: int

    def __str__(self) -> str:
        return f"{self.due_at.timestamp():.6f}-{self.token_id}"


def page(
    duties: Duties, *, after: Position | None = None, size: int = PAGE
) -> tuple[list[Row], Position | None]:
    """One page of the open tasks of a person's missions and roles, by due date, and where the next page begins.

    A head of section sees those of the whole section, to assign them.
    """
    heads = [
        _after(Token.objects.filter(kind=TokenKind.TASK, mission=mission, lane=role), after)[: size + 1]
        for mission, role in sorted(_listed(duties))
    ]
    return _rows(heads, size)


def _listed(duties: Duties) -> set[tuple[int, Role]]:
    """The queues that are listed for somebody with these duties."""
    own = {(mission, role) for mission, role in duties.at if role in DOES_TASKS}
    headed = duties.missions_with({Role.HEAD_OF_SECTION})
    return own | {(mission, role) for mission in headed for role in DOES_TASKS}


def mine(
    user: User, duties: Duties, *, after: Position | None = None, size: int = PAGE
) -> tuple[list[Row], Position | None]:
    """One page of the open tasks a person has claimed, by due date; without those of duties that have ended."""
    still = [Q(mission=mission, lane=role) for mission, role in sorted(duties.at) if role in DOES_TASKS]
    if not still:
        return [], None
    claimed = Token.objects.filter(reduce(or_, still), kind=TokenKind.TASK, assignee=user)
    return _rows([_after(claimed, after)[: size + 1]], size)


def _after(tokens: QuerySet[Token], after: Position | None) -> QuerySet[Token]:
    if after:
        # a row comparison walks the index; OR of two conditions would not
        later = Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, id__gt=after.token_id)
        tokens = tokens.filter(Q(due_at__gte=after.due_at) & later)
    return tokens.order_by("due_at", "id")


def _rows(heads: list[QuerySet[Token]], size: int) -> tuple[list[Row], Position | None]:
    if not heads:
        return [], None
    keys = [head.values_list(*KEY) for head in heads]
    merged = keys[0].union(*keys[1:], all=True).order_by("due_at", "id") if len(keys) > 1 else keys[0]
    listed = list(merged[: size + 1])
    ids = [token_id for token_id, _ in listed[:size]]
    found = all_rows(_SHOWN, {"ids": ids})
    following = None
    if len(listed) > size:  # not of the rows: a task may be done between the two statements
        token_id, due_at = listed[size - 1]
        following = Position(due_at, token_id)
    return [Row(*(*row[:-1], json.loads(row[-1]) if row[-1] else None)) for row in found], following
