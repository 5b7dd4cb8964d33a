"""Reads the XML of a decision file into its model."""

from collections.abc import Callable

from lxml import etree

from consular.rules.dmn import model
from consular.rules.dmn.logic import logic, variable
from consular.rules.dmn.xml import child, children, open_xml, tag, text
from consular.rules.feel.lexer import tidy
from consular.rules.problems import SyntaxProblem

DEEPEST = 100


def read(xml: bytes) -> model.File:
    """The model of a file. Raises SyntaxProblem when it is unsafe, malformed or circular."""
    root = open_xml(xml)
    reader = _Reader(root)
    parts = [reader.part(element) for element in children(root, *PARTS)]
    by_id = {part.id: part for part in parts}
    if len(by_id) < len(parts):
        raise SyntaxProblem("two elements of the file have the same id")
    types = {kind.name: kind for kind in (_type(element) for element in children(root, "itemDefinition"))}
    names = frozenset(tidy(name) for element in root.iter() if (name := _name_given(element)))
    _refuse_circles(by_id)
    return model.File(str(root.get("name", "")), reader.namespace, reader.imports, by_id, types, names)


def _name_given(element: etree._Element) -> str:
    """The name that an element gives to what expressions may speak of, if any."""
    if element.get("iteratorVariable"):
        return str(element.get("iteratorVariable"))
    return str(element.get("name") or "") if tag(element) in NAMED else ""


def _id(element: etree._Element) -> str:
    return str(element.get("id") or element.get("name") or "")


def _imports(root: etree._Element) -> tuple[model.Import, ...]:
    return tuple(
        model.Import(
            tidy(str(element.get("name") or "")),
            str(element.get("namespace") or ""),
            str(element.get("locationURI") or ""),
        )
        for element in children(root, "import")
        if "/DMN/" in str(element.get("importType") or "/DMN/").upper()
    )


class _Reader:
    """Reads the parts of one file, whose references may lead to imported files."""

    def __init__(self, root: etree._Element) -> None:
        self.namespace = str(root.get("namespace") or "")
        self.imports = _imports(root)

    def part(self, element: etree._Element) -> model.Part:
        """Input data, a decision, a knowledge model or a service."""
        return PARTS[tag(element)](self, element)

    def input_data(self, element: etree._Element) -> model.Part:
        """Something handed in."""
        return model.InputData(_id(element), variable(element))

    def decision(self, element: etree._Element) -> model.Part:
        """Something decided."""
        return model.Decision(_id(element), variable(element), logic(element), self.requirements(element))

    def knowledge(self, element: etree._Element) -> model.Part:
        """A function of the file."""
        inner = child(element, "encapsulatedLogic")
        function = logic(element, inner) if inner is not None else None
        if function is not None and not isinstance(function, model.FunctionDefinition):
            raise SyntaxProblem("a knowledge model holds a function", element=_id(element))
        return model.KnowledgeModel(_id(element), variable(element), function, self.requirements(element))

    def service(self, element: etree._Element) -> model.Part:
        """Decisions to be called together."""

        def ids(name: str) -> tuple[str, ...]:
            return tuple(self.target(reference) for reference in children(element, name))

        return model.Service(
            _id(element),
            variable(element),
            ids("outputDecision"),
            ids("encapsulatedDecision"),
            ids("inputDecision"),
            ids("inputData"),
        )

    def requirements(self, element: etree._Element) -> tuple[str, ...]:
        """What an element requires, by id."""
        found = children(element, "informationRequirement", "knowledgeRequirement")
        return tuple(
            self.target(reference)
            for requirement in found
            for reference in requirement
            if reference.get("href")
        )

    def target(self, reference: etree._Element) -> str:
        """The id an element's href points to; with the namespace in front when an import gives it."""
        where, _, part_id = str(reference.get("href") or "").rpartition("#")
        for source in self.imports:
            if where and where != self.namespace and where in (source.namespace, source.location):
                return f"{source.namespace}#{part_id}"
        return part_id


NAMED = frozenset(
    (
        "variable", "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemComponent",
        "formalParameter", "parameter", "column", "output", "import", "itemDefinition",
    )
)  # fmt: skip
PARTS: dict[str, Callable[[_Reader, etree._Element], model.Part]] = {
    "inputData": _Reader.input_data,
    "decision": _Reader.decision,
    "businessKnowledgeModel": _Reader.knowledge,
    "decisionService": _Reader.service,
}


def _type(element: etree._Element) -> model.ItemType:
    function = child(element, "functionItem")
    return model.ItemType(
        tidy(str(element.get("name", ""))),
        text(child(element, "typeRef")),
        element.get("isCollection") == "true",
        tuple(_type(component) for component in children(element, "itemComponent")),
        _tests(element, "allowedValues"),
        _tests(element, "typeConstraint"),
        function is not None,
        "" if function is None else str(function.get("outputTypeRef") or ""),
    )


def _tests(element: etree._Element, name: str) -> model.Text | None:
    found = text(child(element, name))
    return model.Text(found, _id(element)) if found else None


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
