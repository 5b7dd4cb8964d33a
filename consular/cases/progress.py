"""How far a case has come in its process: all steps for officers, and for the applicant the few that matter, in words.

Read from the tokens and the history of the case; a history is read back to the last 2,000 lines.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case, Phase
from consular.core import clock
from consular.workflow import library, limits, rows
from consular.workflow.days import last_day
from consular.workflow.graph import Graph
from consular.workflow.milestones import milestones
from consular.workflow.models import Definition, Token
from consular.workflow.outline import TOLD_BY, Standing, Step, outline
from consular.workflow.replay import Recorded
from consular.workflow.state import HistoryItem
from consular.workflow.state import Token as Waiting

MOST_LINES = 2_000

OF_THE_APPLICANT = ("applicant.answered", "appointment.confirmed")
"""The messages that follow from what the applicant does."""

WORDS: Mapping[str, Any] = {
    "check": _("The mission checks whether your application is complete"),
    "answer": _("You answer the questions of the mission"),
    "book": _("You book an appointment"),
    "lodge": _("You come to the mission with your documents"),
    "admit": _("The mission checks whether it can deal with your application"),
    "propose": _("The mission examines your application and decides"),
    "decided": _("You get a letter with the decision"),
    "ready": _("You collect your documents"),
    "in_review": _("The mission examines your application"),
    "your_turn": _("You do what the mission asks for"),
    "waiting": _("Another authority is asked"),
    "return": _("You get a letter that says why your application is not examined"),
    "withdraw": _("You get a letter that confirms the withdrawal"),
    "produce": _("Your document is made"),
    "tell": _("The mission tells you the result"),
}
"""Part of the way (a step or a phase) -> what the applicant reads; a step that is not here is told by its element."""


UNASKED: Mapping[str, Any] = {"propose": _("The mission examines the case and decides")}
"""The same where nobody has applied: the mission has opened the case."""


@dataclass(frozen=True)
class Part:
    """One part of the way in the applicant's words; `at` is when it was done."""

    what: str
    standing: Standing
    at: datetime | None


@dataclass(frozen=True)
class Turn:
    """The last day on which the applicant can act in time; `lapses`: after it the application has lapsed."""

    last_day: date
    lapses: bool


@dataclass(frozen=True)
class Told:
    """What an applicant is told of a case, and the messages that its process waits for."""

    way: tuple[Part, ...]
    turn: Turn | None
    awaited: frozenset[str]


@dataclass(frozen=True)
class Progress:
    """The steps of a case for officers, who has taken the open ones (element -> names), and the published process."""

    definition: Definition
    steps: tuple[Step, ...]
    assignees: Mapping[str, tuple[str, ...]]


def for_officers(case: Case) -> Progress:
    """All steps, with the names of the officers who completed them or are at work on them."""
    definition = definition_of(case)
    tokens = list(
        Token.objects.filter(instance=case.instance_id).select_related("assignee").order_by("number")
    )
    names: dict[str, tuple[str, ...]] = {}
    for token in tokens:
        if token.assignee:
            names[token.node] = (*names.get(token.node, ()), token.assignee.name)
    steps = outline(library.graph(definition), map(rows.waiting, tokens), _history(case), clock.now())
    return Progress(definition, steps, names)


def for_applicant(case: Case) -> Told:
    """What is done, where the case is, and what usually comes next; nobody is named. The tokens are read once."""
    graph = library.graph(definition_of(case))
    rows_of = Token.objects.filter(instance=case.instance_id).order_by("number")
    tokens = [rows.waiting(row) for row in rows_of]
    found = milestones(graph, tokens, _history(case))
    applied = case.form.is_for_applicants
    told = (Part(_in_words(part.key, part.node.name, applied), part.standing, part.at) for part in found)
    awaited = frozenset(token.key for token in tokens if token.key)
    return Told(tuple(part for part in told if part.what), _turn(case, graph, tokens), awaited)


def _turn(case: Case, graph: Graph, tokens: Collection[Waiting]) -> Turn | None:
    """Until when the applicant has to act, and whether the application lapses otherwise; None without such a day."""
    if case.phase != Phase.YOUR_TURN or case.mission is None:
        return None
    found = [limits.limit(graph, tokens, message) for message in OF_THE_APPLICANT]
    dated = [(limit.due, limit.node) for limit in found if limit and limit.due]
    if not dated:
        return None
    due, node = min(dated)
    last = last_day(due, ZoneInfo(case.mission.time_zone))
    return Turn(last, limits.outcome(graph, node) == "lapsed")


def _in_words(key: str, name: str, is_applied_for: bool) -> str:
    if key in UNASKED and not is_applied_for:
        return str(UNASKED[key])
    return str(WORDS[key]) if key in WORDS else gettext(name) if name else ""


def definition_of(case: Case) -> Definition:
    """The published process a case runs on."""
    if case.instance is None:
        raise ValueError(f"{case} was not sent yet")
    return case.instance.definition


def _history(case: Case) -> Iterable[Recorded]:
    """The lines of the process, oldest first, with the officers' names; a message between people is none of them."""
    told = case.events.filter(kind__in=TOLD_BY).exclude(kind="message", node="")
    for event in reversed(told.select_related("actor").order_by("-id")[:MOST_LINES]):
        by = event.actor.name if event.actor and event.actor.is_official else ""
        yield Recorded(event.at, HistoryItem(event.kind, event.node, event.data), by)
