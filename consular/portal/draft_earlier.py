"""Taking answers over from an earlier application: choose which one, then tick question by question."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from consular import casework, formspec
from consular.cases.models import Case, Phase
from consular.core import typed
from consular.core.errors import Refused
from consular.portal import draft_access
from consular.portal.draft_saving import of_draft

SHOWN = 50


@dataclass(frozen=True)
class Row:
    """One earlier application in the list."""

    case: Case
    title: str
    is_draft: bool


@dataclass(frozen=True)
class Tick:
    """One answer that can be taken over, ticked or not."""

    offer: formspec.earlier.Offer
    is_ticked: bool


@dataclass(frozen=True)
class Section:
    """The answers that belong on one page of the form."""

    title: str
    ticks: list[Tick]


@require_safe
@of_draft
def choose(request: HttpRequest, reference: str) -> HttpResponse:
    """The other applications of the same person."""
    case = draft_access.found(request, reference)
    rows = [
        Row(each, str(each.form.title), each.phase == Phase.DRAFT) for each in _earlier(request, case)[:SHOWN]
    ]
    return render(request, "portal/earlier.html", {"case": case, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def answers(request: HttpRequest, reference: str, source: str) -> HttpResponse:
    """The answers of one of them that this draft can take; they are taken over when the page is sent."""
    case = draft_access.found(request, reference)
    who = draft_access.holder(request)
    try:
        earlier = casework.earlier_case(case, source, actor=who.actor, secret=who.secret)
    except Refused:
        raise Http404 from None
    if request.method == "POST":
        return _take(request, case, earlier)
    waiting = typed.typed(request)
    return _answers(request, case, earlier, None if waiting is None else Tried(waiting.getlist("take")))


def has_earlier(request: HttpRequest, case: Case) -> bool:
    """Whether there is another application to take answers from."""
    return _earlier(request, case).exists()


def _earlier(request: HttpRequest, case: Case) -> QuerySet[Case]:
    who = draft_access.holder(request)
    return casework.earlier_cases(case, actor=who.actor, secret=who.secret)


def _take(request: HttpRequest, case: Case, earlier: Case) -> HttpResponse:
    who, ticked = draft_access.holder(request), request.POST.getlist("take")
    shown, is_number = request.POST.get("revision", ""), str.isdecimal
    wanted = casework.Wanted(earlier.reference, frozenset(ticked), int(shown[:9]) if is_number(shown) else -1)
    if not ticked:
        nothing = _("Please tick at least one answer.")
        return _answers(request, case, earlier, Tried(ticked, nothing, 422))
    try:
        count = casework.take_over(case.pk, wanted, actor=who.actor, secret=who.secret)
    except casework.Conflict as refusal:
        case = draft_access.found(request, case.reference)
        return _answers(request, case, earlier, Tried(ticked, refusal.message, refusal.status))
    except Refused:
        raise draft_access.Elsewhere(redirect("portal:draft", case.reference)) from None
    messages.info(request, _told(count))
    return redirect("portal:draft", case.reference)


def _told(count: int) -> str:
    return ngettext(
        "%(count)s answer was taken over. Please check it on its page.",
        "%(count)s answers were taken over. Please check them on their pages.",
        count,
    ) % {"count": count}


@dataclass(frozen=True)
class Tried:
    """What was ticked before the page is shown again, and why it was not taken over."""

    ticked: Collection[str]
    refusal: Any = ""
    status: int = 200


def _answers(request: HttpRequest, case: Case, earlier: Case, tried: Tried | None = None) -> HttpResponse:
    """The page, ticked as we suggest unless somebody has ticked before."""
    sections: dict[str, Section] = {}
    for offer in casework.offers(case, earlier):
        is_ticked = offer.question.id in tried.ticked if tried else offer.is_suggested
        section = sections.setdefault(offer.page.id, Section(str(offer.page.title), []))
        section.ticks.append(Tick(offer, is_ticked))
    context = {
        "case": case,
        "earlier": earlier,
        "title": earlier.form.title,
        "sections": list(sections.values()),
        "refusal": tried.refusal if tried else "",
    }
    return render(request, "portal/earlier_answers.html", context, status=tried.status if tried else 200)
