"""The officer's queue: what is to be done at my missions in my roles, in tabs, narrowed and sorted as one likes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consular import casework
from consular.accounts.models import Role
from consular.cases import queue, queue_frame
from consular.cases.narrowing import Sort, Tab
from consular.cases.queue_frame import COUNTED, Frame
from consular.cases.worklists import WITH_TASKS
from consular.casework import teamwork
from consular.casework.proceedings import OPENING
from consular.core.errors import Refused
from consular.desk import queue_filters, queue_scope
from consular.desk.access import officer_required
from consular.desk.queue_lines import lines
from consular.desk.rows import in_words
from consular.missions.postings import Duties
from consular.missions.titles import title

TOO_BIG = 2**63
"""The first number the database cannot hold."""
KEYS = "queue_keys"
"""The cookie that says whether somebody has turned the keys off (WCAG 2.1.4)."""
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Lane:
    """One queue a person may take the next task of."""

    mission_id: int
    role: str
    name: str
    mission: str


@dataclass(frozen=True)
class TabLink:
    """One tab: where it leads, how many tasks lie there (`is_more`: at least so many)."""

    label: str
    address: str
    number: int
    is_more: bool
    is_shown: bool


@require_safe
@officer_required()
def tasks(request: HttpRequest) -> HttpResponse:
    """One page of open tasks: of the tab, view and filters in the address; without any, of the view one begins with."""
    scope = queue_scope.of(request)
    frame = queue_frame.frame(request.user, scope.duties)
    data = request.GET if request.GET or frame.start is None else frame.start.wanted
    filters = queue_filters.Filters(frame, scope.duties)
    wanted = filters.read(data)
    after = position(request.GET.get("after", ""), wanted.sort)
    rows, following = queue.page(scope.duties, wanted, user_id=request.user.pk, after=after)
    shown = in_words(rows)
    context = {
        "rows": shown,
        "lines": lines(shown),
        "missions": scope.missions,
        "tabs": _tabs(frame, wanted.tab),
        "wanted": queue_filters.parameters(wanted),
        "fields": filters.fields(wanted),
        "is_narrowed": bool(wanted.filters),
        "views": [(view, queue_filters.address(filters.read(view.wanted))) for view in frame.views],
        "lanes": _lanes(request.duties, frame),
        "mentions": teamwork.to_read(request.user, request.duties) if frame.has_mentions else [],
        "may_annul": bool(request.duties.roles & OPENING),
        "has_batches": bool(request.duties.roles & queue.SEES_TASKS),
        "keys": request.COOKIES.get(KEYS) != "off",
        "is_short": bool(following) and len(rows) < queue.PAGE,
        "looked": queue.LOOKED,
        "next_url": queue_filters.address(wanted, after=str(following)) if following else "",
        "first_url": queue_filters.address(wanted) if after else "",
        **_same_for_all(get_language()),
    }
    return render(request, "desk/queue.html", context)


@require_POST
@officer_required()
def claim_next(request: HttpRequest) -> HttpResponse:
    """Take the next task of a queue and open its case, where the Tab key goes on with its tasks."""
    try:
        mission, role = int(request.POST.get("mission", "")), Role(request.POST.get("role", ""))
    except ValueError:
        return redirect("desk:queue")
    if (mission, role) not in queue.queues(request.duties, Tab.TEAM):
        return redirect("desk:queue")
    try:
        reference = casework.claim_next(mission, role, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("desk:queue")
    return redirect(f"{reverse('desk:case', args=[reference])}#work")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def keys(request: HttpRequest) -> HttpResponse:
    """Which keys do what in the queue; they can be turned off and on, for this browser."""
    if request.method != "POST":
        return render(request, "desk/keys.html", {"keys": request.COOKIES.get(KEYS) != "off"})
    answer = redirect("desk:keys")
    state = "off" if request.POST.get("keys") == "off" else "on"
    answer.set_cookie(
        KEYS, state, max_age=A_YEAR, path="/desk/", secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return answer


@cache
def _same_for_all(_language: str | None) -> dict[str, str]:
    """The parts of the page that say the same to everybody, written once a language."""
    return {
        "head": render_to_string("desk/queue_head.html"),
        "acts": render_to_string(
            "desk/queue_acts.html", {"acts": [(act.value, act.label) for act in WITH_TASKS]}
        ),
        "key_list": render_to_string("desk/key_list.html"),
    }


def _tabs(frame: Frame, shown: Tab) -> list[TabLink]:
    """The tabs with how much lies there."""
    return [
        TabLink(str(tab.label), f"?show={tab.value}", number, number >= COUNTED, tab == shown)
        for tab, number in frame.counts.items()
    ]


def _lanes(duties: Duties, frame: Frame) -> list[Lane]:
    """The queues of these duties, mission by mission."""
    mine = queue.queues(duties, Tab.TEAM)
    return [
        Lane(mission, role.value, str(role.label), title(frame.missions[mission])) for mission, role in mine
    ]


def position(text: str, sort: Sort = Sort.DUE) -> queue.Place | None:
    """Where a page begins, from its address; anything else than what we wrote there means the first page."""
    begins, _, token = text.partition("-")
    try:
        number = int(token)
        if not 0 < number < TOO_BIG:
            return None
        if sort == Sort.RECEIVED:
            return queue.Received(int(begins), number) if 0 < int(begins) < TOO_BIG else None
        return queue.Position(datetime.fromtimestamp(float(begins), UTC), number)
    except (ValueError, OverflowError, OSError):
        return None
