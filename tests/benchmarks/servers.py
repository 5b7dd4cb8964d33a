"""Application servers for the same service: pages and bookings a second with 32 clients, memory after all of it.

Not part of `make bench`: it is run when the choice of the server is looked at again (docs/decisions/0003). Granian is
measured when `--granian` says where it is installed; it is no dependency of the product.
"""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Iterator

from tests.benchmarks import booking, booking_stand, desk_queue, filling, load, pages, stand

TASKS = 10_000
MODULE = "consular.wsgi"


def commands(granian: str) -> dict[str, tuple[str, ...]]:
    """What is compared; the first is what the product uses."""
    found = {f"gunicorn {w} x {t}": stand.gunicorn(w, t) for w, t in ((2, 8), (2, 4), (2, 16), (4, 4))}
    if granian:
        os.environ["PYTHONPATH"] = granian
        for workers, threads in ((2, 8), (4, 4)):
            found[f"granian {workers} x {threads}"] = (
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error"),
                *("--workers", str(workers), "--blocking-threads", str(threads)),
                *("--host", "127.0.0.1", "--port", "{port}", "{module}:application"),
            )
    return found


def seed(url: str) -> tuple[booking_stand.Seeded, pages.Seeded, tuple[str, ...]]:
    """Bookable cases, drafts, and a queue of ten thousand tasks with its officers."""
    booking_stand.CASES = 12_000
    bookable = booking_stand.seed(url)
    filled = pages.seed()
    queue = desk_queue.seed()
    filling.fill(url, TASKS, queue.facts)
    stand.hang_up()
    return bookable, filled, queue.sessions


def figures(url: str, granian: str, seconds: float, turns: int) -> Iterator[stand.Figure]:
    """Every server with every kind of page, in turns; each start of a server is one turn."""
    stand.progress("servers: filling the database")
    bookable, filled, officers = seed(url)
    found: dict[str, list[dict[str, float]]] = {name: [] for name in commands(granian)}
    with (
        load.crowd() as pool,
        multiprocessing.get_context("spawn").Pool(booking.PROCESSES, booking.prepare) as buyers,
    ):
        for turn in range(turns):
            for name, command in commands(granian).items():
                stand.progress(f"servers: {name}, turn {turn + 1}")
                with stand.server(MODULE, command) as server:
                    kinds = {
                        "queue": [load.Browser(server.port, one, ("/desk/",)) for one in officers],
                        "form": [
                            load.Browser(server.port, one, (f"/drafts/{draft}/identity/",))
                            for one, draft, _ in filled.drafts
                        ],
                    }
                    one: dict[str, float] = {}
                    for kind, crowd in kinds.items():
                        load.press(pool, crowd[:8], 2)
                        answered = load.press(pool, crowd, seconds)
                        one |= {f"{kind}/s": answered.per_second, f"{kind} p95": answered.p95_ms}
                    booked = booking.measured(
                        "pages", bookable.clients(32, "spread", server.port), seconds, buyers
                    )
                    one |= {
                        "bookings/s": booked.per_second,
                        "bookings p95": booked.p95_ms,
                        "MB": server.memory(),
                    }
                    found[name].append(one)
    first = next(iter(found.values()))
    for name, rounds in found.items():
        yield {
            "figure": f"server: {name}",
            **{key: stand.rounded(sum(one[key] for one in rounds) / turns) for key in rounds[0]},
            "ratios": {
                key: round(sum(one[key] for one in rounds) / sum(one[key] for one in first), 2)
                for key in ("queue/s", "form/s", "bookings/s", "MB")
            },
        }


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--granian", default="", help="the folder where granian is installed")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    with stand.database() as url:
        stand.emit(figures(url, options.granian, options.seconds, options.turns))


if __name__ == "__main__":
    main()
