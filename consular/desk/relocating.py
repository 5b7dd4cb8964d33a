"""Whole cases for another mission: choose them, look at what that does, have the worker do it, undo it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from consular import casework, formspec
from consular.accounts.models import Role
from consular.cases.models import Case, Phase
from consular.cases.queue import DOES_TASKS
from consular.casework.relocating import MOST, Seen
from consular.casework.relocation_preview import Effect
from consular.core import clock, references
from consular.core.errors import Refused
from consular.desk import section
from consular.desk.access import officer_required
from consular.desk.handing_over import CHOOSE
from consular.formspec.inputs import SeveralOf
from consular.missions.models import Mission, Posting
from consular.missions.titles import title

RUNNING = tuple(phase for phase in Phase if phase not in {Phase.DRAFT, Phase.CLOSED})


class Narrowed(forms.Form):
    """Which cases are offered."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    phase = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("All")), *((phase.value, phase.label) for phase in RUNNING)],
        required=False,
    )
    case = forms.CharField(label=_("Reference, for one case alone"), max_length=40, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        services = [(folder.service, gettext(folder.form.title)) for folder in formspec.services()]
        self.fields["service"].choices = [("", _("All")), *services]

    def clean_case(self) -> str:
        """The reference as we write it."""
        typed = self.cleaned_data["case"]
        found = references.tidy(typed) if typed else ""
        if found is None:
            raise forms.ValidationError(_("This is no reference of ours. Look at it once more."))
        return found


class HandOverForm(forms.Form):
    """Which of them, to which mission, and why."""

    chosen = forms.TypedMultipleChoiceField(label=_("Cases"), coerce=int, widget=SeveralOf)
    to = forms.TypedChoiceField(label=_("To"), coerce=int)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with each case as an internal note. Applicants do not see it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any, cases: list[Case], to: list[tuple[int, str]], alone: bool) -> None:
        super().__init__(data, initial={"chosen": [case.pk for case in cases] if alone else []})
        self.fields["chosen"].choices = [(case.pk, _named(case)) for case in cases]
        self.fields["to"].choices = [CHOOSE, *to]


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.HEAD_OF_SECTION)
def hand_over(request: HttpRequest) -> HttpResponse:
    """Choose cases, look at what handing them over does, and hand them over."""
    mission = section.section_of(request)
    narrowed = Narrowed(request.GET)
    wanted = narrowed.cleaned_data if narrowed.is_valid() else None
    cases = _cases(request, mission, wanted) if wanted is not None else []
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, cases, _missions(mission), alone=bool(wanted and wanted["case"]))
    effects, refusal = None, None
    if data is not None and form.is_valid():
        try:
            if "hand" in data and _was_looked_at(form, data.get("seen", "")):
                return _begun(request, form)
            effects = casework.preview_handing_over(
                form.cleaned_data["chosen"],
                form.cleaned_data["to"],
                form.cleaned_data["reason"],
                actor=request.user,
            )
        except Refused as refused:
            refusal = refused
    context = {
        "narrowed": narrowed,
        "form": form,
        "has_cases": bool(cases),
        "is_full": len(cases) == MOST,
        "effects": effects,
        "going": sum(not effect.refusal for effect in effects or ()),
        "there": dict(form.fields["to"].choices).get(form.cleaned_data["to"]) if effects is not None else "",
        "seen": _written(form.cleaned_data["to"], effects) if effects is not None else "",
        "refusal": refusal and refusal.message,
    }
    status = refusal.status if refusal else 422 if form.errors or narrowed.errors else 200
    return section.shown(request, mission, "desk/relocating.html", context, status)


@require_POST
@officer_required(Role.HEAD_OF_SECTION)
def bring_back(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Undo what one has handed over, as far as nobody has gone on with it."""
    try:
        begun = casework.begin_bringing_back(batch_id, language=get_language() or "en", actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("desk:batches")
    return redirect("desk:batch", batch_id=begun.pk)


def _begun(request: HttpRequest, form: HandOverForm) -> HttpResponse:
    given = form.cleaned_data
    how = casework.HandingOver(given["to"], given["reason"], _read(request.POST["seen"])[1])
    batch = casework.begin_handing_over(
        given["chosen"], how, language=get_language() or "en", actor=request.user
    )
    return redirect("desk:batch", batch_id=batch.pk)


def _cases(request: HttpRequest, mission: Mission, wanted: dict[str, str]) -> list[Case]:
    """The first running cases of the mission that fit, what has stood longest first."""
    phases = [wanted["phase"]] if wanted["phase"] else RUNNING
    visible = Case.objects.visible_to(request.user, request.duties)
    found = visible.filter(mission=mission, phase__in=phases)
    if wanted["service"]:
        found = found.filter(service=wanted["service"])
    if wanted["case"]:
        found = found.filter(reference=wanted["case"])
    return list(found.exclude(phase__in=(Phase.DRAFT, Phase.CLOSED)).order_by("changed_at", "id")[:MOST])


def _named(case: Case) -> str:
    """One case on one line: reference, service, status, since when it is here."""
    return gettext("%(case)s: %(service)s, %(status)s, received on %(day)s") % {
        "case": case.reference,
        "service": section.service_name(case.service),
        "status": case.get_phase_display(),
        "day": date_format(case.submitted_at, "SHORT_DATE_FORMAT") if case.submitted_at else "",
    }


def _missions(mission: Mission) -> list[tuple[int, str]]:
    """The other missions where anybody works on cases today."""
    posted = Posting.objects.valid_on(clock.today()).filter(role__in=DOES_TASKS, user__is_active=True)
    others = Mission.objects.filter(pk__in=posted.values("mission")).exclude(pk=mission.pk)
    return sorted(((one.pk, title(one)) for one in others), key=lambda choice: choice[1])


def _written(to: int, effects: list[Effect]) -> str:
    """What a preview has said, in one hidden field: to where, and of each case where it was and its appointment."""
    cases = [f"{one.case.pk}|{one.seen.mission_id}|{one.seen.appointment}" for one in effects]
    return " ".join([str(to), *cases])


def _read(text: str) -> tuple[str, dict[int, Seen]]:
    """The same from the field; what somebody made up in it counts as not looked at."""
    to, *parts = text.split()[: MOST + 1] or [""]
    found = {}
    for part in parts:
        case, mission, appointment = (part.split("|", 2) + ["", "", ""])[:3]
        if case.isdecimal() and mission.isdecimal() and len(part) < 80:
            found[int(case)] = Seen(int(mission), appointment)
    return to, found


def _was_looked_at(form: HandOverForm, text: str) -> bool:
    """Whether the preview on the page was about these cases and this mission."""
    to, seen = _read(text)
    return to == str(form.cleaned_data["to"]) and set(form.cleaned_data["chosen"]) <= seen.keys()
