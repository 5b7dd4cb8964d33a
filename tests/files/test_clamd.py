"""Only a clear answer counts: whatever else a scanner does, nobody knows whether the file is clean."""

import socket
import threading
from pathlib import Path

import pytest

from consular.files import clamd
from tests.files import hostile, scanner


def test_clean_files_are_clean_and_arrive_whole() -> None:
    content = bytes(range(256)) * 1_000

    with scanner.running() as running:
        assert clamd.scan(content, running.address) is None
        assert running.seen == [content]


@pytest.mark.parametrize(
    "content",
    [scanner.EICAR, hostile.statement() + scanner.EICAR, hostile.picture(form="PNG") + scanner.EICAR],
)
def test_a_virus_is_named(content: bytes) -> None:
    with scanner.running() as running:
        assert clamd.scan(content, running.address) == "Eicar-Test-Signature"


@pytest.mark.parametrize("how", scanner.FAILING)
def test_no_clear_answer_is_no_answer(how: str) -> None:
    with scanner.running(scanner.FAILING[how]) as running, pytest.raises(clamd.ScannerAway):
        clamd.scan(b"anything", running.address, seconds=0.3)


def test_without_the_exact_answer_a_reader_would_be_fooled() -> None:
    """Negative control: looking for the word OK would call these clean."""
    fooled = [how for how, answer in scanner.FAILING.items() if b"OK" in (answer(b"") or b"")]

    assert fooled == ["another answer", "clean, and more"]


def test_signatures_of_last_week_are_none() -> None:
    with scanner.running(days_old=8) as running, pytest.raises(clamd.ScannerAway, match="old signatures"):
        clamd.scan(b"anything", running.address)


def test_only_their_age_keeps_old_signatures_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clamd, "OLDEST_SIGNATURES", clamd.OLDEST_SIGNATURES * 2)

    with scanner.running(days_old=8) as running:
        assert clamd.scan(b"anything", running.address) is None


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "unix:///nowhere", "http://127.0.0.1", "", "tcp://"]
)
def test_nobody_there_is_no_answer(address: str) -> None:
    with pytest.raises(clamd.ScannerAway):
        clamd.scan(b"anything", address, seconds=0.3)


def test_a_socket_of_the_machine_works_too(tmp_path: Path) -> None:
    path = tmp_path / "clamd.sock"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    listening.listen()
    speaker = scanner.Scanner.__new__(scanner.Scanner)
    speaker.answer, speaker.days_old, speaker.seen, speaker.listening = scanner.honest, 0, [], listening
    threading.Thread(target=speaker._serve, daemon=True).start()

    assert clamd.scan(b"anything", f"unix://{path}") is None
    listening.close()
