"""Files and functions stay small, and nothing is named for nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WALL = 300
FUNCTION_WALL = 40
TEMPLATE_WALL = 120
NAMED_FOR_NOTHING = {"utils", "helpers", "common", "managers", "services", "signals", "misc"}


def _sources(*folders: str) -> list[Path]:
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
    )


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_the_wall() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in _sources("consular", "tests")
    }

    assert {path: number for path, number in lines.items() if number > WALL} == {}


def test_no_function_is_longer_than_its_wall() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in _sources("consular")
        for function in _functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_WALL
    ]

    assert long == []


def test_no_module_is_named_for_nothing() -> None:
    assert [path for path in _sources("consular", "tests") if path.stem in NAMED_FOR_NOTHING] == []


def test_no_template_is_longer_than_its_wall() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]

    assert [
        path for path in pages if len(path.read_text(encoding="utf-8").splitlines()) > TEMPLATE_WALL
    ] == []


def test_every_module_and_public_function_of_the_layers_below_the_doors_says_what_it_is() -> None:
    silent = []
    for path in _sources("consular"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        silent += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]

    assert silent == []
