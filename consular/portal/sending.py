"""The end of an application: review, declarations, sending."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consular import casework, formspec
from consular.cases.models import Case
from consular.core import typed
from consular.core.errors import Refused
from consular.portal import draft_access
from consular.portal.draft_progress import progress, unchecked
from consular.portal.draft_saving import of_draft


@dataclass(frozen=True)
class Row:
    """One answer or mistake on the review page, with the address to change it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True)
class ReviewPage:
    """The answers of one page."""

    title: str
    rows: list[Row]


@require_safe
@of_draft
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything as it will be sent, with links to change it."""
    case = draft_access.found(request, reference)
    return _review(request, case)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """The declarations, and sending; only with an account, so that the answer reaches somebody."""
    case = draft_access.found(request, reference)
    who = draft_access.holder(request)
    if who.actor is None:
        raise draft_access.Elsewhere(draft_access.to_sign_in(request.path))
    walk = formspec.walk(case.form, case.answers.data)
    if walk.problems:
        return redirect("portal:review", case.reference)
    page = walk.declarations_page
    if request.method != "POST":
        waiting = typed.typed(request)
        attested = formspec.django_form(page, {}, waiting)
        return _send(request, case, attested.without_judging() if waiting is not None else attested)
    attested = formspec.django_form(page, {}, request.POST)
    if not attested.is_valid():
        return _send(request, case, attested, status=422)
    try:
        sent = casework.submit(
            case.pk, attested=[question.id for question in page.questions], actor=who.actor
        )
    except Refused as refusal:
        return _refused(request, case, attested, refusal)
    return redirect("portal:case", sent.reference)


def _refused(request: HttpRequest, case: Case, attested: formspec.PageForm, refusal: Refused) -> HttpResponse:
    """Say why it was not sent; what is wrong with the answers is said on the review page."""
    if refusal.code == "incomplete":
        return _review(request, case, status=refusal.status, refusal=refusal.message)
    if refusal.code in ("sent_already", "not_found"):
        return redirect("portal:draft", case.reference)
    return _send(request, case, attested, status=refusal.status, refusal=refusal.message)


def _review(request: HttpRequest, case: Case, *, status: int = 200, refusal: Any = None) -> HttpResponse:
    form = case.form
    walk = formspec.walk(form, case.answers.data)
    following = progress(case, walk).next
    context = {
        "case": case,
        "title": form.title,
        "pages": _review_pages(case, walk),
        "mistakes": _mistakes(case, walk),
        "unchecked": unchecked(case, form),
        "next_url": following.url if following else "",
        "refusal": refusal,
    }
    return render(request, "portal/review.html", context, status=status)


def _review_pages(case: Case, walk: formspec.Walk) -> list[ReviewPage]:
    return [
        ReviewPage(
            page.title,
            [Row(answer.label, answer.value, _change(case, page.id, answer.id)) for answer in page.answers],
        )
        for page in walk.shown()
    ]


def _mistakes(case: Case, walk: formspec.Walk) -> list[Row]:
    """What is wrong, as links to the questions."""
    return [
        Row(problem.label, problem.message, _change(case, problem.page, problem.question))
        for problem in walk.problems
    ]


def _change(case: Case, page: str, question: str) -> str:
    """The address where a question is answered; one comes back to the review from there."""
    return f"{reverse('portal:draft_page', args=[case.reference, page])}?then=review#id_{question}"


def _send(
    request: HttpRequest, case: Case, form: formspec.PageForm, *, status: int = 200, refusal: Any = None
) -> HttpResponse:
    context = {"case": case, "form": form, "refusal": refusal}
    return render(request, "portal/send.html", context, status=status)
