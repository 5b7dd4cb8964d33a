"""Places when there are many of them, or none: the next free days over 230 missions, slot generation, refusals, and the
page that tells everybody how much is free.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg

from tests.benchmarks import load, stand
from tests.benchmarks.cost import Meter

MISSIONS = 230
SLOTS = """
INSERT INTO appointments_slot (calendar_id, starts_at, ends_at, capacity)
SELECT c.id, hour + n * interval '30 minutes', hour + (n + 1) * interval '30 minutes', 1
FROM appointments_calendar c, generate_series(2, %s) AS n, date_trunc('hour', now()) AS hour
"""
PLACES = """
INSERT INTO appointments_place (slot_id, number, free_from)
SELECT id, 1, CASE WHEN hashint8(id) % 20 = 0 THEN '2000-01-01'::timestamptz ELSE ends_at END FROM appointments_slot
"""


@dataclass(frozen=True)
class Seeded:
    """The calendars, a case that looks for a place, and a slot that has none left."""

    calendars: list[Any]
    case: Any
    full: int


def seed(url: str, number: int) -> Seeded:
    """So many slots over all missions, of which one in twenty is free."""
    stand.start_django()
    from tests.appointments import factories  # noqa: PLC0415  models need the tables

    calendars = [factories.calendar() for _ in range(MISSIONS)]
    with psycopg.connect(url, autocommit=True) as own:
        own.execute(SLOTS, (1 + number // MISSIONS,))
        own.execute(PLACES)
        own.execute("VACUUM ANALYZE")
        taken = "SELECT slot_id FROM appointments_place JOIN appointments_slot s ON s.id = slot_id "
        row = own.execute(f"{taken} WHERE calendar_id = %s AND free_from > now() LIMIT 1", (calendars[0].pk,))
        (full,) = row.fetchone() or (0,)
    return Seeded(calendars, factories.bookable_case(calendars[0]), full)


def next_days(seeded: Seeded, number: int, rounds: int) -> Iterator[stand.Figure]:
    """The free days of every mission, one after the other, and what is told to everybody about one."""
    from consular.appointments import availability, slots  # noqa: PLC0415
    from consular.core import clock  # noqa: PLC0415

    def everywhere() -> None:
        found = [slots.days(calendar, now=clock.now()) for calendar in seeded.calendars]
        if not any(found):
            raise RuntimeError("there are free days")

    (whole,) = stand.in_turns([everywhere], max(3, rounds // 5))
    yield stand.figure(
        "places: free days of 230 missions", whole, "ms", slots=number, each_ms=round(whole / MISSIONS, 2)
    )
    turns = iter(seeded.calendars * rounds)
    (written,) = stand.in_turns([lambda: availability.of(next(turns).mission)], rounds)
    yield stand.figure("places: what is told about a mission, written anew", written, "ms", slots=number)


def generation(rounds: int) -> Iterator[stand.Figure]:
    """Half-hours of ten counters on five days a week, for ninety days; once more when nothing has changed."""
    from consular import casework  # noqa: PLC0415
    from consular.core import clock  # noqa: PLC0415
    from tests.appointments import factories  # noqa: PLC0415

    made, again, places = [], [], []
    for _ in range(rounds):
        calendar = factories.calendar()
        for weekday in range(5):
            factories.rule(calendar, weekday, "08:00", "16:00", capacity=10)
        until = clock.now().date() + timedelta(days=90)
        for times in (made, again):
            began = time.process_time()
            done = casework.generate_slots(calendar, until)
            times.append(time.process_time() - began)
            places.append(done.new_places)
    slots = done.slots
    for turn, (name, times) in enumerate((("", made), (", nothing new", again))):
        each = sorted(times)[len(times) // 2]
        yield stand.figure(
            f"places: slot generation{name}", slots / each, "slots/s of CPU in the client", slots=slots,
            new_places=max(places[turn::2]), calendar_ms=round(1000 * each, 1),
        )  # fmt: skip


def refusals(url: str, seeded: Seeded, rounds: int) -> Iterator[stand.Figure]:
    """How many who want a place of a slot that has none are told so, by the verb and by its statement alone."""
    from consular.appointments import booking  # noqa: PLC0415
    from consular.casework import appointments  # noqa: PLC0415
    from consular.core import clock  # noqa: PLC0415
    from consular.core.errors import Refused  # noqa: PLC0415

    case = seeded.case

    def refused(want: Callable[[], object]) -> Callable[[], int]:
        def fifty() -> int:
            for _ in range(50):
                try:
                    want()
                except Refused as refusal:
                    if refusal.code == "gone":
                        continue
                raise RuntimeError("there should be no place")
            return 50

        return fifty

    who = {"owner": case.owner, "case_id": case.pk, "identity": bytes(32)}
    verb = refused(lambda: appointments.hold_slot(case.pk, seeded.full, actor=case.owner))
    bare = refused(lambda: booking.hold(seeded.full, **who, now=clock.now()))
    ours, alone = Meter(url).in_turns([verb, bare], rounds)
    yield stand.figure(
        "places: refusals when sold out", ours.per_core, "refusals/s/core", alone.per_core,
        reference="the statement alone", **ours.facts(),
    )  # fmt: skip


def told(seeded: Seeded, seconds: float) -> Iterator[stand.Figure]:
    """The page and the answer for programs that are equal for everybody, from what a process keeps, 32 clients."""
    code = seeded.calendars[0].mission.code
    stand.hang_up()
    with stand.server("consular.wsgi") as ours, load.crowd() as pool:
        for name, address in (
            ("page", f"/availability/{code}/"),
            ("API", f"/api/v1/missions/{code}/availability/"),
        ):
            browsers = [load.Browser(ours.port, "", (address,)) for _ in range(32)]
            load.press(pool, browsers, 1)
            before = ours.cpu()
            answered = load.press(pool, browsers, seconds)
            each = 1000 * (ours.cpu() - before) / max(1, answered.per_second * seconds)
            yield stand.figure(
                f"places: availability, {name}, HTTP", answered.per_second, "answers/s", p95_ms=answered.p95_ms,
                failed=answered.failed, clients=32, server_cpu_ms=round(each, 2),
            )  # fmt: skip


def figures(number: int, rounds: int, seconds: float) -> Iterator[stand.Figure]:
    """All figures of one run, on a database of its own."""
    stand.progress(f"places: filling the database with {number} slots")
    with stand.database() as url:
        seeded = seed(url, number)
        yield from next_days(seeded, number, rounds)
        yield from refusals(url, seeded, rounds)
        yield from generation(max(3, rounds // 4))
        yield from told(seeded, seconds)
        stand.hang_up()


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    stand.emit(figures(options.slots, options.rounds, options.seconds))


if __name__ == "__main__":
    main()
