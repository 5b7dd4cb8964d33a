"""An officer enters what a partner answered outside the interface, or sends a request that reached nobody."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from consular import casework
from consular.cases.consultations import Consultation
from consular.cases.models import Case
from consular.casework.consultations import ENTERS, Given
from consular.core import references
from consular.core.errors import Refused
from consular.desk import case_page, partners
from consular.desk.access import officer_required
from consular.desk.cases import case_of


@require_POST
@officer_required(*sorted(ENTERS))
def answer(request: HttpRequest, reference: str, consultation: str) -> HttpResponse:
    """Enter what a partner answered; what was typed stays when it is refused."""
    case, asked = _found(request, reference, consultation)
    form = partners.form_of(asked.reference, request.POST)

    def act() -> None:
        given = Given(form.cleaned_data["answer"], form.cleaned_data["text"])
        casework.answer(asked.reference, given, actor=request.user)

    return _done(request, case, asked.reference, form, act)


@require_POST
@officer_required(*sorted(ENTERS))
def send_again(request: HttpRequest, reference: str, consultation: str) -> HttpResponse:
    """Send a request that reached nobody: anew, another way, or to another authority."""
    case, asked = _found(request, reference, consultation)
    form = partners.way_of(asked, request.POST)

    def act() -> None:
        casework.send_again(asked.reference, form.cleaned_data["way"], actor=request.user)

    return _done(request, case, asked.reference, form, act)


def _found(request: HttpRequest, reference: str, consultation: str) -> tuple[Case, Consultation]:
    case = case_of(request, reference)
    asked = case.consultations.filter(reference=references.tidy(consultation)).first()
    if asked is None:
        raise Http404
    return case, asked


def _done(
    request: HttpRequest, case: Case, reference: str, form: partners.Entry, act: Callable[[], None]
) -> HttpResponse:
    """Do it and show the case; where it is refused, the page again with what was typed and why."""
    status = 422
    if form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = refusal.status
        else:
            return redirect("desk:case", reference=case.reference)
    context = case_page.context(case, request.user, request.duties)
    context |= {"form": form, "consultations": partners.listed(case, request.duties, {reference: form})}
    return render(request, "desk/case.html", context, status=status)
