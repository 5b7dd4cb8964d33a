"""Decisions that chance has chosen for a second look, and what was found."""

from collections.abc import Collection

from django import forms
from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.casework.second_looks import LOOKERS, had_a_part
from consular.core.errors import Refused
from consular.decisions.sampled import Finding, SecondLook
from consular.desk.access import officer_required
from consular.desk.section import service_name
from consular.missions.postings import Duties

SHOWN = 50


class LookForm(forms.Form):
    """What was found."""

    finding = forms.ChoiceField(
        label=_("What you have found"), choices=[("", _("Please choose")), *Finding.choices]
    )
    remark = forms.CharField(
        label=_("Remark"),
        help_text=_("Needed unless everything is in order."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*LOOKERS)
def overview(request: HttpRequest) -> HttpResponse:
    """The decisions that wait for a second look, the oldest first, and the latest findings."""
    wanted = request.POST.get("look", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
    form = LookForm(
        request.POST if request.method == "POST" else None, prefix=str(number) if number else None
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            casework.look_again(number, given["finding"], given["remark"], actor=request.user)
        except Refused as refused:
            refusal = refused
            if refused.field in form.fields:
                form.add_error(refused.field, refused.message)
                refusal = None
        else:
            messages.success(request, gettext("Saved."))
            return redirect("desk:second_looks")
    context = {
        "rows": _open(request, form, number),
        "done": _done(request.duties),
        "form": form,
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if request.method == "POST" else 200
    return render(request, "desk/second_looks.html", context, status=status)


def _missions(held: Duties) -> Collection[int] | None:
    return None if held.everywhere & LOOKERS else held.missions_with(LOOKERS)


def _of(held: Duties) -> QuerySet[SecondLook]:
    missions = _missions(held)
    found = SecondLook.objects.all()
    return found if missions is None else found.filter(mission__in=missions)


def _open(request: HttpRequest, form: LookForm, number: int) -> list[dict[str, object]]:
    rows = _of(request.duties).filter(looked_at=None).select_related("decision__case").order_by("pk")[:SHOWN]
    return [
        {
            "look": row,
            "service": service_name(row.decision.case.service),
            "form": None
            if had_a_part(row, request.user)
            else form
            if row.pk == number
            else LookForm(None, prefix=str(row.pk)),
        }
        for row in rows
    ]


def _done(held: Duties) -> list[SecondLook]:
    found = _of(held).exclude(looked_at=None).select_related("decision__case", "looked_by")
    return list(found.order_by(F("looked_at").desc(), "-pk")[:SHOWN])
