"""Scripts for playing a process: JSON lists of what happens to it, read without trusting them."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from consular.workflow.timing import duration

MOST_BYTES = 1_000_000
MOST_STIMULI = 2_000
MOST_DEPTH = 40
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
class Entry:
    """One stimulus of a script.

    `name` is the element, the message, or the duration by which the clock goes on. `round` picks one of several
    open rounds of a multi-instance element, counted from 1; 0 is the first one that is open. `written` is the
    stimulus as it stands in the script.
    """

    verb: Verb
    name: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    by: str = ""
    key: str = ""
    code: str = ""
    round: int = 0
    written: Mapping[str, object] = field(default_factory=dict)


_BESIDE: Mapping[Verb, frozenset[str]] = {
    Verb.START: frozenset(),
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
        name: _FIELDS[name](written[name], name, where) for name in sorted(written.keys() - {verb})
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


_FIELDS: Mapping[str, Callable[[object, str, str], object]] = {
    "data": _data,
    "by": _text,
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
