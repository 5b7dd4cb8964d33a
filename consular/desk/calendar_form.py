"""The form of a calendar: its settings and its opening hours, as many rows as there are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consular.appointments import setups
from consular.appointments.distribution import Mode
from consular.appointments.setups import Setup
from consular.desk import calendar_rows
from consular.desk.calendar_rows import number_field, time_field

ROWS = "rows"
MOST_SLOTS = 8
"""How many slots a person takes at most: as many as the constraint of `Calendar.lengths` allows."""


@dataclass(frozen=True)
class ShownRow:
    """One row of opening hours: its number, and its fields."""

    number: int
    fields: list[BoundField]


class SetupForm(forms.Form):
    """Everything staff decide about a calendar."""

    counters = number_field(gettext_lazy("Counters"), 1, 200)
    slot_minutes = number_field(
        gettext_lazy("Minutes for one person"),
        5,
        480,
        help_text=gettext_lazy(
            "Appointments that are booked keep their time and their length. People who come together have one such "
            "time each, side by side."
        ),
    )
    most_people = number_field(gettext_lazy("People who can book together at most"), 1, 20)
    mode = forms.ChoiceField(label=gettext_lazy("How places are given out"), choices=Mode.choices)
    list_first = forms.BooleanField(
        label=gettext_lazy("Places that are given back are offered along the waiting list first"),
        required=False,
    )
    offer_hours = number_field(gettext_lazy("An offer keeps its places for so many hours"), 1, 168)
    passes_kept = number_field(
        gettext_lazy("How often somebody can let an offer pass and keep the rank"),
        0,
        20,
        help_text=gettext_lazy("After that the person goes to the end of the list."),
    )
    horizon_days = number_field(gettext_lazy("How many days ahead one can book"), 1, 730)
    notice_hours = number_field(gettext_lazy("How many hours before at the latest"), 0, 720)
    release_at = time_field(
        gettext_lazy("New days are released at"),
        required=False,
        help_text=gettext_lazy("Left empty, each time opens so many days before it begins."),
    )
    release_jitter = number_field(
        gettext_lazy("Released by chance up to so many minutes later"),
        0,
        720,
        help_text=gettext_lazy("So nobody can wait for the very second."),
    )
    week_share = number_field(gettext_lazy("Percent of the places released a week before"), 0, 100)
    day_share = number_field(gettext_lazy("Percent of the places released on the day itself"), 0, 100)
    returns_after = number_field(
        gettext_lazy("Cancelled places come back after so many minutes at the earliest"), 0, 1440
    )
    returns_before = number_field(gettext_lazy("And after so many at the latest"), 0, 1440)
    overbooking = number_field(
        gettext_lazy("Places added at most where many do not come"),
        0,
        10,
        help_text=gettext_lazy("How many are added is learnt from the last months. 0: none."),
    )

    def __init__(
        self, data: Any, setup: Setup, *, today: date, services: Mapping[str, str], extra: int = 0
    ) -> None:
        rows = [calendar_rows.initial(row) for row in calendar_rows.rows_of(setup.rules)]
        most = max(calendar_rows.MOST_ROWS, len(rows))
        there = len(rows) if data is None else min(_count(data), most)
        self.has_lost_rows = data is not None and _count(data) > most
        rows = rows if data is None else [calendar_rows.empty(today)] * there
        rows += [calendar_rows.empty(today)] * min(extra, most - there)
        if data is not None:
            data = _with_new_rows(data, there, rows)
        start = {name: getattr(setup, name) for name in setups.SETTINGS}
        start |= {length_name(service): setup.lengths.get(service, 1) for service in services}
        self.services = services
        self.unknown = {name: length for name, length in setup.lengths.items() if name not in services}
        self.rows, self.is_full = len(rows), len(rows) >= calendar_rows.MOST_ROWS
        for number, row in enumerate(rows):
            start |= {f"{number}_{name}": value for name, value in row.items()}
        super().__init__(data, initial=start)
        for service, title in services.items():
            self.fields[length_name(service)] = number_field(title, 1, MOST_SLOTS)
            self.fields[length_name(service)].named = length_label(title)
        for number in range(self.rows):
            for name, field in calendar_rows.fields().items():
                field.named = _("Hours %(number)s: %(field)s") % {"number": number + 1, "field": field.label}
                self.fields[f"{number}_{name}"] = field

    def forget_errors(self) -> None:
        """Show what was entered, and say nothing about it yet."""
        self.full_clean()
        self.errors.clear()

    @property
    def settings(self) -> list[BoundField]:
        """The fields that are not of a row."""
        return [self[name] for name in type(self).base_fields]

    @property
    def lengths(self) -> list[BoundField]:
        """The fields that say how many slots a person takes by service."""
        return [self[length_name(service)] for service in self.services]

    @property
    def hours(self) -> Iterator[ShownRow]:
        """The rows of opening hours."""
        for number in range(self.rows):
            yield ShownRow(number + 1, [self[f"{number}_{name}"] for name in calendar_rows.fields()])

    def clean(self) -> dict[str, Any]:
        """What cannot be said of one field alone."""
        given = super().clean() or {}
        if self.has_lost_rows:
            raise forms.ValidationError(_("Somebody else entered something meanwhile. Look again."))
        for number in range(self.rows):
            row = self._row(number)
            if row.get("remove"):
                for name in calendar_rows.fields():
                    self.errors.pop(f"{number}_{name}", None)
                continue
            for name, problem in calendar_rows.problems(row):
                if f"{number}_{name}" not in self.errors:
                    self.add_error(f"{number}_{name}", problem)
        self._check_shares(given)
        if not self.errors and setups.clash(self.setup().rules):
            raise forms.ValidationError(_("Two of these hours open the same time twice. Change one of them."))
        return given

    def setup(self) -> Setup:
        """What was entered, once it is valid."""
        rows = [self._row(number) for number in range(self.rows)]
        rules = [rule for row in rows if not row["remove"] for rule in calendar_rows.rules_of(row)]
        given = {name: self.cleaned_data[name] for name in setups.SETTINGS if name in self.fields}
        there = {service: self.cleaned_data[length_name(service)] for service in self.services}
        lengths = self.unknown | {service: length for service, length in there.items() if length > 1}
        return Setup(**given, lengths=lengths, rules=setups.in_order(rules))

    def _row(self, number: int) -> dict[str, Any]:
        return {name: self.cleaned_data.get(f"{number}_{name}") for name in calendar_rows.fields()}

    def _check_shares(self, given: dict[str, Any]) -> None:
        if (given.get("returns_after") or 0) > (given.get("returns_before") or 0):
            self.add_error("returns_before", _("This is earlier than the earliest time."))
        if (given.get("week_share") or 0) + (given.get("day_share") or 0) > 100:
            self.add_error("day_share", _("Together these are more than all places."))
        elif given.get("day_share") and (given.get("notice_hours") or 0) > 12:
            self.add_error(
                "day_share", _("With so many hours of notice nobody could book on the day itself.")
            )


def length_name(service: str) -> str:
    """The name of the field that says how many slots a person takes for a service."""
    return f"length_{service}"


def length_label(title: str) -> str:
    """How it is called away from its heading."""
    return _("How long it takes, in times: %(service)s") % {"service": title}


def _count(data: Any) -> int:
    """How many rows the page had."""
    text = data.get(ROWS, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _with_new_rows(data: Any, there: int, rows: list[dict[str, Any]]) -> Any:
    """What was posted, and in rows that are new what such a row shows at first."""
    filled = data.copy()
    for number, row in enumerate(rows):
        if number >= there:
            for name, value in row.items():
                filled[f"{number}_{name}"] = str(value)
    return filled
