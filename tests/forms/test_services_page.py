"""docs/services.md says which routing variables the form of a service has to bring: all that the process asks for."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from consular.formspec import Form, folders
from consular.rules import dmn
from consular.workflow.compile import compile
from consular.workflow.graph import Graph, Kind, Node
from tests.forms.tables import inputs_of

PAGE = (Path(settings.BASE_DIR) / "docs" / "services.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## What a form")[2].partition("\n## ")[0]
ROWS = {
    found[1]: frozenset(re.findall(r"`(\w+)`", found[2]))
    for found in re.finditer(r"^\| `(\w+)` \|(.*)\|$", SECTION, re.MULTILINE)
}
BROUGHT = frozenset({"answer", "on", "duration", "string", "date", "null"})
"""What comes with an answer of a partner, and names of FEEL itself."""


def needed(path: Path) -> set[str]:
    """The variables a process and its tables ask for and that the process does not set by itself."""
    graph = compile((path / "process.bpmn").read_bytes())
    nodes = graph.nodes.values()
    own = {node.result for node in nodes} | {node.loop.each for node in nodes if node.loop}
    own |= {node.loop.into for node in nodes if node.loop}
    used = {name for node in nodes for name in _names(node)} | set(_asked(path, graph))
    return used - own - BROUGHT


def _names(node: Node) -> set[str]:
    timings = (one for one in (node.timing, node.sla) if one)
    found = [flow.condition for flow in node.outgoing] + [one.computed for one in timings] + [node.key]
    return {name for one in found if one for name in one.names}


def _asked(path: Path, graph: Graph) -> list[str]:
    """The inputs of the decisions that business rule tasks ask."""
    wanted = {node.decision for node in graph.nodes.values() if node.kind is Kind.RULE}
    tables = {file.stem: dmn.load(file.read_bytes()) for file in path.glob("*.dmn")}
    homes = [(name, one) for name, table in tables.items() for one in wanted & set(table.decisions)]
    return [asked for name, one in homes for asked in inputs_of(path.parent.name, name, one)]


BESIDE = {"booked", "second_consent"}
"""What no form brings: it becomes known beside the answers."""
ALL = (*folders.paths(), *folders.prepared())


@pytest.mark.parametrize(
    "path", [path for path in ALL if path.parent.name in ROWS], ids=lambda path: path.parent.name
)
def test_the_page_names_every_variable_a_process_asks_for(path: Path) -> None:
    assert needed(path) - ROWS[path.parent.name] == set()


@pytest.mark.parametrize("path", folders.paths(), ids=lambda path: path.parent.name)
def test_every_form_brings_what_its_process_asks_for(path: Path) -> None:
    assert needed(path) - brought(folders.load(path).form) - BESIDE == set()


def brought(form: Form) -> set[str]:
    """What the process sees of the answers of a form and of its tasks."""
    derived = {each.id for question in form.questions for each in question.derives if each.routes}
    pages = (form.questions, *(page.questions for page in form.tasks.values()))
    return derived | {question.id for questions in pages for question in questions if question.routes}


def test_a_variable_nobody_named_would_be_found() -> None:
    asked = {path.parent.name: needed(path) for path in (*folders.paths(), *folders.prepared())}

    assert asked["national_visa"] >= {"category", "fast_track", "recommendation", "verify"}
    assert asked["annulment"] >= {"kind", "grounds", "issued_by", "drop"}
