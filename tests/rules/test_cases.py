"""Hundreds of expressions with their canonical results, in plain files: `expression  ==>  result`.

`null, because` is null with an error that says why; `refused` is no FEEL at all. The same files go through the command,
line by line, as a conformance kit outside would drive it.
"""

import io
import json
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from consular import rules
from consular.rules import feel
from consular.rules.feel import writing
from tests import rows

FILES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def cases(path: Path) -> list[tuple[str, str]]:
    lines = (line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("# "))
    return [(text, expected) for text, _, expected in (line.partition("  ==>  ") for line in lines)]


ALL = [case for path in FILES for case in cases(path)]


@rows.every("text, expected", ALL)
def test_an_expression_has_its_result(text: str, expected: str) -> None:
    if expected == "refused":
        with pytest.raises(rules.SyntaxProblem):
            feel.compile(text)
        return
    outcome = feel.compile(text).outcome({})
    why = ", because" if outcome.value is None and outcome.errors else ""
    assert writing.write(outcome.value) + why == expected


def test_the_command_answers_every_case_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = "\n".join(json.dumps({"expression": text}) for text, _ in ALL)
    monkeypatch.setattr(sys, "stdin", io.StringIO(questions))
    out = io.StringIO()
    call_command("rules", "feel", "--batch", stdout=out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(answers) == len(ALL)
    for (text, expected), answer in zip(ALL, answers, strict=True):
        assert answer["feel"] == ("null" if expected in ("null, because", "refused") else expected), text
        assert bool(answer["errors"]) or expected not in ("null, because", "refused"), text
        assert "unreadable" not in answer or expected == "refused", text
