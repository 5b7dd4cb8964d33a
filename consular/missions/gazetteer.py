"""The names and codes of places as they lie in `data/`, read once."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read(path: Path) -> dict[str, Any]:
    """One TOML file of the data."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def subdivision_name(code: str, language: str) -> str | None:
    """The name of a subdivision in a language, or in English, or None."""
    names = SUBDIVISIONS.get(code, {})
    return names.get(language) or names.get("en")


def plain_county_name(state: str, county: str, language: str) -> str:
    """The name of a county without the word for county."""
    names = COUNTIES[state][county]
    return names.get(language) or names["en"]


def county_name(state: str, county: str, language: str) -> str:
    """The name of a county as one writes it in a sentence; its code where no name is known."""
    if county not in COUNTIES.get(state, {}):
        return county
    pattern = _PATTERNS.get(language) or _PATTERNS["en"]
    return pattern.format(name=plain_county_name(state, county, language))


def schengen_on(day: date) -> frozenset[str]:
    """The states that issue Schengen visas on a day, by alpha-2 code."""
    return frozenset(state for state, since in _network["schengen"].items() if since <= day)


def _merged(folder: str) -> dict[str, Any]:
    files = sorted((DATA / folder).glob("*.toml"))
    return {key: value for file in files for key, value in read(file).items()}


_counties = _merged("counties")
_PATTERNS: Mapping[str, str] = _counties.pop("patterns")

SUBDIVISIONS: Mapping[str, Mapping[str, str]] = _merged("names")
"""ISO 3166-2 code -> language -> name."""

COUNTIES: Mapping[str, Mapping[str, Mapping[str, str]]] = _counties
"""Subdivision code -> FIPS code -> language -> name, for subdivisions divided between missions."""

ALIASES: Mapping[str, str] = {
    old: new for table in read(DATA / "aliases.toml").values() for old, new in table.items()
}
"""Renamed, merged and doubled codes -> the code that counts."""

_network = read(DATA / "network.toml")

WORKING_DAYS: Mapping[str, Any] = read(DATA / "working_days.toml")
"""The weekends of host countries, and corrections of their holidays."""

HOME: str = _network["home"]
"""The state whose missions these are, by alpha-2 code."""
