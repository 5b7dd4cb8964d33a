"""Dates as people type them: three parts; where the form allows it, only the month or only the year."""

import calendar
import re
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from consular.core import clock
from consular.formspec.text import Wrong, ascii_digits

EARLIEST, LATEST = 1850, 2200
PARTS = ("day", "month", "year")
UNKNOWN = re.compile("0{1,2}|[Xx]{1,2}")


def read(value: object, *, partial: bool) -> str:
    """The ISO 8601 form of a date ("2026-03-01", partial "2026-03" or "2026"); "" when nothing was typed.

    `value` is such a text, or the typed day, month and year. Raises Wrong.
    """
    day, month, year = _parts(value)
    if not (day or month or year):
        return ""
    if partial:
        day, month = (_known(part) for part in (day, month))
    if not partial and not (day and month and year):
        raise Wrong(_("Please enter day, month and year, for example 27 3 1985."))
    if not year or (day and not month):
        raise Wrong(_("Please enter at least the year; if you know the day, also the month."))
    return _checked(day, month, year)


def as_date(iso: str) -> date:
    """The day; of a partial date the last possible one up to today, so that nobody is taken for older than they are."""
    parts = [int(part) for part in iso.split("-")]
    first = date(*[*parts, 1, 1][:3])
    last = first
    if len(parts) < 3:
        month = parts[1] if len(parts) > 1 else 12
        last = date(first.year, month, calendar.monthrange(first.year, month)[1])
    today = clock.today()
    return today if first <= today <= last else last


def show(iso: str) -> str:
    """The date as it is written in the active language."""
    precision = iso.count("-")
    if precision == 0:
        return iso
    return formats.date_format(as_date(iso), "DATE_FORMAT" if precision == 2 else "YEAR_MONTH_FORMAT")


def typed(value: object) -> tuple[str, str, str]:
    """What to put back into the three inputs: day, month, year."""
    try:
        return _parts(value)
    except Wrong:
        return "", "", ""


def _parts(value: object) -> tuple[str, str, str]:
    if isinstance(value, str):
        year, month, day, *rest = [*value.split("-"), "", "", ""]
        if any(rest):
            raise _not_a_date()
        return day, month, year
    if isinstance(value, list | tuple) and len(value) == 3:
        day, month, year = (part.strip() if isinstance(part, str) else "" for part in value)
        return day, month, year
    raise _not_a_date()


def _known(part: str) -> str:
    """A day or month; "" for what documents print in place of one that nobody knows: 00 or XX."""
    return "" if UNKNOWN.fullmatch(ascii_digits(part)) else part


def _checked(day: str, month: str, year: str) -> str:
    try:
        numbers = [_number(year, 4)] + [_number(part, 2) for part in (month, day) if part]
        date(*([*numbers, 1, 1][:3]))
    except ValueError:
        raise _not_a_date() from None
    if len(year) != 4:
        raise Wrong(_("Please enter the year with four digits, for example 1985."))
    if not EARLIEST <= numbers[0] <= LATEST:
        raise Wrong(_("This year cannot be right. Please check it."))
    return "-".join(
        f"{number:04d}" if index == 0 else f"{number:02d}" for index, number in enumerate(numbers)
    )


def _number(part: str, length: int) -> int:
    plain = ascii_digits(part)
    if len(plain) > length or not plain.isascii() or not plain.isdigit():
        raise ValueError(plain)
    return int(plain)


def _not_a_date() -> Wrong:
    return Wrong(_("This is not a date. Please enter day, month and year, for example 27 3 1985."))
