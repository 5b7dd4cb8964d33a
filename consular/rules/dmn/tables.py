"""Runs decision tables under every hit policy (DMN 1.5, 8.2.8 and 8.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from consular.rules.dmn import model
from consular.rules.feel import arithmetic, comparison
from consular.rules.feel.compiler import Run
from consular.rules.scope import Budget, Scope
from consular.rules.values import Range, Value, kind


@dataclass(frozen=True, slots=True)
class Row:
    """A rule ready to run; a condition of None is always true."""

    id: str
    conditions: tuple[Run | None, ...]
    results: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """An input ready to run."""

    label: str
    run: Run
    allowed: Run | None


@dataclass(frozen=True, slots=True)
class Result:
    """An output ready to run."""

    name: str
    values: Run | None
    order: Run | None
    default: Run | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, with its outputs."""

    id: str
    outputs: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ReadyTable:
    """A table whose expressions are compiled."""

    source: model.Table
    columns: tuple[Column, ...]
    outputs: tuple[Result, ...]
    rows: tuple[Row, ...]

    def run(self, scope: Scope) -> Value:
        """The outcome for the names in scope; notes the ids of the rules that made it."""
        budget = scope.budget
        subjects = self._subjects(scope)
        if subjects is None:
            return None
        budget.spend(len(self.rows) * (len(self.columns) + 1))
        rows = self._matching(subjects)
        if not rows:
            return self._nothing(scope)
        hits = [Hit(row.id, tuple(result(scope) for result in row.results)) for row in rows]
        if not all(self._allowed(hit, scope) for hit in hits):
            return None
        return POLICIES[self.source.policy](self, hits, scope)

    def _subjects(self, scope: Scope) -> list[Scope] | None:
        """One scope per column in which `?` is its input; None when an input is not among the allowed values."""
        found = []
        for column in self.columns:
            value = column.run(scope)
            if column.allowed and not _admitted(column.allowed, value, scope):
                scope.budget.error(f"{self.source.id}: {column.label} is not an allowed value")
                return None
            found.append(scope.inside({"?": value}))
        return found

    def _matching(self, subjects: list[Scope]) -> list[Row]:
        first_only = self.source.policy == "F"
        found = []
        for row in self.rows:
            if _fits(row, subjects):
                found.append(row)
                if first_only:
                    break
        return found

    def _allowed(self, hit: Hit, scope: Scope) -> bool:
        for output, value in zip(self.outputs, hit.outputs, strict=True):
            if output.values and value is not None and not _admitted(output.values, value, scope):
                scope.budget.error(f"{self.source.id}: rule {hit.id} gives a value that is not allowed")
                return False
        return True

    def _nothing(self, scope: Scope) -> Value:
        """The default outputs; else an empty list, a count of zero or null, as the hit policy has it. No error."""
        if any(output.default for output in self.outputs):
            return self.shape(
                tuple(output.default(scope) if output.default else None for output in self.outputs)
            )
        if self.source.policy in "ROC" and not self.source.aggregation:
            return []
        if self.source.aggregation == "COUNT":
            return Decimal(0)
        return None

    def shape(self, outputs: tuple[Value, ...]) -> Value:
        """One output as its value, several as a context."""
        if len(outputs) == 1:
            return outputs[0]
        return {output.name: value for output, value in zip(self.outputs, outputs, strict=True)}

    def fire(self, hits: list[Hit], scope: Scope) -> None:
        """Note the rules that made the outcome."""
        scope.budget.rules += [hit.id for hit in hits]

    def ranked(self, hits: list[Hit], scope: Scope) -> list[Hit]:
        """The hits by the order in which the output values are listed; the first output counts most."""
        orders = [output.order(scope) if output.order else [] for output in self.outputs]
        return sorted(
            hits,
            key=lambda hit: [
                _rank(value, order, scope.budget) for value, order in zip(hit.outputs, orders, strict=True)
            ],
        )


def _fits(row: Row, subjects: list[Scope]) -> bool:
    """Whether every cell of a row that says something admits its column's input."""
    for condition, subject in zip(row.conditions, subjects, strict=True):
        if condition is not None and condition(subject) is not True:
            return False
    return True


def _admitted(tests: Run, value: Value, scope: Scope) -> bool:
    """Whether a value, or else each item of a list, is among the allowed ones."""
    if tests(scope.inside({"?": value})) is True:
        return True
    return isinstance(value, list) and all(tests(scope.inside({"?": item})) is True for item in value)


def _rank(value: Value, order: Value, budget: Budget) -> int:
    listed = order if isinstance(order, list) else []
    for place, candidate in enumerate(listed):
        same = (
            comparison.within(value, candidate)
            if isinstance(candidate, Range)
            else comparison.equal(value, candidate, budget)
        )
        if same is True:
            return place
    return len(listed)


def _one(table: ReadyTable, hit: Hit, scope: Scope) -> Value:
    table.fire([hit], scope)
    return table.shape(hit.outputs)


def _unique(table: ReadyTable, hits: list[Hit], scope: Scope) -> Value:
    if len(hits) > 1:
        scope.budget.error(
            f"{table.source.id}: rules {', '.join(hit.id for hit in hits)} match, only one may"
        )
        return None
    return _one(table, hits[0], scope)


def _any(table: ReadyTable, hits: list[Hit], scope: Scope) -> Value:
    first = list(hits[0].outputs)
    if any(comparison.equal(list(hit.outputs), first, scope.budget) is not True for hit in hits):
        scope.budget.error(f"{table.source.id}: rules {', '.join(hit.id for hit in hits)} match but differ")
        return None
    table.fire(hits, scope)
    return table.shape(hits[0].outputs)


def _first(table: ReadyTable, hits: list[Hit], scope: Scope) -> Value:
    return _one(table, hits[0], scope)


def _priority(table: ReadyTable, hits: list[Hit], scope: Scope) -> Value:
    return _one(table, table.ranked(hits, scope)[0], scope)


def _rule_order(table: ReadyTable, hits: list[Hit], scope: Scope) -> Value:
    table.fire(hits, scope)
    return [table.shape(hit.outputs) for hit in hits]


def _output_order(table: ReadyTable, hits: list[Hit], scope: Scope) -> Value:
    return _rule_order(table, table.ranked(hits, scope), scope)


def _collect(table: ReadyTable, hits: list[Hit], scope: Scope) -> Value:
    values = _rule_order(table, hits, scope)
    aggregate = AGGREGATIONS.get(table.source.aggregation)
    if aggregate is None:
        return values
    if len(table.outputs) > 1 and table.source.aggregation != "COUNT":
        columns = zip(*(hit.outputs for hit in hits), strict=True)
        return table.shape(tuple(aggregate(list(column), scope.budget) for column in columns))
    return aggregate(values, scope.budget)


def _count(values: list[Value], budget: Budget) -> Value:
    return Decimal(len(values))


def _sum(values: list[Value], budget: Budget) -> Value:
    return reduce(arithmetic.add, values)


def _extreme(direction: int) -> Callable[[list[Value], Budget], Value]:
    def pick(values: list[Value], budget: Budget) -> Value:
        best = values[0]
        for value in values[1:]:
            found = comparison.order(value, best)
            if found is None:
                budget.error(f"{kind(value)} and {kind(best)} have no common order")
                return None
            best = value if found == direction else best
        return best

    return pick


AGGREGATIONS: dict[str, Callable[[list[Value], Budget], Value]] = {
    "COUNT": _count,
    "SUM": _sum,
    "MIN": _extreme(-1),
    "MAX": _extreme(1),
}
POLICIES: dict[str, Callable[[ReadyTable, list[Hit], Scope], Value]] = {
    "U": _unique,
    "A": _any,
    "F": _first,
    "P": _priority,
    "R": _rule_order,
    "O": _output_order,
    "C": _collect,
}
