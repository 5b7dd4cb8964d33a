"""The process of one case for officers: a list of its steps, and the drawing in which a script marks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consular.accounts.models import Role
from consular.accounts.sessions import REVALIDATED
from consular.cases import progress
from consular.cases.models import Case, Phase
from consular.desk.access import officer_required
from consular.desk.cases import case_of
from consular.workflow import library
from consular.workflow.days import last_day
from consular.workflow.drawing import drawing
from consular.workflow.graph import ENDS, Kind
from consular.workflow.models import Definition
from consular.workflow.outline import Standing, Step

TAGS = {Standing.OPEN: "info", Standing.DONE: "success"}
STATES = {
    "ahead": gettext_lazy("Later"),
    "perhaps": gettext_lazy("Only if needed"),
    "unneeded": gettext_lazy("Not needed"),
    "watching": gettext_lazy("May come meanwhile"),
    "open": gettext_lazy("Open"),
    "late": gettext_lazy("Overdue"),
    "done": gettext_lazy("Done"),
    "cancelled": gettext_lazy("Cancelled"),
}
"""How a step stands -> the word for it; the style sheet and the script have a mark for each."""
MARKED = ("done", "open", "late", "watching", "cancelled")
"""What is marked in the drawing."""
TIMED = frozenset({Kind.TIMER, Kind.ON_TIMER})


@dataclass(frozen=True)
class Line:
    """One step in words; `state` is a key of STATES, `tag` the colour of its word."""

    node: str
    name: str
    state: str
    word: str
    tag: str
    lane: str
    step: Step
    due_on: date | None
    is_timed: bool
    assignees: tuple[str, ...]
    inside: tuple["Line", ...]


@require_safe
@officer_required()
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Who did what, what is open and until when, what may come; the drawing only where there is one."""
    found = case_of(request, reference)
    reached = progress.for_officers(found)
    context = {
        "case": found,
        "service": _(found.form.title),
        "lines": _lines(reached.steps, found, reached.assignees),
        "is_drawn": bool(_drawn(reached.definition)),
        "states": [(state, STATES[state]) for state in MARKED],
    }
    return render(request, "desk/process.html", context)


@require_safe
@officer_required()
def diagram(request: HttpRequest, reference: str) -> HttpResponse:
    """The drawing with its names in the reader's language. It says nothing about the case: browsers may keep it."""
    drawn = _drawn(progress.definition_of(case_of(request, reference)))
    if not drawn:
        raise Http404
    answer = HttpResponse(drawn, content_type="application/xml; charset=utf-8")
    answer["ETag"] = f'"{sha256(drawn).hexdigest()}"'
    answer["Cache-Control"] = REVALIDATED
    unchanged = get_conditional_response(request, etag=answer["ETag"], response=answer)
    return unchanged or answer


def _drawn(definition: Definition) -> bytes:
    """The drawing of a process in the active language; empty when nobody drew one."""
    return _kept(definition, definition.sha256, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=64)
def _kept(definition: Definition, _sha256: str, _language: str) -> bytes:
    return drawing(library.source(definition), _)


def _lines(steps: tuple[Step, ...], case: Case, assignees: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
    """Ends that nobody gave a name are drawn, not listed: they say nothing that the step before did not say."""
    told = (step for step in steps if step.node.name or step.node.kind not in ENDS)
    return tuple(_line(step, case, assignees) for step in told)


def _line(step: Step, case: Case, assignees: Mapping[str, tuple[str, ...]]) -> Line:
    state = _state(step, case.phase != Phase.CLOSED)
    shows_due = step.due is not None and not step.is_paused
    return Line(
        node=step.node.id,
        name=_(step.node.name) if step.node.name else _("Step without a name"),
        state=state,
        word=str(STATES[state]),
        tag="danger" if step.is_late else TAGS.get(step.standing, ""),
        lane=_lane(step),
        step=step,
        due_on=last_day(step.due, ZoneInfo(case.mission.time_zone)) if shows_due and step.due else None,
        is_timed=step.node.kind in TIMED,
        assignees=assignees.get(step.node.id, ()),
        inside=_lines(step.inside, case, assignees),
    )


def _state(step: Step, is_open: bool) -> str:
    if step.is_late:
        return "late"
    if step.standing is not Standing.AHEAD or step.is_coming:
        return step.standing.value
    return "perhaps" if is_open else "unneeded"


def _lane(step: Step) -> str:
    """Whose work it is; only tasks are somebody's."""
    return str(Role(step.node.lane).label) if step.node.kind is Kind.USER and step.node.lane in Role else ""
