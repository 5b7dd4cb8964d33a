"""Builds small decision files for tests."""

from xml.sax.saxutils import escape


def file(*parts: str) -> bytes:
    """A decision file of some parts."""
    namespace = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    return f'<definitions xmlns="{namespace}" name="test" namespace="test">{"".join(parts)}</definitions>'.encode()


def data(name: str, kind: str = "") -> str:
    """Input data whose id is its name without spaces."""
    return f'<inputData id="{name.replace(" ", "_")}" name="{name}"><variable name="{name}"{_type(kind)}/></inputData>'


def _type(kind: str) -> str:
    return f' typeRef="{kind}"' if kind else ""


def literal(text: str) -> str:
    """A boxed literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *needs: str, kind: str = "") -> str:
    """A decision; needs are ids, of knowledge models with a leading `!`, of decisions with a leading `?`."""
    requirements = "".join(_requirement(need) for need in needs)
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{_type(kind)}/>{requirements}{logic}</decision>'


def _requirement(need: str) -> str:
    if need[0] == "!":
        inner = f'<requiredKnowledge href="#{need[1:]}"/>'
        return f"<knowledgeRequirement>{inner}</knowledgeRequirement>"
    word = "requiredDecision" if need[0] == "?" else "requiredInput"
    return f'<informationRequirement><{word} href="#{need.lstrip("?")}"/></informationRequirement>'


def knowledge(name: str, parameters: str, logic: str, *needs: str) -> str:
    """A business knowledge model with parameters written as words."""
    formal = "".join(f'<formalParameter name="{parameter}"/>' for parameter in parameters.split())
    body = f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>"
    requirements = "".join(_requirement(need) for need in needs)
    return f'<businessKnowledgeModel id="{name}" name="{name}">{body}{requirements}</businessKnowledgeModel>'


def table(policy: str, inputs: str, outputs: str, *rules: str, allowed: str = "", default: str = "") -> str:
    """A decision table. Inputs and outputs are separated by `;`, a rule reads `in ; in | out ; out`; an output
    `name: "a", "b"` lists its values; `allowed` are the values of the first input, `default` the first output's.
    """
    hit, _, aggregation = policy.partition("+")
    attributes = f'hitPolicy="{hit}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    columns = [
        _input(name.strip(), allowed if place == 0 else "") for place, name in enumerate(inputs.split(";"))
    ]
    results = [
        _output(text.strip(), default if place == 0 else "") for place, text in enumerate(outputs.split(";"))
    ]
    rows = [_rule(f"r{number}", rule) for number, rule in enumerate(rules, start=1)]
    return f'<decisionTable id="t" {attributes}>{"".join([*columns, *results, *rows])}</decisionTable>'


def _input(name: str, allowed: str) -> str:
    values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
    return f'<input label="{name}"><inputExpression><text>{escape(name)}</text></inputExpression>{values}</input>'


def _output(text: str, default: str) -> str:
    name, _, values = text.partition(":")
    listed = f"<outputValues><text>{escape(values.strip())}</text></outputValues>" if values else ""
    other = f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f'<output name="{name.strip()}">{listed}{other}</output>'


def _rule(identity: str, text: str) -> str:
    conditions, results = text.split("|")
    cells = [
        f"<inputEntry><text>{escape(cell.strip())}</text></inputEntry>" for cell in conditions.split(";")
    ]
    cells += [
        f"<outputEntry><text>{escape(cell.strip())}</text></outputEntry>" for cell in results.split(";")
    ]
    return f'<rule id="{identity}">{"".join(cells)}</rule>'
