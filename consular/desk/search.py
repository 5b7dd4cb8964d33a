"""Searching cases: what for, by what, and what was found. What was typed never stands in an address."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consular import casework
from consular.accounts import throttle
from consular.accounts.models import Role
from consular.accounts.throttle import Limit
from consular.cases.finding import Purpose
from consular.cases.lookup import MOST, Wanted
from consular.cases.models import READERS, Case, Search
from consular.casework import searching
from consular.core import references, typed
from consular.core.errors import Refused
from consular.core.wording import listed
from consular.desk.access import officer_required
from consular.formspec import dates
from consular.missions.titles import title

SEARCHES = Limit("searches of a person", 300, throttle.HOUR)
SHOWN = 50
FIELDS = {
    "name": _("Name"),
    "document": _("Number of the travel document"),
    "birth_date": _("Date of birth"),
    "reference": _("Reference of the case"),
}


class SearchForm(forms.Form):
    """What is searched by, and why."""

    name = forms.CharField(
        label=FIELDS["name"],
        help_text=_("In any script and spelling, in any order; part of it is enough."),
        required=False,
        max_length=160,
    )
    document = forms.CharField(label=FIELDS["document"], required=False, max_length=40)
    birth_date = forms.DateField(
        label=FIELDS["birth_date"],
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reference = forms.CharField(label=FIELDS["reference"], required=False, max_length=40)
    purpose = forms.ChoiceField(
        label=_("What do you search for?"),
        help_text=_("It is recorded with your name and the cases that are found. Auditors read it."),
        choices=[("", _("Please choose")), *Purpose.choices],
    )
    note = forms.CharField(
        label=_("Explanation"),
        help_text=_("For example a file number; no names."),
        required=False,
        max_length=searching.NOTE,
    )

    def wanted(self) -> Wanted:
        """What is searched by, tidied; a reference that cannot be one finds nothing."""
        given = self.cleaned_data
        reference = references.tidy(given["reference"]) or given["reference"] if given["reference"] else ""
        return Wanted(given["name"], given["document"], given["birth_date"], reference)


@dataclass(frozen=True)
class Hit:
    """One case that was found, in the officer's words."""

    reference: str
    name: str
    born: str
    service: str
    phase: str
    mission: str
    sent_at: Any


@dataclass(frozen=True)
class Line:
    """One search for the auditor's list."""

    search: Search
    by: str
    fields: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@officer_required(*READERS)
def search(request: HttpRequest) -> HttpResponse:
    """The form; a search is written down and leads to the page of what it found."""
    if request.method != "POST":
        waiting = typed.typed(request)
        form = SearchForm(initial=waiting.dict() if waiting else None)
        return render(request, "desk/search.html", {"form": form, "search_form_id": "search-form"})
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/search.html", {"form": form}, status=422)
    try:
        throttle.require([(SEARCHES, str(request.user.pk))])
        given = form.cleaned_data
        done = casework.search(
            form.wanted(), purpose=given["purpose"], note=given["note"], actor=request.user
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return render(request, "desk/search.html", {"form": form}, status=refusal.status)
    typed.keep(request, reverse("desk:search"))
    return redirect("desk:found", search_id=done.pk)


@require_safe
@never_cache
@officer_required(*READERS)
def found(request: HttpRequest, search_id: int) -> HttpResponse:
    """What one's own search found, as far as one may see it today."""
    done = Search.objects.filter(pk=search_id, by=request.user).first()
    if done is None:
        raise Http404
    hits = [_hit(case) for case in searching.shown(done, request.user, request.duties)]
    context = {"search": done, "fields": _fields(done), "hits": hits, "most": MOST}
    return render(request, "desk/found.html", context)


@require_safe
@never_cache
@officer_required(Role.AUDITOR)
def searches(request: HttpRequest) -> HttpResponse:
    """Who searched what for, the latest first: for auditors, at their missions or everywhere."""
    before = request.GET.get("before", "")
    rows = searching.to_audit(
        request.duties,
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        most=SHOWN + 1,
    )
    lines = [Line(row, row.by.name, _fields(row)) for row in rows[:SHOWN]]
    context = {
        "lines": lines,
        "next_url": f"?before={rows[SHOWN - 1].pk}" if len(rows) > SHOWN else "",
        "first_url": "?" if before else "",
    }
    return render(request, "desk/searches.html", context)


def _fields(done: Search) -> str:
    return listed(str(FIELDS[field]) for field in done.fields if field in FIELDS)


def _hit(case: Case) -> Hit:
    born = str(case.answers.data.get("birth_date") or "")
    return Hit(
        case.reference,
        case.applicant_name,
        dates.show(born) if born else "",
        gettext(case.form.title),
        case.phase,
        title(case.mission),
        case.submitted_at,
    )
