"""Letters of a case that are written when somebody asks, requests about data and complaints, the file for a court."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework, formspec
from consular.accounts.models import Role
from consular.cases.models import Case
from consular.casework import concerning, on_request
from consular.casework.concerning import Entered
from consular.core.errors import Refused
from consular.decisions.concerns import ConcernKind, Reply
from consular.desk.access import officer_required
from consular.desk.cases import case_of

PAGE = "desk/letters_on_request.html"


class ConcernForm(forms.Form):
    """What somebody asked for, and what is answered."""

    kind = forms.ChoiceField(
        label=_("What was asked for"), choices=ConcernKind.choices, widget=formspec.OneOf
    )
    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}))
    subject = forms.CharField(
        label=_("In the person's words, or summed up"),
        help_text=_("It is repeated in the letter."),
        max_length=concerning.LONGEST_SUBJECT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reply = forms.ChoiceField(
        label=_("Answer"),
        help_text=_("Only to requests to correct or erase data."),
        choices=[("", _("None")), *Reply.choices],
        required=False,
        widget=formspec.OneOf,
    )
    reasons = forms.CharField(
        label=_("Reasons, or what we write besides"),
        help_text=_("Needed where something is not done as asked. It is printed in the letter."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why the file leaves the house."""

    reason = forms.CharField(
        label=_("Reason, with the reference of the court"),
        help_text=_("It stays in the file as an internal note, with your name."),
        max_length=500,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*on_request.OFFICERS)
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """What can be written, and what the head of the section may enter or take out."""
    case = case_of(request, reference)
    if not any(request.duties.has(role, case.mission_id) for role in on_request.OFFICERS):
        raise PermissionDenied
    act = request.POST.get("act") if request.method == "POST" else None
    if act == "concern":
        return _concern(request, case, ConcernForm(request.POST))
    if act == "file":
        return _file(request, case, ReasonForm(request.POST))
    return _ask(request, case) if request.method == "POST" else _page(request, case)


def _ask(request: HttpRequest, case: Case) -> HttpResponse:
    name, about = request.POST.get("name", ""), request.POST.get("about", "")
    try:
        casework.ask_letter(case.reference, name, about, actor=request.user)
    except Refused as refusal:
        return _page(request, case, refusal)
    messages.success(
        request, gettext("The letter is being written. It will be on the page of the case in a moment.")
    )
    return redirect("desk:case", reference=case.reference)


def _concern(request: HttpRequest, case: Case, form: ConcernForm) -> HttpResponse:
    refusal = None
    if form.is_valid():
        try:
            entered = casework.enter_concern(case.reference, Entered(**form.cleaned_data), actor=request.user)
        except Refused as refused:
            refusal = _placed(form, refused)
        else:
            said = gettext("Entered with the number %(number)s. The letter is being written.")
            messages.success(request, said % {"number": entered.number})
            return redirect("desk:case", reference=case.reference)
    return _page(request, case, refusal, concern_form=form)


def _file(request: HttpRequest, case: Case, form: ReasonForm) -> HttpResponse:
    refusal = None
    if form.is_valid():
        try:
            content = casework.court_file(case.reference, form.cleaned_data["reason"], actor=request.user)
        except Refused as refused:
            refusal = _placed(form, refused)
        else:
            answer = HttpResponse(content, content_type="application/zip")
            answer["Content-Disposition"] = f'attachment; filename="{case.reference}.zip"'
            answer["Cache-Control"] = "no-store"
            return answer
    return _page(request, case, refusal, reason_form=form)


def _placed(form: forms.Form, refusal: Refused) -> Refused | None:
    """The refusal, unless it belongs to a field."""
    field = "reason" if refusal.field == "text" else refusal.field
    if field not in form.fields:
        return refusal
    form.add_error(field, refusal.message)
    return None


def _page(
    request: HttpRequest, case: Case, refusal: Refused | None = None, **bound: forms.Form
) -> HttpResponse:
    offers = [
        {"offer": one, "title": on_request.title(one)} for one in on_request.offers(case, is_applicant=False)
    ]
    form = next(iter(bound.values()), None)
    context: dict[str, Any] = {
        "case": case,
        "offers": offers,
        "reprints": on_request.reprints(case),
        "may_enter": request.duties.has(Role.HEAD_OF_SECTION, case.mission_id),
        "concern_form": ConcernForm(),
        "reason_form": ReasonForm(),
        "form": form,
        "refusal": refusal and refusal.message,
        **bound,
    }
    status = refusal.status if refusal else 422 if form else 200
    return render(request, PAGE, context, status=status)
