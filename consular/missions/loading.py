"""Brings missions, districts and what else is data from the files into the database, as often as one likes."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from django.db import models, transaction

from consular.missions import gazetteer
from consular.missions.files import MISSION_FIELDS, Rows, read
from consular.missions.models import District, ExchangeRate, IntakeSite, Mission, Representation


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


@dataclass(frozen=True)
class Table:
    """A table of rows: the columns that tell one from another, the first day last, and the other columns."""

    model: type[models.Model]
    key: tuple[str, ...]
    rest: tuple[str, ...]


DISTRICTS = Table(District, ("service_group", "area", "valid_from"), ("mission_id", "valid_to", "uncertain"))
REPRESENTATIONS = Table(
    Representation, ("represented", "area", "valid_from"), ("by", "scope", "valid_to", "uncertain")
)
SITES = Table(
    IntakeSite,
    ("mission_id", "kind", "name", "city", "valid_from"),
    ("service_groups", "areas", "valid_to", "uncertain"),
)
RATES = Table(ExchangeRate, ("currency", "valid_from"), ("per_euro", "step", "uncertain"))


@transaction.atomic
def load(folder: Path = gazetteer.DATA, names: tuple[str, ...] = ("*.toml",)) -> Loaded:
    """Make the database say what the files say. A second run writes nothing.

    Missions are never removed. For each area and group of services, each pair of states, each intake site and each
    currency that the files name, rows they do not name are removed; others stay as they are.
    """
    files = read(folder, names)
    done = _write_missions(files.missions)
    ids = dict(Mission.objects.values_list("code", "id"))
    districts = {key: {**row, "mission_id": ids[row["mission"]]} for key, row in files.districts.items()}
    sites = {(ids[key[0]], *key[1:]): row for key, row in files.sites.items()}
    return (
        done
        + _write(DISTRICTS, districts)
        + _write(REPRESENTATIONS, files.representations)
        + _write(SITES, sites)
        + _write(RATES, files.rates)
    )


def _write_missions(wanted: dict[str, Mission]) -> Loaded:
    stored = {mission.code: mission for mission in Mission.objects.filter(code__in=wanted)}
    new = [Mission(code=code, **_values(row)) for code, row in wanted.items() if code not in stored]
    changed = [row for code, row in stored.items() if _take_over(row, _values(wanted[code]))]
    Mission.objects.bulk_create(new)
    if changed:
        Mission.objects.bulk_update(changed, MISSION_FIELDS)
    return Loaded(created=len(new), changed=len(changed))


def _values(mission: Mission) -> dict[str, Any]:
    return {name: getattr(mission, name) for name in MISSION_FIELDS}


def _take_over(row: Mission, wanted: dict[str, Any]) -> bool:
    different = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, wanted[name])
    return bool(different)


def _write(table: Table, wanted: Rows) -> Loaded:
    """Rows go before others come: on no day may two rows overlap."""
    rows, size = table.model._default_manager, len(table.key)
    stored = {
        row[1 : size + 1]: (row[0], row[size + 1 :])
        for row in rows.values_list("pk", *table.key, *table.rest)
    }
    named = {key[:-1] for key in wanted}
    gone = [pk for key, (pk, _) in stored.items() if key not in wanted and key[:-1] in named]
    changed = {
        pk: {name: wanted[key][name] for name in table.rest}
        for key, (pk, values) in stored.items()
        if key in wanted and values != tuple(wanted[key][name] for name in table.rest)
    }
    new = [
        table.model(**dict(zip(table.key, key, strict=True)), **{name: row[name] for name in table.rest})
        for key, row in wanted.items()
        if key not in stored
    ]
    if gone:
        rows.filter(pk__in=gone).delete()
    for pk, values in changed.items():
        rows.filter(pk=pk).update(**values)
    rows.bulk_create(new)
    return Loaded(created=len(new), changed=len(changed), removed=len(gone))
