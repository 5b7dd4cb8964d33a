"""Scripts for playing a process: JSON lists of what happens to it, read without trusting them."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from consular.workflow.days import Week
from consular.workflow.timing import duration

MOST_BYTES = 1_000_000
MOST_STIMULI = 2_000
MOST_DEPTH = 40
MOST_HOLIDAYS = 2_000
MOST_DATA = 20_000
"""Characters of JSON the data of one stimulus may have, as in a running service."""


class ScriptProblem(Exception):
    """The script cannot be played; the sentence says where and why."""


class Verb(StrEnum):
    """What can happen to a process, by the word that begins the stimulus."""

    START = "start"
    COMPLETE = "complete"
    FINISH = "finish"
    FAIL = "fail"
    MESSAGE = "message"
    INFORM = "inform"
    ADVANCE = "advance"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process is played: the time zone, when the script names one, and the working days."""

    zone: ZoneInfo | None = None
    week: Week = Week()


@dataclass(frozen=True, slots=True)
class Entry:
    """One stimulus of a script.

    `name` is the element, the message, or the duration by which the clock goes on. `round` picks one of several
    open rounds of a multi-instance element, counted from 1; 0 is the first one that is open. `place` comes with the
    start. `written` is the stimulus as it stands in the script.
    """

    verb: Verb
    name: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    by: str = ""
    key: str = ""
    code: str = ""
    round: int = 0
    place: Place | None = None
    written: Mapping[str, object] = field(default_factory=dict)


_BESIDE: Mapping[Verb, frozenset[str]] = {
    Verb.START: frozenset({"calendar"}),
    Verb.COMPLETE: frozenset({"data", "by", "round"}),
    Verb.FINISH: frozenset({"data", "round"}),
    Verb.FAIL: frozenset({"code", "round"}),
    Verb.MESSAGE: frozenset({"data", "key"}),
    Verb.INFORM: frozenset(),
    Verb.ADVANCE: frozenset(),
}


def read(script: bytes) -> tuple[Entry, ...]:
    """The stimuli of a script, in order. Raises ScriptProblem for anything that is not exactly such a list."""
    if len(script) > MOST_BYTES:
        raise ScriptProblem(f"The script is larger than {MOST_BYTES} bytes.")
    try:
        found = json.loads(script.decode("utf-8-sig"), parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as problem:
        reason = "it is nested too deeply" if isinstance(problem, RecursionError) else problem
        raise ScriptProblem(f"The script is not JSON: {reason}.") from problem
    if not isinstance(found, list):
        raise ScriptProblem("The script must be a list of stimuli.")
    if len(found) > MOST_STIMULI:
        raise ScriptProblem(f"The script has more than {MOST_STIMULI} stimuli.")
    return tuple(_entry(written, f"Stimulus {number}") for number, written in enumerate(found, 1))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is no number")
    return number


def _entry(written: object, where: str) -> Entry:
    if not isinstance(written, dict):
        raise ScriptProblem(f"{where} must be an object.")
    if any("\0" in text or not _is_text(text) for text in _texts(written, where)):
        raise ScriptProblem(f"{where} contains characters that are not text.")
    verbs = [verb for verb in Verb if verb in written]
    if len(verbs) != 1:
        raise ScriptProblem(f"{where} must have exactly one of {', '.join(Verb)}.")
    verb = verbs[0]
    unknown = sorted(written.keys() - _BESIDE[verb] - {verb})
    if unknown:
        raise ScriptProblem(f"{where}: {unknown[0][:40]!r} is not known beside {verb.value!r}.")
    facts: dict[str, Any] = {
        "place" if name == "calendar" else name: _FIELDS[name](written[name], name, where)
        for name in sorted(written.keys() - {verb})
        if written[name] is not None
    }
    facts |= _first(verb, written[verb], where)
    if verb is Verb.FAIL and not facts.get("code"):
        raise ScriptProblem(f"{where}: 'fail' needs the 'code' of the error.")
    return Entry(verb, **facts, written=written)


def _first(verb: Verb, value: object, where: str) -> dict[str, object]:
    """What the verb itself says: data, a duration, or the name of an element or message."""
    if verb in {Verb.START, Verb.INFORM}:
        return {"data": _data(value, verb, where)}
    name = _text(value, verb, where)
    if verb is Verb.ADVANCE:
        try:
            duration(name)
        except ValueError as problem:
            raise ScriptProblem(f"{where}: 'advance' needs an ISO 8601 duration such as P7D.") from problem
    return {"name": name}


def _data(value: object, name: str, where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ScriptProblem(f"{where}: {str(name)!r} must be an object.")
    if len(json.dumps(value)) > MOST_DATA:
        raise ScriptProblem(f"{where}: {str(name)!r} is longer than {MOST_DATA} characters.")
    return value


def _text(value: object, name: str, where: str) -> str:
    if not isinstance(value, str):
        raise ScriptProblem(f"{where}: {str(name)!r} must be text.")
    return value


def _key(value: object, name: str, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ScriptProblem(f"{where}: 'key' must be text or a whole number.")
    return str(value)


def _round(value: object, name: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ScriptProblem(f"{where}: 'round' must be a whole number from 1.")
    return value


def _calendar(value: object, name: str, where: str) -> Place:
    """The time zone, the days of the week that are free (1 Monday to 7 Sunday) and the holidays."""
    known = {"zone", "weekend", "holidays"}
    if not isinstance(value, dict) or value.keys() - known:
        raise ScriptProblem(f"{where}: 'calendar' must be an object with zone, weekend and holidays.")
    weekend, days = value.get("weekend", [6, 7]), value.get("holidays", [])
    if not isinstance(weekend, list) or not all(type(day) is int and 1 <= day <= 7 for day in weekend):
        raise ScriptProblem(
            f"{where}: 'weekend' must be a list of weekdays from 1 for Monday to 7 for Sunday."
        )
    if len(set(weekend)) == 7:
        raise ScriptProblem(f"{where}: 'weekend' must leave a day for work.")
    if not isinstance(days, list) or len(days) > MOST_HOLIDAYS:
        raise ScriptProblem(f"{where}: 'holidays' must be a list of at most {MOST_HOLIDAYS} days.")
    holidays = frozenset(_day(day, where) for day in days)
    return Place(_zone(value["zone"], where) if "zone" in value else None, Week(frozenset(weekend), holidays))


def _day(value: object, where: str) -> date:
    try:
        return date.fromisoformat(_text(value, "holidays", where))
    except ValueError as problem:
        raise ScriptProblem(f"{where}: a holiday is a day such as 2026-10-03.") from problem


def _zone(value: object, where: str) -> ZoneInfo:
    name = _text(value, "zone", where)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise ScriptProblem(f"{where}: there is no time zone {name[:60]}.") from problem


_FIELDS: Mapping[str, Callable[[object, str, str], object]] = {
    "data": _data,
    "by": _text,
    "calendar": _calendar,
    "code": _text,
    "key": _key,
    "round": _round,
}


def _texts(value: object, where: str, depth: int = 0) -> Iterator[str]:
    """Every text in a JSON value, names of entries too."""
    if depth > MOST_DEPTH:
        raise ScriptProblem(f"{where} is nested deeper than {MOST_DEPTH} levels.")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for entry in value.values():
            yield from _texts(entry, where, depth + 1)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry, where, depth + 1)


def _is_text(text: str) -> bool:
    """JSON can write halves of characters, which no other format can."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
