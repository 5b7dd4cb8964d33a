"""Editions: another process for the same questions, in a folder e<M> of its version, with the tables that it asks.

The folder of the version itself holds edition 1. Like a version, an edition is never edited once it was published.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_PLACE = re.compile(r"([a-z][a-z0-9_]{0,59})/v([1-9][0-9]{0,3})(?:/e([1-9][0-9]{0,3}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """Which process a folder holds."""

    service: str
    version: int
    edition: int


def place(folder: Path) -> Place | None:
    """The process a folder holds by its name and those above it; None when it is no folder of a service."""
    for depth in (3, 2):
        found = _PLACE.fullmatch("/".join(folder.parts[-depth:]))
        if found is not None:
            return Place(found[1], int(found[2]), int(found[3] or 1))
    return None


def of(version: Path) -> tuple[Path, ...]:
    """The folders of the further editions of a version, in their order."""
    found = [(one.edition, path) for path in version.glob("e*") if (one := place(path)) and one.edition > 1]
    return tuple(path for _number, path in sorted(found))


def tables(folder: Path) -> dict[str, bytes]:
    """The decision files beside a process, by file name."""
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.dmn"))}
