"""Places that are blocked: by whom, why, until when, for everybody at the mission to see; and how to block some."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consular import casework
from consular.appointments import planning
from consular.appointments.changes import Block
from consular.appointments.models import Calendar
from consular.appointments.opening import moment
from consular.casework.blocks import LONGEST_REASON, Wish
from consular.casework.steering import STEERERS
from consular.core import clock
from consular.core.errors import Refused
from consular.desk import steering
from consular.desk.access import officer_required
from consular.desk.calendar_rows import day_field, number_field, time_field
from consular.desk.calendars import PAGE, SHOWN, services_of, shown
from consular.desk.numbers import number
from consular.missions.titles import title


class BlockForm(forms.Form):
    """Which time of a day, how much of it, why and for how long."""

    day = day_field(gettext_lazy("Day"))
    starts = time_field(gettext_lazy("From"))
    ends = time_field(gettext_lazy("Until"))
    places = number_field(
        gettext_lazy("Places of each time"),
        1,
        200,
        required=False,
        help_text=gettext_lazy("Left empty: all that are free."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The head of section and the auditor read it."),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        most = settings.BLOCK_DAYS
        self.fields["until"] = number_field(
            _("Ends by itself after so many days"),
            1,
            most,
            help_text=_("At most %(days)s. Then the places can be booked again.") % {"days": most},
        )


@PAGE
@officer_required()
def of_calendar(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """The blocks of a calendar, and the form for another one."""
    calendar = steering.calendar_of(request, calendar_id)
    form = BlockForm(request.POST if request.method == "POST" else None)
    status, refusal = 200, None
    if form.is_bound:
        refusal = _block(request, calendar, form)
        if refusal is None and form.is_valid():
            return redirect("desk:calendar_blocks", calendar_id=calendar.pk)
        status = refusal.status if refusal else 422
    rows = Block.objects.filter(calendar=calendar)
    context = {
        "calendar": calendar,
        "services": services_of(calendar),
        "form": form,
        "refusal": refusal and refusal.message,
        "blocks": _lines(rows),
        "may_steer": steering.may_steer(request.duties, calendar.mission_id),
    }
    return shown(request, calendar.mission, "desk/calendar_blocks.html", context, status)


@PAGE
@officer_required()
def overview(request: HttpRequest) -> HttpResponse:
    """Every block at my missions, those that hold first: also those that have ended or were lifted."""
    status, refusal = 200, None
    if request.method == "POST":
        try:
            casework.lift(number(request.POST.get("lift", "")), actor=request.user)
        except Refused as refused:
            status, refusal = refused.status, refused.message
        else:
            messages.success(request, _("The block has ended. The places can be booked again."))
            return redirect("desk:blocks")
    rows = Block.objects.all()
    seen = steering.missions(request.duties)
    if seen is not None:
        rows = rows.filter(calendar__mission__in=seen)
    context = {"blocks": _lines(rows), "refusal": refusal, "steers": request.duties.roles & STEERERS}
    return render(request, "desk/blocks.html", context, status=status)


def _lines(rows: QuerySet[Block]) -> list[dict[str, Any]]:
    """Blocks as the pages show them, in the time zone of each mission."""
    now = clock.now()
    ordered = rows.select_related("calendar__mission", "made_by", "lifted_by").order_by("-made_at", "-pk")
    found = sorted(ordered[:SHOWN], key=lambda row: not _holds(row, now))
    return [
        {
            "block": row,
            "holds": _holds(row, now),
            "zone": row.calendar.mission.time_zone,
            "mission": title(row.calendar.mission),
            "services": services_of(row.calendar),
            "booked": _booked(row, now) if _holds(row, now) else 0,
        }
        for row in found
    ]


def _holds(row: Block, now: Any) -> bool:
    return row.lifted_at is None and row.until > now


def _booked(row: Block, now: Any) -> int:
    """How many appointments lie in the blocked time: they stay, and stay in sight."""
    there = planning.booked(row.calendar_id, now)
    return sum(one.starts_at < row.ends_at and row.starts_at < one.ends_at for one in there)


def _block(request: HttpRequest, calendar: Calendar, form: BlockForm) -> Refused | None:
    """Block what was entered; the refusal, where it does not belong to a field."""
    if not form.is_valid():
        return None
    given, zone = form.cleaned_data, ZoneInfo(calendar.mission.time_zone)
    wish = Wish(
        starts_at=moment(given["day"], given["starts"], zone),
        ends_at=moment(given["day"], given["ends"], zone),
        places=given["places"],
        reason=given["reason"],
        until=clock.now() + timedelta(days=given["until"]),
    )
    try:
        casework.block(calendar.pk, wish, actor=request.user)
    except Refused as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
            return None
        return refusal
    messages.success(request, _("The places are blocked. What is booked stays booked."))
    return None
