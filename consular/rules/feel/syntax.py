"""The tree of a FEEL expression."""

from dataclasses import dataclass, fields
from typing import Union

from consular.rules.values import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, string, boolean, null or @-literal."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or function by its name."""

    name: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Negation:
    """`-x`."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one precedence, from the left: `a + b - c`."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b and c`, or the same with `or`."""

    operator: str
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b` and its relatives."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Between:
    """`x between low and high`, both ends included."""

    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class OneSided:
    """`< 5`: a test in a cell or after `in`, elsewhere a range open to one side."""

    operator: str
    bound: "Node"


@dataclass(frozen=True, slots=True)
class Tests:
    """A list of unary tests for `value`, one of which must hold (none, when negated); no tests hold always."""

    value: "Node"
    tests: tuple["Node", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """`if condition then yes else no`."""

    condition: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in domain`, or `name in domain..end`."""

    name: str
    domain: "Node"
    end: Union["Node", None] = None


@dataclass(frozen=True, slots=True)
class Loop:
    """`for … return`, `some … satisfies`, `every … satisfies`."""

    word: str
    iterators: tuple[Iterator, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Type:
    """A type after `instance of`; `arguments` are a list's items, a context's entries or a function's parameters."""

    name: str
    arguments: tuple[tuple[str, "Type"], ...] = ()
    result: Union["Type", None] = None


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`."""

    value: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class Path:
    """`base.name`."""

    base: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`base[condition]`, or an index counted from 1."""

    base: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """`function(a, b)` or `function(name: a)`; `names` is empty for arguments by position."""

    function: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """`{a: 1, b: a + 1}`; later entries see earlier ones."""

    entries: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """`[a..b]` with its kinds of ends."""

    start: "Node"
    end: "Node"
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Lambda:
    """`function(a, b) body`."""

    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: "Node"


Node = (
    Literal
    | Name
    | Negation
    | Chain
    | Logic
    | Comparison
    | Between
    | OneSided
    | Tests
    | Choice
    | Loop
    | InstanceOf
    | Path
    | Filter
    | Call
    | Items
    | Entries
    | Interval
    | Lambda
)


def children(node: object) -> list["Node"]:
    """The expressions directly inside a node, in the order of the text."""
    found: list[Node] = []
    for field in fields(node):  # type: ignore[arg-type]
        _collect(getattr(node, field.name), found)
    return found


def _collect(part: object, found: list["Node"]) -> None:
    if isinstance(part, Iterator):
        found += children(part)
    elif isinstance(part, Node):
        found.append(part)
    elif isinstance(part, tuple):
        for piece in part:
            _collect(piece, found)
