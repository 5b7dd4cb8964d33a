"""Work that follows from a fact: promised as a row in the same transaction, leased by workers, safe to run twice.

The broker only says "there is work". If it forgets, the beat's sweep finds the row; if a worker dies, its lease ends
and another one takes over.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Q

from consular.core import clock, prepared
from consular.core.models import Job

Payload = dict[str, Any]
Handler = Callable[[Payload], None]

LEASE = timedelta(seconds=60)
ATTEMPTS = 16
BACK_OFF = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(minutes=30)
"""Together about four hours: a mail server may be away for an afternoon without anybody being called."""
KEPT = timedelta(days=30)
"""How long a job that is done can still be looked up, and its key still keeps a second promise away."""

_PROMISE = """
INSERT INTO core_job (name, key, payload, created_at, run_at, attempts, error)
VALUES (%(name)s, %(key)s, %(payload)s, %(now)s, %(run_at)s, 0, '')
ON CONFLICT DO NOTHING
"""

log = structlog.get_logger(__name__)
_handlers: dict[str, Handler] = {}
_wakers: list[Callable[[], None]] = []


class WorkerLost(Exception):
    """Every worker that took the job died or outlived its lease."""


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs called `name` (`package.verb`). It must be safe to run twice."""

    def register(function: Handler) -> Handler:
        if name in _handlers:
            raise ValueError(f"two handlers for {name}")
        _handlers[name] = function
        return function

    return register


def names() -> frozenset[str]:
    """The names of all registered handlers."""
    return frozenset(_handlers)


def waker(function: Callable[[], None]) -> Callable[[], None]:
    """Register what tells the workers that there is work, called once after each commit that promised some."""
    _wakers.append(function)
    return function


def promise(
    name: str,
    *,
    key: str,
    payload: Payload | None = None,
    run_at: datetime | None = None,
    beside: prepared.Part | None = None,
) -> None:
    """Promise one job, once for each `key`, in the caller's transaction; what it is about is written `beside` it.

    A second promise with the same key changes nothing. `payload` holds ids, never personal data.
    """
    now = clock.now()
    values = {
        "name": name,
        "key": key,
        "payload": json.dumps(payload or {}),
        "now": now,
        "run_at": run_at or now,
    }
    if beside is None:
        prepared.run(_PROMISE, values)
    else:
        prepared.run(f"WITH job AS ({_PROMISE}){beside.text} SELECT 1", {**beside.values, **values})
    _wake_after_commit()


def _wake_after_commit() -> None:
    """Tell the workers once, however much this transaction promises: a broker that is away costs seconds each time."""
    waiting = [function for _savepoints, function, *_ in connection.run_on_commit]
    for wake in _wakers:
        if wake not in waiting:
            transaction.on_commit(wake, robust=True)


def work(limit: int = 100) -> int:
    """Do up to `limit` open jobs, one after the other, and return how many were tried."""
    for tried in range(limit):
        job = _lease()
        if job is None:
            return tried
        _run(job)
    return limit


def _lease() -> Job | None:
    """Take the next open job for a minute; nobody else sees it meanwhile."""
    now = clock.now()
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(
                Q(leased_until=None) | Q(leased_until__lt=now), done_at=None, dead_at=None, run_at__lte=now
            )
            .order_by("run_at", "id")
            .first()
        )
        if job is None:
            return None
        job.attempts += 1
        job.leased_until = now + LEASE
        job.save(update_fields=["attempts", "leased_until"])
    return job


def _run(job: Job) -> None:
    """Run one leased job and write down how it ended; one that no worker survived is given up.

    A worker that outlived its lease writes nothing: the job is another one's by then (`attempts` has grown).
    """
    if job.attempts > ATTEMPTS:
        log.error("job_given_up", job=job.pk, name=job.name, error=WorkerLost.__name__)
        _put_back(job, WorkerLost())
        return
    try:
        _handlers[job.name](job.payload)
    except Exception as error:  # a broken job must not stop the others
        log.exception("job_failed", job=job.pk, name=job.name, attempts=job.attempts)
        _put_back(job, error)
    else:
        Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
            done_at=clock.now(), leased_until=None, error=""
        )


def _put_back(job: Job, error: Exception) -> None:
    """Try again later, twice as long each time; after the last attempt leave it to an administrator."""
    now = clock.now()
    fields: dict[str, Any] = {"leased_until": None, "error": type(error).__name__}
    if job.attempts >= ATTEMPTS:
        fields["dead_at"] = now
    else:
        fields["run_at"] = now + min(BACK_OFF * 2 ** (job.attempts - 1), LONGEST_BACK_OFF)
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(**fields)


def revive(job: Job) -> None:
    """Give a dead job a new series of attempts."""
    Job.objects.filter(pk=job.pk).exclude(dead_at=None).update(
        dead_at=None, attempts=0, run_at=clock.now(), leased_until=None
    )
    _wake_after_commit()


def sweep() -> int:
    """Forget jobs that were done long ago; those given up stay until somebody decides. Returns how many."""
    return Job.objects.filter(done_at__lt=clock.now() - KEPT).delete()[0]
