"""An officer enters what a partner answered outside the interface."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from consular import casework
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
    case = case_of(request, reference)
    asked = case.consultations.filter(reference=references.tidy(consultation)).first()
    if asked is None:
        raise Http404
    form = partners.form_of(asked.reference, request.POST)
    if form.is_valid():
        given = Given(form.cleaned_data["answer"], form.cleaned_data["text"])
        try:
            casework.answer(asked.reference, given, actor=request.user)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return _again(request, case, asked.reference, form, status=refusal.status)
        return redirect("desk:case", reference=case.reference)
    return _again(request, case, asked.reference, form, status=422)


def _again(
    request: HttpRequest, case: Case, reference: str, form: partners.AnswerForm, *, status: int
) -> HttpResponse:
    context = case_page.context(case, request.user, request.duties)
    context |= {"form": form, "consultations": partners.listed(case, request.duties, {reference: form})}
    return render(request, "desk/case.html", context, status=status)
