"""Brings missions, districts and representations from the data files into the database, as often as one
likes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

from consular.missions import gazetteer
from consular.missions.files import MISSION_FIELDS, Files, read
from consular.missions.models import District, Mission, Representation

DISTRICT_FIELDS = ("mission_id", "valid_to", "uncertain")
REPRESENTATION_FIELDS = ("by", "scope", "valid_to", "uncertain")


@dataclass(frozen=True)
class Loaded:
    """How many rows were made, changed and removed."""

    created: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    @property
    def is_nothing(self) -> bool:
        """Whether the database was already as the files say."""
        return self == Loaded()


@transaction.atomic
def load(folder: Path = gazetteer.DATA) -> Loaded:
    """Make the database say what the files say. A second run writes nothing.

    Missions are never removed. For each area and group that the files name, rows they do not name are
    removed; other areas stay as they are.
    """
    files = read(folder)
    done = _write_missions(files)
    ids = dict(Mission.objects.values_list("code", "id"))
    districts = {}
    for key, (code, row) in files.districts.items():
        row.mission_id = ids[code]
        districts[key] = row
    stored = {(row.service_group, row.area, row.valid_from): row for row in District.objects.all()}
    done += _write(District, districts, stored, DISTRICT_FIELDS)
    known = {(row.represented, row.area, row.valid_from): row for row in Representation.objects.all()}
    return done + _write(Representation, files.representations, known, REPRESENTATION_FIELDS)


def _write_missions(files: Files) -> Loaded:
    stored = {mission.code: mission for mission in Mission.objects.filter(code__in=files.missions)}
    new = [row for code, row in files.missions.items() if code not in stored]
    changed = [row for code, row in stored.items() if _take_over(row, files.missions[code], MISSION_FIELDS)]
    Mission.objects.bulk_create(new)
    if changed:
        Mission.objects.bulk_update(changed, MISSION_FIELDS)
    return Loaded(created=len(new), changed=len(changed))


def _write(
    model: type[models.Model],
    wanted: dict[tuple[str, str, date], Any],
    stored: dict[tuple[str, str, date], Any],
    names: tuple[str, ...],
) -> Loaded:
    """Rows go before others come: on no day may two rows overlap."""
    named = {key[:2] for key in wanted}
    gone = [row.pk for key, row in stored.items() if key not in wanted and key[:2] in named]
    changed = [
        stored[key] for key in wanted.keys() & stored.keys() if _take_over(stored[key], wanted[key], names)
    ]
    new = [row for key, row in wanted.items() if key not in stored]
    rows = model._default_manager
    if gone:
        rows.filter(pk__in=gone).delete()
    for row in changed:
        row.save(update_fields=names)
    rows.bulk_create(new)
    return Loaded(created=len(new), changed=len(changed), removed=len(gone))


def _take_over(row: models.Model, wanted: models.Model, names: Iterable[str]) -> bool:
    different = [name for name in names if getattr(row, name) != getattr(wanted, name)]
    for name in different:
        setattr(row, name, getattr(wanted, name))
    return bool(different)
