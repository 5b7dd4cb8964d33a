"""Filling in an application: start, task list, one page at a time. What was typed is never lost."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consular import casework, formspec
from consular.accounts import throttle
from consular.accounts.networks import network_of
from consular.accounts.throttle import HOUR, Limit
from consular.cases.models import Case
from consular.core import typed
from consular.core.errors import Refused
from consular.formspec import places
from consular.portal import draft_access, draft_earlier, draft_editions, draft_saving, people
from consular.portal.draft_progress import fingerprint, progress
from consular.portal.draft_saving import of_draft

PER_NETWORK = Limit("drafts of a network", 120, HOUR)
"""How many drafts may be started without an account; each is a row that nobody can be asked about."""


@require_POST
def apply(request: HttpRequest, service: str) -> HttpResponse:
    """Start a draft, with what the finder knows already."""
    who = draft_access.holder(request, new_secret=True)
    try:
        if who.actor is None:
            throttle.require([(PER_NETWORK, network_of(request))])
        known = formspec.counted(formspec.latest(service).form, _from_finder(request))
        case = casework.start(
            service, language=get_language(), actor=who.actor, secret=who.secret, answers=known
        )
    except formspec.NoSuchService:
        raise Http404 from None
    except Refused as refusal:
        return render(
            request, "portal/draft_refused.html", {"refusal": refusal.message}, status=refusal.status
        )
    return redirect("portal:draft", case.reference)


@require_safe
@of_draft
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """The task list: what is done, what is missing, what comes next."""
    case = draft_access.found(request, reference)
    form = case.form
    context = {
        "case": case,
        "title": form.title,
        "intro": form.intro,
        "progress": progress(case, formspec.walk(form, case.answers.data)),
        "offer": draft_editions.offer(case),
        "changed": draft_editions.changed(case),
        "people": people.around(case),
        "has_earlier": draft_earlier.has_earlier(request, case),
    }
    return render(request, "portal/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def draft_page(request: HttpRequest, reference: str, page_id: str) -> HttpResponse:
    """One page of questions."""
    case = draft_access.found(request, reference)
    page = case.form.page(page_id)
    if page is None:
        raise Http404
    if request.method == "POST":
        return _save(request, case, page)
    waiting = typed.typed(request)
    form = formspec.django_form(page, case.answers.data, waiting)
    if waiting is None:
        return _page(request, case, form)
    return _page(request, case, form.without_judging(), seen=waiting)


def _save(request: HttpRequest, case: Case, page: formspec.Page) -> HttpResponse:
    if "add" in request.POST or "remove" in request.POST:
        form = formspec.django_form(page, case.answers.data, request.POST)
        return _page(request, case, form.without_judging(), seen=request.POST)
    attempt = draft_saving.attempt(request, case, page)
    case, form = attempt.case, attempt.form
    if "quiet" in request.POST:
        return _quiet(request, attempt)
    if attempt.stored is None:
        return _conflict(request, case, form)
    if attempt.is_filled_in:
        messages.info(request, _("We have filled in what your travel document says. Please check it."))
        return redirect(request.path)
    if not form.is_valid() and not _wrong(form) <= _new_questions(request, form):
        return _page(request, case, form, status=422)
    return redirect(_next(request, case, form))


def _quiet(request: HttpRequest, attempt: draft_saving.Attempt) -> JsonResponse:
    """Saved while somebody types: when; and the questions anew when others are asked now."""
    if attempt.stored is None:
        return JsonResponse({"message": str(casework.Conflict.SENTENCE)}, status=409)
    case, form = attempt.case, attempt.form
    answer = {
        "revision": str(attempt.stored.revision),
        "shown": fingerprint(form.page, attempt.stored.data),
        "message": _("Everything you have typed is saved."),
    }
    if form.asked() != request.POST.get("asked") or attempt.is_filled_in:
        if attempt.is_filled_in:
            form = formspec.django_form(form.page, case.answers.data)
        draft_editions.mark(case, form)
        people.mark(case, form)
        answer["questions"] = render_to_string(
            "portal/draft_questions.html", {"form": form.without_judging()}, request
        )
    return JsonResponse(answer)


def _next(request: HttpRequest, case: Case, form: formspec.PageForm) -> str:
    """Where to go on: the same page when it has new questions, back to the review, the list, or the next page."""
    if _new_questions(request, form) - form.answered():
        messages.info(request, _("Your answers have led to more questions on this page."))
        return request.path
    if "list" in request.POST:
        return reverse("portal:draft", args=[case.reference])
    if request.POST.get("then") != "review":
        following = formspec.following(case.form, form.page.id, case.answers.data)
        if following:
            return reverse("portal:draft_page", args=[case.reference, following])
    return reverse("portal:review", args=[case.reference])


def _new_questions(request: HttpRequest, form: formspec.PageForm) -> set[str]:
    """The inputs that were not on the page when it was filled in: nobody could have answered them."""
    return set(form.asked().split()) - set(request.POST.get("asked", form.asked()).split())


def _wrong(form: formspec.PageForm) -> set[str]:
    """The inputs with something wrong."""
    return set(form.errors)


def _conflict(request: HttpRequest, case: Case, form: formspec.PageForm) -> HttpResponse:
    """Two windows changed the same page: say what is stored now, keep what was typed, store nothing."""
    typed_now = {**case.answers.data, **form.answers()}
    stored = _shown(form.page, case.answers.data)
    here = _shown(form.page, typed_now)
    changed = [
        answer
        for identifier, answer in stored.items()
        if getattr(here.get(identifier), "value", "") != answer.value
    ]
    return _page(request, case, form.without_judging(), status=409, is_conflict=True, changed=changed)


def _shown(page: formspec.Page, answers: dict[str, Any]) -> dict[str, formspec.ShownAnswer]:
    return {answer.id: answer for shown in formspec.shown([page], answers) for answer in shown.answers}


def _page(
    request: HttpRequest,
    case: Case,
    form: formspec.PageForm,
    *,
    status: int = 200,
    seen: QueryDict | None = None,
    **more: Any,
) -> HttpResponse:
    """The page; `seen` is what it carried when it was shown before, if nothing has been saved since."""
    seen = QueryDict() if seen is None else seen
    draft_editions.mark(case, form)
    people.mark(case, form)
    context = {
        "case": case,
        "form": form,
        "title": form.page.title,
        "intro": form.page.intro,
        "revision": seen.get("revision", case.answers.revision),
        "shown": seen.get("shown", fingerprint(form.page, case.answers.data)),
        "then": seen.get("then") or request.POST.get("then") or request.GET.get("then", ""),
        **more,
    }
    return render(request, "portal/draft_page.html", context, status=status)


def _from_finder(request: HttpRequest) -> dict[str, str]:
    """Nationality, residence and where one is as answers, if they were given; whatever does not fit is left out."""
    area, present = request.POST.get("residence", ""), request.POST.get("present", "")
    return {
        "nationality": request.POST.get("nationality", ""),
        "residence_country": places.alpha_3(area[:2]),
        "residence_area": area,
        "present_country": places.alpha_3(present[:2]),
        "present_area": present,
    }
