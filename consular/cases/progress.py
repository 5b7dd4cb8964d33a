"""How far a case has come in its process: all steps for officers, and for the applicant the few that matter, in words.

Read from the tokens and the history of the case; a history is read back to the last 2,000 lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular.cases.models import Case
from consular.core import clock
from consular.workflow import library, rows
from consular.workflow.milestones import milestones
from consular.workflow.models import Definition, Token
from consular.workflow.outline import TOLD_BY, Standing, Step, outline
from consular.workflow.replay import Recorded
from consular.workflow.state import HistoryItem

MOST_LINES = 2_000

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
}
"""Part of the way (a step or a phase) -> what the applicant reads; a step that is not here is told by its element."""


@dataclass(frozen=True)
class Part:
    """One part of the way in the applicant's words; `at` is when it was done."""

    what: str
    standing: Standing
    at: datetime | None


@dataclass(frozen=True)
class Progress:
    """The steps of a case for officers, who has taken the open ones (element -> names), and the published process."""

    definition: Definition
    steps: tuple[Step, ...]
    assignees: Mapping[str, tuple[str, ...]]


def for_officers(case: Case) -> Progress:
    """All steps, with the names of the officers who completed them or are at work on them."""
    definition = definition_of(case)
    waiting = list(
        Token.objects.filter(instance=case.instance_id).select_related("assignee").order_by("number")
    )
    names: dict[str, tuple[str, ...]] = {}
    for token in waiting:
        if token.assignee:
            names[token.node] = (*names.get(token.node, ()), token.assignee.name)
    steps = outline(library.graph(definition), map(rows.waiting, waiting), _history(case), clock.now())
    return Progress(definition, steps, names)


def for_applicant(case: Case) -> tuple[Part, ...]:
    """What is done, where the case is, and what usually comes next; nobody is named."""
    graph = library.graph(definition_of(case))
    waiting = Token.objects.filter(instance=case.instance_id).order_by("number")
    found = milestones(graph, map(rows.waiting, waiting), _history(case))
    told = (Part(_in_words(part.key, part.node.name), part.standing, part.at) for part in found)
    return tuple(part for part in told if part.what)


def _in_words(key: str, name: str) -> str:
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
