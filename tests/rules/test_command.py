"""`consular rules`: one JSON line per question."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.rules.files import data, decision, file, literal, table


def asked(*arguments: str) -> list[dict[str, object]]:
    out = io.StringIO()
    call_command("rules", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> str:
    at = tmp_path / "bands.dmn"
    at.write_bytes(file(data("x"), decision("d", table("UNIQUE", "x", "o", '< 5 | "low"'), "x")))
    return str(at)


def test_a_decision_is_answered_with_its_rules(path: str) -> None:
    answer = {"feel": '"low"', "json": "low", "rules": ["r1"], "errors": []}
    assert asked("evaluate", path, "d", "--context", "{x: 3}") == [answer]


def test_an_expression_is_answered_in_feel_and_in_json() -> None:
    text = '{a: x / 4, b: @"2026-01-01"}'
    answer = {
        "feel": text.replace("x / 4", "0.75"),
        "json": {"a": 0.75, "b": "2026-01-01"},
        "rules": [],
        "errors": [],
    }
    assert asked("feel", text, "--context", "{x: 3}") == [answer]


def test_a_context_may_hold_names_of_any_form() -> None:
    (answer,) = asked("feel", "born in + a-b", "--context", '{"born in": 1, "a-b": 2}')
    assert answer["json"] == 3


def test_a_batch_answers_line_by_line_whatever_the_lines_are(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [
        json.dumps({"file": path, "decision": "d", "context": "{x: 3}"}),
        json.dumps({"expression": "x * 1.10", "context": {"x": 2}}),
        json.dumps({"expression": "1 +"}),
        json.dumps({"file": "nowhere.dmn", "decision": "d"}),
        json.dumps({"file": path, "decision": "unknown"}),
        json.dumps({"expression": "1", "context": "{"}),
        "no json",
        "[]",
        "{}",
        '{"expression": "x", "context": {"x": "\\ud83d"}}',
        '{"expression": "10 ** 6000"}',
        "[" * 100_000,
        json.dumps({"file": "a\0b", "decision": "d"}),
        json.dumps({"expression": "x", "context": {"x": 10**100}}),
        '{"expression": "x", "context": {"x": 1E99999999999999999999}}',
    ]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(questions)))
    answers = asked("evaluate", "--batch")
    assert [answer["feel"] for answer in answers[:9]] == ['"low"', "2.2", *["null"] * 7]
    assert [bool(answer["errors"]) for answer in answers[:9]] == [False, False, *[True] * 7]
    assert [answer["json"] for answer in answers[9:]] == ["?", "1E+6000", None, None, 1e100, None]


def test_the_moment_may_be_set_with_its_time_zone() -> None:
    (answer,) = asked("feel", "today()", "--now", "2026-03-01T23:30:00-05:00")
    assert answer["json"] == "2026-03-01"
    (answer,) = asked("feel", "now().hour", "--now", "2026-03-01T10:00:00@Europe/Paris")
    assert answer["json"] == 10
    for wrong in ("2026-03-01", "2026-03-01T10:00:00", "yesterday"):
        with pytest.raises(CommandError):
            asked("feel", "today()", "--now", wrong)


def test_a_fault_of_the_program_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a traceback, and the lines after it are still answered."""
    monkeypatch.setattr("consular.rules.feel.writing.write", lambda value: 1 / 0 if value == 1 else "fine")
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"expression": "1"}\n{"expression": "2"}\n'))
    first, second = asked("feel", "--batch")
    assert first["errors"] == [
        "a fault of this program, please report it: ZeroDivisionError: division by zero"
    ]
    assert second["feel"] == "fine"


def test_bytes_that_are_no_text_do_not_end_a_batch() -> None:
    """Run as it is run outside: a process of its own, reading bytes."""
    command = [sys.executable, "-m", "consular", "rules", "feel", "--batch"]
    lines = b'{"expression": "1 + 1"}\n\xff\xfe\n\n{"expression": "\xc3\xa9 + 1", "context": {"\xc3\xa9": 2}}'
    done = subprocess.run(command, input=lines, capture_output=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["feel"] for answer in answers] == ["2", "null", "3"]
    assert done.stderr == b""


def test_what_cannot_be_read_ends_with_2() -> None:
    with pytest.raises(CommandError) as refusal:
        asked("feel", "1 +")
    assert refusal.value.returncode == 2


def test_checking_prints_findings_and_ends_with_1_for_errors(path: str, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("rules", "check", path, stdout=out)
    assert out.getvalue() == f"{path}: warning gap t: no rule matches; for example x = 5\n"
    told = io.StringIO()
    call_command("rules", "check", path, "--json", stdout=told)
    (gap,) = json.loads(told.getvalue())
    assert (gap["code"], gap["is_error"], gap["example"]) == ("gap", False, {"x": "5"})
    wrong = tmp_path / "wrong.dmn"
    wrong.write_bytes(file(decision("d", literal("unknown"))))
    with pytest.raises(CommandError) as refusal:
        call_command("rules", "check", str(wrong), stdout=out)
    assert refusal.value.returncode == 1
