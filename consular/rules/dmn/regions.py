"""Cuts the values of a table's input into regions within which no cell can tell two values apart.

The constants of the column's cells are the cuts. A region is stood for by one sample; a cell covers a region when its
test holds for the sample. That is exact for cells made of literals, comparisons, ranges, lists and `not`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key

from consular.rules import limits
from consular.rules.dmn import model
from consular.rules.feel import Expression
from consular.rules.feel.calls import CONSTRUCTORS
from consular.rules.feel.comparison import order
from consular.rules.feel.compiler import build
from consular.rules.feel.syntax import Call, Interval, Items, Literal, Name, Negation, Node, OneSided, Tests
from consular.rules.scope import Budget, Scope
from consular.rules.values import Months, Value

ELSE = "(any other)"


class TooManyRegions(Exception):
    """A table too large to look at every combination."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input cut into regions: their samples, and for every rule the regions it covers as bits.

    A rule of `opaque` covers what nobody can say before the decision is made.
    """

    label: str
    samples: tuple[Value, ...]
    covered: tuple[int, ...]
    opaque: frozenset[int]

    @property
    def everything(self) -> int:
        """All regions, as bits."""
        return (1 << len(self.samples)) - 1


def column(source: model.Input, cells: Sequence[Expression | None], allowed: Expression | None) -> Column:
    """The regions of one input; a cell of None is `-`."""
    constants: list[Value] = []
    opaque = set()
    for place, cell in enumerate(cells):
        if cell is not None and not _collect(cell.tree, constants):
            opaque.add(place)
    if allowed is not None:
        _collect(allowed.tree, constants)
    samples = tuple(
        sample
        for sample in _samples(constants, source.type)
        if sample is None or allowed is None or _holds(allowed, sample)
    )
    if len(samples) * len(cells) > limits.CHECK:
        raise TooManyRegions
    bits = (1 << len(samples)) - 1
    covered = tuple(
        bits if cell is None or place in opaque else _covered(cell, samples)
        for place, cell in enumerate(cells)
    )
    return Column(source.label, samples, covered, frozenset(opaque))


def _covered(cell: Expression, samples: Sequence[Value]) -> int:
    return sum(1 << place for place, sample in enumerate(samples) if _holds(cell, sample))


def _holds(tests: Expression, sample: Value) -> bool:
    return tests.run(Scope({"?": sample}, None, Budget())) is True


def _collect(node: Node, constants: list[Value]) -> bool:
    """Gather the constants of a cell; false when it is made of anything else."""
    if isinstance(node, Tests | Items):
        parts = node.tests if isinstance(node, Tests) else node.items
        return min((_collect(part, constants) for part in parts), default=True)
    if isinstance(node, OneSided):
        return _constant(node.bound, constants)
    if isinstance(node, Interval):
        return _constant(node.start, constants) & _constant(node.end, constants)
    return _constant(node, constants)


def _constant(node: Node, constants: list[Value]) -> bool:
    if isinstance(node, Literal):
        constants.append(node.value)
        return True
    if (
        isinstance(node, Negation)
        and isinstance(node.operand, Literal)
        and isinstance(node.operand.value, Decimal)
    ):
        constants.append(-node.operand.value)
        return True
    if isinstance(node, Call) and isinstance(node.function, Name) and node.function.name in CONSTRUCTORS:
        return _constructed(node, constants)
    return False


def _constructed(node: Call, constants: list[Value]) -> bool:
    if not all(isinstance(argument, Literal) for argument in node.arguments):
        return False
    value = Expression("", node, frozenset(), build(node)).evaluate({})
    constants.append(value)
    return value is not None


def _samples(constants: Sequence[Value], type_name: str) -> list[Value]:
    """One value of every region that the constants cut; null counts only where a cell names it."""
    found: list[Value] = [None] if None in constants else []
    values = [value for value in constants if value is not None]
    if type_name.endswith("boolean") or any(isinstance(value, bool) for value in values):
        found += [True, False]
    ordered = [value for value in values if isinstance(value, Decimal | date | time | timedelta | Months)]
    for group in _comparable(ordered):
        found += _along(group)
    texts = sorted({value for value in values if isinstance(value, str)})
    if texts:
        found += [*texts, ELSE]
    return found if found not in ([], [None]) else [*found, ELSE]


def _comparable(values: Sequence[Value]) -> list[list[Value]]:
    """The values in groups that have an order, each sorted and without repetitions."""
    groups: list[list[Value]] = []
    for value in values:
        for group in groups:
            if (order(value, group[0])) is not None:
                group.append(value)
                break
        else:
            groups.append([value])
    return [_sorted(group) for group in groups]


def _sorted(group: list[Value]) -> list[Value]:
    found: list[Value] = []
    for value in sorted(group, key=cmp_to_key(lambda left, right: order(left, right) or 0)):
        if not found or order(found[-1], value) != 0:
            found.append(value)
    return found


def _along(points: list[Value]) -> list[Value]:
    """Below the first point, every point, between them, above the last."""
    found = [*_beside(points[0], -1)]
    for place, point in enumerate(points):
        found.append(point)
        if place + 1 < len(points):
            found += _middle(point, points[place + 1])
    return found + _beside(points[-1], 1)


def _beside(point: Value, direction: int) -> list[Value]:
    try:
        if isinstance(point, Decimal):
            return [point + direction]
        if isinstance(point, Months):
            return [Months(point.count + direction)]
        if isinstance(point, time):
            edge = (
                time(0, 0, tzinfo=point.tzinfo) if direction < 0 else time(23, 59, 59, 999999, point.tzinfo)
            )
            return [edge] if order(edge, point) == direction else []
        return [point + timedelta(days=direction)]
    except OverflowError:
        return []


def _middle(low: Value, high: Value) -> list[Value]:
    """A value strictly between two, if there is one."""
    if isinstance(low, Decimal):
        return [(low + high) / 2]
    if isinstance(low, Months):
        return [Months(low.count + 1)] if high.count - low.count > 1 else []
    if isinstance(low, time):
        seconds = (_seconds(low) + _seconds(high)) // 2
        middle = time(seconds // 3600, seconds // 60 % 60, seconds % 60, 0, low.tzinfo)
        return [middle] if order(low, middle) == -1 and order(middle, high) == -1 else []
    if isinstance(low, date) and not isinstance(low, datetime):
        return [low + timedelta(days=1)] if high - low > timedelta(days=1) else []
    return [low + (high - low) / 2]


def _seconds(value: time) -> int:
    return value.hour * 3600 + value.minute * 60 + value.second
