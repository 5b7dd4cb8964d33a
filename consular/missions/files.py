"""What the data files say about missions, districts and representations, checked as it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from consular.missions import areas, gazetteer
from consular.missions.models import (
    ALWAYS,
    District,
    Mission,
    MissionKind,
    Representation,
    Scope,
    ServiceGroup,
)

MISSION_FIELDS = ("kind", "city", "country", "time_zone", "languages", "currency")
DATES = frozenset({"valid_from", "valid_to", "uncertain"})


@dataclass(frozen=True)
class Files:
    """What the data files say, checked."""

    missions: dict[str, Mission] = field(default_factory=dict)
    districts: dict[tuple[str, str, date], tuple[str, District]] = field(default_factory=dict)
    representations: dict[tuple[str, str, date], Representation] = field(default_factory=dict)


def read(folder: Path = gazetteer.DATA) -> Files:
    """Read and check the files; raises ValueError that names the file and what is wrong in it."""
    files = Files()
    for path in sorted(folder.glob("*.toml")):
        document = gazetteer.read(path)
        try:
            for table in document.get("mission", ()):
                _read_mission(table, files)
            for table in document.get("representation", ()):
                _read_representation(table, files)
        except (KeyError, ValueError, TypeError, areas.UnknownArea) as wrong:
            raise ValueError(f"{path.name}: {wrong!r}") from wrong
    return files


def _read_mission(table: dict[str, Any], files: Files) -> None:
    _only(table, {"code", "district", *MISSION_FIELDS})
    code = table["code"]
    if code in files.missions:
        raise ValueError(f"mission {code} twice")
    ZoneInfo(table["time_zone"])
    files.missions[code] = Mission(
        code=code, kind=MissionKind(table["kind"]).value, **{name: table[name] for name in MISSION_FIELDS[1:]}
    )
    for district in table.get("district", ()):
        for row in _districts(district):
            key = (row.service_group, row.area, row.valid_from)
            if key in files.districts:
                raise ValueError(f"{row} of {code} is also {files.districts[key][0]}'s")
            files.districts[key] = (code, row)


def _districts(table: dict[str, Any]) -> Iterator[District]:
    _only(table, {"groups", "areas", *DATES})
    for group in table.get("groups", ServiceGroup.values):
        for area in table["areas"]:
            yield District(service_group=ServiceGroup(group).value, area=_as_written(area), **_dates(table))


def _read_representation(table: dict[str, Any], files: Files) -> None:
    _only(table, {"represented", "by", "areas", "scope", *DATES})
    for area in table.get("areas", ("",)):
        row = Representation(
            represented=_as_written(table["represented"]),
            by=_as_written(table["by"]),
            area=_as_written(area) if area else "",
            scope=Scope(table.get("scope", "full")).value,
            **_dates(table),
        )
        key = (row.represented, row.area, row.valid_from)
        if key in files.representations:
            raise ValueError(f"{row} twice")
        files.representations[key] = row


def _dates(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "valid_from": table.get("valid_from", ALWAYS),
        "valid_to": table.get("valid_to"),
        "uncertain": table.get("uncertain", False),
    }


def _as_written(area: str) -> str:
    if areas.canonical(area) != area:
        raise ValueError(f"write {areas.canonical(area)} instead of {area}")
    return area


def _only(table: Mapping[str, Any], known: set[str]) -> None:
    if unknown := table.keys() - known:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}")
