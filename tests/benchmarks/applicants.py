"""People who fill in and send one application after the other over HTTP, each on a connection kept alive."""

import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.pool import Pool

from tests.benchmarks import load, stand


@dataclass(frozen=True)
class Applicant:
    """One client: its session, the service, what is typed on each page, and what is confirmed at the end."""

    port: int
    session: str
    service: str
    pages: tuple[tuple[str, str], ...]
    attested: str

    @property
    def calls(self) -> int:
        """Requests for one application: start, a save for each page, sending."""
        return len(self.pages) + 2


def press(pool: Pool, applicants: Sequence[Applicant], seconds: float) -> load.Answered:
    """Let all of them apply until the time is over; each call within it counts as its part of an application."""
    start = time.time() + 0.5
    jobs = [(applicants[n :: load.PROCESSES], start, start + seconds) for n in range(load.PROCESSES)]
    parts = [part for found in pool.map(_process, jobs, chunksize=1) for part in found]
    calls, took = sum(count for count, _ in parts), sorted(second for _, part in parts for second in part)
    slowest = took[int(len(took) * 0.95)] if took else 0
    return load.Answered(calls / applicants[0].calls / seconds, round(1000 * slowest, 1), 0)


def _process(job: tuple[Sequence[Applicant], float, float]) -> list[tuple[int, list[float]]]:
    applicants, start, end = job
    with ThreadPoolExecutor(len(applicants)) as pool:
        return list(pool.map(lambda applicant: _apply_all(applicant, start, end), applicants))


def _apply_all(applicant: Applicant, start: float, end: float) -> tuple[int, list[float]]:
    """How many calls were answered in time, and how long each whole application took."""
    web = http.client.HTTPConnection("127.0.0.1", applicant.port, timeout=60)
    calls, took = 0, []
    while (began := time.time()) < end:
        for _ in _apply(web, applicant):
            calls += start <= time.time() < end
            if time.time() >= end:
                break
        else:
            took.append(time.time() - began)
    web.close()
    return calls, took


def _apply(web: http.client.HTTPConnection, applicant: Applicant) -> Iterator[str]:
    """One application, call by call; whatever is not answered as it should be ends the benchmark."""
    started = _post(web, applicant, f"/apply/{applicant.service}/", load.encoded({}))
    yield started
    reference = started.split("/")[2]
    for revision, (page, body) in enumerate(applicant.pages):
        yield _post(web, applicant, f"/drafts/{reference}/{page}/", f"{body}&revision={revision}")
    sent = _post(web, applicant, f"/drafts/{reference}/send/", applicant.attested)
    if sent != f"/cases/{reference}/":
        raise RuntimeError(f"{reference} was not sent: {sent}")
    yield sent


def _post(web: http.client.HTTPConnection, applicant: Applicant, address: str, body: str) -> str:
    headers = {
        "Cookie": f"session={applicant.session}; csrf={stand.CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    web.request("POST", address, body, headers)
    answer = web.getresponse()
    text = answer.read()
    if answer.status != 302:
        raise RuntimeError(f"{address}: {answer.status} {text[:500]!r}")
    return answer.headers["Location"]
