"""Goes through the boxed expressions of a decision file."""

from collections.abc import Iterator
from dataclasses import fields

from consular.rules.dmn import model


def tables(part: model.Part) -> Iterator[model.Table]:
    """Every decision table of a part, however deep."""
    root = logic_of(part)
    waiting = [root] if root else []
    while waiting:
        logic = waiting.pop()
        if isinstance(logic, model.Table):
            yield logic
        waiting += inside(logic)


def logic_of(part: model.Part) -> model.Logic | None:
    """The boxed expression of a decision or knowledge model."""
    if isinstance(part, model.Decision):
        return part.logic
    return part.function if isinstance(part, model.KnowledgeModel) else None


def inside(logic: model.Logic) -> list[model.Logic]:
    """The boxed expressions directly inside one."""
    found: list[model.Logic] = []
    for field in fields(logic):
        _collect(getattr(logic, field.name), found)
    return found


def _collect(part: object, found: list[model.Logic]) -> None:
    if isinstance(part, model.Logic):
        found.append(part)
    elif isinstance(part, tuple):
        for piece in part:
            _collect(piece, found)
