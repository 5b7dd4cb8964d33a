"""Queue rows in the officer's words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consular import formspec
from consular.cases.models import Phase
from consular.cases.narrowing import EU, OWN, Nation
from consular.cases.queue import Row
from consular.cases.teamwork import FlagKind, flag_kinds
from consular.core import clock
from consular.missions.models import Mission
from consular.missions.titles import title
from consular.workflow import store
from consular.workflow.days import last_day
from consular.workflow.graph import Allocation
from consular.workflow.models import Definition


@dataclass(frozen=True)
class QueueRow:
    """What one line of the queue says; the day of the deadline is the mission's, as on the page of the case.

    While its clock stands still (`is_paused`) the day is where it stood, and nothing is overdue.
    `has_unread`: documents have come that no officer has opened yet. `due_in` and `waits` say days in words. The
    addresses of the case and for taking the task are written here, from two that are looked up once a page.
    """

    reference: str
    token_id: int
    address: str
    claim_address: str
    applicant: str
    service: str
    task: str
    phase: str
    nationality: str
    due_on: date
    due: str
    due_in: str
    waits: str
    is_overdue: bool
    is_paused: bool
    assignee: str | None
    has_unread: bool
    flags: Sequence[FlagKind]
    is_handed_out: bool
    elsewhere: str
    """In whose queue a shared task lies; "" for one in the queue of its own mission."""


@dataclass(frozen=True)
class _Written:
    """What the rows of a page have in common: two addresses with places for their parts, the moment, and how each
    value is written, looked up once for the page."""

    case: str
    claim: str
    now: datetime
    today: Callable[[str], date]
    day: Callable[[date], str]
    task: Callable[[int, str, str], str]
    service: Callable[[str], str]
    phase: Callable[[str], str]
    nationality: Callable[[str], str]
    due_in: Callable[[int], str]
    waits: Callable[[int], str]


def in_words(rows: Sequence[Row]) -> list[QueueRow]:
    """The rows with the names of their tasks and services in the active language."""
    written = _Written(
        case=reverse("desk:case", args=["*"]),
        claim=reverse("desk:claim", args=["*", 0]),
        now=clock.now(),
        today=cache(clock.today),
        day=cache(lambda day: date_format(day, "SHORT_DATE_FORMAT")),
        task=cache(_task),
        service=cache(lambda service: _(formspec.latest(service).form.title)),
        phase=cache(lambda phase: str(Phase(phase).label)),
        nationality=cache(nation_of),
        due_in=cache(due_in_words),
        waits=cache(waits_in_words),
    )
    return [_row(row, written) for row in rows]


def _task(definition_id: int, sha256: str, node: str) -> str:
    """The name of a task in its process, which is compiled once per worker."""
    return _(store.graph(Definition(pk=definition_id, sha256=sha256)).node(node).name)


def _row(row: Row, written: _Written) -> QueueRow:
    zone = ZoneInfo(row.time_zone)
    due_on, today = last_day(row.due_at, zone), written.today(row.time_zone)
    is_paused = row.held is not None
    return QueueRow(
        reference=row.reference,
        token_id=row.token_id,
        address=written.case.replace("*", row.reference),
        claim_address=written.claim.replace("*", row.reference).replace("/0/", f"/{row.token_id}/"),
        applicant=row.applicant,
        service=written.service(row.service),
        task=written.task(row.definition_id, row.sha256, row.node),
        phase=written.phase(row.phase),
        nationality=written.nationality(row.nationality),
        due_on=due_on,
        due=written.day(due_on),
        due_in="" if is_paused else written.due_in((due_on - today).days),
        waits=written.waits((today - row.since.astimezone(zone).date()).days),
        is_overdue=not is_paused and row.due_at < written.now,
        is_paused=is_paused,
        assignee=row.assignee,
        has_unread=row.has_unread,
        flags=list(_flags(row.flags)),
        is_handed_out=row.allocation != Allocation.FREE and row.assignee_id is None,
        elsewhere=title(Mission(kind=row.kind, city=row.city)) if row.home_id else "",
    )


def due_in_words(days: int) -> str:
    """How far off a day is, in the active language."""
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}


def waits_in_words(days: int) -> str:
    """For how long a task has waited, in the active language."""
    if days < 1:
        return _("since today")
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def nation_of(code: str) -> str:
    """The class of a nationality; "" where it is not known."""
    if not code:
        return ""
    found = Nation.OWN if code == OWN else Nation.EU if code in EU else Nation.OTHER
    return str(found.label)


def _flags(kinds: Iterable[str]) -> Iterable[FlagKind]:
    known = flag_kinds()
    return (known.get(each, FlagKind(each, each, "")) for each in kinds)
