"""What the mission has named is corrected on pages that have nothing else on them, looked over, and sent."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consular import casework, formspec
from consular.cases.inquiries import About
from consular.cases.models import Case
from consular.casework import correcting
from consular.casework.correcting import Asked
from consular.core import typed
from consular.core.errors import Refused
from consular.formspec import reopening
from consular.portal.access import applicant_required
from consular.portal.asked import ISOLATED, lines, open_on, reason
from consular.portal.cases import found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@applicant_required
def page(request: HttpRequest, reference: str, page_id: str) -> HttpResponse:
    """The questions of one page that reopened, each with the reason and the old answer."""
    case = found(request, reference)
    asked = correcting.of(case)
    if asked is None:
        return redirect("portal:case", reference=case.reference)
    part = asked.form.page(page_id)
    only = open_on(asked, part)
    if part is None or not only:
        raise Http404
    if request.method == "POST":
        return _save(request, case, asked, part)
    waiting = typed.typed(request)
    form = formspec.django_form(part, asked.reopened.answers, waiting, only=only)
    return _page(request, case, asked, form if waiting is None else form.without_judging())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@applicant_required
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """What changes, the declarations anew, and sending."""
    case = found(request, reference)
    asked = correcting.of(case)
    if asked is None or asked.wrong or asked.unseen:
        return redirect("portal:case", reference=case.reference)
    after = reopening.corrected(asked.form, case.answers.data, asked.reopened)
    declarations = _declarations(case, asked, after)
    if request.method != "POST":
        waiting = typed.typed(request)
        form = formspec.django_form(declarations, {}, waiting).without_judging()
        return _send(request, case, asked, form, text=waiting.get("text", "") if waiting else "")
    form = formspec.django_form(declarations, {}, request.POST)
    text = request.POST.get("text", "")
    if not form.is_valid():
        return _send(request, case, asked, form, text=text, status=422)
    try:
        casework.send_corrections(
            case.pk,
            attested=[question.id for question in declarations.questions],
            text=text,
            revision=_number(request.POST.get("revision", "")),
            actor=request.user,
        )
    except Refused as refusal:
        return _send(request, case, asked, form, text=text, refusal=refusal, status=refusal.status)
    messages.success(request, _("The mission has what it asked for and goes on."))
    return redirect("portal:case", reference=case.reference)


def _save(request: HttpRequest, case: Case, asked: Asked, part: formspec.Page) -> HttpResponse:
    only = open_on(asked, part)
    form = formspec.django_form(part, asked.reopened.answers, request.POST, only=only)
    if "add" in request.POST or "remove" in request.POST:
        return _page(request, case, asked, form.without_judging())
    try:
        casework.correct(
            case.pk,
            {name: form.typed.get(name) for name in only},
            revision=_number(request.POST.get("revision", "")),
            actor=request.user,
        )
    except Refused as refusal:
        return _page(request, case, asked, form.without_judging(), refusal=refusal)
    now = correcting.required(case)
    if open_on(now, part) - only:
        messages.info(request, _("Your answers have led to more questions on this page."))
        return redirect("portal:correction", case.reference, part.id)
    if not form.is_valid():
        return _page(request, case, now, form)
    following = next((line.url for line in lines(case, now) if not line.done), "")
    return redirect(following or reverse("portal:corrections_send", args=[case.reference]))


def _page(
    request: HttpRequest, case: Case, asked: Asked, form: formspec.PageForm, refusal: Refused | None = None
) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.errors else 200
    before = reopening.values(asked.form, case.answers.data)
    for item in asked.inquiry.asked:
        if item.about == About.QUESTION:
            answered = before.get(item.name, "")
            old = _("You had answered: %(answer)s.") % {"answer": ISOLATED % answered} if answered else ""
            form.remark([item.name], f"{reason(item)}. {old}".strip())
    shown = {
        "case": case,
        "title": form.page.title,
        "form": form,
        "revision": asked.inquiry.revision,
        "refusal": refusal and refusal.message,
    }
    return render(request, "portal/correction.html", shown, status=status)


def _send(
    request: HttpRequest, case: Case, asked: Asked, form: formspec.PageForm, **more: Any
) -> HttpResponse:
    refusal: Refused | None = more.get("refusal")
    shown = {
        "case": case,
        "changes": reopening.differences(
            asked.form, case.answers.data, reopening.corrected(asked.form, case.answers.data, asked.reopened)
        ),
        "lacking": asked.lacking,
        "form": form,
        "text": more.get("text", ""),
        "revision": asked.inquiry.revision,
        "refusal": refusal and refusal.message,
        "refused_field": refusal.field if refusal else "",
    }
    return render(request, "portal/corrections_send.html", shown, status=more.get("status", 200))


def _declarations(case: Case, asked: Asked, after: Mapping[str, Any]) -> formspec.Page:
    """The declarations to be confirmed anew; none where no answer changes."""
    page_of = formspec.declarations_page(asked.form, after)
    if reopening.changed(asked.form, case.answers.data, after):
        return page_of
    return formspec.Page(page_of.id, page_of.title, ())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
