"""Which district an area belongs to on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from consular.missions import areas
from consular.missions.models import District, ServiceGroup
from consular.routing.answers import NotPrecise

PARTS = {"state": "-", "county": "/"}
"""What an area may be divided into, and the sign that begins the part's code."""


@dataclass(frozen=True)
class Row:
    """One row of the table of districts, for the pure part of the search."""

    area: str
    mission: int


def find(group: ServiceGroup, area: str, on: date) -> District | None:
    """The most specific district of `area` valid on the day and open for the group; one query.

    `area` is in the form `areas.canonical` gives. Raises NotPrecise when missions share the area.
    """
    around = areas.chain(area)
    inside = Q()
    for sign in PARTS.values():
        inside |= Q(area__startswith=area + sign)
    rows = list(
        District.objects.valid_on(on)
        .filter(inside | Q(area__in=around), service_group=group)
        .select_related("mission")
    )
    found = most_specific([Row(row.area, row.mission_id) for row in rows], around)
    divided = division([Row(row.area, row.mission_id) for row in rows], area, found)
    if divided:
        raise NotPrecise(_question(area, divided), area=area, needed=divided)
    return next((row for row in rows if found and row.area == found.area), None)


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


def _question(area: str, needed: str) -> str:
    place = {"area": areas.name(area)}
    if needed == "county":
        return gettext("Several missions share %(area)s. Say in which county you live.") % place
    return gettext("Several missions share %(area)s. Say in which state or province you live.") % place
