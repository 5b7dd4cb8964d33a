"""`consular verify` answers by sentence, by JSON and by exit code."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consular.decisions import ending, issuing, keys
from consular.decisions.models import Letter
from consular.decisions.source import issued_on
from consular.ops.management.commands import verify
from tests import factories
from tests.decisions import letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter() -> Letter:
    keys.make_local()
    return issuing.issue(factories.sent_case(), "L01", key="one", folder=letters.folder())


@pytest.fixture
def file(letter: Letter, tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter.content)
    return path


def test_a_genuine_letter_ends_with_zero(file: Path, capsys: pytest.CaptureFixture[str]):
    call_command("verify", str(file))

    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Valid")
    assert re.fullmatch(r"[A-Z][a-z ]+ \(L01\), issued on \d{4}-\d\d-\d\d", second)


def test_json_names_status_kind_and_days_and_nothing_personal(
    letter: Letter, file: Path, capsys: pytest.CaptureFixture[str]
):
    call_command("verify", str(file), "--json")

    assert json.loads(capsys.readouterr().out) == {
        "valid": True,
        "status": "valid",
        "kind": "L01",
        "issued_on": issued_on(letter).isoformat(),
        "ended_on": None,
    }


def test_a_changed_letter_ends_with_one(file: Path, capsys: pytest.CaptureFixture[str]):
    file.write_bytes(file.read_bytes() + b" ")

    with pytest.raises(SystemExit) as end:
        call_command("verify", str(file), "--json")

    assert end.value.code == 1
    assert json.loads(capsys.readouterr().out)["status"] == "changed"


@pytest.mark.parametrize(("end", "status"), [("revoked", "Revoked"), ("corrected", "Superseded")])
def test_a_letter_that_no_longer_stands_ends_with_one(
    letter: Letter, file: Path, end: str, status: str, capsys: pytest.CaptureFixture[str]
):
    second = issuing.issue(letter.case, "L01", key="two", folder=letters.folder())
    ending.supersede(letter, end=end, reason="test", by=second, actor=factories.official())

    with pytest.raises(SystemExit):
        call_command("verify", str(file))

    assert capsys.readouterr().out.startswith(status)


def test_a_file_without_an_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verify, "LARGEST_FILE", 1_000)

    with pytest.raises(CommandError, match="larger") as refusal:
        call_command("verify", "/dev/zero")

    assert refusal.value.returncode == 2


def test_a_missing_file_ends_with_two(tmp_path: Path):
    with pytest.raises(CommandError) as end:
        call_command("verify", str(tmp_path / "none.pdf"))

    assert end.value.returncode == 2
