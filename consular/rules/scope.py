"""What an evaluation sees and what it may still spend."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Optional, Protocol

from consular.core import clock
from consular.rules import limits
from consular.rules.problems import LimitReached


class Budget:
    """The steps left for one evaluation, its moment, the errors it met on its way to null, and the rules that fired."""

    __slots__ = ("calls", "errors", "moment", "rules", "steps")

    def __init__(self, moment: datetime | None = None) -> None:
        self.steps = limits.STEPS
        self.moment = moment
        self.calls = 0
        self.errors: list[str] = []
        self.rules: list[str] = []

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

    def types(self) -> Optional["NamedTypes"]:
        """The types that expressions written here may name, where a decision file lies around them."""
        around = self
        while around.outer is not None:
            around = around.outer
        return around.named if isinstance(around, FileScope) else None


class NamedTypes(Protocol):
    """The types of a decision file by their names."""

    def is_of(self, value: Any, name: str, budget: Budget) -> bool | None:
        """Whether a value is of a type as it stands; null for an unknown type."""

    def fitting(self, value: Any, name: str, budget: Budget) -> Any:
        """The value as one of the type, null when it does not fit."""


class FileScope(Scope):
    """The outermost scope of a decision file, whose functions keep to its types wherever they are called."""

    __slots__ = ("named",)

    def __init__(self, values: Mapping[str, Any], named: NamedTypes, budget: Budget) -> None:
        super().__init__(values, None, budget)
        self.named = named
