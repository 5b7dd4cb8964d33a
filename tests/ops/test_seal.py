"""`consular seal` proves a seal offline and answers as JSON."""

import io
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consular.decisions import issuing, keys, seal
from consular.decisions.letter import Letter
from tests.decisions import letters


@pytest.fixture(scope="module")
def letter() -> Letter:
    keys.make_local()
    return seal.put_on(letters.grant(), mission="ACCR", on=date(2026, 5, 1))


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = 0
    try:
        call_command("seal", "verify", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(capsys.readouterr().out)


def test_a_letter_its_digits_and_a_list_of_certificates(
    letter: Letter, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    file, listed, other = tmp_path / "letter.pdf", tmp_path / "list.pem", tmp_path / "other.pem"
    file.write_bytes(issuing.render(letter))
    call_command("seal", "certificates")
    listed.write_text(capsys.readouterr().out)
    other.write_text("")

    code, said = answer(capsys, str(file))
    assert (code, said["valid"], said["number"], said["applicant"]) == (0, True, letter.number, "Ama Mensah")
    assert answer(capsys, str(file), "--certificates", str(listed)) == (0, said)
    assert answer(capsys, str(file), "--certificates", str(other)) == (
        1, {"valid": False, "reason": "unknown_certificate"},
    )  # fmt: skip
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(letter.seal.encode())))
    assert answer(capsys, "-") == (0, said)


def test_a_seal_on_another_letter_is_seen(letter: Letter, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "letter.pdf"
    file.write_bytes(issuing.render(replace(letter, applicant="Kofi Mensah")))

    code, said = answer(capsys, str(file))

    assert (code, said["valid"], said["reason"]) == (1, False, "other_facts")


@pytest.mark.parametrize("content", [b"", b"no seal at all!", b"%PDF-1.7 broken"])
def test_what_has_no_seal_cannot_be_read(content: bytes, tmp_path: Path):
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(CommandError) as error:
        call_command("seal", "verify", str(tmp_path / "file"))
    assert error.value.returncode == 2
    with pytest.raises(CommandError):
        call_command("seal", "verify", str(tmp_path / "missing"))
