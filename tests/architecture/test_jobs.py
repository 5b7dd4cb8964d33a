"""Every promised job has a handler, every handler is promised somewhere, and the clock starts only what there is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from consular.celery import app
from consular.core import jobs

ROOT = Path(__file__).resolve().parents[2]


def _promised(source: str) -> Iterator[str]:
    """The names of the jobs that a file promises, written out or as a constant of the file."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "jobs.promise":
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield str(name.value)
            elif isinstance(name, ast.Name) and name.id in constants:
                yield str(constants[name.id])


def test_jobs_promised_and_jobs_registered_are_the_same() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "consular").rglob("*.py")]
    promised = {name for source in sources for name in _promised(source)}
    processes = [path.read_text(encoding="utf-8") for path in (ROOT / "forms").rglob("*.bpmn")]
    asked_for = {
        name for process in processes for name in re.findall(r'taskDefinition type="([a-z_.]+)"', process)
    }

    assert promised | asked_for == jobs.names()


def test_a_promise_is_found_written_out_and_as_a_constant() -> None:
    source = (
        'JOB = "a.b"\n\ndef f() -> None:\n    jobs.promise(JOB, key="1")\n    jobs.promise("c.d", key="2")\n'
    )

    assert list(_promised(source)) == ["a.b", "c.d"]


def test_the_clock_starts_every_task_of_ours_and_no_other() -> None:
    ours = {name for name in app.tasks if name.startswith("casework.")}

    assert {entry["task"] for entry in settings.CELERY["beat_schedule"].values()} == ours
