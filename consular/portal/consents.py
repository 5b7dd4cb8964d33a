"""Asking the other person with custody for consent: by a link of their own, or saying that it is given in person."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consular import casework, formspec
from consular.cases.models import Case, Phase
from consular.casework import consents
from consular.casework.consenting import Asked
from consular.core import typed
from consular.core.errors import Refused
from consular.portal.access import applicant_required
from consular.portal.people import own

PAGE = formspec.Page(
    "consent",
    "",
    (
        formspec.Question("name", "name", gettext_lazy("Name of the other person with custody")),
        formspec.Question(
            "email",
            "email",
            gettext_lazy("E-mail address of this person"),
            hint=gettext_lazy("We send the link to this address, and nothing else."),
        ),
        formspec.Question(
            "language",
            "choice",
            gettext_lazy("Language of the mail"),
            options=tuple(formspec.Option(code, name) for code, name in settings.LANGUAGES),
        ),
        formspec.Question(
            "birth_date",
            "date",
            gettext_lazy("Date of birth of this person"),
            required=False,
            hint=gettext_lazy(
                "With it and the number of the travel document the person proves who they are. Else a code is mailed."
            ),
        ),
        formspec.Question(
            "document",
            "document_number",
            gettext_lazy("Number of the travel document of this person"),
            required=False,
        ),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_required
def consent(request: HttpRequest, reference: str) -> HttpResponse:
    """How the consent stands, and what one can do about it."""
    case = own(request, reference)
    if request.method != "POST":
        waiting = typed.typed(request)
        form = formspec.django_form(PAGE, {"language": case.language}, waiting)
        return _page(request, case, form if waiting is None else form.without_judging())
    form = formspec.django_form(PAGE, {"language": case.language})
    try:
        if "resend" in request.POST:
            casework.resend_consent(case.pk, actor=request.user)
        elif "in_person" in request.POST:
            casework.consent_in_person(case.pk, actor=request.user)
        else:
            form = formspec.django_form(PAGE, {}, request.POST)
            if not form.is_valid():
                return _page(request, case, form, status=422)
            casework.ask_consent(case.pk, _asked(form.answers()), actor=request.user)
    except Refused as refusal:
        return _page(request, case, form, status=refusal.status, refusal=refusal.message)
    return redirect("portal:consent", case.reference)


def _asked(answers: dict[str, Any]) -> Asked:
    born = answers["birth_date"]
    return Asked(
        name=answers["name"],
        email=answers["email"],
        language=answers["language"],
        birth_date=date.fromisoformat(born) if born else None,
        document=answers["document"] or "",
    )


def _page(
    request: HttpRequest, case: Case, form: formspec.PageForm, *, status: int = 200, refusal: Any = None
) -> HttpResponse:
    standing = consents.standing(case, case.answers.data)
    if standing is None:
        raise Http404
    is_draft = case.phase == Phase.DRAFT
    context = {
        "case": case,
        "form": form,
        "standing": standing,
        "consent": standing.consent,
        "can_ask": case.phase != Phase.CLOSED and (is_draft or not standing.counts),
        "back_url": reverse("portal:draft" if is_draft else "portal:case", args=[case.reference]),
        "refusal": refusal,
    }
    return render(request, "portal/consent.html", context, status=status)
