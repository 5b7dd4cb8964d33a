"""What work costs: CPU of this process and of the database server, and WAL. Other programs hardly count."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"


@dataclass
class Cost:
    """Seconds on the clock, seconds of CPU in the client and in all processes of the server, and bytes of WAL."""

    count: int = 0
    wall: float = 0.0
    client: float = 0.0
    server: float = 0.0
    wal: int = 0

    @property
    def per_core(self) -> float:
        """How many a second one core does that has client and server to carry: their number by all CPU seconds."""
        return self.count / (self.client + self.server)

    def facts(self) -> dict[str, object]:
        """For a line of the results, each for one piece of work."""
        return {
            "client_cpu_ms": round(1000 * self.client / self.count, 3),
            "server_cpu_ms": round(1000 * self.server / self.count, 3),
            "per_second": round(self.count / self.wall, 1),
            "cores_busy": round((self.client + self.server) / self.wall, 2),
            "wal_bytes": round(self.wal / self.count),
        }


class Meter:
    """Counts what the server behind a connection and this process use."""

    def __init__(self, url: str) -> None:
        self.own = psycopg.connect(url, autocommit=True)
        self.postmaster = _parent(self.own.info.backend_pid)

    def in_turns(self, works: Sequence[Callable[[], int]], turns: int) -> list[Cost]:
        """What each cost, taking turns; each says how many pieces of work it was. The first turn counts nothing."""
        costs = [Cost() for _ in works]
        for work in works:
            work()
        for _ in range(turns):
            for work, cost in zip(works, costs, strict=True):
                self._add(work, cost)
        return costs

    def _add(self, work: Callable[[], int], cost: Cost) -> None:
        wal, server = self._wal(), self._server()
        client, wall = time.process_time(), time.perf_counter()
        cost.count += work()
        cost.wall += time.perf_counter() - wall
        cost.client += time.process_time() - client
        cost.server += self._server() - server
        cost.wal += self._wal() - wal

    def _wal(self) -> int:
        (written,) = self.own.execute(WAL).fetchone() or (0,)
        return int(written)

    def _server(self) -> float:
        """Seconds of CPU of all processes of the server but the one that only measures."""
        total = 0
        for process in Path("/proc").glob("[0-9]*"):
            pid = int(process.name)
            with suppress(OSError):
                if pid != self.own.info.backend_pid and _parent(pid) == self.postmaster:
                    total += int((process / "schedstat").read_text().split()[0])
        return total / 1e9


def _parent(pid: int) -> int:
    """The process that started another one; the name before it may have spaces."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
