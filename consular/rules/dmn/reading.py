"""Reads the XML of a decision file into its model."""

from collections.abc import Callable

from lxml import etree

from consular.rules.dmn import model
from consular.rules.dmn.logic import logic, variable
from consular.rules.dmn.xml import child, children, open_xml, tag, target, text
from consular.rules.feel.lexer import tidy
from consular.rules.problems import SyntaxProblem


def read(xml: bytes) -> model.File:
    """The model of a file. Raises SyntaxProblem when it is unsafe, malformed or circular."""
    root = open_xml(xml)
    parts = [_part(element) for element in children(root, *PARTS)]
    by_id = {part.id: part for part in parts}
    if len(by_id) < len(parts):
        raise SyntaxProblem("two elements of the file have the same id")
    types = {kind.name: kind for kind in (_type(element) for element in children(root, "itemDefinition"))}
    names = frozenset(tidy(str(element.get("name"))) for element in root.iter() if _names_something(element))
    _refuse_circles(by_id)
    return model.File(str(root.get("name", "")), by_id, types, names)


def _names_something(element: etree._Element) -> bool:
    """Whether expressions may use the name of an element."""
    return tag(element) in NAMED and bool(element.get("name"))


def _part(element: etree._Element) -> model.Part:
    return PARTS[tag(element)](element)


def _id(element: etree._Element) -> str:
    return str(element.get("id") or element.get("name") or "")


def _input_data(element: etree._Element) -> model.InputData:
    return model.InputData(_id(element), variable(element))


def _decision(element: etree._Element) -> model.Decision:
    return model.Decision(_id(element), variable(element), logic(element), _requirements(element))


def _knowledge(element: etree._Element) -> model.KnowledgeModel:
    inner = child(element, "encapsulatedLogic")
    function = logic(element, inner) if inner is not None else None
    if function is not None and not isinstance(function, model.FunctionDefinition):
        raise SyntaxProblem("a knowledge model holds a function", element=_id(element))
    return model.KnowledgeModel(_id(element), variable(element), function, _requirements(element))


def _service(element: etree._Element) -> model.Service:
    def ids(name: str) -> tuple[str, ...]:
        return tuple(target(reference) for reference in children(element, name))

    return model.Service(
        _id(element),
        variable(element),
        ids("outputDecision"),
        ids("encapsulatedDecision"),
        ids("inputDecision"),
        ids("inputData"),
    )


def _requirements(element: etree._Element) -> tuple[str, ...]:
    found = children(element, "informationRequirement", "knowledgeRequirement")
    return tuple(
        target(reference) for requirement in found for reference in requirement if reference.get("href")
    )


NAMED = frozenset(
    (
        "variable", "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemComponent",
        "formalParameter", "parameter", "column", "output",
    )
)  # fmt: skip
PARTS: dict[str, Callable[[etree._Element], model.Part]] = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


def _type(element: etree._Element) -> model.ItemType:
    allowed = child(element, "allowedValues")
    if allowed is None:
        allowed = child(element, "typeConstraint")
    return model.ItemType(
        tidy(str(element.get("name", ""))),
        text(child(element, "typeRef")),
        element.get("isCollection") == "true",
        tuple(_type(component) for component in children(element, "itemComponent")),
        model.Text(text(allowed), _id(element)) if allowed is not None and text(allowed) else None,
        child(element, "functionItem") is not None,
    )


def _refuse_circles(parts: dict[str, model.Part]) -> None:
    """Refuse decisions that need themselves."""
    done: set[str] = set()

    def visit(part_id: str, above: tuple[str, ...]) -> None:
        if part_id in above:
            raise SyntaxProblem(f"{part_id} requires itself", element=part_id)
        if len(above) > DEEPEST:
            raise SyntaxProblem("requirements nest too deeply", element=part_id)
        part = parts.get(part_id)
        if part_id in done or not isinstance(part, model.Decision | model.KnowledgeModel):
            return
        for required in part.requires:
            visit(required, (*above, part_id))
        done.add(part_id)

    for part_id in parts:
        visit(part_id, ())


DEEPEST = 100
