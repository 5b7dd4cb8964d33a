"""What an evaluation sees and what it may still spend."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Optional

from consular.core import clock
from consular.rules import limits
from consular.rules.problems import LimitReached


class Budget:
    """The steps left for one evaluation, its moment, the errors it met on its way to null, and the rules that fired."""

    __slots__ = ("calls", "errors", "is_of", "moment", "rules", "steps")

    def __init__(self, moment: datetime | None = None) -> None:
        self.steps = limits.STEPS
        self.moment = moment
        self.calls = 0
        self.errors: list[str] = []
        self.rules: list[str] = []
        self.is_of: Callable[[Any, str], bool | None] | None = None
        """Says whether a value is of a type that a decision file names."""

    def now(self) -> datetime:
        """The moment of the evaluation, the same throughout: the one handed in, else that of the clock, in UTC."""
        if self.moment is None:
            self.moment = clock.now()
        return self.moment

    def spend(self, steps: int) -> None:
        """Pay for work; raises LimitReached when nothing is left."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitReached(f"more than {limits.STEPS} steps")

    def error(self, message: str) -> None:
        """Note why a value became null; the first twenty reasons are kept."""
        if len(self.errors) < 20 and message not in self.errors:
            self.errors.append(message)


class Scope:
    """Names with their values, and the scope around them."""

    __slots__ = ("budget", "outer", "values")

    def __init__(self, values: Mapping[str, Any], outer: Optional["Scope"], budget: Budget) -> None:
        self.values = values
        self.outer = outer
        self.budget = budget

    def inside(self, values: Mapping[str, Any]) -> "Scope":
        """A scope around which this one lies."""
        return Scope(values, self, self.budget)
