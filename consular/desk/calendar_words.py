"""What was changed about calendars, in words: one line for each thing that is different."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from consular.appointments import setups
from consular.appointments.changes import Change, Subject
from consular.appointments.distribution import Mode
from consular.core.wording import listed
from consular.desk import calendar_rows
from consular.desk.appointments import service_name
from consular.desk.calendar_form import SetupForm, length_label
from consular.desk.calendar_rows import Row
from consular.missions.models import Absence

Difference = tuple[str, list[str], list[str]]
"""What it is about, what was so before, and what is so after."""


def differences(change: Change) -> list[Difference]:
    """What a change made different."""
    if change.subject == Subject.CLOSURES:
        return [(_("Closed days"), closures(change.before), closures(change.after))]
    if change.subject == Subject.ABSENCES:
        return [(_("Counters without staff"), _absences(change.before), _absences(change.after))]
    before, after = change.before, change.after
    rows: list[Difference] = [
        (str(field.label), [_value(name, before.get(name))], [_value(name, after.get(name))])
        for name, field in SetupForm.base_fields.items()
        if before.get(name) != after.get(name)
    ]
    rows += _lengths(before.get("lengths", {}), after.get("lengths", {}))
    if before["rules"] != after["rules"]:
        rows.append((_("Opening hours"), hours(before), hours(after)))
    return rows


def _lengths(before: Mapping[str, int], after: Mapping[str, int]) -> list[Difference]:
    """The services of which a person takes another number of slots."""
    return [
        (length_label(service_name(service)), [str(before.get(service, 1))], [str(after.get(service, 1))])
        for service in sorted({*before, *after})
        if before.get(service, 1) != after.get(service, 1)
    ]


def hours(kept: dict[str, Any]) -> list[str]:
    """Opening hours, a line for each row."""
    return [hours_of(row) for row in calendar_rows.rows_of(setups.from_json(kept).rules)]


def hours_of(row: Row) -> str:
    """One row of opening hours."""
    rule, rhythms = row.rule, dict(calendar_rows.RHYTHMS)
    times = listed(f"{time_format(start)}–{time_format(end)}" for start, end in rule.times)
    if rule.on_day:
        when = date_format(rule.on_day, "SHORT_DATE_FORMAT")
    else:
        names = dict(calendar_rows.WEEKDAYS)
        which = f"nth {rule.nth}" if rule.nth else f"every {rule.every}"
        days = listed(str(names[str(day)]) for day in row.weekdays)
        when = f"{days} ({rhythms.get(which, which)})" if which != "every 1" else days
    people = _("People served at the same time") + f": {rule.capacity}"
    return f"{listed([when, times])}. {people}"


def closures(state: Sequence[Sequence[str]]) -> list[str]:
    """Closed days, a line for each closure."""
    return [f"{_day(first)}–{_day(last)}: {reason}" for first, last, reason in state]


def _absences(state: Sequence[int]) -> list[str]:
    rows = Absence.objects.filter(pk__in=state).select_related("user").order_by("starts_on", "pk")
    return [f"{row.user.name}: {_day(row.starts_on)}–{_day(row.ends_on)}" for row in rows]


def _day(day: date | str) -> str:
    return date_format(date.fromisoformat(day) if isinstance(day, str) else day, "SHORT_DATE_FORMAT")


def _value(name: str, value: Any) -> str:
    if name == "mode":
        return str(Mode(value).label)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "–" if value is None else str(value)
