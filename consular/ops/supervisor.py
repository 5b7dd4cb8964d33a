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
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from consular.ops import local, plan, preparation
from consular.ops.children import Child, Crew, Stop, say
from consular.ops.plan import Plan
from consular.ops.postgres import CannotRun, Postgres

HEALTHY_AFTER = 60.0
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


def main(arguments: list[str]) -> int:
    """Run until somebody stops it or a process dies; returns the exit code."""
    if arguments:
        say(DESCRIPTION)
        return 0 if arguments[0] in {"-h", "--help"} else 2
    for number in SIGNALS:
        signal.signal(number, _asked_to_stop)
    try:
        wanted = plan.read()
        local.home().mkdir(parents=True, exist_ok=True)
        with _only_one():
            plan.require_free(wanted)
            _run(wanted)
    except KeyboardInterrupt:
        say("Stopped.")
        return 0
    except (Stop, CannotRun, OSError) as reason:
        say(str(reason))
        return 1
    return 0


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


def _run(wanted: Plan) -> None:
    """Everything running until something ends it; then stopped in reverse, whatever else is pressed meanwhile."""
    with contextlib.ExitStack() as stack:
        try:
            watches = _bring_up(wanted, stack)
            _greet(wanted)
            while True:
                _check(watches)
                time.sleep(0.2)
        finally:
            _be_deaf()


def _bring_up(wanted: Plan, stack: contextlib.ExitStack) -> Watches:
    """Start everything in the order in which one part needs the other; returns what to watch."""
    servers, workers = Crew(), Crew()
    watches: Watches = [servers.check, workers.check]
    is_embedded = local.prepare_environment()
    if is_embedded:
        database = stack.enter_context(local.running_database())
        watches.append(lambda: _check_server(database))
    stack.callback(servers.stop)
    if wanted.has_broker:
        servers.start("broker", *plan.broker())
    if wanted.has_mailbox:
        os.environ |= {"EMAIL_HOST": "localhost", "EMAIL_PORT": str(wanted.mail_port + 1)}
        servers.start("mail", *plan.mailbox(wanted.mail_port))
    _prepare(watches, is_embedded=is_embedded)
    stack.callback(workers.stop)
    for name, command in plan.processes(wanted).items():
        workers.start(name, *command)
    _wait_until_healthy(wanted, watches)
    return watches


def _check(watches: Watches) -> None:
    for watch in watches:
        watch()


def _check_server(database: Postgres) -> None:
    if database.has_died():
        raise Stop(f"postgres died; everything was stopped. See {database.log}")


def _prepare(watches: Watches, *, is_embedded: bool) -> None:
    """Bring the database up to the code and, once, seed the demo; an embedded one that is current needs nothing."""
    if not is_embedded:
        _work_on_database(watches)
        return
    with preparation.turn():
        if not preparation.is_current(demo=True):
            _work_on_database(watches)
            preparation.remember()


def _work_on_database(watches: Watches) -> None:
    """Run `consular prepare`, watching the servers meanwhile."""
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


def _wait_until_healthy(wanted: Plan, watches: Watches) -> None:
    """Return when the service says it is ready."""
    end = time.monotonic() + HEALTHY_AFTER
    parts: object = "no answer"
    host = "127.0.0.1" if wanted.bind == "0.0.0.0" else wanted.bind  # noqa: S104
    while time.monotonic() < end:
        _check(watches)
        try:
            with urllib.request.urlopen(f"http://{host}:{wanted.port}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            parts = json.loads(error.read() or b"null")
        except OSError:
            pass
        time.sleep(0.1)
    raise Stop(f"The service did not get ready: {parts}")


def _greet(wanted: Plan) -> None:
    lines = [
        "",
        "  consular is running.",
        "",
        f"  Service   http://localhost:{wanted.port}/",
        f"  Officers  http://localhost:{wanted.port}/desk/",
    ]
    if wanted.has_mailbox:
        lines.append(
            f"  Mail      http://localhost:{wanted.mail_port}/   every mail of the service, also sign-in codes"
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
