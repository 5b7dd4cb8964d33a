"""Telling the workers that there is work, without anybody waiting until they have heard.

Each process has one thread that rings: at once, and then for a moment not again, so that many commits ring once; while
the broker is away nobody notices but the log. What is not heard is found by the next sweep of the beat.
"""

import os
import threading
import time

import structlog
from kombu.exceptions import OperationalError

from consular.celery import app

TASK = "casework.work"
PAUSE = 0.05
"""Seconds between two rings. A ring costs 0.4 ms of CPU, a fifth of a step with its job; one is enough for all that are
promised meanwhile."""

log = structlog.get_logger(__name__)


class Bell:
    """Rings from a thread of its own, which starts with the first ring in a process (a fork begins anew)."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._lock = threading.Lock()
        self._process = 0

    def ring(self) -> None:
        """Ask for a ring and go on at once."""
        if self._process != os.getpid():
            self._start()
        self._wanted.set()

    def _start(self) -> None:
        with self._lock:
            if self._process != os.getpid():
                self._wanted = threading.Event()
                threading.Thread(target=self._keep_ringing, name="bell", daemon=True).start()
                self._process = os.getpid()

    def _keep_ringing(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                send()
            except Exception:  # whatever it was, the next ring may be heard
                log.exception("bell_failed")
            time.sleep(PAUSE)


def send() -> None:
    """Ring once, now; a broker that is away is noted and forgiven."""
    try:
        app.send_task(TASK, retry=False, ignore_result=True, expires=60)
    except OperationalError:
        log.warning("broker_away")


_bell = Bell()


def ring() -> None:
    """Tell the workers that there is work."""
    _bell.ring()
