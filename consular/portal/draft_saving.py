"""Saving a page of a draft: everything typed is kept, what is not right yet as well; two windows never overwrite each
other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from consular import casework, formspec
from consular.cases.models import Answers, Case
from consular.core.errors import Refused
from consular.portal import draft_access
from consular.portal.draft_progress import fingerprint

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def of_draft(view: View[P]) -> View[P]:
    """A page about a draft: never cached, and people who must sign in first are sent there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except draft_access.Elsewhere as elsewhere:
            return elsewhere.response

    return never_cache(guarded)


@dataclass(frozen=True)
class Attempt:
    """A page as it was sent, and what became of it: `stored` is None when another window was faster.

    `is_filled_in`: the zone of a travel document has answered questions of this page that were left empty.
    """

    case: Case
    form: formspec.PageForm
    stored: Answers | None
    is_filled_in: bool = False


def attempt(request: HttpRequest, case: Case, page: formspec.Page) -> Attempt:
    """Save what was typed on a page, unless somebody changed the page since it was shown."""
    form = formspec.django_form(page, case.answers.data, request.POST)
    whole = case.form
    together = {**case.answers.data, **form.typed}
    filled = formspec.filled(whole, together)
    answers = {**dict.fromkeys(together), **formspec.kept(whole, together | filled)}
    if not _is_current(request, case, page, answers):
        return Attempt(case, form, None)
    who = draft_access.holder(request)
    try:
        stored = casework.save(
            case.pk, answers, revision=case.answers.revision, actor=who.actor, secret=who.secret
        )
    except Refused as refusal:
        if refusal.code == "conflict":
            return Attempt(draft_access.found(request, case.reference), form, None)
        raise draft_access.Elsewhere(redirect(request.path)) from None
    if "quiet" not in request.POST and stored.taken_over:
        asked = [question.id for question in page.questions]
        stored = casework.looked_over(case.pk, asked, actor=who.actor, secret=who.secret)
    case.answers = stored
    return Attempt(case, form, stored, any(question.id in filled for question in page.questions))


def _is_current(request: HttpRequest, case: Case, page: formspec.Page, answers: dict[str, Any]) -> bool:
    """Whether nobody changed this page since it was shown; changes of other pages, or to the same, do no harm."""
    if request.POST.get("revision") == str(case.answers.revision):
        return True
    return fingerprint(page, case.answers.data) in (request.POST.get("shown"), fingerprint(page, answers))
