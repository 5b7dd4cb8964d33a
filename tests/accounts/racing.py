"""Many threads that try one thing at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from consular.core.errors import Refused


def race(attempt: Callable[[], object], times: int) -> int:
    """Run `attempt` in as many threads at the same moment; how many succeeded."""
    start = Barrier(times)

    def run(_number: int) -> bool:
        try:
            start.wait()
            return bool(attempt())
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(run, range(times)))
