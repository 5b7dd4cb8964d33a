"""Selling out, again and again: more people than places arrive within ten seconds and want one each, over HTTP.

In one round a process of the web server is killed in the middle; in another one many hold a place and go away, and
their holds end. Afterwards nothing may be overbooked, no place free, nobody told of an appointment that there is not,
and PostgreSQL must have seen no deadlock. Whoever finds a slot taken tries another one, as people do.
"""

import argparse
import http.client
import itertools
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from multiprocessing.pool import Pool
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from tests.benchmarks import booking, booking_rows, booking_stand, stand

SLOTS, TRIES, THREADS = 10, 3, 24
PLACES = SLOTS * booking_stand.PLACES
PEOPLE = 2 * PLACES
LEAVING = 0.4
"""The share of those who arrive in the first half and go away with a place on hold, in the round for that."""

DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
CONFIRMED = "SELECT case_id FROM appointments_booking WHERE state = 'confirmed'"
HELD = "SELECT count(*) FROM appointments_booking WHERE state = 'held' AND active_until > now()"
END_HOLDS = """
WITH over AS (
    UPDATE appointments_booking SET active_until = now() WHERE state = 'held' AND case_id = ANY(%s) RETURNING place_id)
UPDATE appointments_place SET free_from = now() FROM over WHERE id = over.place_id
"""


class Trouble(Enum):
    """What goes wrong in the middle of a round."""

    NOTHING = "nothing"
    KILLED = "a killed worker"
    LEFT = "holds that end"


class Told(Enum):
    """What somebody was told in the end."""

    BOOKED = "booked"
    LEFT = "left"
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True)
class Visitor:
    """Somebody with a case, who comes at a moment (seconds), tries these slots, and may leave with a place on hold."""

    session: str
    case: int
    reference: str
    at: float
    slots: tuple[int, ...]
    leaves: bool


@dataclass(frozen=True)
class Round:
    """How one sell-out went."""

    confirmed: int
    held: int
    overbooked: int
    untrue: int
    deadlocks: int
    failed: int
    refused: int

    @property
    def is_right(self) -> bool:
        """Whether every place is taken, once, and everybody knows what they have."""
        return self.confirmed + self.held == PLACES and not (
            self.overbooked or self.untrue or self.deadlocks or self.failed
        )


class Browser:
    """One connection, made anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port, self._web = port, http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, visitor: Visitor, path: str, **fields: object) -> int:
        """The status; 0 where the connection broke."""
        headers = {
            "Cookie": f"session={visitor.session}; csrf={stand.CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"csrfmiddlewaretoken": stand.CSRF, **fields})
        try:
            self._web.request("POST", f"/cases/{visitor.reference}/appointment/{path}", body, headers)
            answer = self._web.getresponse()
            answer.read()
        except (http.client.HTTPException, OSError):
            self._web = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            return 0
        return answer.status


def visit(browser: Browser, own: "psycopg.Connection[tuple[str]]", visitor: Visitor) -> Told:
    """Hold a place in one of the slots, and confirm it; a call that broke is made again, as by reloading the page."""
    for slot in visitor.slots:
        status = browser.post(visitor, "", slot=slot) or browser.post(visitor, "", slot=slot)
        held = own.execute(booking_rows.REFERENCE, (visitor.case,)).fetchone()
        if status >= 500 or status == 0:
            return Told.BROKEN
        if held is None:
            continue
        if visitor.leaves:
            return Told.LEFT
        fields = {"booking": held[0]}
        status = browser.post(visitor, "confirm/", **fields) or browser.post(visitor, "confirm/", **fields)
        return Told.BOOKED if status == 302 else Told.BROKEN
    return Told.REFUSED


def arrive(job: tuple[int, float, Sequence[Visitor]]) -> list[tuple[int, Told]]:
    """One process: its visitors come at their moments, as far as there are threads."""
    port, start, visitors = job
    mine, told = threading.local(), list[tuple[int, Told]]()

    def one(visitor: Visitor) -> None:
        if not hasattr(mine, "browser"):
            mine.browser = Browser(port)
            mine.own = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        time.sleep(max(0.0, start + visitor.at - time.time()))
        told.append((visitor.case, visit(mine.browser, mine.own, visitor)))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, sorted(visitors, key=lambda visitor: visitor.at)))
    return told


def sell(
    pool: Pool, server: stand.Server, visitors: Sequence[Visitor], trouble: Trouble, seconds: float
) -> Round:
    """One round on clean tables."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        for statement in booking_rows.CLEAN.strip().split("\n"):
            own.execute(statement)
        before = own.execute(DEADLOCKS).fetchone()
        start = time.time() + 1
        jobs = [(server.port, start, visitors[n :: booking.PROCESSES]) for n in range(booking.PROCESSES)]
        coming = pool.map_async(arrive, jobs, chunksize=1)
        time.sleep(1 + seconds / 2)
        if trouble is Trouble.KILLED:
            kill_one(server)
        if trouble is Trouble.LEFT:
            own.execute(END_HOLDS, ([visitor.case for visitor in visitors if visitor.leaves],))
        told = dict(itertools.chain.from_iterable(coming.get()))
        time.sleep(1.5)  # PostgreSQL reports what it counts about once a second
        own.execute("SELECT pg_stat_clear_snapshot()")
        after = own.execute(DEADLOCKS).fetchone()
        confirmed = {row[0] for row in own.execute(CONFIRMED)}
        held, overbooked = (own.execute(text).fetchone() or (0,) for text in (HELD, booking_rows.OVERBOOKED))
    booked = {case for case, what in told.items() if what is Told.BOOKED}
    counts = Counter(told.values())
    return Round(
        confirmed=len(confirmed),
        held=held[0],
        overbooked=overbooked[0],
        untrue=len(booked ^ confirmed),
        deadlocks=(after or (0,))[0] - (before or (0,))[0],
        failed=counts[Told.BROKEN],
        refused=counts[Told.REFUSED],
    )


def kill_one(server: stand.Server) -> None:
    """Kill one process that answers requests; the first of the session looks after them and starts another one."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            pid = int(process.name)
            if os.getsid(pid) == server.session and pid != server.session:
                os.kill(pid, signal.SIGKILL)
                return


def visitors(seeded: booking_stand.Seeded, seconds: float, trouble: Trouble, turn: int) -> list[Visitor]:
    """People with cases of their own, and when they come; the same in each run."""
    chance = random.Random(turn)
    each = -(-PEOPLE // len(seeded.sessions))
    slots = seeded.slots["spread"][:SLOTS]
    found = []
    for user, session in seeded.sessions.items():
        for case, reference in seeded.cases[user][turn * each : (turn + 1) * each]:
            at = chance.uniform(0, seconds)
            leaves = trouble is Trouble.LEFT and at < seconds / 2 and chance.random() < LEAVING
            found.append(Visitor(session, case, reference, at, tuple(chance.sample(slots, TRIES)), leaves))
    return found


def figures(rounds: int, seconds: float) -> Iterator[stand.Figure]:
    """All rounds in one line: how many went right, and what went wrong in the others."""
    stand.progress("sell-out: filling the database")
    with booking_stand.database(0) as seeded:
        spawn = multiprocessing.get_context("spawn")
        done = list[Round]()
        with stand.server("consular.wsgi") as server, spawn.Pool(booking.PROCESSES) as pool:
            for turn in range(rounds):
                trouble = {0: Trouble.KILLED, 1: Trouble.LEFT}.get(turn, Trouble.NOTHING)
                done.append(sell(pool, server, visitors(seeded, seconds, trouble, turn), trouble, seconds))
                stand.progress(f"sell-out {turn + 1}, {trouble.value}: {done[-1]}")
    yield stand.figure(
        f"booking: sell-outs of {PLACES} places, {PEOPLE} people in {seconds:g} s",
        sum(one.is_right for one in done),
        f"of {rounds} right",
        overbooked=sum(one.overbooked for one in done),
        untrue=sum(one.untrue for one in done),
        deadlocks=sum(one.deadlocks for one in done),
        failed=sum(one.failed for one in done),
        left_over=sum(PLACES - one.confirmed - one.held for one in done),
    )


def main() -> None:
    """Print the figure as a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--cases", type=int, default=40_000)
    options = parser.parse_args()
    booking_stand.CASES = options.cases
    stand.emit(figures(options.rounds, options.seconds))


if __name__ == "__main__":
    main()
