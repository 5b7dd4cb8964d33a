"""Stories of cases, played on the process of a service with the decision tables beside it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from consular.rules import dmn
from consular.workflow import script
from consular.workflow.compile import compile
from consular.workflow.deciding import from_tables
from consular.workflow.graph import Graph
from consular.workflow.play import Outcome, play
from consular.workflow.state import Decide

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Stimulus = Mapping[str, object]


def done(task: str, by: str = "", **data: object) -> Stimulus:
    """A person completes a task; by default a person of the same name as the task."""
    return {"complete": task, "by": by or task, "data": data}


def finished(step: str) -> Stimulus:
    """A service step is done."""
    return {"finish": step}


def message(name: str, key: str = "", **data: object) -> Stimulus:
    """A message arrives."""
    return {"message": name, "data": data, **({"key": key} if key else {})}


def later(duration: str) -> Stimulus:
    """Time passes, and timers strike."""
    return {"advance": duration}


def told(service: str, *stimuli: Stimulus) -> list[Outcome]:
    """What a process is after each stimulus; none of them may be refused."""
    graph, decide = _process(service)
    outcomes = list(play(graph, script.read(json.dumps(stimuli).encode()), MONDAY, decide))
    refused = [outcome.error for outcome in outcomes if outcome.error]
    if refused:
        raise AssertionError(refused)
    return outcomes


def ended_in(service: str, *stimuli: Stimulus) -> Outcome:
    """What the process is after the last stimulus."""
    return told(service, *stimuli)[-1]


def open_at(outcome: Outcome, *kinds: str) -> list[str]:
    """The ids of what is open, of these kinds (default: tasks and service steps)."""
    return sorted(one.id for one in outcome.open if one.kind in (kinds or ("task", "service")))


@cache
def _process(service: str) -> tuple[Graph, Decide]:
    folder = Path(settings.FORMS_DIR) / service / "v1"
    tables = [dmn.load(file.read_bytes()) for file in sorted(folder.glob("*.dmn"))]
    return compile((folder / "process.bpmn").read_bytes()), from_tables(tables)
