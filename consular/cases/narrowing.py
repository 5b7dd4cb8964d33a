"""What an officer wants to see of the queues: which tasks, narrowed by what, in which order."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consular.core import clock
from consular.formspec import places

LOOKED = 5_000
"""Tasks that one page looks through for what no index knows."""
OWN = "DEU"
EU = frozenset({*places.MEMBER_STATES, "CYP", "IRL"}) - {OWN}
"""The other states of the European Union and the European Economic Area, and Switzerland."""


class Tab(TextChoices):
    """Whose tasks."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("My roles")
    MISSION = "mission", _("My missions")
    SHARED = "shared", _("Shared with other offices")


class Sort(TextChoices):
    """What comes first."""

    DUE = "due", _("Due first")
    WAITING = "since", _("Waiting longest")
    RECEIVED = "received", _("Received first")


class Due(TextChoices):
    """By when."""

    OVERDUE = "overdue", _("Overdue")
    DAY = "1", _("Within a day")
    WEEK = "7", _("Within seven days")


class Nation(TextChoices):
    """Classes of nationality: free movement makes the difference for most services."""

    OWN = "own", _("Germany")
    EU = "eu", _("Other EU or EEA states and Switzerland")
    OTHER = "other", _("Other states")


class Waits(StrEnum):
    """For so many days at least."""

    THREE = "3"
    WEEK = "7"
    TWO_WEEKS = "14"
    MONTH = "30"


NOBODY = "nobody"
ANY_FLAG = "any"
SORTS = {
    Sort.DUE: ("t.due_at", "timestamptz"),
    Sort.WAITING: ("t.since", "timestamptz"),
    Sort.RECEIVED: ("t.instance_id", "bigint"),
}
"""The column of each order, and its type; (mission, lane, column, id) has an index."""


@dataclass(frozen=True)
class Wanted:
    """Which tasks are to be seen. Empty text means: all of them. `person` is the number of an officer, or nobody."""

    tab: Tab = Tab.TEAM
    service: str = ""
    task: str = ""
    phase: str = ""
    due: str = ""
    nation: str = ""
    flag: str = ""
    waits: str = ""
    person: str = ""
    sort: Sort = Sort.DUE

    @property
    def filters(self) -> dict[str, str]:
        """What narrows it, by name."""
        apart = {"tab", "sort"}
        given = {each.name: str(getattr(self, each.name)) for each in fields(self) if each.name not in apart}
        return {name: value for name, value in given.items() if value}

    @property
    def officer(self) -> int | None:
        """Whose tasks only, where one person is named."""
        return int(self.person) if self.person.isdecimal() else None


def reach(wanted: Wanted) -> list[str]:
    """What an index bounds when the tasks are sorted by it: conditions on each head, with the values of `narrow`."""
    return [text for sort, text in _bounds(wanted) if sort == wanted.sort]


def narrow(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    """The conditions that each task is looked at for, and the values."""
    given = wanted.filters
    texts = [text for name, text in _CONDITIONS.items() if name in given]
    texts += [text for sort, text in _bounds(wanted) if sort != wanted.sort]
    if wanted.nation:
        texts.append(_NATIONS[Nation(wanted.nation)])
    if wanted.flag:
        texts.append(_FLAGGED.format(kind="" if wanted.flag == ANY_FLAG else "AND f.kind = %(flag)s"))
    if wanted.person == NOBODY:
        texts.append("t.assignee_id IS NULL")
    elif wanted.officer and wanted.tab == Tab.SHARED:
        texts.append("t.assignee_id = %(officer)s")
    return texts, _values(wanted)


def _bounds(wanted: Wanted) -> Iterator[tuple[Sort, str]]:
    """What bounds the moments of a task, with the order in which it is found at the beginning."""
    if wanted.due:
        yield Sort.DUE, "t.due_at < %(until)s"
    if wanted.waits:
        yield Sort.WAITING, "t.since <= %(waiting)s"


def _values(wanted: Wanted) -> dict[str, Any]:
    """Of all conditions: more than a statement names does no harm."""
    now = clock.now()
    days = int(wanted.due) if wanted.due.isdecimal() else 0
    states = {Nation.OWN.value: {OWN}, Nation.EU.value: EU}.get(wanted.nation, EU | {OWN})
    return {
        **wanted.filters,
        "officer": wanted.officer,
        "until": now + timedelta(days=days),
        "waiting": now - timedelta(days=int(wanted.waits or 0)),
        "states": sorted(states),
    }


_CONDITIONS = {
    "service": "c.service = %(service)s",
    "task": "t.node = %(task)s",
    "phase": "c.phase = %(phase)s",
    "due": "t.data -> 'held' IS NULL",
}
_FLAGGED = "EXISTS (SELECT FROM cases_flag f WHERE f.case_id = c.id AND f.removed_at IS NULL {kind})"
_NATIONS = {
    Nation.OWN: "c.nationality = ANY(%(states)s)",
    Nation.EU: "c.nationality = ANY(%(states)s)",
    Nation.OTHER: "c.nationality <> '' AND NOT c.nationality = ANY(%(states)s)",
}
