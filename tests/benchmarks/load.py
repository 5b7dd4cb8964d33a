"""Many browsers at once: processes with threads that ask one page after the other on connections kept alive."""

import http.client
import multiprocessing
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from urllib.parse import urlencode

from tests.benchmarks import stand

PROCESSES = 2
WARMING_UP = 4
"""Seconds in which a server compiles its templates; nobody counts them."""
GATHERING = 0.5
"""Seconds in which all browsers begin to ask before anything counts."""


@dataclass(frozen=True)
class Browser:
    """One client: its session, the pages it opens in turn, and what it posts there (nothing: it reads)."""

    port: int
    session: str
    addresses: tuple[str, ...]
    body: str = ""


@dataclass(frozen=True)
class Answered:
    """What came back: pages a second, the slowest twentieth, and how many answers were no success."""

    per_second: float
    p95_ms: float
    failed: int


@contextmanager
def crowd() -> Iterator[Pool]:
    """The processes in which the browsers run."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(abs, range(PROCESSES))
        yield pool


def press(pool: Pool, browsers: Sequence[Browser], seconds: float) -> Answered:
    """Let all browsers ask until the time is over; nothing counts before they all do."""
    start = time.time() + GATHERING
    jobs = [(browsers[n::PROCESSES], start, start + seconds) for n in range(PROCESSES)]
    parts = pool.map(_process, jobs, chunksize=1)
    took = sorted(second for part, _ in parts for second in part)
    failed = sum(failures for _, failures in parts)
    if not took:
        raise RuntimeError(f"no page was answered, {failed} failed; see the logs of the servers")
    return Answered(len(took) / seconds, round(1000 * took[int(len(took) * 0.95)], 1), failed)


def in_turns(
    pool: Pool, crowds: Sequence[Sequence[Browser]], seconds: float, turns: int = 2
) -> list[Answered]:
    """Each crowd for so many seconds, in several turns: a busy machine slows all down alike."""
    for crowd in crowds:
        press(pool, crowd[:4], WARMING_UP)
    rounds = [[press(pool, crowd, seconds / turns) for crowd in crowds] for _ in range(turns)]
    return [
        Answered(
            sum(turn.per_second for turn in column) / turns,
            max(turn.p95_ms for turn in column),
            sum(turn.failed for turn in column),
        )
        for column in zip(*rounds, strict=True)
    ]


def line(name: str, ours: Answered, bare: Answered, **more: object) -> stand.Figure:
    """One figure as a line."""
    return stand.figure(
        name,
        ours.per_second,
        "pages/s",
        bare.per_second,
        reference="minimal Django view",
        p95_ms=ours.p95_ms,
        bare_p95_ms=bare.p95_ms,
        failed=ours.failed + bare.failed,
        **more,
    )


def encoded(typed: Mapping[str, object]) -> str:
    """A form as a browser sends it."""
    return urlencode({"csrfmiddlewaretoken": stand.CSRF, **typed}, doseq=True)


def _process(job: tuple[Sequence[Browser], float, float]) -> tuple[list[float], int]:
    browsers, start, end = job
    with ThreadPoolExecutor(len(browsers)) as pool:
        parts = list(pool.map(lambda browser: _ask(browser, start, end), browsers))
    return [second for took, _ in parts for second in took], sum(failed for _, failed in parts)


def _ask(browser: Browser, start: float, end: float) -> tuple[list[float], int]:
    web = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=60)
    headers = {"Cookie": f"session={browser.session}; csrf={stand.CSRF}"}
    if browser.body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    took, failed, turn = [], 0, 0
    while (began := time.time()) < end:
        address = browser.addresses[turn % len(browser.addresses)]
        web.request("POST" if browser.body else "GET", address, browser.body or None, headers)
        answer = web.getresponse()
        answer.read()
        turn += 1
        if answer.status not in (200, 302):
            failed += 1
        elif began >= start:
            took.append(time.time() - began)
    web.close()
    return took, failed
