"""How the elements of one process correspond to those of another: files that say where running cases go on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_BYTES = 200_000
MOST_ENTRIES = 2_000
LONGEST = 100


class MappingProblem(Exception):
    """The file is no mapping; the sentence says why."""


@dataclass(frozen=True, slots=True)
class TokenMapping:
    """Old element id -> new element id; what is not named keeps its id.

    `flows` does the same for flows that wait at a parallel gateway. `begin` are boundary events of the new process that
    begin to wait with the migration, `without` those that a case which is at their element already does without, and
    `drop` are boundary events of the old process that end with it.
    """

    elements: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[str, str] = field(default_factory=dict)
    begin: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    drop: frozenset[str] = frozenset()

    def element(self, old: str) -> str:
        """Where an element of the old process went; those of a called process follow the calling element."""
        return _renamed(old, self.elements)

    def flow(self, old: str) -> str:
        """Where a flow of the old process went; those of a called process follow the calling element."""
        if old in self.flows:
            return self.flows[old]
        caller, slash, inner = old.rpartition("/")
        return f"{self.element(caller)}/{inner}" if slash else old

    def as_json(self) -> dict[str, Any]:
        """The mapping as its file has it, without what is empty."""
        written: dict[str, Any] = {"elements": dict(self.elements), "flows": dict(self.flows)}
        written |= {name: sorted(getattr(self, name)) for name in _LISTS}
        return {name: value for name, value in written.items() if value}


NO_CHANGES = TokenMapping()
_TABLES = ("elements", "flows")
_LISTS = ("begin", "without", "drop")


def _renamed(old: str, elements: Mapping[str, str]) -> str:
    if old in elements:
        return elements[old]
    caller, slash, inner = old.rpartition("/")
    return f"{_renamed(caller, elements)}/{inner}" if slash else old


def read(content: bytes) -> TokenMapping:
    """Read a mapping file (JSON). Raises MappingProblem for anything that is not exactly one."""
    if len(content) > MOST_BYTES:
        raise MappingProblem(f"The mapping is larger than {MOST_BYTES} bytes.")
    try:
        found = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        reason = "it is nested too deeply" if isinstance(problem, RecursionError) else problem
        raise MappingProblem(f"The mapping is not JSON: {reason}.") from problem
    return of_json(found)


def of_json(found: object) -> TokenMapping:
    """A mapping from its JSON. Raises MappingProblem."""
    if not isinstance(found, dict):
        raise MappingProblem("The mapping must be an object.")
    unknown = sorted(found.keys() - {*_TABLES, *_LISTS})
    if unknown:
        raise MappingProblem(
            f"{unknown[0][:40]!r} is not known; a mapping has {', '.join((*_TABLES, *_LISTS))}."
        )
    elements, flows = (_table(found.get(name, {}), name) for name in _TABLES)
    begin, without, drop = (_list(found.get(name, []), name) for name in _LISTS)
    both = sorted(begin & without)
    if both:
        raise MappingProblem(f"{both[0]} is in 'begin' and in 'without'.")
    return TokenMapping(elements, flows, begin, without, drop)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: of two answers for one element nobody knows which was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:40]!r} stands there twice")
    return found


def _table(value: object, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_ENTRIES:
        raise MappingProblem(f"{name!r} must be an object of old and new ids.")
    return {_id(old, name): _id(new, name) for old, new in value.items()}


def _list(value: object, name: str) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise MappingProblem(f"{name!r} must be a list of ids.")
    return frozenset(_id(entry, name) for entry in value)


def _id(value: object, name: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST or not value.isprintable():
        raise MappingProblem(f"{name!r} must name elements by their ids.")
    return value
