"""A withdrawal that came by letter, at the counter or by mail: an officer enters it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consular import casework, files, formspec
from consular.cases.models import Case
from consular.cases.withdrawals import Channel
from consular.casework.correspondence import may_write
from consular.casework.withdrawing import Declared, obstacle
from consular.core import clock
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.cases import case_of

PAGE = "desk/withdraw.html"


class WithdrawalForm(forms.Form):
    """When and how it came, and what is scanned of it."""

    on = forms.DateField(
        label=_("Day on which it reached the mission"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    how = forms.ChoiceField(label=_("How did it reach the mission?"), choices=Channel, widget=formspec.OneOf)
    scan = forms.FileField(
        label=_("Scan of the letter or mail, if there is one"),
        help_text=_("PDF, JPEG or PNG, up to 10 MB. It is kept with the documents of the case."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def clean_scan(self) -> Any:
        """Judged before anything of it is read."""
        scan = self.cleaned_data["scan"]
        if scan and (scan.size or 0) > files.LARGEST_FILE:
            raise forms.ValidationError(_("A file is larger than 10 MB. Save it smaller, or divide it."))
        return scan


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_required()
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """What follows from it, and the form; then it is entered."""
    case = case_of(request, reference)
    if not may_write(case, request.user, request.duties):
        raise PermissionDenied
    if request.method != "POST":
        today = clock.today(case.mission.time_zone)
        return _page(request, case, WithdrawalForm(initial={"on": today}))
    form = WithdrawalForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, case, form, 422)
    told = form.cleaned_data
    scan = [(told["scan"].name or "", told["scan"].read())] if told["scan"] else []
    declared = Declared(told["on"], told["how"], scan)
    try:
        casework.enter_withdrawal(case.reference, declared, actor=request.user)
    except Refused as refusal:
        field = "scan" if refusal.field == "file" else refusal.field
        form.add_error(field if field in form.fields else None, refusal.message)
        return _page(request, case, form, refusal.status)
    messages.success(request, gettext("The withdrawal is entered. The applicant is told."))
    return redirect("desk:case", reference=case.reference)


def _page(request: HttpRequest, case: Case, form: WithdrawalForm, status: int = 200) -> HttpResponse:
    refusal = obstacle(case)
    context: dict[str, Any] = {"case": case, "form": form, "obstacle": refusal.message if refusal else ""}
    return render(request, PAGE, context, status=status)
