"""Whose queues somebody sees whose role holds at all missions: those of one mission at a time, which they choose."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from consular.cases.queue import DOES_TASKS, SEES_TASKS
from consular.core import clock
from consular.desk.access import officer_required
from consular.missions.models import Mission, Posting
from consular.missions.postings import Duties
from consular.missions.titles import title

COOKIE = "queue_mission"
"""The code of the mission that was chosen last, in this browser."""


@dataclass(frozen=True)
class Scope:
    """The duties by which queues are shown, and the missions one can choose from: code, title, whether it is shown."""

    duties: Duties
    missions: tuple[tuple[str, str, bool], ...] = ()


def of(request: HttpRequest) -> Scope:
    """The duties of an officer as they are; where they read cases everywhere, those at the chosen mission besides.

    Only the pages of queues are shown by them: what one may do is judged by the duties themselves.
    """
    held: Duties = request.duties
    roles = held.everywhere & SEES_TASKS
    if not roles:
        return Scope(held)
    posted = Posting.objects.valid_on(clock.today()).filter(role__in=DOES_TASKS, user__is_active=True)
    named = {one: title(one) for one in Mission.objects.filter(pk__in=posted.values("mission"))}
    offered = sorted(named, key=lambda one: named[one])
    if not offered:
        return Scope(held)
    wanted = request.COOKIES.get(COOKIE)
    shown = next((one for one in offered if one.code == wanted), offered[0])
    there = frozenset((shown.pk, role) for role in roles)
    missions = tuple((one.code, named[one], one == shown) for one in offered)
    return Scope(replace(held, at=held.at | there), missions)


@require_POST
@officer_required(*SEES_TASKS)
def choose(request: HttpRequest) -> HttpResponse:
    """Show the queues of another mission from now on, in this browser."""
    answer = redirect("desk:queue")
    code = request.POST.get("mission", "")[:8]
    if code.isascii() and code.isalnum():
        answer.set_cookie(
            COOKIE, code, path="/desk/", secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return answer
