"""How many appointments a second: through the verbs and through HTTP, on one hot slot and over 1,000 slots.

`python -m tests.benchmarks.booking` prints one JSON line per figure: ours, a bare reference doing the same work in the
same run, and the ratio. A booking is two transactions: hold, then confirm, with audit rows, outbox row and job. Between
them the client reads the reference from the database, in both runs, instead of from the page that shows it.
"""

import argparse
import http.client
import itertools
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import psycopg
from django.db import connections

from consular.appointments import sql
from consular.core import references
from tests.benchmarks import stand
from tests.benchmarks.booking_rows import CLEAN, CONFIRMED, EVENT, JOB, NOTIFICATION, OVERBOOKED, REFERENCE

PROCESSES = 2
SLOTS = ("hot", "spread")
VERBS = (("verbs", "statements"), (0, 0))
PAGES = ("pages", "bare_pages")
LABELS = {"verbs": "verb", "pages": "HTTP"}


@dataclass(frozen=True)
class Client:
    """What one of the clients works with: its session, cases (id and reference), and the slots to choose from."""

    session: str
    user: int
    cases: tuple[tuple[int, str], ...]
    slots: tuple[int, ...]
    port: int = 0


@dataclass(frozen=True)
class Measured:
    """How one way of booking did."""

    per_second: float
    p95_ms: float
    half_p95_ms: float
    failed: int
    overbooked: int


Took = tuple[float, ...]
"""Seconds of the two halves of a booking, hold and confirm; empty when it failed."""
Book = Callable[[Client, int, str, int], Took]


def halves(done: bool, began: float, between: float) -> Took:
    """What the two halves of a booking took that ends now."""
    return (between - began, time.time() - between) if done else ()


def verbs(client: Client) -> Book:
    """Book through the product's verbs."""
    from consular.accounts.models import User  # noqa: PLC0415  needs the settings
    from consular.casework import appointments  # noqa: PLC0415

    actor = User.objects.get(pk=client.user)

    def book(client: Client, case: int, reference: str, slot: int) -> Took:
        began = time.time()
        held, between = appointments.hold_slot(case, slot, actor=actor), time.time()
        done = appointments.confirm_booking(held.reference, actor=actor)
        return halves(done.state == "confirmed", began, between)

    return book


def statements(client: Client) -> Book:
    """Book with the same rows written by hand: the two statements of booking, audit, process, outbox, job."""
    own = psycopg.connect(os.environ["DATABASE_URL"])
    locked = "SELECT id FROM cases_case WHERE id = %(case)s FOR UPDATE"
    process = (
        "UPDATE workflow_instance SET variables = variables || '{\"booked\": true}' "
        "WHERE id = (SELECT instance_id FROM cases_case WHERE id = %(case)s)"
    )

    def book(client: Client, case: int, reference: str, slot: int) -> Took:
        began, now = time.time(), datetime.now(UTC)
        values = {
            "case": case,
            "slot": slot,
            "owner": client.user,
            "actor": client.user,
            "now": now,
            "kind": "x",
        }
        values |= {"identity": case.to_bytes(32, "big"), "reference": references.issue()}
        values |= {"until": now + timedelta(minutes=10)}
        with own.transaction():
            for statement in (locked, sql.HOLD, EVENT):
                own.execute(statement, values)
        between = time.time()
        with own.transaction():
            own.execute(locked, values)
            done = own.execute(sql.CONFIRM, values).fetchone()
            for statement in (EVENT, process, NOTIFICATION, JOB):
                own.execute(statement, values)
        return halves(done is not None, began, between)

    return book


def pages(client: Client, *, is_bare: bool = False) -> Book:
    """Book by posting the two forms, on one connection kept alive."""
    web = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    own = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    headers = {
        "Cookie": f"session={client.session}; csrf={stand.CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def post(path: str, **fields: object) -> int:
        web.request("POST", path, urlencode({"csrfmiddlewaretoken": stand.CSRF, **fields}), headers)
        answer = web.getresponse()
        answer.read()
        return answer.status

    def book(client: Client, case: int, reference: str, slot: int) -> Took:
        start = f"/cases/{case if is_bare else reference}/appointment/"
        began = time.time()
        if post(start, slot=slot) != 302:
            return ()
        between, held = time.time(), own.execute(REFERENCE, (case,)).fetchone()
        done = held is not None and post(f"{start}confirm/", booking=held[0]) == 302
        return halves(done, began, between)

    return book


def bare_pages(client: Client) -> Book:
    """The same against the bare view."""
    return pages(client, is_bare=True)


WAYS: dict[str, Callable[[Client], Book]] = {
    "verbs": verbs,
    "statements": statements,
    "pages": pages,
    "bare_pages": bare_pages,
}


def prepare() -> None:
    """Load Django once in each process, before anything is measured."""
    import django  # noqa: PLC0415  settings need the address of the server that was just started

    django.setup()


def book_until(way: str, client: Client, start: float, end: float) -> tuple[list[Took], int]:
    """One client: books case after case from `start` until the time is over."""
    book, found, failed = WAYS[way](client), [], 0
    time.sleep(max(0.0, start - time.time()))
    for n, (case, reference) in enumerate(client.cases):
        if time.time() > end:
            break
        slot = client.slots[(case * 7919 + n) % len(client.slots)]
        if took := book(client, case, reference, slot):
            found.append(took)
        else:
            failed += 1
    connections.close_all()
    return found, failed


def work(job: tuple[str, list[Client], float, float]) -> tuple[list[Took], int]:
    """One process: its clients book until the time is over; what each booking took, and how many failed."""
    way, clients, start, end = job
    with ThreadPoolExecutor(len(clients)) as pool:
        parts = list(pool.map(lambda client: book_until(way, client, start, end), clients))
    return [took for found, _ in parts for took in found], sum(failed for _, failed in parts)


def measured(way: str, clients: list[Client], seconds: float, pool: "multiprocessing.pool.Pool") -> Measured:
    """Let all clients book in one way on clean tables, and count."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        for statement in CLEAN.strip().split("\n"):
            own.execute(statement)
    pool.map(abs, range(PROCESSES))
    start = time.time() + 1.5
    jobs = [(way, clients[n::PROCESSES], start, start + seconds) for n in range(PROCESSES)]
    parts = pool.map(work, jobs, chunksize=1)
    took = [one for found, _ in parts for one in found]
    with psycopg.connect(os.environ["DATABASE_URL"]) as own:
        overbooked = own.execute(OVERBOOKED).fetchone()[0]
        rows = own.execute(CONFIRMED).fetchone()[0]
    if not took:
        raise RuntimeError(f"{way}: nothing was booked; see the logs of the servers")
    if rows != len(took):
        raise RuntimeError(f"{way}: {len(took)} bookings were answered and {rows} written")
    return Measured(
        per_second=len(took) / seconds,
        p95_ms=p95_ms(map(sum, took)),
        half_p95_ms=p95_ms(itertools.chain.from_iterable(took)),
        failed=sum(failed for _, failed in parts),
        overbooked=overbooked,
    )


def p95_ms(seconds: Iterable[float]) -> float:
    """What all but one of twenty took at most, in milliseconds."""
    found = sorted(seconds)
    return round(1000 * found[int(len(found) * 0.95)], 1)


def figures(clients: int, seconds: float, commit_delay: int) -> Iterator[stand.Figure]:
    """All figures of one run, on a database of its own."""
    from tests.benchmarks import booking_stand  # noqa: PLC0415  it imports this module

    stand.progress("booking: filling the database")
    with booking_stand.database(commit_delay) as seeded:
        spawn = multiprocessing.get_context("spawn")
        with (
            stand.server("consular.wsgi") as ours,
            stand.server("tests.benchmarks.bare_booking") as bare,
            spawn.Pool(PROCESSES, prepare) as pool,
        ):
            for slots, (ways, ports) in itertools.product(SLOTS, (VERBS, (PAGES, (ours.port, bare.port)))):
                stand.progress(f"booking: {ways[0]}, {slots}")
                crowds = [seeded.clients(clients, slots, port) for port in ports]
                both = in_turns(ways, crowds, seconds, pool)
                yield line(f"booking: {slots}, {LABELS[ways[0]]}", both, clients, commit_delay)


def in_turns(
    ways: Sequence[str], crowds: Sequence[list[Client]], seconds: float, pool: "multiprocessing.pool.Pool"
) -> list[Measured]:
    """Each way for so many seconds, in two turns, after a second in which the servers get warm."""
    both = list(zip(ways, crowds, strict=True))
    for way, crowd in both:
        measured(way, crowd, 1, pool)
    turns = [[measured(way, crowd, seconds / 2, pool) for way, crowd in both] for _ in range(2)]
    return [
        Measured(
            per_second=(first.per_second + second.per_second) / 2,
            p95_ms=max(first.p95_ms, second.p95_ms),
            half_p95_ms=max(first.half_p95_ms, second.half_p95_ms),
            failed=first.failed + second.failed,
            overbooked=first.overbooked + second.overbooked,
        )
        for first, second in zip(*turns, strict=True)
    ]


def line(name: str, both: list[Measured], clients: int, commit_delay: int) -> stand.Figure:
    """One figure as a line."""
    ours, bare = both
    return stand.figure(
        name,
        ours.per_second,
        "bookings/s",
        bare.per_second,
        reference="minimal Django view" if "HTTP" in name else "the same rows written by hand",
        p95_ms=ours.p95_ms,
        bare_p95_ms=bare.p95_ms,
        half_p95_ms=ours.half_p95_ms,
        bare_half_p95_ms=bare.half_p95_ms,
        overbooked=ours.overbooked + bare.overbooked,
        failed=ours.failed,
        clients=clients,
        commit_delay_us=commit_delay,
    )


def main() -> None:
    """Print the figures, one JSON line each."""
    from tests.benchmarks import booking_stand  # noqa: PLC0415  it imports this module

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument(
        "--commit-delay", type=int, default=0, help="microseconds that each commit costs more"
    )
    parser.add_argument("--cases", type=int, default=40_000)
    options = parser.parse_args()
    booking_stand.CASES = options.cases
    stand.emit(figures(options.clients, options.seconds, options.commit_delay))


if __name__ == "__main__":
    main()
