"""The properties (`zeebe:property`) a process owner may give an element: one table, here and in docs/processes.md."""

from collections.abc import Mapping
from difflib import get_close_matches

_TASKS = frozenset({"userTask"})
_JOBS = frozenset({"serviceTask", "sendTask"})
_ENDS = frozenset({"endEvent"})
_CALLS = frozenset({"callActivity"})
_ANY: frozenset[str] = frozenset()

PROPERTIES: Mapping[str, frozenset[str]] = {
    "phase": _ANY,
    "step": _ANY,
    "sla": _ANY,
    "days": _ANY,
    "ends": _ANY,
    "pauses": _ANY,
    "form": _ANY,
    "fourEyesWith": _TASKS,
    "allocation": _TASKS,
    "together": _TASKS,
    "office": _TASKS,
    "letter": _JOBS | _TASKS,
    "deadline": _JOBS,
    "outcome": _ENDS,
    "version": _CALLS,
}
"""Each name with the elements it belongs to; none means any."""


def problem(name: str, tag: str) -> str:
    """Why an element of this sort cannot have a property of this name; "" when it can."""
    if name not in PROPERTIES:
        near = get_close_matches(name.lower(), [known.lower() for known in PROPERTIES], n=1, cutoff=0.6)
        meant = next((known for known in PROPERTIES if near and known.lower() == near[0]), "")
        return f"unknown property {name[:60]}" + (f": did you mean {meant}?" if meant else "")
    allowed = PROPERTIES[name]
    if allowed and tag not in allowed:
        return f"the property {name} belongs to {', '.join(sorted(allowed))}"
    return ""
