"""The parts of a decision file (DMN 1.5, chapters 6 to 8 and 10), as read, before anything runs."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """A FEEL text with the id of its element."""

    text: str
    element: str


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type of the file: a name to refer to, components or items, allowed values as unary tests.

    `allowed` holds for every item of a collection, `constraint` for the whole; a function gives `result`.
    """

    name: str
    reference: str = ""
    collection: bool = False
    components: tuple["ItemType", ...] = ()
    allowed: Text | None = None
    constraint: Text | None = None
    function: bool = False
    result: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name with the type it refers to, if any."""

    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions."""

    id: str
    label: str
    expression: Text
    allowed: Text | None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; `values` are allowed and, for priorities, in falling order."""

    name: str
    values: Text | None
    default: Text | None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row."""

    id: str
    conditions: tuple[Text, ...]
    results: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; the hit policy is one of U A P F R O C, the aggregation SUM COUNT MIN MAX or nothing."""

    id: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """FEEL text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Context:
    """Boxed entries; one without a name is the result."""

    entries: tuple[tuple[Variable | None, "Logic"], ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts, written as a table."""

    columns: tuple[str, ...]
    rows: tuple[tuple["Logic", ...], ...]


@dataclass(frozen=True, slots=True)
class BoxedList:
    """Boxed items."""

    items: tuple["Logic", ...]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call with its arguments by name."""

    function: "Logic"
    bindings: tuple[tuple[str, "Logic"], ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A boxed function; `kind` other than FEEL is not run, `result` is the type its value must be of."""

    parameters: tuple[Variable, ...]
    body: "Logic"
    kind: str = "FEEL"
    result: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """Boxed if, then, else."""

    condition: "Logic"
    yes: "Logic"
    no: "Logic"


@dataclass(frozen=True, slots=True)
class BoxedFilter:
    """Boxed filter of a list."""

    items: "Logic"
    match: "Logic"


@dataclass(frozen=True, slots=True)
class BoxedLoop:
    """Boxed for, some, every."""

    word: str
    name: str
    items: "Logic"
    body: "Logic"


Logic = (
    Table
    | LiteralExpression
    | Context
    | Relation
    | BoxedList
    | Invocation
    | FunctionDefinition
    | Conditional
    | BoxedFilter
    | BoxedLoop
)


@dataclass(frozen=True, slots=True)
class InputData:
    """Something handed in."""

    id: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """Something decided; `requires` are ids of input data, decisions, knowledge models and services."""

    id: str
    variable: Variable
    logic: Logic | None
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A function of the file."""

    id: str
    variable: Variable
    function: FunctionDefinition | None
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """Decisions to be called together: parameters are the input data, then the input decisions."""

    id: str
    variable: Variable
    outputs: tuple[str, ...]
    inside: tuple[str, ...]
    decisions: tuple[str, ...]
    data: tuple[str, ...]


Part = InputData | Decision | KnowledgeModel | Service


@dataclass(frozen=True, slots=True)
class Import:
    """Another decision file whose parts are seen under a name; with an empty name, as if they were in this file."""

    name: str
    namespace: str
    location: str


@dataclass(frozen=True, slots=True)
class File:
    """Everything a decision file says; parts of imported files are referred to as `namespace#id`."""

    name: str
    namespace: str = ""
    imports: tuple[Import, ...] = ()
    parts: dict[str, Part] = field(default_factory=dict)
    types: dict[str, ItemType] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
