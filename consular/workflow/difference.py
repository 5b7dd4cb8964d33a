"""What one version of a process and its decision tables does differently from another, for people to read. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any

from consular.rules import dmn
from consular.rules.dmn import model, walking
from consular.rules.feel import Expression
from consular.workflow.graph import Flow, Graph, Loop, Node
from consular.workflow.timing import Timing

_OF_THE_FILE = frozenset({"id", "line", "incoming", "outgoing", "boundaries"})
"""What is said of an element elsewhere, or says nothing about it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One element, flow, decision or rule that was added, removed or changed; what changed: field, before, after."""

    what: str
    how: str
    id: str
    name: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()

    def __str__(self) -> str:
        label = f' "{self.name}"' if self.name else ""
        changes = "; ".join(
            f"{name}: {before or '-'} -> {after or '-'}" for name, before, after in self.fields
        )
        return f"{self.how} {self.what} {self.id}{label}" + (f": {changes}" if changes else "")

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        changes = [{"field": name, "before": before, "after": after} for name, before, after in self.fields]
        return {"what": self.what, "how": self.how, "id": self.id, "name": self.name, "changes": changes}


Tables = Mapping[str, dmn.Definitions]
Facts = Mapping[str, str]


def difference(old: Graph | None, new: Graph, was: Tables, now: Tables) -> tuple[Change, ...]:
    """Everything that differs: elements, then flows, then the decisions the process asks for and their rules."""
    nodes = {} if old is None else old.nodes
    return (
        *_changes("element", {id: _of_node(node) for id, node in nodes.items()}, _nodes(new)),
        *_changes("flow", {} if old is None else _flows(old), _flows(new)),
        *_changes("decision", _decisions(was), _decisions(now)),
        *_changes("rule", _rules(was), _rules(now)),
    )


def _changes(what: str, before: Mapping[str, Facts], after: Mapping[str, Facts]) -> Iterator[Change]:
    for id, facts in after.items():
        was = before.get(id)
        if was is None:
            yield Change(what, "added", id, facts.get("name", ""))
        elif was != facts:
            names = [name for name in {**was, **facts} if was.get(name, "") != facts.get(name, "")]
            changed = tuple((name, was.get(name, ""), facts.get(name, "")) for name in names)
            yield Change(what, "changed", id, facts.get("name", ""), changed)
    for id, facts in before.items():
        if id not in after:
            yield Change(what, "removed", id, facts.get("name", ""))


def _nodes(graph: Graph) -> dict[str, Facts]:
    return {id: _of_node(node) for id, node in graph.nodes.items()}


def _of_node(node: Node) -> Facts:
    facts = {
        field.name: _text(getattr(node, field.name))
        for field in _given(node)
        if field.name not in _OF_THE_FILE
    }
    ways = [flow.id for flow in node.outgoing if flow.condition is not None]
    return {name: value for name, value in {**facts, "order": ", ".join(ways)}.items() if value}


def _flows(graph: Graph) -> dict[str, Facts]:
    return {flow.id: _of_flow(flow) for node in graph.nodes.values() for flow in node.outgoing}


def _of_flow(flow: Flow) -> Facts:
    facts = {"name": flow.name, "from": flow.source, "to": flow.target, "condition": _text(flow.condition)}
    return {name: value for name, value in facts.items() if value}


def _given(value: Any) -> list[Field[Any]]:
    """The fields that the file gives; what is computed from them says nothing more."""
    return [field for field in fields(value) if field.compare]


def _text(value: object) -> str:
    """A property as it stands in the file."""
    match value:
        case None | False | "":
            return ""
        case Expression():
            return f"={value.text}"
        case Timing() | Loop():
            parts = {field.name: _text(getattr(value, field.name)) for field in _given(value)}
            return ", ".join(
                text if name in {"written", "computed", "over"} else f"{name} {text}"
                for name, text in parts.items()
                if text
            )
        case frozenset():
            return " ".join(sorted(value))
        case True:
            return "yes"
    return str(value)


def _parts(tables: Tables) -> Iterator[tuple[str, model.Part]]:
    for name, table in tables.items():
        for id, part in table.file.parts.items():
            yield f"{name}/{id}", part


def _decisions(tables: Tables) -> dict[str, Facts]:
    """Decisions and knowledge models, by file and id; of a decision table what holds for all of its rules."""
    found: dict[str, Facts] = {}
    for id, part in _parts(tables):
        heads = [_head(table) for table in walking.tables(part)]
        logic = walking.logic_of(part)
        whole = "" if heads or logic is None else _feel(logic)
        facts = {"name": part.variable.name, "logic": whole, "table": "; ".join(heads)}
        found[id] = {name: value for name, value in facts.items() if value}
    return found


def _head(table: model.Table) -> str:
    inputs = ", ".join(column.expression.text for column in table.inputs)
    outputs = ", ".join(column.name for column in table.outputs)
    return f"{table.policy}{table.aggregation}: {inputs} | {outputs}"


def _rules(tables: Tables) -> dict[str, Facts]:
    return {
        f"{id}/{rule.id}": {
            "if": ", ".join(text.text for text in rule.conditions),
            "then": ", ".join(text.text for text in rule.results),
        }
        for id, part in _parts(tables)
        for table in walking.tables(part)
        for rule in table.rules
    }


def _feel(logic: object) -> str:
    """All FEEL in a boxed expression, in the order of the file."""
    if isinstance(logic, model.Text):
        return logic.text
    if isinstance(logic, tuple):
        return " ".join(filter(None, map(_feel, logic)))
    if hasattr(logic, "__dataclass_fields__"):
        return " ".join(filter(None, (_feel(getattr(logic, name)) for name in logic.__dataclass_fields__)))
    return ""
