"""Reads boxed expressions and decision tables (DMN 1.5, 8 and 10.2)."""

from collections.abc import Callable

from lxml import etree

from consular.rules.dmn import model
from consular.rules.dmn.xml import child, children, tag, text
from consular.rules.feel.lexer import tidy
from consular.rules.problems import SyntaxProblem

POLICIES = {
    "UNIQUE": "U",
    "ANY": "A",
    "PRIORITY": "P",
    "FIRST": "F",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
    "COLLECT": "C",
}


def variable(element: etree._Element) -> model.Variable:
    """The variable of an element: its name and type."""
    inner = child(element, "variable")
    name = (inner.get("name") if inner is not None else None) or element.get("name") or ""
    return model.Variable(tidy(str(name)), type_of(inner if inner is not None else element))


def type_of(element: etree._Element | None) -> str:
    """The type an element refers to, as attribute or as element."""
    if element is None:
        return ""
    inner = child(element, "typeRef")
    return str(element.get("typeRef") or ("" if inner is None else text(inner)))


def logic(owner: etree._Element, element: etree._Element | None = None) -> model.Logic | None:
    """The boxed expression inside `owner`, or `element` itself as one."""
    if element is None:
        element = next(children(owner, *READERS), None)
    return READERS[tag(element)](element) if element is not None else None


def _inside(element: etree._Element | None, owner: etree._Element | None = None) -> model.Logic:
    """The one expression an element must hold; a missing one is an empty text, which nothing can read."""
    found = logic(element) if element is not None else None
    if found is not None:
        return found
    where = owner if element is None else element
    return model.LiteralExpression(model.Text("", "" if where is None else identity_of(where)))


def feel_text(element: etree._Element) -> model.Text:
    """The FEEL text of an element; other languages are refused."""
    identity = identity_of(element)
    language = str(element.get("expressionLanguage") or "")
    known = not language or "feel" in language.lower() or "/DMN/" in language.upper()
    if not known:
        raise SyntaxProblem(f"expressions in {language} are not supported", element=identity)
    return model.Text(text(element), identity)


def identity_of(element: etree._Element) -> str:
    """The id of an element, or of the closest one around it that has one."""
    around: etree._Element | None = element
    while around is not None and tag(around) != "definitions":
        if around.get("id"):
            return str(around.get("id"))
        around = around.getparent()
    return tag(element)


def _optional(element: etree._Element | None) -> model.Text | None:
    return feel_text(element) if element is not None and text(element) else None


def _literal(element: etree._Element) -> model.LiteralExpression:
    return model.LiteralExpression(feel_text(element))


def _context(element: etree._Element) -> model.Context:
    entries = []
    for entry in children(element, "contextEntry"):
        name = child(entry, "variable")
        named = model.Variable(tidy(str(name.get("name"))), type_of(name)) if name is not None else None
        entries.append((named, _inside(entry)))
    return model.Context(tuple(entries))


def _relation(element: etree._Element) -> model.Relation:
    columns = tuple(tidy(str(column.get("name"))) for column in children(element, "column"))
    rows = tuple(tuple(_each(row)) for row in children(element, "row"))
    if any(len(row) != len(columns) for row in rows):
        raise SyntaxProblem("a row has not one cell per column", element=str(element.get("id") or "relation"))
    return model.Relation(columns, rows)


def _each(element: etree._Element) -> list[model.Logic]:
    return [READERS[tag(item)](item) for item in children(element, *READERS)]


def _list(element: etree._Element) -> model.BoxedList:
    return model.BoxedList(tuple(_each(element)))


def _invocation(element: etree._Element) -> model.Invocation:
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else tidy(str(parameter.get("name")))
        value = logic(binding)
        empty = model.LiteralExpression(model.Text("null", str(element.get("id") or "invocation")))
        bindings.append((name, empty if value is None else value))
    return model.Invocation(_inside(element), tuple(bindings))


def _function(element: etree._Element) -> model.FunctionDefinition:
    parameters = tuple(
        model.Variable(tidy(str(parameter.get("name"))), type_of(parameter))
        for parameter in children(element, "formalParameter")
    )
    body = next(children(element, *READERS), None)
    result = type_of(body) or str(element.get("typeRef") or "")
    return model.FunctionDefinition(parameters, _inside(element), str(element.get("kind") or "FEEL"), result)


def _conditional(element: etree._Element) -> model.Conditional:
    return model.Conditional(*(_inside(child(element, name), element) for name in ("if", "then", "else")))


def _filter(element: etree._Element) -> model.BoxedFilter:
    return model.BoxedFilter(*(_inside(child(element, name), element) for name in ("in", "match")))


def _loop(element: etree._Element) -> model.BoxedLoop:
    body = child(element, "return" if tag(element) == "for" else "satisfies")
    name = tidy(str(element.get("iteratorVariable")))
    domain = _inside(child(element, "in"), element)
    return model.BoxedLoop(tag(element), name, domain, _inside(body, element))


def _table(element: etree._Element) -> model.Table:
    inputs = tuple(_input(clause) for clause in children(element, "input"))
    outputs = tuple(_output(clause) for clause in children(element, "output"))
    rows = enumerate(children(element, "rule"), start=1)
    rules = tuple(_rule(row, number, len(inputs), len(outputs)) for number, row in rows)
    identity = str(element.get("id") or "decisionTable")
    policy = str(element.get("hitPolicy") or "UNIQUE").upper()
    if policy not in POLICIES or not outputs:
        raise SyntaxProblem("a decision table needs an output and a known hit policy", element=identity)
    if len(outputs) > 1 and any(not output.name for output in outputs):
        raise SyntaxProblem("each of several outputs needs a name", element=identity)
    return model.Table(
        identity, POLICIES[policy], str(element.get("aggregation") or ""), inputs, outputs, rules
    )


def _input(element: etree._Element) -> model.Input:
    expression = child(element, "inputExpression")
    if expression is None:
        raise SyntaxProblem("an input has no expression", element=str(element.get("id") or "input"))
    found = feel_text(expression)
    label = str(element.get("label") or found.text)
    return model.Input(
        str(element.get("id") or label),
        label,
        found,
        _optional(child(element, "inputValues")),
        type_of(expression),
    )


def _output(element: etree._Element) -> model.Output:
    return model.Output(
        tidy(str(element.get("name") or "")),
        _optional(child(element, "outputValues")),
        _optional(child(element, "defaultOutputEntry")),
        type_of(element),
    )


def _cell(element: etree._Element, rule: str) -> model.Text:
    """The text of a cell, known by its rule: nobody sees the ids of cells."""
    return model.Text(feel_text(element).text, rule)


def _rule(element: etree._Element, number: int, inputs: int, outputs: int) -> model.Rule:
    identity = str(element.get("id") or f"rule {number}")
    conditions = tuple(_cell(cell, identity) for cell in children(element, "inputEntry"))
    results = tuple(_cell(cell, identity) for cell in children(element, "outputEntry"))
    if len(conditions) != inputs or len(results) != outputs:
        raise SyntaxProblem("a rule has not one cell per column", element=identity)
    return model.Rule(identity, conditions, results)


READERS: dict[str, Callable[[etree._Element], model.Logic]] = {
    "literalExpression": _literal,
    "context": _context,
    "relation": _relation,
    "list": _list,
    "invocation": _invocation,
    "functionDefinition": _function,
    "encapsulatedLogic": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "decisionTable": _table,
}
