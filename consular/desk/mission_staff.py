"""Who works at a mission: postings, another one, the end of one, and proposals that wait for a second person."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.accounts.models import Role, User
from consular.casework.mission_changes import KEEPERS
from consular.casework.staffing import givable
from consular.core import clock
from consular.core.errors import Refused
from consular.desk import mission_words
from consular.desk.access import officer_required
from consular.desk.calendar_rows import day_field
from consular.desk.missions import mission_of, said_after, shown
from consular.desk.numbers import number
from consular.missions.changes import StaffProposal, Subject
from consular.missions.models import Mission, Posting

SHOWN = 300
PAGE = require_http_methods(["GET", "HEAD", "POST"])


class PostingForm(forms.Form):
    """Who, in which role, from when to when."""

    email = forms.EmailField(label=_("E-mail address of the account"), max_length=254)
    role = forms.ChoiceField(label=_("Role"))
    first = day_field(_("First day"))
    last = day_field(
        _("Last day"), required=False, help_text=_("Leave it empty where the end is not known yet.")
    )

    def __init__(self, data: Any, roles: frozenset[Role], today: date) -> None:
        super().__init__(data, initial={"first": today})
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in roles]


@dataclass(frozen=True)
class Waiting:
    """A proposal in words, and whether the reader may agree to it."""

    row: StaffProposal
    before: list[str]
    after: list[str]
    may_agree: bool


@PAGE
@officer_required(*KEEPERS)
def staff(request: HttpRequest, mission: str) -> HttpResponse:
    """The postings of a mission, from today on, and what can be done about them."""
    kept = mission_of(request, mission)
    today = clock.today(kept.time_zone)
    roles = givable(request.duties, kept.pk)
    form = PostingForm(request.POST if "add" in request.POST else None, roles, today)
    refusal = None
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        refusal = _act(request, kept, form)
        if refusal is None and not form.errors:
            return redirect("desk:mission_staff", mission=kept.code)
    context = {
        "form": form,
        "postings": [(row, row.role in roles) for row in _postings(kept, today)],
        "proposals": _proposals(kept, request.user),
        "today": today,
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if request.method == "POST" else 200
    return shown(request, kept, "desk/mission_staff.html", context, status)


def _act(request: HttpRequest, kept: Mission, form: PostingForm) -> Refused | None:
    """Call the verb that was asked for; the refusal, where it does not belong to a field."""
    try:
        done = _done(request, kept, form)
    except Refused as refusal:
        if form.is_bound and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
            return None
        return refusal
    messages.success(request, said_after(done))
    return None


def _done(request: HttpRequest, kept: Mission, form: PostingForm) -> object:
    if form.is_bound:
        given = form.cleaned_data
        term = casework.Term(Role(given["role"]), given["first"], given["last"])
        return casework.add_posting(kept.pk, given["email"], term, actor=request.user)
    if "agree" in request.POST:
        return casework.agree_to_posting(number(request.POST["agree"]), actor=request.user)
    if "decline" in request.POST:
        casework.decline_posting(number(request.POST["decline"]), actor=request.user)
        return True
    posting, day = number(request.POST.get("end", "")), _day(request.POST.get("last", ""))
    return casework.end_posting(kept.pk, posting, day, actor=request.user)


def _postings(kept: Mission, today: date) -> list[Posting]:
    """Who is posted there now or later; those who are posted everywhere are not the mission's."""
    rows = Posting.objects.filter(mission=kept).exclude(ends_on__lt=today).select_related("user")
    return list(rows.order_by("user__name", "role", "starts_on", "pk")[:SHOWN])


def _proposals(kept: Mission, reader: User) -> list[Waiting]:
    rows = StaffProposal.objects.filter(mission=kept, settled_at=None)
    return [
        Waiting(
            row,
            *mission_words.differences(Subject.STAFF, "", row.before, row.after),
            may_agree=reader.person not in {row.proposed_by.person, row.user.person},
        )
        for row in rows.select_related("user", "proposed_by").order_by("pk")
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Enter a valid date."), code="bad_days", status=422) from None
