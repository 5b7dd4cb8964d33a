"""What can be decided in a service: `decisions.toml` in the folder of each version, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from consular.decisions.judging import RULES
from consular.decisions.models import Decision

FILE = "decisions.toml"


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
