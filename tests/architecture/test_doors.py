"""Doors are thin: they write nothing themselves, and reading a case starts at `visible_to`."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "consular"
DOORS = ("portal", "desk", "api")
WRITES = {"save", "create", "delete", "bulk_create", "update_or_create", "get_or_create", "bulk_update"}


def _calls(door: str) -> list[tuple[Path, ast.Call]]:
    return [
        (path, node)
        for path in sorted((ROOT / door).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def test_doors_never_write() -> None:
    writing = [
        f"{path.relative_to(ROOT)}:{call.lineno} .{call.func.attr}()"
        for door in DOORS
        for path, call in _calls(door)
        if call.func.attr in WRITES and ast.unparse(call.func.value) != "casework"
    ]

    assert writing == []


def test_doors_reach_cases_only_through_visible_to() -> None:
    """`Case.objects.<anything else>` in a door would forget who is asking."""
    forgetful = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for door in DOORS
        for path, call in _calls(door)
        if ast.unparse(call.func).startswith("Case.objects.")
        and not ast.unparse(call.func).startswith("Case.objects.visible_to")
    ]

    assert forgetful == []
