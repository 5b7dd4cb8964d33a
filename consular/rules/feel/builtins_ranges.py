"""Built-in relations between points and ranges (DMN 1.5, 10.3.4.9)."""

from collections.abc import Callable

from consular.rules.feel.comparison import order
from consular.rules.feel.registry import builtin
from consular.rules.values import Range, Value


def _compare(left: Value, right: Value) -> int:
    found = order(left, right)
    if found is None:
        raise ValueError("no common order")
    return found


def _as_range(value: Value) -> Range:
    """A point as the range that holds only it."""
    return value if isinstance(value, Range) else Range(value, value, True, True)


def _starts(left: Range, right: Range) -> int:
    """The order of two starts; an excluded start lies just behind its bound."""
    if left.start is None or right.start is None:
        return (left.start is not None) - (right.start is not None)
    found = _compare(left.start, right.start)
    return found or right.start_included - left.start_included


def _ends(left: Range, right: Range) -> int:
    """The order of two ends; an excluded end lies just before its bound."""
    if left.end is None or right.end is None:
        return (left.end is None) - (right.end is None)
    found = _compare(left.end, right.end)
    return found or left.end_included - right.end_included


def _end_to_start(left: Range, right: Range) -> int:
    """-1 when left ends before right starts, 0 when they share exactly that point, 1 when they share more."""
    if left.end is None or right.start is None:
        return 1
    found = _compare(left.end, right.start)
    return found if found else (0 if left.end_included and right.start_included else -1)


Relation = Callable[[Range, Range], bool]


def _before(left: Range, right: Range) -> bool:
    return _end_to_start(left, right) < 0


def _meets(left: Range, right: Range) -> bool:
    return _end_to_start(left, right) == 0


def _overlaps(left: Range, right: Range) -> bool:
    return _end_to_start(left, right) >= 0 and _end_to_start(right, left) >= 0


def _overlaps_before(left: Range, right: Range) -> bool:
    return _starts(left, right) < 0 and _end_to_start(left, right) >= 0 and _ends(left, right) <= 0


def _finishes(left: Range, right: Range) -> bool:
    return _ends(left, right) == 0 and left.end is not None and _starts(left, right) >= 0


def _includes(left: Range, right: Range) -> bool:
    return _starts(left, right) <= 0 and _ends(left, right) >= 0


def _start_of(left: Range, right: Range) -> bool:
    return _starts(left, right) == 0 and left.start is not None and _ends(left, right) <= 0


def _coincides(left: Range, right: Range) -> bool:
    return _starts(left, right) == 0 and _ends(left, right) == 0


def _swapped(relation: Relation) -> Relation:
    return lambda left, right: relation(right, left)


BOTH = ("point1:point, point2:point", "point:point, range:range", "range:range, point:point")
RANGES = "range1:range, range2:range"
RELATIONS: tuple[tuple[str, Relation, tuple[str, ...]], ...] = (
    ("before", _before, (*BOTH, RANGES)),
    ("after", _swapped(_before), (*BOTH, RANGES)),
    ("meets", _meets, (RANGES,)),
    ("met by", _swapped(_meets), (RANGES,)),
    ("overlaps", _overlaps, (RANGES,)),
    ("overlaps before", _overlaps_before, (RANGES,)),
    ("overlaps after", _swapped(_overlaps_before), (RANGES,)),
    ("finishes", _finishes, (BOTH[1], RANGES)),
    ("finished by", _swapped(_finishes), (BOTH[2], RANGES)),
    ("includes", _includes, (BOTH[2], RANGES)),
    ("during", _swapped(_includes), (BOTH[1], RANGES)),
    ("starts", _start_of, (BOTH[1], RANGES)),
    ("started by", _swapped(_start_of), (BOTH[2], RANGES)),
    ("coincides", _coincides, (BOTH[0], RANGES)),
)


def _function(relation: Relation) -> Callable[[Value, Value], bool]:
    def run(left: Value, right: Value) -> bool:
        first, second = _as_range(left), _as_range(right)
        for span in (first, second):
            if span.start is None and span.end is None:
                raise ValueError("a range without ends")
        return relation(first, second)

    return run


for _name, _relation, _signatures in RELATIONS:
    for _parameters in _signatures:
        builtin(_name, _parameters)(_function(_relation))
