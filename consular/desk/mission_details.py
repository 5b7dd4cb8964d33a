"""The forms of one thing that a mission says of itself, and the intake sites it names."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from consular import casework
from consular.casework.mission_changes import KEEPERS
from consular.core import clock
from consular.core.errors import Refused
from consular.desk import mission_words
from consular.desk.access import officer_required
from consular.desk.calendar_rows import day_field
from consular.desk.missions import mission_of, names, said_after, shown
from consular.formspec.inputs import SeveralOf
from consular.missions import administered, details
from consular.missions.administered import Target
from consular.missions.changes import Subject
from consular.missions.models import Mission, ServiceGroup, SiteKind

PAGE = require_http_methods(["GET", "HEAD", "POST"])
FIRST_LETTERS = forms.Textarea(attrs={"rows": 4, "dir": "auto"})


class DetailForm(forms.Form):
    """A value and the day from which it holds; the fields of the value depend on what it is."""

    def __init__(self, data: Any, name: str, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.name = name
        self.fields.update(_fields(name))
        self.fields["valid_from"] = day_field(
            _("Valid from"), help_text=_("Today, or a later day: until then everything stays as it is.")
        )

    def value(self) -> Any:
        """What was entered, as the verb wants it."""
        given = {name: text for name, text in self.cleaned_data.items() if name != "valid_from"}
        if self.name == details.ADDRESS:
            return given["value"]
        if self.name == details.LANGUAGES:
            return given["languages"].replace(",", " ").split()
        return given


def _fields(name: str) -> dict[str, forms.Field]:
    if name == details.ADDRESS:
        return {"value": forms.CharField(label=_("Address"), widget=FIRST_LETTERS, max_length=2000)}
    if name == details.LANGUAGES:
        codes = _("One to eight codes of languages, for example: en, de, hi")
        return {"languages": forms.CharField(label=_("Languages"), help_text=codes, max_length=80)}
    if name == details.RATE:
        return {
            "currency": forms.CharField(
                label=_("Currency"), help_text=_("The code, for example INR"), max_length=3
            ),
            "per_euro": forms.CharField(
                label=_("For one euro"), help_text=_("With a point, for example 78.60"), max_length=20
            ),
            "step": forms.CharField(
                label=_("Rounded up to a multiple of"), help_text=_("For example 100"), max_length=20
            ),
        }
    return {
        code: forms.CharField(label=language, widget=FIRST_LETTERS, max_length=2000, required=False)
        for code, language in settings.LANGUAGES
    }


class SiteForm(forms.Form):
    """Somebody who takes applications for the mission."""

    kind = forms.ChoiceField(label=_("Who"), choices=SiteKind.choices)
    name = forms.CharField(
        label=_("Name"), help_text=_("Of a service provider."), max_length=80, required=False
    )
    city = forms.CharField(label=_("City"), help_text=_("In English"), max_length=80)
    groups = forms.MultipleChoiceField(label=_("Services"), choices=ServiceGroup.choices, widget=SeveralOf)
    valid_from = day_field(_("Valid from"))


@PAGE
@officer_required(*KEEPERS)
def detail(request: HttpRequest, mission: str, detail: str) -> HttpResponse:
    """Change one thing that a mission says of itself, from a day on."""
    kept = mission_of(request, mission)
    if detail not in names():
        raise Http404
    target = Target(Subject.DETAIL, kept.pk, detail)
    seen = administered.mark(administered.state_of(target))
    today = clock.today(kept.time_zone)
    form = DetailForm(request.POST or None, detail, _standing(kept, detail, today) | {"valid_from": today})
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _save(request, kept, form)
        if refusal is None and not form.errors:
            return redirect("desk:mission", mission=kept.code)
    context = {
        "form": form,
        "label": mission_words.name_of(detail),
        "seen": request.POST.get("seen", seen) if refusal is None else seen,
        "lines": [mission_words.line(Subject.DETAIL, detail, row) for row in administered.state_of(target)],
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if request.method == "POST" else 200
    return shown(request, kept, "desk/mission_detail.html", context, status)


@PAGE
@officer_required(*KEEPERS)
def sites(request: HttpRequest, mission: str) -> HttpResponse:
    """Who else takes applications: the list, another one, and the end of one."""
    kept = mission_of(request, mission)
    state = administered.state_of(Target(Subject.SITES, kept.pk))
    today = clock.today(kept.time_zone)
    adds = "add" in request.POST
    form = SiteForm(request.POST if adds else None, initial={"valid_from": today})
    refusal = None
    if request.method == "POST" and (not adds or form.is_valid()):
        refusal = _act_on_sites(request, kept, form)
        if refusal is None and not form.errors:
            return redirect("desk:mission_sites", mission=kept.code)
    context = {
        "form": form,
        "seen": administered.mark(state),
        "lines": [
            (number, mission_words.line(Subject.SITES, "", row), row[6] is None)
            for number, row in enumerate(state)
        ],
        "today": today,
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if request.method == "POST" else 200
    return shown(request, kept, "desk/mission_sites.html", context, status)


def _save(request: HttpRequest, kept: Mission, form: DetailForm) -> Refused | None:
    """Call the verb; the refusal, where it does not belong to a field."""
    try:
        said = casework.Saying(form.name, form.value(), form.cleaned_data["valid_from"])
        done = casework.set_detail(kept.pk, said, actor=request.user, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        return _beside(form, refusal)
    messages.success(request, said_after(done))
    return None


def _act_on_sites(request: HttpRequest, kept: Mission, form: SiteForm) -> Refused | None:
    seen = request.POST.get("seen", "")
    try:
        if form.is_bound:
            given = form.cleaned_data
            site = casework.Site(
                SiteKind(given["kind"]),
                given["name"],
                given["city"],
                tuple(ServiceGroup(group) for group in given["groups"]),
                given["valid_from"],
            )
            done = casework.add_site(kept.pk, site, actor=request.user, seen=seen)
        else:
            number, day = _number(request.POST.get("end", "")), _day(request.POST.get("ends_on", ""))
            done = casework.end_site(kept.pk, number, day, actor=request.user, seen=seen)
    except Refused as refusal:
        return _beside(form, refusal)
    messages.success(request, said_after(done))
    return None


def _beside(form: forms.Form, refusal: Refused) -> Refused | None:
    """Put a refusal beside its field, where the form has that."""
    if not form.is_bound or refusal.field not in form.fields:
        return refusal
    form.add_error(refusal.field, refusal.message)
    return None


def _standing(kept: Mission, name: str, today: date) -> dict[str, Any]:
    """What holds today, as the fields of the form show it."""
    standing = details.of(kept, today)
    if name == details.ADDRESS:
        return {"value": standing.address}
    if name == details.LANGUAGES:
        return {"languages": ", ".join(standing.languages)}
    if name == details.RATE:
        rate = standing.rate
        if rate is None:
            return {"currency": kept.currency}
        return {"currency": rate.currency, "per_euro": f"{rate.per_euro:f}", "step": f"{rate.step:f}"}
    fixed = {details.HOURS: standing.hours, details.COLLECT: standing.collect}
    return dict(fixed.get(name) or standing.texts.get(name.removeprefix(details.TEXT), {}))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Enter a valid date."), code="bad_days", status=422) from None
