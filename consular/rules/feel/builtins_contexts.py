"""Built-in functions over contexts, and identity (DMN 1.5, 10.3.4.6 and 10.3.4.10)."""

from datetime import datetime, time

from consular.rules.feel.comparison import equal
from consular.rules.feel.registry import builtin, size
from consular.rules.feel.temporal import write
from consular.rules.scope import Scope
from consular.rules.values import Far, Value, kind


@builtin("get value", "m:context, key:string")
def get_value(m: dict[str, Value], key: str) -> Value:
    """The value of an entry."""
    return m.get(key)


@builtin("get value", "m:context, keys:list")
def get_value_below(m: dict[str, Value], keys: list[Value]) -> Value:
    """The value of an entry inside entries."""
    found: Value = m
    for key in keys:
        found = found.get(key) if isinstance(found, dict) and isinstance(key, str) else None
    return found if keys else None


@builtin("get entries", "m:context")
def get_entries(m: dict[str, Value]) -> list[Value]:
    """A list of contexts with key and value."""
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context", "entries:list")
def context(entries: list[Value]) -> dict[str, Value] | None:
    """A context from such a list; null for an entry twice."""
    found: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry or not isinstance(entry.get("key"), str):
            return None
        if entry["key"] in found:
            return None
        found[entry["key"]] = entry["value"]
    return found


@builtin("context put", "context:context, key:string, value:any")
def context_put(m: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    """The context with an entry set."""
    return {**m, key: value}


@builtin("context put", "context:context, keys:list, value:any")
def context_put_below(m: dict[str, Value], keys: list[Value], value: Value) -> dict[str, Value] | None:
    """The context with an entry inside entries set."""
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    if len(keys) == 1:
        return {**m, keys[0]: value}
    below = m.get(keys[0])
    if not isinstance(below, dict):
        return None
    changed = context_put_below(below, keys[1:], value)
    return None if changed is None else {**m, keys[0]: changed}


@builtin("context merge", "contexts:list", scoped=True)
def context_merge(scope: Scope, contexts: list[Value]) -> dict[str, Value] | None:
    """Several contexts as one; later entries replace earlier ones."""
    found: dict[str, Value] = {}
    for part in contexts:
        if not isinstance(part, dict):
            return None
        scope.budget.spend(size(part))
        found.update(part)
    return found


@builtin("is", "value1:any, value2:any", scoped=True)
def same(scope: Scope, value1: Value, value2: Value) -> bool:
    """Whether two values are the same also in how they are written: kind, time zone and all."""
    if kind(value1) != kind(value2) or equal(value1, value2, scope.budget) is not True:
        return False
    near = value1.near if isinstance(value1, Far) else value1
    return write(value1) == write(value2) if isinstance(near, datetime | time) else True
