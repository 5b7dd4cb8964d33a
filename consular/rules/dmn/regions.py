"""Cuts the values of a table's input into regions within which no cell can tell two values apart.

The constants of the column's cells are the cuts. A region is stood for by one sample; a cell covers a region when its
test holds for the sample. That is exact for cells made of literals, comparisons, ranges, lists, `not`, and for `?`
compared with such.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key

from consular.rules import limits
from consular.rules.dmn import model
from consular.rules.feel import Expression
from consular.rules.feel.calls import CONSTRUCTORS
from consular.rules.feel.comparison import order
from consular.rules.feel.compiler import build
from consular.rules.feel.syntax import (
    Between,
    Call,
    Comparison,
    Interval,
    Items,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    OneSided,
    Tests,
    children,
)
from consular.rules.scope import Budget, Scope
from consular.rules.values import Months, Value, kind

ELSE = "(any other)"
PLAIN = (Items, Logic, OneSided, Interval, Comparison, Between)
ORDERED = (Decimal, date, time, timedelta, Months)
EXAMPLES: dict[str, Value] = {
    "number": Decimal(0),
    "string": ELSE,
    "boolean": True,
    "date": date(2000, 1, 1),
    "time": time(12),
    "date and time": datetime(2000, 1, 1, tzinfo=UTC),
    "days and time duration": timedelta(days=1),
    "years and months duration": Months(1),
}
"""One value of each type, for inputs that no cell tells apart."""


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
    """Gather the constants of a cell; false when it is made of anything else than tests of the input against them."""
    parts = _parts(node)
    if parts is None:
        return (isinstance(node, Name) and node.name == "?") or _constant(node, constants)
    return min([_collect(part, constants) for part in parts], default=True)


def _parts(node: Node) -> Sequence[Node] | None:
    """What a test is made of; nothing for a node that is no test."""
    if isinstance(node, Tests):
        return (node.value, *node.tests)
    if isinstance(node, Call):
        is_negation = isinstance(node.function, Name) and node.function.name == "not"
        return node.arguments if is_negation else None
    return children(node) if isinstance(node, PLAIN) else None


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
    """One value of every region that the constants cut; null counts only where a cell names it, and only values of the
    input's type count.
    """
    found: list[Value] = [None] if None in constants else []
    values = [value for value in constants if value is not None]
    if type_name == "boolean" or any(isinstance(value, bool) for value in values):
        found += [True, False]
    for group in _comparable([value for value in values if isinstance(value, ORDERED)]):
        found += _along(group)
    texts = sorted({value for value in values if isinstance(value, str)})
    if texts:
        found += [*texts, ELSE]
    if type_name in EXAMPLES:
        found = [value for value in found if value is None or kind(value) == type_name]
    return found if found not in ([], [None]) else [*found, EXAMPLES.get(type_name, ELSE)]


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
