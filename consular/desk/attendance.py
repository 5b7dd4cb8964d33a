"""What officers enter on the day of an appointment: by its code at the door, by a button in the list, or afterwards."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from consular import casework
from consular.appointments import attendance, visits
from consular.appointments import day as days
from consular.appointments.opening import moment
from consular.appointments.visits import Act, Standing
from consular.casework.attending import Conflict, Line
from consular.core import clock
from consular.core.errors import Refused
from consular.desk.access import officer_required
from consular.desk.appointments import (
    SEES_THE_DAY,
    day_address,
    missions_of,
    query_of,
    wanted_day,
    wanted_mission,
)
from consular.desk.arrivals import still_expected
from consular.missions.models import Mission
from consular.missions.titles import title


class AfterwardsForm(forms.Form):
    """What the sheet says about one appointment."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        required=False,
        choices=[
            ("", gettext_lazy("Nothing entered")),
            (Act.SERVE, gettext_lazy("Served")),
            (Act.MISS, gettext_lazy("Did not come")),
            (Act.CHECK_IN, gettext_lazy("Came, was not served")),
        ],
    )
    came_at = forms.TimeField(
        label=gettext_lazy("Came at"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    done_at = forms.TimeField(
        label=gettext_lazy("Served at"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    seen = forms.IntegerField(min_value=0, max_value=30_000, widget=forms.HiddenInput)

    def clean(self) -> None:
        """Who came did so at a time."""
        given = self.cleaned_data
        outcome = given.get("outcome")
        if outcome in {Act.SERVE, Act.CHECK_IN} and not given.get("came_at") and "came_at" not in self.errors:
            self.add_error("came_at", _("Enter when the person came."))
        if outcome == Act.SERVE and not given.get("done_at") and "done_at" not in self.errors:
            self.add_error("done_at", _("Enter when the person was served."))


@dataclass(frozen=True)
class Asked:
    """One appointment, and the form that asks about it; `conflict` says why it was not entered."""

    row: days.Appointment
    form: AfterwardsForm
    standing: Standing
    conflict: str = ""


@require_POST
@officer_required(*SEES_THE_DAY)
def check_in(request: HttpRequest) -> HttpResponse:
    """Write down that somebody has come, by the code or reference on their confirmation; of several who come together
    it is asked who is here.
    """
    typed = request.POST.get("code", "")
    for mission in missions_of(request.duties):
        today = clock.today(mission.time_zone)
        rows = days.of_day(mission, today)
        found = days.find(typed, rows)
        if len({row.party or row.reference for row in found}) > 1:
            messages.warning(
                request, _("Two appointments of today have this code. Choose by the name below.")
            )
            return redirect(day_address(mission, today))
        party = [row for row in rows if row.party and row.party == found[0].party] if found else []
        expected = still_expected(party, clock.now())
        if len(expected) > 1:
            return redirect("desk:check_in_together", reference=found[0].reference)
        if found:
            comes = next((row for row in found if row in expected), found[0])
            _attend(request, comes.reference, Act.CHECK_IN, comes.visit.seen)
            return redirect(f"{day_address(mission, today)}#b-{comes.reference}")
    messages.error(
        request, _("No appointment of today has this code. Look at the day that the confirmation names.")
    )
    return redirect("desk:appointments")


@require_POST
@officer_required(*SEES_THE_DAY)
def attend(request: HttpRequest, reference: str) -> HttpResponse:
    """Write down what a button says."""
    act, seen = request.POST.get("act", ""), request.POST.get("seen", "")
    if act in Act.values and seen.isascii() and seen.isdigit() and len(seen) < 6:
        _attend(request, reference, Act(act), int(seen), _counter(request.POST.get("counter", "")))
    mission = wanted_mission(request)
    return redirect(f"{day_address(mission, wanted_day(request, mission))}#b-{reference}")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*SEES_THE_DAY)
def afterwards(request: HttpRequest) -> HttpResponse:
    """Enter what the day sheet says; what cannot be entered is shown, and everything typed stays."""
    mission = wanted_mission(request)
    day = wanted_day(request, mission)
    rows = days.of_day(mission, day)
    given = request.POST if request.method == "POST" else None
    asked = [Asked(row, _form(row, given), row.visit.standing) for row in rows]
    status = 200
    if given is not None:
        wrong = any(one.form.has_changed() and not one.form.is_valid() for one in asked)
        conflicts = [] if wrong else casework.reconcile(_lines(asked, mission, day), actor=request.user)
        if not wrong and not conflicts:
            messages.success(request, _("What the sheet says has been entered."))
            return redirect(day_address(mission, day))
        asked, status = _with_conflicts(asked, conflicts, mission, day), 422 if wrong else 409
    context = {
        "asked": asked,
        "mission": mission,
        "name": title(mission),
        "day": day,
        "query": query_of(mission, day),
        "has_problem": status != 200,
    }
    return render(request, "desk/afterwards.html", context, status=status)


def _attend(request: HttpRequest, reference: str, act: Act, seen: int, counter: int | None = None) -> None:
    """Write one entry that happens now, and say what became of it."""
    wanted = attendance.Entry(act, seen, clock.now(), counter)
    try:
        entry = casework.attend(reference, wanted, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return
    messages.success(request, _("Entered: %(what)s.") % {"what": visits.Standing(entry.standing).label})


def _counter(text: str) -> int | None:
    """The number of a counter, where one was typed."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 and int(text) else None


def _form(row: days.Appointment, given: object) -> AfterwardsForm:
    return AfterwardsForm(given, prefix=row.reference, initial={"seen": row.visit.seen})


def _lines(asked: list[Asked], mission: Mission, day: date) -> list[Line]:
    """What was typed, as moments on the clock of the mission."""
    zone = ZoneInfo(mission.time_zone)

    def at(wall: time | None) -> datetime | None:
        return moment(day, wall, zone) if wall else None

    lines = []
    for one in asked:
        typed = one.form.cleaned_data if one.form.is_valid() else {}
        if typed.get("outcome"):
            act, seen = Act(typed["outcome"]), typed["seen"]
            lines.append(
                Line(one.row.reference, act, seen, at(typed.get("came_at")), at(typed.get("done_at")))
            )
    return lines


def _with_conflicts(
    asked: list[Asked], conflicts: list[Conflict], mission: Mission, day: date
) -> list[Asked]:
    """The same lines as they stand now, each with what was typed and why it was not entered."""
    why = {conflict.reference: conflict.sentence for conflict in conflicts}
    now = {row.reference: row for row in days.of_day(mission, day)}
    return [
        Asked(row, one.form, row.visit.standing, why.get(row.reference, ""))
        for one in asked
        if (row := now.get(one.row.reference))
    ]
