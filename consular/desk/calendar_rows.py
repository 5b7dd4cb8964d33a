"""Opening rules as rows of a form: one row for all weekdays on which the same holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consular.appointments.rhythm import LAST, Rule
from consular.formspec.inputs import SeveralOf

WEEKDAYS: tuple[tuple[str, str | Promise], ...] = (
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
)
RHYTHMS: tuple[tuple[str, str | Promise], ...] = (
    ("every 1", _("Every week")),
    ("every 2", _("Every second week")),
    ("every 3", _("Every third week")),
    ("every 4", _("Every fourth week")),
    ("every 6", _("Every sixth week")),
    ("every 8", _("Every eighth week")),
    ("nth 1", _("The first such day of each month")),
    ("nth 2", _("The second such day of each month")),
    ("nth 3", _("The third such day of each month")),
    ("nth 4", _("The fourth such day of each month")),
    ("nth 5", _("The fifth such day of each month, if there is one")),
    (f"nth {LAST}", _("The last such day of each month")),
    ("day", _("On one day only, instead of the usual hours")),
)
MOST_ROWS = 50
"""More rows than this are not added on the page, so that what it posts stays below what a request may hold."""

FIRST_YEAR, LAST_YEAR = 2000, 2199
_DAY = timedelta(days=1)

Names = Mapping[str, forms.Field]


@dataclass(frozen=True)
class Row:
    """One row: a rule, without its weekday, and the days on which it holds."""

    rule: Rule
    weekdays: tuple[int, ...]


def within_reach(moment: date) -> None:
    """ValidationError for a day that no clock of a mission can be sure of."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise forms.ValidationError(
            _("Enter a day between the years %(first)s and %(last)s.")
            % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )


def day_field(label: str | Promise, **more: Any) -> forms.DateField:
    """A day, asked for with the browser's own picker."""
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=[within_reach], **more)


def time_field(label: str | Promise, **more: Any) -> forms.TimeField:
    """A time of day, asked for with the browser's own picker."""
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **more)


def number_field(label: str | Promise, least: int, most: int, **more: Any) -> forms.IntegerField:
    """A whole number between two others."""
    return forms.IntegerField(label=label, min_value=least, max_value=most, **more)


def fields() -> Names:
    """The fields of one row."""
    return {
        "rhythm": forms.ChoiceField(label=_("How often"), choices=RHYTHMS),
        "weekdays": forms.MultipleChoiceField(
            label=_("Weekdays"), choices=WEEKDAYS, widget=SeveralOf, required=False
        ),
        "on_day": day_field(_("On this one day"), required=False),
        "opens_at": time_field(_("Opens at")),
        "closes_at": time_field(_("Closes at")),
        "pause_from": time_field(_("Break from"), required=False),
        "pause_to": time_field(_("Break until"), required=False),
        "capacity": number_field(_("People served at the same time"), 1, 200),
        "internal": number_field(_("Of these, booked by staff only"), 0, 200),
        "valid_from": day_field(
            _("From this day on"), help_text=_("Every second week and the like count from this week.")
        ),
        "last_day": day_field(_("Until this day"), required=False),
        "remove": forms.BooleanField(label=_("Remove these hours"), required=False),
    }


def rows_of(rules: Iterable[Rule]) -> list[Row]:
    """Rules as rows: those that differ in their weekday only are one."""
    found: dict[Rule, list[int]] = {}
    for rule in rules:
        found.setdefault(replace(rule, weekday=0), []).append(rule.weekday)
    rows = [Row(rule, tuple(sorted(days))) for rule, days in found.items()]
    return sorted(rows, key=lambda row: (row.rule.rank, row.weekdays, row.rule.opens_at, row.rule.valid_from))


def initial(row: Row) -> dict[str, Any]:
    """What the fields of a row show."""
    rule = row.rule
    rhythm = "day" if rule.on_day else f"nth {rule.nth}" if rule.nth else f"every {rule.every}"
    return {
        **{name: getattr(rule, name) for name in fields() if hasattr(rule, name)},
        "rhythm": rhythm,
        "weekdays": [] if rule.on_day else [str(day) for day in row.weekdays],
        "last_day": rule.valid_to - _DAY if rule.valid_to and not rule.on_day else None,
    }


def empty(today: date) -> dict[str, Any]:
    """What a new row shows."""
    return {"rhythm": "every 1", "capacity": 1, "internal": 0, "valid_from": today}


def problems(given: Mapping[str, Any]) -> Iterable[tuple[str, str | Promise]]:
    """What is wrong between the fields of one row, each with its field."""
    yield from _times(given)
    if (given.get("internal") or 0) > (given.get("capacity") or 200):
        yield "internal", _("These are more than are served at the same time.")
    yield from _days(given)


def _times(given: Mapping[str, Any]) -> Iterable[tuple[str, str | Promise]]:
    opens, closes = given.get("opens_at"), given.get("closes_at")
    start, end = given.get("pause_from"), given.get("pause_to")
    if opens and closes and closes <= opens:
        yield "closes_at", _("This is not after the time of opening.")
    if bool(start) != bool(end):
        yield "pause_to" if start else "pause_from", _("A break has a beginning and an end.")
    elif start and end and opens and closes and not opens < start < end < closes:
        yield "pause_from", _("The break does not lie within the hours.")


def _days(given: Mapping[str, Any]) -> Iterable[tuple[str, str | Promise]]:
    if given.get("rhythm") == "day":
        if not given.get("on_day"):
            yield "on_day", _("Enter the day.")
    elif not given.get("weekdays"):
        yield "weekdays", _("Choose at least one weekday.")
    first, last = given.get("valid_from"), given.get("last_day")
    if first and last and last < first:
        yield "last_day", _("The last day lies before the first.")


def rules_of(given: Mapping[str, Any]) -> list[Rule]:
    """The rules that a row says, once it has no problems."""
    kind, _space, number = given["rhythm"].partition(" ")
    base = Rule(
        weekday=0,
        opens_at=given["opens_at"],
        closes_at=given["closes_at"],
        valid_from=given["valid_from"],
        capacity=given["capacity"],
        internal=given["internal"],
        every=int(number) if kind == "every" else 1,
        nth=int(number) if kind == "nth" else None,
        pause_from=given["pause_from"],
        pause_to=given["pause_to"],
        valid_to=given["last_day"] + _DAY if given["last_day"] else None,
    )
    if kind == "day":
        day = given["on_day"]
        return [replace(base, weekday=day.weekday(), on_day=day, valid_from=day, valid_to=day + _DAY)]
    return [replace(base, weekday=int(day)) for day in given["weekdays"]]
