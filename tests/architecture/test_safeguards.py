"""The list of safeguards in docs/security.md names what there is: every constraint and limit, and tests that exist."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps

from tests import rows

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
HEAD = "| safeguard | where | negative control |\n|---|---|---|\n"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for table in PAGE.split(HEAD)[1:]
    for line in table.partition("\n\n")[0].splitlines()
]
FILE = re.compile(r"`([\w./-]+\.(?:py|yml))`")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
OF_A_MODEL = re.compile(r"`([a-z]+\.[A-Z]\w+\.\w+)`")


def in_the_database() -> Iterator[str]:
    """Every constraint, trigger and unique field of our models, as `app.Model.name`."""
    for model in apps.get_models():
        if model.__module__.startswith("consular."):
            for one in (*model._meta.constraints, *getattr(model._meta, "triggers", ())):
                yield f"{model._meta.label}.{one.name}"
            for field in model._meta.local_fields:
                if field.unique and not field.primary_key:
                    yield f"{model._meta.label}.{field.name}"


def limits() -> Iterator[str]:
    """The names of everything that is counted."""
    for path in (ROOT / "consular").rglob("*.py"):
        yield from re.findall(r"\bLimit\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8"))


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a file: written there, or made there from a table (see tests/harm.py)."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    written = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    made = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    return frozenset([*written, *(target.id for target in made if isinstance(target, ast.Name))])


def test_every_safeguard_of_the_database_is_listed_and_no_other() -> None:
    assert sorted(set(OF_A_MODEL.findall(PAGE))) == sorted(in_the_database())


def test_everything_that_is_counted_is_listed() -> None:
    assert [name for name in sorted(set(limits())) if f"“{name}”" not in PAGE] == []


@rows.every("row", ROWS)
def test_a_row_says_what_it_is_where_it_is_and_which_test_switches_it_off(row: list[str]) -> None:
    _what, where, control = row
    files, controls = FILE.findall(where), TEST.findall(control)

    assert files
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert controls
    assert [f"{file}::{name}" for file, name in controls if name not in names_in(file)] == []
