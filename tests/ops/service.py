"""`consular` as a person starts it: real processes on a state of their own, far from the environment of the tests."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    "CONSULAR_ENV",
    "DATABASE_URL",
    "BROKER_URL",
    "EMAIL_HOST",
    "DJANGO_SETTINGS_MODULE",
    "STATIC_ROOT",
}
RUNNING = "Ctrl-C stops everything."
PATIENCE = 300
"""Seconds: a machine may be slow, and others may work on it."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person at a local checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return kept | {"CONSULAR_ENV": "local", "CONSULAR_HOME": str(home), **more}


def command(home: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "consular", *arguments],
        cwd=ROOT,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def processes_of(home: Path) -> dict[int, str]:
    """All living processes that belong to this state, with their command lines."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                surroundings = (folder / "environ").read_bytes()
            except OSError:
                continue
            if f"CONSULAR_HOME={home}\0".encode() in surroundings or f"{home}/postgres/" in line:
                found[int(folder.name)] = line
    return found


class Up:
    """A running `consular up`; what it says lies in a file."""

    def __init__(self, home: Path, port: int, **more: str) -> None:
        self.home, self.port, self.mail_port = home, port, free_port()
        self.log = home.parent / f"{home.name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "consular", "up"],
                cwd=ROOT,
                env=environment(home, PORT=str(port), MAIL_PORT=str(self.mail_port), **more),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """Everything it said until now."""
        return self.log.read_text(encoding="utf-8")

    def wait_until_running(self) -> None:
        """AssertionError, with what it said, when it does not get there."""
        end = time.monotonic() + PATIENCE
        while RUNNING not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.1)

    def kill(self, part: str) -> None:
        """Kill one process without a word, found by a part of its command line."""
        os.kill(min(pid for pid, line in processes_of(self.home).items() if part in line), signal.SIGKILL)

    def kill_what_is_left(self) -> None:
        """Whatever still belongs to this state, without a word."""
        for pid in processes_of(self.home):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        """Press Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)
