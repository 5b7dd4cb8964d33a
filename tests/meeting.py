"""Two at once: each has read before either writes, unless a lock of the database keeps them apart."""

from threading import Lock

from django.db import connection

from tests.processes import until

_WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"


def is_waited_for() -> bool:
    """Whether somebody waits for a lock that this connection holds."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        (found,) = cursor.fetchone()
    return bool(found)


class Meeting:
    """Where the first waits until the other one is there too, or is seen waiting for a lock of the first."""

    def __init__(self) -> None:
        self._here = 0
        self._one_by_one = Lock()

    def arrive(self) -> None:
        """Come, and wait. AssertionError when the other one neither comes nor waits for a lock."""
        with self._one_by_one:
            self._here += 1
        until(lambda: self._here > 1 or is_waited_for())
