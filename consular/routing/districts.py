"""Which district an area belongs to on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from consular.missions import areas
from consular.missions.models import District, ServiceGroup
from consular.routing.answers import NotPrecise

PARTS = {"state": "-", "county": "/"}
"""What an area may be divided into, and the sign that begins the part's code."""

QUESTIONS = {
    ("residence", "state"): N_("Several missions share %(area)s. Say in which state or province you live."),
    ("residence", "county"): N_("Several missions share %(area)s. Say in which county you live."),
    ("present_in", "state"): N_(
        "Several missions share %(area)s. Say in which state or province you are staying."
    ),
    ("present_in", "county"): N_("Several missions share %(area)s. Say in which county you are staying."),
}


@dataclass(frozen=True)
class Row:
    """One row of the table of districts, for the pure part of the search."""

    area: str
    mission: int
    id: int = 0


@dataclass(frozen=True)
class Found:
    """The district an area belongs to on a day, if any, and the later days on which that may change, in order."""

    district: District | None
    days: tuple[date, ...]


def find(group: ServiceGroup, area: str, on: date, *, field: str = "residence") -> Found:
    """The most specific district of `area` valid on the day and open for the group.

    `area` is in the form `areas.canonical` gives; `field` says whether one lives (`residence`) or stays there
    (`present_in`). Raises NotPrecise when missions share the area.
    """
    around = areas.chain(area)
    rows = District.objects.select_related("mission").filter(
        _touching(area), Q(valid_to=None) | Q(valid_to__gt=on), service_group=group
    )
    valid = {row.pk: row for row in rows if row.valid_from <= on}
    known = [Row(row.area, row.mission_id, row.pk) for row in valid.values()]
    found = most_specific(known, around)
    divided = division(known, area, found)
    if divided:
        question = gettext(QUESTIONS[field, divided]) % {"area": areas.name(area)}
        raise NotPrecise(question, area=area, needed=divided, field=field)
    days = {day for row in rows for day in (row.valid_from, row.valid_to) if day and day > on}
    return Found(valid[found.id] if found else None, tuple(sorted(days)))


def _touching(area: str) -> Q:
    """The rows of an area, of what lies around it and of its parts."""
    wanted = Q(area__in=areas.chain(area))
    for sign in PARTS.values():
        wanted |= Q(area__startswith=area + sign)
    return wanted


def most_specific(rows: Sequence[Row], around: Sequence[str]) -> Row | None:
    """The row of the first area in `around` (most specific first) that has one."""
    by_area = {row.area: row for row in rows}
    return next((by_area[area] for area in around if area in by_area), None)


def division(rows: Sequence[Row], area: str, found: Row | None) -> str | None:
    """`state` or `county` when parts of `area` belong to another mission than the whole, None otherwise."""
    for part, sign in PARTS.items():
        others = (row for row in rows if row.area.startswith(area + sign))
        if any(found is None or row.mission != found.mission for row in others):
            return part
    return None
