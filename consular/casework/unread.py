"""Which partners the decision tables of a process name at which nobody could read a request today."""

from collections.abc import Iterator, Mapping

from consular.casework import reaching
from consular.core import clock
from consular.rules import SyntaxProblem, dmn, feel
from consular.rules.dmn import model
from consular.workflow import compile
from consular.workflow.publishing import Release

NAMED_BY = frozenset({"id", "days", "silence"})
"""The columns of a table that says who is consulted (docs/consultations.md)."""


def partners(release: Release) -> list[str]:
    """The codes of partners that its tables name in so many words and at which nobody can read a request now.

    Codes that are computed are not known before a case is there.
    """
    graph = compile.compile(release.xml)
    if not any(node.service_type == reaching.CONSULT for node in graph.nodes.values()):
        return []
    now = clock.now()
    return [code for code in sorted(_named(release.tables)) if not reaching.can_read(code, now)]


def _named(tables: Mapping[str, bytes]) -> set[str]:
    return {code for xml in tables.values() for table in _tables(xml) for code in _codes(table)}


def _tables(xml: bytes) -> Iterator[model.Table]:
    for part in dmn.load(xml).file.parts.values():
        if isinstance(part, model.Decision) and isinstance(part.logic, model.Table):
            yield part.logic


def _codes(table: model.Table) -> Iterator[str]:
    """The codes in the column `id`, where they are plain texts."""
    names = [output.name for output in table.outputs]
    if not set(names) >= NAMED_BY:
        return
    for rule in table.rules:
        try:
            value = feel.evaluate(rule.results[names.index("id")].text, {})
        except SyntaxProblem:
            continue
        if isinstance(value, str):
            yield value
