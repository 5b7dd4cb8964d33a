"""The check of a decision file before publication: syntax, names, overlaps, gaps, rules that never decide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from consular.rules import dmn, feel
from consular.rules.dmn import coverage, model
from consular.rules.dmn.constraints import constrained
from consular.rules.dmn.coverage import Example
from consular.rules.dmn.naming import Unknown, unknown_names
from consular.rules.dmn.outputs import wrong_outputs
from consular.rules.dmn.regions import Column, TooManyRegions, column
from consular.rules.dmn.type_names import unknown_types
from consular.rules.dmn.walking import tables
from consular.rules.feel import Expression
from consular.rules.feel.writing import write
from consular.rules.problems import SyntaxProblem

MOST = 10
"""Findings of one kind for one table."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: the codes are those of `docs/rules.md`."""

    code: str
    element: str
    message: str
    is_error: bool = True
    example: Example = ()

    def __str__(self) -> str:
        level = "error" if self.is_error else "warning"
        shown = ", ".join(f"{label} = {write(value)}" for label, value in self.example)
        return f"{level} {self.code} {self.element}: {self.message}" + (
            f"; for example {shown}" if shown else ""
        )


def check_bytes(xml: bytes) -> tuple[Finding, ...]:
    """Everything to be said about a decision file; nothing when it is fit for publication."""
    return _loaded(lambda: dmn.load(xml, lenient=True))


def check_file(path: Path) -> tuple[Finding, ...]:
    """The same for a file on disk, which may import others of its folder. Raises OSError."""
    return _loaded(lambda: dmn.load_file(path, lenient=True))


def _loaded(load: Callable[[], dmn.Definitions]) -> tuple[Finding, ...]:
    try:
        definitions = load()
    except SyntaxProblem as problem:
        return (Finding("syntax", problem.element, problem.said),)
    return check(definitions)


def check(definitions: dmn.Definitions) -> tuple[Finding, ...]:
    """Everything to be said about a loaded file."""
    found = [Finding("syntax", problem.element, problem.said) for problem in definitions.problems]
    found += [_unknown(unknown) for unknown in unknown_names(definitions)]
    found += [
        Finding("type", element, f"there is no type {name!r}") for element, name in unknown_types(definitions)
    ]
    found += [
        Finding("logic", part.id, "the decision has no logic", is_error=False)
        for part in definitions.file.parts.values()
        if isinstance(part, model.Decision) and part.logic is None
    ]
    if definitions.problems:
        return tuple(found)
    for part in definitions.file.parts.values():
        for table in tables(part):
            found += [Finding("output", rule, message) for rule, message in wrong_outputs(table, definitions)]
            found += _table(table, definitions.file)
    return tuple(found)


def _unknown(unknown: Unknown) -> Finding:
    if unknown.is_reference:
        return Finding("reference", unknown.element, f"nothing in the file has the id {unknown.name!r}")
    return Finding("name", unknown.element, f"nothing is called {unknown.name!r} here")


def _table(table: model.Table, file: model.File) -> list[Finding]:
    """The findings about one table; a table without inputs has none."""
    if not table.inputs:
        return []
    found: list[Finding] = []
    try:
        columns = [_column(table, place, file) for place in range(len(table.inputs))]
        found += [_never(table, rule) for rule in range(len(table.rules)) if coverage.never(columns, rule)]
        if table.policy in "UA":
            found += _overlaps(table, columns)
        if table.policy == "F":
            found += _covered_before(table, columns)
        if table.policy in "UAFP" and not any(output.default for output in table.outputs):
            found += _gaps(table, columns)
    except TooManyRegions:
        found.append(
            Finding("size", table.id, "too many combinations to look for overlaps and gaps", is_error=False)
        )
    return found


def _column(table: model.Table, place: int, file: model.File) -> Column:
    known = feel.special(file.names)
    source = constrained(file, table.inputs[place])
    cells = [_cell(rule.conditions[place], known) for rule in table.rules]
    return column(source, cells, _cell(source.allowed, known) if source.allowed else None)


def _cell(text: model.Text, known: frozenset[str]) -> Expression | None:
    return None if text.text in ("", "-") else feel.unary(text.text, known)


def _never(table: model.Table, rule: int) -> Finding:
    return Finding("unreachable", table.rules[rule].id, "no allowed input matches this rule")


def _overlaps(table: model.Table, columns: Sequence[Column]) -> Iterator[Finding]:
    """Under UNIQUE every pair that can match together, under ANY those whose results differ."""
    shown = 0
    for first, second, example in coverage.overlaps(columns, len(table.rules)):
        one, other = table.rules[first], table.rules[second]
        if table.policy == "A" and _texts(one) == _texts(other):
            continue
        shown += 1
        if shown > MOST:
            yield Finding("overlap", table.id, "more rules match together")
            return
        yield Finding("overlap", table.id, f"rules {one.id} and {other.id} match together", example=example)


def _texts(rule: model.Rule) -> list[str]:
    return [cell.text for cell in rule.results]


def _covered_before(table: model.Table, columns: Sequence[Column]) -> Iterator[Finding]:
    """Under FIRST, rules whose every input an earlier rule takes."""
    clear = [rule for rule in range(len(table.rules)) if not any(rule in column.opaque for column in columns)]
    for rule in range(len(table.rules)):
        if coverage.never(columns, rule):
            continue
        within = [column.covered[rule] for column in columns]
        earlier = [other for other in clear if other < rule]
        if not coverage.uncovered(columns, within, earlier, most=1):
            yield Finding("unreachable", table.rules[rule].id, "earlier rules take every input of this rule")


def _gaps(table: model.Table, columns: Sequence[Column]) -> list[Finding]:
    everything = [column.everything for column in columns]
    if not all(everything):
        return []
    examples = coverage.uncovered(columns, everything, range(len(table.rules)))
    return [
        Finding("gap", table.id, "no rule matches", is_error=False, example=example) for example in examples
    ]
