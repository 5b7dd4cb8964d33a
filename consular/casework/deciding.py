"""The decision tables a running case is judged by."""

from collections.abc import Mapping

from consular import formspec
from consular.cases.models import Case
from consular.workflow.deciding import from_tables
from consular.workflow.graph import Node
from consular.workflow.state import Decide, Decided


def by_tables(case: Case) -> Decide:
    """Answers from the tables of the version the case was started on, read when the process asks."""

    def decide(node: Node, variables: Mapping[str, object]) -> Decided:
        tables = formspec.folder(case.service, case.version).tables
        return from_tables(tables.values())(node, variables)

    return decide
