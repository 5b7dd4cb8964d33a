"""Filling in for somebody else: who acts, in which capacity, since when, and what they declare about it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework, formspec
from consular.cases.families import Capacity
from consular.cases.models import Case, Mandate
from consular.casework.mandates import TEXT, VERSION, Representative
from consular.core import typed
from consular.core.errors import Refused
from consular.portal import draft_access
from consular.portal.draft_saving import of_draft

DECLARED, COUNTS_FOR, ALL = "declared", "counts_for", "all"
PAGE = formspec.Page(
    "mandate",
    "",
    (
        formspec.Question(
            "capacity",
            "choice",
            _("In which capacity do you act?"),
            options=tuple(formspec.Option(value, label) for value, label in Capacity.choices),
        ),
        formspec.Question("surname", "name", _("Your surname (family name)"), autocomplete="family-name"),
        formspec.Question(
            "given_names", "name", _("Your first names"), required=False, autocomplete="given-name"
        ),
        formspec.Question(
            "organisation",
            "text",
            _("Law firm, agency, company or authority"),
            required=False,
            max_length=120,
        ),
        formspec.Question("address", "address", _("Your address")),
        formspec.Question("email", "email", _("Your e-mail address"), autocomplete="email"),
        formspec.Question("phone", "phone", _("Your telephone number"), autocomplete="tel"),
        formspec.Question("since", "date", _("Since when do you have the mandate, or custody?")),
        formspec.Question(
            COUNTS_FOR,
            "choice",
            _("For whom do you act?"),
            hint=_(
                "Those of the group who have another representative keep them. You can end it for each person alone."
            ),
            options=(
                formspec.Option("one", _("For this person")),
                formspec.Option(ALL, _("For all persons of the group, also those added later")),
            ),
        ),
        formspec.Question(DECLARED, "declaration", TEXT, version=VERSION),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def mandate(request: HttpRequest, reference: str) -> HttpResponse:
    """Who acts for the person of a draft; or that nobody does any more."""
    case = draft_access.found(request, reference)
    if request.method == "POST":
        return _save(request, case)
    waiting, known = typed.typed(request), Mandate.objects.filter(case=case).first()
    form = formspec.django_form(PAGE, _answers(known), waiting)
    return _page(request, case, form if waiting is None else form.without_judging(), known)


def _save(request: HttpRequest, case: Case) -> HttpResponse:
    who = draft_access.holder(request)
    known = Mandate.objects.filter(case=case).first()
    if "nobody" in request.POST:
        casework.remove_mandate(case.pk, actor=who.actor, secret=who.secret)
        return redirect("portal:draft", case.reference)
    form = formspec.django_form(PAGE, {}, request.POST)
    if not form.is_valid():
        return _page(request, case, form, known, status=422)
    try:
        casework.record_mandate(case.pk, _representative(form), actor=who.actor, secret=who.secret)
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal.message))
        return _page(request, case, form, known, status=refusal.status)
    return redirect("portal:draft", case.reference)


def _representative(form: formspec.PageForm) -> Representative:
    told = form.answers()
    given = {name: answer or "" for name, answer in told.items() if name not in (DECLARED, COUNTS_FOR)}
    given |= {"since": date.fromisoformat(given["since"]), "for_group": told[COUNTS_FOR] == ALL}
    return Representative(**given)


def _answers(known: Mandate | None) -> dict[str, Any]:
    if known is None:
        return {COUNTS_FOR: "one"}
    answers = {question.id: getattr(known, question.id, None) for question in PAGE.questions}
    return {**answers, "since": known.since.isoformat(), COUNTS_FOR: ALL if known.for_group else "one"}


def _page(
    request: HttpRequest, case: Case, form: formspec.PageForm, known: Mandate | None, status: int = 200
) -> HttpResponse:
    context = {"case": case, "form": form, "known": known}
    return render(request, "portal/mandate.html", context, status=status)
