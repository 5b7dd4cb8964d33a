"""Results that a table gives although its outputs do not list them."""

from collections.abc import Iterator

from consular.rules import feel
from consular.rules.dmn import model
from consular.rules.dmn.definitions import Definitions
from consular.rules.feel.syntax import Literal
from consular.rules.problems import SyntaxProblem


def wrong_outputs(table: model.Table, definitions: Definitions) -> Iterator[tuple[str, str]]:
    """The rule, or the table, with what is wrong about it."""
    known = feel.special(definitions.names)
    for place, output in enumerate(table.outputs):
        if output.values is None:
            if table.policy in "PO" and not definitions.types.listed(output.type):
                yield table.id, f"the output {output.name!r} lists no values, which the hit policy ranks by"
            continue
        for rule in table.rules:
            text = rule.results[place].text
            if not _listed(text, output.values.text, known):
                yield rule.id, f"{text} is not among the values of the output {output.name!r}"


def _listed(text: str, values: str, known: frozenset[str]) -> bool:
    """Whether a literal is among the listed values; what is no literal is known only when it is decided."""
    if text in ("", "-"):
        return True
    try:
        cell, tests = feel.compile(text, known), feel.unary(values, known)
    except SyntaxProblem:
        return True
    if not isinstance(cell.tree, Literal):
        return True
    return cell.tree.value is None or tests.evaluate({"?": cell.tree.value}) is True
