"""The queue of an officer at 10 thousand and at 1 million open tasks: server time of a page, and pages under load.

Both sizes lie in two databases of one server and are asked in turns, so that a busy machine slows both down alike.
"""

import argparse
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.benchmarks import filling, load, stand

SMALL, LARGE = "consular", "large"
OFFICERS = 32
PLANNED = 12
"""Pages after which PostgreSQL plans nothing anew: five times each statement on each of two connections, and a few."""
AT = """
SELECT extract(epoch FROM due_at), id FROM workflow_token
WHERE kind = 'task' AND mission_id = %s AND lane IN ('intake_clerk', 'caseworker') ORDER BY due_at, id OFFSET %s LIMIT 1
"""


@dataclass(frozen=True)
class Seeded:
    """The biggest mission, and the sessions of its officers."""

    mission: int
    sessions: tuple[str, ...]
    facts: dict[str, Any]


def seed() -> Seeded:
    """Missions, processes, and officers who are clerk and caseworker at the biggest mission."""
    stand.start_django()
    from django.test import Client  # noqa: PLC0415  models need the tables

    from consular.accounts.models import Role  # noqa: PLC0415
    from consular.missions import loading  # noqa: PLC0415
    from consular.missions.models import Mission  # noqa: PLC0415
    from consular.ops import publication  # noqa: PLC0415
    from consular.workflow.models import Definition  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    loading.load()
    publication.publish_all()
    missions = list(Mission.objects.order_by("id"))
    officers = [
        factories.official(Role.INTAKE_CLERK, Role.CASEWORKER, mission=missions[0]) for _ in range(OFFICERS)
    ]
    sessions = tuple(factories.signed_in(Client(), one).cookies["session"].value for one in officers)
    facts = {
        "definition": Definition.objects.get(service="schengen_visa").pk,
        "missions": [mission.pk for mission in missions],
        "owners": [factories.applicant().pk for _ in range(50)],
        "officer": officers[0].pk,
        "because": "{}",
    }
    return Seeded(missions[0].pk, sessions, facts)


def fill(url: str, seeded: Seeded, small: int, large: int) -> None:
    """Both sizes, in two databases."""
    use(SMALL)
    stand.progress(f"queue: filling {small} tasks")
    filling.fill(url, small, seeded.facts)
    with psycopg.connect(named(url, "postgres"), autocommit=True) as own:
        own.execute(f"CREATE DATABASE {LARGE} TEMPLATE {SMALL}")
    stand.progress(f"queue: filling {large} tasks")
    filling.fill(named(url, LARGE), large - small, seeded.facts)


def named(url: str, database: str) -> str:
    """The address of another database of the server."""
    return url.replace("/consular?", f"/{database}?")


def use(database: str) -> None:
    """Let this process work on another database of the server."""
    from django.db import connection  # noqa: PLC0415

    stand.hang_up()
    connection.settings_dict["NAME"] = database


def deep(url: str, mission: int) -> str:
    """The address of a page behind nine tenths of the queue."""
    with psycopg.connect(url) as own:
        kind = "SELECT count(*) FROM workflow_token WHERE mission_id = %s AND lane IN ('intake_clerk', 'caseworker')"
        (number,) = own.execute(kind, (mission,)).fetchone() or (0,)
        moment, token = own.execute(AT, (mission, int(number * 0.9))).fetchone() or (0, 0)
    return f"/desk/?after={moment:.6f}-{token}"


def pages(url: str, seeded: Seeded, sizes: dict[str, int], rounds: int) -> Iterator[stand.Figure]:
    """Server time of the first and a deep page at both sizes."""
    from tests.benchmarks import browsing  # noqa: PLC0415  needs the settings

    ours, bare = browsing.both(seeded.sessions[0])
    for label, addresses in (
        ("first page", dict.fromkeys(sizes, "/desk/")),
        ("deep page", {name: deep(named(url, name), seeded.mission) for name in sizes}),
    ):
        times: dict[str, list[list[float]]] = {name: [] for name in sizes}
        facts: dict[str, dict[str, int]] = {}
        for turn in range(rounds):
            for name in sizes:
                use(name)
                works = [site.work(addresses[name]) for site in (ours, bare)]
                for _ in range(PLANNED):
                    _, shown = works[1](), works[0]()
                times[name].append(stand.in_turns(works, 8))
                if not turn:
                    queries = browsing.counted(works[0])
                    facts[name] = {"queries": queries, "bytes": len(shown.content)}
        yield from lines(label, sizes, times, facts)


def lines(
    label: str, sizes: dict[str, int], times: dict[str, list[list[float]]], facts: dict[str, dict[str, int]]
) -> Iterator[stand.Figure]:
    """One figure for each size; `growth` compares with the small one."""
    medians = {
        name: [statistics.median(column) for column in zip(*rounds, strict=True)]
        for name, rounds in times.items()
    }
    growth = statistics.median(
        large[0] / small[0] for small, large in zip(times[SMALL], times[LARGE], strict=True)
    )
    for name, number in sizes.items():
        yield stand.figure(
            f"queue: {label}, {number:,} tasks",
            medians[name][0],
            "ms",
            medians[name][1],
            reference="minimal Django view",
            growth=round(growth, 2) if name == LARGE else None,
            **facts[name],
        )


def under_load(url: str, seeded: Seeded, sizes: dict[str, int], seconds: float) -> Iterator[stand.Figure]:
    """Pages a second with 32 browsers, half of the pages deep ones, at both sizes in turns."""
    use(SMALL)
    stand.progress(f"queue: {OFFICERS} officers")
    with ExitStack() as stack:
        pool = stack.enter_context(load.crowd())
        crowds = {}
        for name in sizes:
            address = named(url, name)
            shown = ("/desk/", deep(address, seeded.mission))
            for module in ("consular.wsgi", "tests.benchmarks.bare_wsgi"):
                port = stack.enter_context(stand.server(module, DATABASE_URL=address)).port
                crowds[name, module] = [load.Browser(port, one, shown) for one in seeded.sessions]
        answered = dict(zip(crowds, load.in_turns(pool, list(crowds.values()), seconds), strict=True))
    speeds = [answered[name, "consular.wsgi"].per_second for name in sizes]
    for name, number in sizes.items():
        ours, bare = (answered[name, module] for module in ("consular.wsgi", "tests.benchmarks.bare_wsgi"))
        growth = round(speeds[0] / speeds[1], 2) if name == LARGE else None
        yield load.line(f"queue: HTTP, {number:,} tasks", ours, bare, clients=OFFICERS, growth=growth)


def claims(url: str, seeded: Seeded, number: int, seconds: float) -> Iterator[stand.Figure]:
    """Tasks a second that 32 officers take off one queue of many; `double` counts tasks that two of them got."""
    body = load.encoded({"mission": seeded.mission, "role": "intake_clerk"})
    with load.crowd() as pool, stand.server("consular.wsgi", DATABASE_URL=url) as ours:
        browsers = [load.Browser(ours.port, one, ("/desk/next/",), body) for one in seeded.sessions]
        load.press(pool, browsers[:4], load.WARMING_UP)
        before = taken(url)
        answered = load.press(pool, browsers, seconds)
        claimed = [after - earlier for after, earlier in zip(taken(url), before, strict=True)]
    yield stand.figure(
        f"queue: claim next, HTTP, {number:,} tasks",
        claimed[0] / (seconds + load.GATHERING),
        "tasks/s",
        p95_ms=answered.p95_ms,
        double=claimed[0] - claimed[1],
        failed=answered.failed,
        clients=OFFICERS,
    )


def taken(url: str) -> tuple[int, int]:
    """How often a task was taken, and how many tasks were."""
    text = "SELECT count(*), count(DISTINCT data ->> 'token') FROM cases_event WHERE kind = 'claimed'"
    with psycopg.connect(url) as own:
        often, tasks = own.execute(text).fetchone() or (0, 0)
    return often, tasks


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    with stand.database() as url:
        seeded = seed()
        sizes = {SMALL: options.small, LARGE: options.large}
        fill(url, seeded, options.small, options.large)
        stand.emit(pages(url, seeded, sizes, options.rounds))
        stand.emit(under_load(url, seeded, sizes, options.seconds))
        stand.emit(claims(named(url, LARGE), seeded, options.large, options.seconds))
        use(SMALL)


if __name__ == "__main__":
    main()
