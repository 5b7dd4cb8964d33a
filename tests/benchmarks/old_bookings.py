"""Whether ten million bookings of earlier years make anything slower: two databases that differ by nothing else.

Both lie on one server and take turns. Most old bookings are still `confirmed` and have only been overtaken by the
clock, as in a real network: they stay in every partial index. What each statement costs inside PostgreSQL is asked of
`pg_stat_statements`: the blocks it touches do not depend on what else the machine does.
"""

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from multiprocessing.pool import Pool
from urllib.parse import urlsplit

import psycopg

from tests.benchmarks import booking, booking_stand, stand

CALENDARS, PLACES = 230, 10
COPIES = """
INSERT INTO appointments_calendar (mission_id, {columns})
SELECT 1000000 + n, {columns} FROM appointments_calendar, generate_series(2, %s) AS n
WHERE id = (SELECT min(id) FROM appointments_calendar)
"""
SLOTS = """
INSERT INTO appointments_slot (calendar_id, starts_at, ends_at, capacity)
SELECT c.id, today - n * interval '30 minutes', today - (n - 1) * interval '30 minutes', %s
FROM generate_series(1, %s) AS n, date_trunc('day', now()) AS today, appointments_calendar c ORDER BY n, c.id
"""
SEATS = """
INSERT INTO appointments_place (slot_id, number, free_from, made_at)
SELECT s.id, n, s.ends_at, s.starts_at - interval '60 days' FROM appointments_slot s, generate_series(1, %s) AS n
WHERE s.ends_at <= now() ORDER BY s.id, n
"""
BOOKINGS = """
INSERT INTO appointments_booking (reference, place_id, owner_id, case_id, identity, category, state, active_until,
    sequence, held_at, changed_at, open_since, people, party)
SELECT 'OLD' || lpad(p.id::text, 10, '0'), p.id, 1000000000 + p.id / 5,
    CASE WHEN p.id %% 1000 = 1 THEN (%s::bigint[])[1 + p.id %% %s] ELSE 1000000000 + p.id END,
    decode(md5(p.id::text) || md5(p.id || 'x'), 'hex'), 'visa_c',
    (ARRAY['cancelled', 'past', 'past', 'past', 'held', 'confirmed'])[LEAST(6, 1 + p.id %% 10)],
    CASE WHEN p.id %% 10 = 4 THEN s.starts_at - interval '30 days' ELSE s.ends_at END,
    0, s.starts_at - interval '30 days', s.starts_at - interval '30 days', p.made_at, 1, ''
FROM appointments_place p JOIN appointments_slot s ON s.id = p.slot_id WHERE s.ends_at <= now() AND p.id > %s
ORDER BY p.id
"""
LOOSE = """
SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = 'appointments_booking'
AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conname = i.indexname)
"""
STATEMENTS = """
SELECT regexp_replace(a.query, '\\s+', ' ', 'g'), a.calls, a.mean_exec_time, b.mean_exec_time,
    (a.shared_blks_hit + a.shared_blks_read)::float8 / a.calls,
    (b.shared_blks_hit + b.shared_blks_read)::float8 / b.calls
FROM pg_stat_statements a JOIN pg_stat_statements b USING (queryid)
JOIN pg_database small ON small.oid = a.dbid AND small.datname = 'consular'
JOIN pg_database large ON large.oid = b.dbid AND large.datname = 'large'
WHERE a.calls >= 5 AND a.query ~ 'appointments_'
ORDER BY b.mean_exec_time - a.mean_exec_time DESC
"""


def fill(url: str, number: int) -> None:
    """Add this many old bookings of people, cases and accounts that are nowhere else."""
    with psycopg.connect(url, autocommit=True) as own:
        own.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        own.execute("SET maintenance_work_mem = '512MB'")
        own.execute("SET synchronous_commit = off")
        loose = own.execute(LOOSE).fetchall()
        for name, _definition in loose:
            own.execute(f'DROP INDEX "{name}"')
        names = own.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = 'appointments_calendar' AND column_name NOT IN ('id', 'mission_id')"
        )
        own.execute(COPIES.format(columns=", ".join(row[0] for row in names)), (CALENDARS,))
        (last,) = own.execute("SELECT max(id) FROM appointments_place").fetchone() or (0,)
        own.execute(SLOTS, (PLACES, number // (CALENDARS * PLACES)))
        stand.progress("old bookings: slots")
        own.execute(SEATS, (PLACES,))
        stand.progress("old bookings: places")
        cases = [row[0] for row in own.execute("SELECT id FROM cases_case")]
        own.execute(BOOKINGS, (cases, len(cases), last))
        stand.progress("old bookings: bookings")
        for _name, definition in loose:
            own.execute(definition)
        own.execute("VACUUM ANALYZE")
        own.execute("CHECKPOINT")


@contextmanager
def pool(url: str) -> Iterator[Pool]:
    """Processes whose database is this one."""
    os.environ["DATABASE_URL"] = url
    with multiprocessing.get_context("spawn").Pool(booking.PROCESSES, booking.prepare) as found:
        found.map(abs, range(booking.PROCESSES))
        yield found


def book(crowd: Sequence[booking.Client], turn: int, each: int, seconds: float, where: Pool) -> float:
    """Bookings a second of clients who go on with the next of their cases."""
    mine = [replace(one, cases=one.cases[turn * each : (turn + 1) * each]) for one in crowd]
    start = time.time() + 1
    jobs = [("verbs", mine[n :: booking.PROCESSES], start, start + seconds) for n in range(booking.PROCESSES)]
    parts = where.map(booking.work, jobs, chunksize=1)
    if any(failed for _took, failed in parts):
        raise RuntimeError("a booking failed")
    return sum(len(took) for took, _failed in parts) / seconds


def look(slot: int) -> None:
    """What is read of bookings for the calendar of a slot: lists of the day, figures, free times, who is reminded."""
    from consular.appointments import availability, day, figures, overbooking, planning, slots  # noqa: PLC0415
    from consular.appointments.models import Calendar  # noqa: PLC0415
    from consular.casework import approaching  # noqa: PLC0415
    from consular.core import clock  # noqa: PLC0415

    found, now = Calendar.objects.select_related("mission").get(slots=slot), clock.now()
    found.overbooking = 2
    today = now.date()
    for _ in range(3):
        day.of_day(found.mission, today - timedelta(days=1))
        day.times(found.mission, today - timedelta(days=1), today + timedelta(days=5), now=now)
        figures.of_mission(found.mission, now=now)
        availability.of(found.mission)
        overbooking.learnt(found, now=now)
        planning.booked(found.pk, now)
        slots.days(found, now=now)
        slots.free(found, today, today + timedelta(days=30), now=now)
        approaching.remind_visitors()


def figures(number: int, turns: int, seconds: float) -> Iterator[stand.Figure]:
    """Bookings a second in turns, and what each statement costs in both databases."""
    with stand.database(preload="pg_stat_statements") as url:
        seeded, large = booking_stand.seed(url), _beside(url, "large")
        run(url, "CREATE EXTENSION pg_stat_statements")
        run(_beside(url, "postgres"), "CREATE DATABASE large TEMPLATE consular")
        fill(large, number)
        with pool(url) as few, pool(large) as many:
            small_rate, large_rate = in_turns(url, seeded, (few, many), turns, seconds)
            yield stand.figure(
                f"booking: with {number:,} old bookings",
                large_rate,
                "bookings/s",
                small_rate,
                reference="without",
            )
            for where in (few, many):
                where.map(look, [min(seeded.slots["hot"])] * booking.PROCESSES, chunksize=1)
        yield from statements(url)


def in_turns(
    url: str, seeded: booking_stand.Seeded, pools: Sequence[Pool], turns: int, seconds: float
) -> list[float]:
    """Bookings a second in each of them; what the first turn costs is not counted."""
    crowd = seeded.clients(16, "spread", 0)
    each = min(len(one.cases) for one in crowd) // (turns + 1)
    rates: list[list[float]] = [[] for _ in pools]
    for turn in range(turns + 1):
        for kept, where in zip(rates, pools, strict=True):
            kept.append(book(crowd, turn, each, seconds, where))
        if not turn:
            run(url, "SELECT pg_stat_statements_reset()")
    return [sum(kept[1:]) / turns for kept in rates]


def statements(url: str) -> Iterator[stand.Figure]:
    """What each statement about appointments costs inside PostgreSQL, the one that loses most time first."""
    with psycopg.connect(url, autocommit=True) as own:
        for text, calls, small, large, few, many in own.execute(STATEMENTS):
            name, blocks = (
                f"{text[:100]} … {text[-80:]}",
                {"blocks": round(many, 1), "bare_blocks": round(few, 1)},
            )
            yield stand.figure(name, large, "ms", small, reference="without", calls=calls, **blocks)


def run(url: str, statement: str) -> None:
    """One statement on its own."""
    with psycopg.connect(url, autocommit=True) as own:
        own.execute(statement)


def _beside(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--cases", type=int, default=40_000)
    options = parser.parse_args()
    booking_stand.CASES, booking_stand.HOT_PLACES = options.cases, booking_stand.PLACES
    stand.emit(figures(options.bookings, options.turns, options.seconds))


if __name__ == "__main__":
    main()
