"""Several people who act on one case in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from consular.core.errors import Refused


def together(*acts: Callable[[], object]) -> list[str]:
    """Do all at once; what each was told, sorted: the code of the refusal, "" for success."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        ready.wait(timeout=60)
        try:
            act()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


def meet(function: Callable[..., Any], number: int) -> Callable[..., Any]:
    """`function`, but everybody waits at its door until all are there."""
    door = Barrier(number)

    def run(*args: Any, **kwargs: Any) -> Any:
        door.wait(timeout=60)
        return function(*args, **kwargs)

    return run
