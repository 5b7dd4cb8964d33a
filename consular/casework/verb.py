"""What makes a function a verb."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` as one transaction of its own; inside another one it fails at once."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(durable=True):
            return function(*args, **kwargs)

    return run


def body(function: Callable[P, R]) -> Callable[P, R]:
    """What a verb does, for a batch alone: it has opened a transaction of its own for this one case."""
    inner: Callable[P, R] = function.__wrapped__  # type: ignore[attr-defined]
    return inner
