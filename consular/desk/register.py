"""The register of letters: what a mission has issued, by day, kind and state; each opens as it was issued."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consular.accounts.models import Role
from consular.decisions.choices import End, Kind
from consular.decisions.models import Letter, LetterQuerySet
from consular.desk.access import officer_required
from consular.missions.models import Mission
from consular.missions.postings import Duties
from consular.missions.titles import title

READS = (Role.HEAD_OF_SECTION, Role.DECIDER, Role.AUDITOR)
PAGE = 25
STATES = [
    ("", _("All")),
    ("valid", _("Still stands")),
    ("superseded", _("Superseded")),
    ("revoked", _("Revoked")),
]
_GONE = (End.ANNULLED, End.REVOKED)
_DAY = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}


class Filters(forms.Form):
    """Which letters."""

    mission = forms.ChoiceField(label=_("Mission"), required=False)
    kind = forms.ChoiceField(label=_("Letter"), choices=[("", _("All")), *Kind.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    first = forms.DateField(label=_("Issued from"), **_DAY)
    last = forms.DateField(label=_("Issued until"), **_DAY)

    def __init__(self, data: Any, *, missions: Collection[Mission]) -> None:
        super().__init__(data)
        named = sorted(((mission.code, title(mission)) for mission in missions), key=lambda one: one[1])
        self.fields["mission"].choices = named if len(named) == 1 else [("", _("All")), *named]


@require_safe
@officer_required(*READS)
def letters(request: HttpRequest) -> HttpResponse:
    """One page of the register, the newest letter first."""
    missions = _missions(request.duties)
    form = Filters(request.GET, missions=missions.values())
    rows: list[Letter] = []
    if form.is_valid():
        listed = _chosen(form.cleaned_data, missions)
        after = request.GET.get("after", "")
        if after.isascii() and after.isdecimal() and len(after) < 19:
            listed = listed.filter(pk__lt=int(after))
        rows = list(listed[: PAGE + 1])
    following = rows[PAGE - 1].pk if len(rows) > PAGE else None
    context = {
        "form": form,
        "letters": rows[:PAGE],
        "missions": missions,
        "next_url": _address(request, following) if following else "",
        "first_url": _address(request, None) if request.GET.get("after") else "",
    }
    return render(request, "desk/register.html", context, status=200 if form.is_valid() else 422)


def _missions(held: Duties) -> dict[int, Mission]:
    """The missions whose register somebody may read."""
    if held.everywhere & set(READS):
        return Mission.objects.in_bulk()
    return Mission.objects.in_bulk(held.missions_with(READS))


def _chosen(wanted: dict[str, Any], missions: dict[int, Mission]) -> LetterQuerySet:
    """The letters of these missions that fit, the newest first. Days are those at the mission that was chosen."""
    chosen = [one for one in missions.values() if wanted["mission"] in {"", one.code}]
    found = Letter.objects.filter(mission__in=[one.pk for one in chosen]).listed().order_by("-id")
    found = found.select_related("supersession", "case", "mission")
    zone = ZoneInfo(chosen[0].time_zone if len(chosen) == 1 else "UTC")
    if wanted["first"]:
        found = found.filter(issued_at__gte=_midnight(wanted["first"], zone))
    if wanted["last"] and wanted["last"] < date.max:  # no day follows the last one there is
        found = found.filter(issued_at__lt=_midnight(wanted["last"] + timedelta(days=1), zone))
    if wanted["kind"]:
        found = found.filter(kind=wanted["kind"])
    if wanted["state"] == "valid":
        return found.filter(supersession=None)
    if wanted["state"] == "revoked":
        return found.filter(supersession__end__in=_GONE)
    return (
        found.filter(supersession__isnull=False).exclude(supersession__end__in=_GONE)
        if wanted["state"]
        else found
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def _address(request: HttpRequest, after: int | None) -> str:
    parts = {name: request.GET[name] for name in Filters.base_fields if request.GET.get(name)}
    return "?" + urlencode(parts | ({"after": str(after)} if after else {}))
