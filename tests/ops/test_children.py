"""Processes that stand and fall together, tried with small ones."""

import sys
import time

import pytest

from consular.ops import children
from consular.ops.children import Child, Crew, Stop
from tests.processes import until

SLEEP = ("sleep", "60")
DEAF = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
)


def test_the_one_that_dies_is_named_with_the_way_it_died() -> None:
    crew = Crew()
    crew.start("left", *SLEEP)
    crew.start("right", *SLEEP)
    crew.check()

    crew.children[1].process.kill()
    crew.children[1].process.wait()

    with pytest.raises(Stop, match="right died \\(killed by SIGKILL\\)"):
        crew.check()
    crew.stop()
    assert all(child.has_ended for child in crew.children)


def test_one_that_ends_by_itself_is_named_with_its_exit_code() -> None:
    crew = Crew()
    crew.start("short", sys.executable, "-c", "raise SystemExit(3)")
    crew.children[0].process.wait()

    with pytest.raises(Stop, match="short died \\(exit code 3\\)"):
        crew.check()


def test_one_that_does_not_listen_is_killed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(children, "STOP_AFTER", 0.2)
    child = Child("deaf", *DEAF)
    said = ""
    while "deaf | deaf" not in said:
        said += capsys.readouterr().out
        time.sleep(0.05)

    child.stop()

    assert child.ending == "killed by SIGKILL"


def test_what_a_killed_parent_leaves_behind_is_killed_too(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    child = Child(
        "parent",
        sys.executable,
        "-c",
        "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)",
    )
    until(lambda: said.append(capsys.readouterr().out) or "|" in "".join(said))
    grandchild = int("".join(said).split("|")[1])

    child.process.kill()
    child.stop()

    until(lambda: not _lives(grandchild))


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
