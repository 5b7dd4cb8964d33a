"""What the data files say about missions, their districts and whatever else is data, checked as it is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from consular.missions import areas, gazetteer
from consular.missions.models import ALWAYS, Mission, MissionKind, Scope, ServiceGroup, SiteKind

MISSION_FIELDS = ("kind", "city", "country", "time_zone", "languages", "currency")
DATES = frozenset({"valid_from", "valid_to", "uncertain"})

Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]


@dataclass(frozen=True)
class Files:
    """What the data files say, checked: missions by code, and the values of each row by what tells it from others.

    Districts and intake sites name their mission by its code.
    """

    missions: dict[str, Mission] = field(default_factory=dict)
    districts: Rows = field(default_factory=dict)
    representations: Rows = field(default_factory=dict)
    sites: Rows = field(default_factory=dict)
    rates: Rows = field(default_factory=dict)


def read(folder: Path = gazetteer.DATA, names: tuple[str, ...] = ("*.toml",)) -> Files:
    """Read and check the files; raises ValueError that names the file and what is wrong in it.

    The same files are read once: whoever gets the answer leaves it as it is.
    """
    paths = sorted({path for name in names for path in folder.glob(name)})
    return _read(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=8)
def _read(versions: tuple[tuple[Path, int], ...]) -> Files:
    files = Files()
    for path, _ in versions:
        document = gazetteer.read(path)
        try:
            for kind, reader in READERS.items():
                for table in document.get(kind, ()):
                    reader(table, files)
        except (KeyError, ValueError, TypeError, InvalidOperation, areas.UnknownArea) as wrong:
            raise ValueError(f"{path.name}: {wrong!r}") from wrong
    return files


def _read_mission(table: dict[str, Any], files: Files) -> None:
    _only(table, {"code", "district", "site", *MISSION_FIELDS})
    code = table["code"]
    if code in files.missions:
        raise ValueError(f"mission {code} twice")
    ZoneInfo(table["time_zone"])
    MissionKind(table["kind"])
    files.missions[code] = Mission(code=code, **{name: table[name] for name in MISSION_FIELDS})
    for district in table.get("district", ()):
        for key, row in _districts(district, code):
            _once(files.districts, key, row)
    for site in table.get("site", ()):
        _read_site(site, code, files)


def _districts(table: dict[str, Any], code: str) -> Iterator[tuple[Key, dict[str, Any]]]:
    _only(table, {"groups", "areas", *DATES})
    dates = _dates(table)
    for group in table.get("groups", ServiceGroup.values):
        for area in table["areas"]:
            yield (
                (ServiceGroup(group).value, _as_written(area), dates["valid_from"]),
                {"mission": code, **dates},
            )


def _read_site(table: dict[str, Any], code: str, files: Files) -> None:
    _only(table, {"kind", "name", "cities", "groups", "areas", *DATES})
    dates = _dates(table)
    values = {
        "service_groups": [ServiceGroup(group).value for group in table["groups"]],
        "areas": [_as_written(area) for area in table.get("areas", ())],
    }
    for city in table["cities"]:
        key = (code, SiteKind(table["kind"]).value, table.get("name", ""), city, dates["valid_from"])
        _once(files.sites, key, {**values, **dates})


def _read_representation(table: dict[str, Any], files: Files) -> None:
    _only(table, {"represented", "by", "areas", "scope", *DATES})
    dates = _dates(table)
    values = {"by": _as_written(table["by"]), "scope": Scope(table.get("scope", "full")).value, **dates}
    for area in table.get("areas", ("",)):
        place = _as_written(area) if area else ""
        _once(files.representations, (_as_written(table["represented"]), place, dates["valid_from"]), values)


def _read_rates(table: dict[str, Any], files: Files) -> None:
    """The rates of one day: currency -> how much of it for one euro, and what amounts are rounded up to."""
    _only(table, {"valid_from", "uncertain", "per_euro"})
    for currency, (per_euro, step) in table["per_euro"].items():
        values = {
            "per_euro": Decimal(per_euro),
            "step": Decimal(step),
            "uncertain": table.get("uncertain", False),
        }
        if min(values["per_euro"], values["step"]) <= 0:
            raise ValueError(f"{currency} has a rate or a step of nothing")
        _once(files.rates, (currency, table["valid_from"]), values)


READERS: Mapping[str, Callable[[dict[str, Any], Files], None]] = {
    "mission": _read_mission,
    "representation": _read_representation,
    "rates": _read_rates,
}


def _once(rows: Rows, key: Key, values: dict[str, Any]) -> None:
    if key in rows:
        of = rows[key].get("mission", "")
        raise ValueError(f"{' '.join(map(str, key))} twice{f', it is also {of}' if of else ''}")
    rows[key] = values


def _dates(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "valid_from": table.get("valid_from", ALWAYS),
        "valid_to": table.get("valid_to"),
        "uncertain": table.get("uncertain", False),
    }


@lru_cache(maxsize=4096)
def _as_written(area: str) -> str:
    if areas.canonical(area) != area:
        raise ValueError(f"write {areas.canonical(area)} instead of {area}")
    return area


def _only(table: Mapping[str, Any], known: set[str]) -> None:
    if unknown := table.keys() - known:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}")
