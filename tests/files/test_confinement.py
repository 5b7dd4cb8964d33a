"""What the child can still do after it has given everything up: compute and answer. Each try in a new process."""

import subprocess
import sys
from pathlib import Path

import pytest

from consular import files

ENTER = "from consular.files import confinement; confinement.enter(5, 600 * 1024 * 1024)\n"
TRIES = {
    "open a file": "open('/etc/passwd')",
    "call an address": "import socket\nsocket.create_connection(('127.0.0.1', 9), 0.2)",
    "open a socket": "socket.socket()",
    "start a program": "subprocess.run(['/bin/true'], check=True)",
    "start a thread": "threading.Thread(target=print).start()",
    "become two": "os.fork() or os._exit(0)",
    "take memory": "bytearray(900 * 1024 * 1024)",
}
HEAD = "import os, socket, subprocess, sys, threading\n"


def fails(attempt: str, *, confined: bool) -> bool:
    """Whether an attempt fails in a process of its own."""
    body = f"try:\n    exec({attempt!r})\nexcept (OSError, RuntimeError, MemoryError): sys.exit(3)\n"
    program = HEAD + (ENTER if confined else "") + body
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, timeout=120, check=False
    )
    return done.returncode == 3


@pytest.mark.parametrize("what", TRIES)
def test_inside_it_cannot(what: str) -> None:
    assert fails(TRIES[what], confined=True)


@pytest.mark.parametrize("what", [name for name in TRIES if name != "call an address"])
def test_outside_it_could(what: str) -> None:
    """Negative control: the same without the first line."""
    assert not fails(TRIES[what], confined=False)


def test_the_child_knows_no_secret_of_the_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In place of the interpreter, a program that writes down its environment."""
    telling = tmp_path / "telling"
    telling.write_text(f"#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/environ > {tmp_path}/told\n")
    telling.chmod(0o700)
    monkeypatch.setenv("SECRET", "of the worker")
    monkeypatch.setattr(sys, "executable", str(telling))

    with pytest.raises(files.RendererFailed):
        files.rerender([b"%PDF-1.4"])

    assert (tmp_path / "told").read_text() == ""


def test_the_child_ends_with_the_worker_that_started_it() -> None:
    child = HEAD + ENTER + "import signal\nos.write(1, b'ready\\n')\nsignal.pause()\n"
    parent = (
        "import subprocess, sys, os\n"
        f"child = subprocess.Popen([sys.executable, '-I', '-c', {child!r}], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", parent], capture_output=True, timeout=120, check=False)
    pid = int(done.stdout)

    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    assert state.stdout.strip() in {"", "Z"} or state.stdout.startswith("Z")
