"""Opening the annulment or revocation of a visa: one that was granted in a case, or one that was issued elsewhere."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consular import casework, formspec
from consular.casework import correspondence, proceedings
from consular.casework.proceedings import OPENING, SERVICE, Elsewhere
from consular.casework.submission import Incomplete
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.cases import case_of
from consular.missions.models import Mission
from consular.missions.postings import Duties
from consular.missions.titles import title


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why is it opened?"),
        help_text=_("It stays in the file as an internal note. The holder does not see it."),
        max_length=correspondence.LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OpenForm(forms.Form):
    """What is not known from the case in which the visa was granted."""

    visa_number = forms.CharField(
        label=_("Number of the visa"),
        help_text=_("As printed on the sticker, if it is known."),
        required=False,
        max_length=20,
    )
    reason = _reason()


class ElsewhereForm(forms.Form):
    """Who acts, whom it concerns, and why."""

    mission = forms.TypedChoiceField(label=_("Mission that acts"), coerce=int)
    email = forms.EmailField(
        label=_("E-mail address of the holder"),
        help_text=_(
            "The holder reads the case and answers in the account of this address. Take it from the holder or from the "
            "application, never from somebody else."
        ),
        max_length=254,
    )
    language = forms.ChoiceField(
        label=_("Language in which the holder is written to"), choices=settings.LANGUAGES
    )
    reason = _reason()

    def __init__(self, data: Any, held: Duties) -> None:
        super().__init__(data)
        missions = Mission.objects.filter(pk__in=held.missions_with(OPENING))
        self.fields["mission"].choices = [
            (mission.pk, title(mission)) for mission in missions.order_by("code")
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_required(*sorted(OPENING))
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Open it for the visa that was granted in a case."""
    case = case_of(request, reference)
    if not proceedings.may_open(case.mission_id, request.duties):
        raise PermissionDenied
    form = OpenForm(request.POST if request.method == "POST" else None)
    context = {"case": case, "form": form, "letter": proceedings.standing_grant(case)}
    if form.is_bound and form.is_valid():
        try:
            opened = casework.open_annulment(case.reference, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            _place(form, refusal)
            return render(request, "desk/annulment.html", context, status=refusal.status)
        messages.success(request, gettext("Opened. The holder is told."))
        return redirect("desk:case", reference=opened.reference)
    return render(request, "desk/annulment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_required(*sorted(OPENING))
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Open it for a visa that is in none of our cases."""
    data = request.POST if request.method == "POST" else None
    form = ElsewhereForm(data, request.duties)
    visa = formspec.django_form(_asked(), {}, data, prefix="visa")
    context = {"form": form, "visa": visa}
    if data is not None and form.is_valid() and visa.is_valid():
        told = form.cleaned_data
        opening = Elsewhere(told["mission"], told["email"], told["language"], visa.answers())
        try:
            opened = casework.open_annulment_elsewhere(opening, reason=told["reason"], actor=request.user)
        except Incomplete as refusal:
            formspec.add_problems(visa, refusal.problems)
            return render(request, "desk/annulment_elsewhere.html", context, status=refusal.status)
        except Refused as refusal:
            _place(form, refusal)
            return render(request, "desk/annulment_elsewhere.html", context, status=refusal.status)
        messages.success(request, gettext("Opened. The holder is told."))
        return redirect("desk:case", reference=opened.reference)
    return render(request, "desk/annulment_elsewhere.html", context, status=422 if data is not None else 200)


def _asked() -> formspec.Page:
    """The questions about a visa of which we have no letter."""
    page = formspec.latest(SERVICE).form.pages[0]
    return replace(page, questions=tuple(each for each in page.questions if each.id != "visa_letter"))


def _place(form: forms.Form, refusal: Refused) -> None:
    """The sentence beside its field, or above all."""
    field = "reason" if refusal.field == "text" else refusal.field
    form.add_error(field if field in form.fields else None, refusal.message)
