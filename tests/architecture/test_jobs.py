"""Every promised job has a handler, and every handler is promised somewhere."""

import re
from pathlib import Path

from consular.core import jobs

ROOT = Path(__file__).resolve().parents[2]


def test_jobs_promised_and_jobs_registered_are_the_same() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "consular").rglob("*.py")]
    promised = {name for source in sources for name in re.findall(r'jobs\.promise\(\s*"([a-z_.]+)"', source)}
    processes = [path.read_text(encoding="utf-8") for path in (ROOT / "forms").rglob("*.bpmn")]
    asked_for = {
        name for process in processes for name in re.findall(r'taskDefinition type="([a-z_.]+)"', process)
    }

    assert promised | asked_for == jobs.names()
