"""One letter with a mistake: propose to correct or revoke it, or judge what a colleague proposes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consular import casework, formspec
from consular.cases.models import Case
from consular.casework import letters, proposed
from consular.core.errors import Refused
from consular.decisions import approval, verification
from consular.decisions.choices import End
from consular.decisions.models import Change, Letter
from consular.desk.access import officer_required
from consular.desk.cases import case_of
from consular.desk.numbers import number
from consular.desk.sign_in import prove_again

PAGE = "desk/letter_change.html"


class ChangeForm(forms.Form):
    """What is to become of the letter, and why."""

    end = forms.ChoiceField(label=_("What is to become of it?"), widget=formspec.OneOf)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays in the file. The applicant does not see it."),
        max_length=letters.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, *, letter: Letter) -> None:
        super().__init__(data)
        choices = [
            (End.CORRECTED.value, _("Correct it: the same letter is made anew from what the case says now"))
        ]
        if letter.decision_id is None:
            choices.append((End.REVOKED.value, _("Revoke it: it should not have been sent")))
        self.fields["end"].choices = choices


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def change(request: HttpRequest, reference: str, letter_id: int) -> HttpResponse:
    """Propose a change of a letter, or approve or decline the one that is proposed."""
    case = case_of(request, reference)
    letter = Letter.objects.listed().filter(case=case, pk=letter_id).first()
    if letter is None:
        raise Http404
    if not letters.may_propose(case, request.duties):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, case, letter, ChangeForm(None, letter=letter))
    if request.POST.get("act") in {"approve", "decline"}:
        return _judge(request, case, letter)
    return _propose(request, case, letter)


@require_safe
@never_cache
@officer_required()
def proposed_letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The letter of the proposal that waits for a second officer, as it will be signed, marked as a sample."""
    case = case_of(request, reference)
    proposal = approval.open_proposal(case)
    if proposal is None:
        raise Http404
    answer = HttpResponse(proposed.preview(case, proposal), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{case.reference}-proposal.pdf"'
    return answer


def _propose(request: HttpRequest, case: Case, letter: Letter) -> HttpResponse:
    form = ChangeForm(request.POST, letter=letter)
    refusal = None
    if form.is_valid():
        try:
            casework.propose_change(case.reference, letter.pk, **form.cleaned_data, actor=request.user)
        except Refused as refused:
            refusal = _placed(form, refused)
        else:
            messages.success(request, gettext("Proposed. Another person has to approve it."))
            return redirect("desk:case", reference=case.reference)
    return _page(request, case, letter, form, refusal)


def _judge(request: HttpRequest, case: Case, letter: Letter) -> HttpResponse:
    if request.POST["act"] == "approve" and (proof := prove_again(request, request.path)) is not None:
        return proof
    verb = casework.approve_change if request.POST["act"] == "approve" else casework.decline_change
    try:
        verb(case.reference, number(request.POST.get("change")), actor=request.user)
    except Refused as refusal:
        return _page(request, case, letter, ChangeForm(None, letter=letter), refusal)
    messages.success(request, gettext("Done."))
    return redirect("desk:case", reference=case.reference)


def _placed(form: ChangeForm, refusal: Refused) -> Refused | None:
    """The refusal, unless it belongs to a field."""
    field = "reason" if refusal.field == "text" else refusal.field
    if field not in form.fields:
        return refusal
    form.add_error(field, refusal.message)
    return None


def _page(
    request: HttpRequest, case: Case, letter: Letter, form: ChangeForm, refusal: Refused | None = None
) -> HttpResponse:
    proposed = Change.objects.filter(letter=letter, judged_at=None).select_related("proposed_by").first()
    context = {
        "case": case,
        "letter": letter,
        "verdict": verification.look_up(letter.code),
        "proposed": proposed,
        "may_approve": proposed is not None
        and letters.may_approve(case, proposed, request.user, request.duties),
        "form": form,
        "refusal": refusal and refusal.message,
    }
    return render(request, PAGE, context, status=refusal.status if refusal else 422 if form.errors else 200)
