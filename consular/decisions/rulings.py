"""What can be decided in a service: `decisions.toml` in the folder of each version, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from consular.decisions.composing import DECIDING
from consular.decisions.judging import RULES
from consular.decisions.models import Decision
from consular.formspec import Form, Page
from consular.workflow.graph import Graph

FILE = "decisions.toml"

ASK = "ask"
"""The recommendation to ask the applicant first, which decides nothing."""

KNOWN = DECIDING | {""}


class WrongTable(ValueError):
    """A decisions.toml cannot be used; says where and why."""


@dataclass(frozen=True)
class Ruling:
    """One thing officers may decide: the outcome, what the decision must say, and its letter ("" when none says it)."""

    outcome: str
    content: str
    letter: str = ""


def of(service: str, version: int) -> Mapping[str, Ruling]:
    """What may be recommended in this version of a service, by the answer that says it. Raises WrongTable."""
    return read(settings.FORMS_DIR / service / f"v{version}" / FILE)


def problems(service: str, version: int, graph: Graph, form: Form) -> list[str]:
    """What keeps the process of this version from being decided by its table."""
    try:
        table = of(service, version)
    except WrongTable as problem:
        return [str(problem)]
    found = [
        f"[{answer}] {one.letter} is no letter that says a decision"
        for answer, one in table.items()
        if one.letter not in KNOWN
    ]
    for node in graph.nodes.values():
        if node.step == "propose":
            found += [f"{node.id}: {reason}" for reason in _undecided(form.tasks.get(node.form), table)]
    return [f"{FILE}: {reason}" for reason in found]


def _undecided(page: Page | None, table: Mapping[str, Ruling]) -> list[str]:
    """What the form of a proposal offers and the table does not know."""
    if not table:
        return ["nothing can be decided"]
    questions = [question for question in (page.questions if page else ()) if question.id == "recommendation"]
    offered = [option.value for question in questions for option in question.options]
    return [f"unknown recommendation {value}" for value in offered if value not in {*table, ASK}]


def named(service: str, version: int, recommendation: str | None) -> Ruling | None:
    """What a recommendation means; None when it is unknown. Where one thing alone can be decided, none is needed."""
    known = of(service, version)
    if recommendation is None and len(known) == 1:
        return next(iter(known.values()))
    return known.get(recommendation or "")


def letter_of(decision: Decision) -> str:
    """The name of the letter that carries an approved decision. Raises LookupError when none does."""
    case = decision.case
    for ruling in of(case.service, case.version).values():
        if (ruling.outcome, ruling.content) == (decision.outcome, decision.content) and ruling.letter:
            return ruling.letter
    raise LookupError(f"{case.service}: no letter says {decision.outcome}")


@cache
def read(file: Path) -> Mapping[str, Ruling]:
    """The table in a file; empty when there is no file: then nothing is decided in this service."""
    if not file.is_file():
        return {}
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WrongTable(f"{file}: {problem}") from problem
    return {answer: _ruling(file, answer, values) for answer, values in written.items()}


def _ruling(file: Path, answer: str, values: Any) -> Ruling:
    try:
        ruling = Ruling(**values)
    except TypeError as problem:
        raise WrongTable(f"{file}: [{answer}] has outcome, content and perhaps letter") from problem
    if (ruling.content, ruling.outcome) not in RULES:
        raise WrongTable(
            f"{file}: [{answer}] outcome {ruling.outcome} does not go with content {ruling.content}"
        )
    return ruling
