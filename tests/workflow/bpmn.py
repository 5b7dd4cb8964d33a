"""Writes small BPMN files for tests, in the shape the common modeler gives them."""

from collections.abc import Iterable
from pathlib import Path

VISA = (Path(__file__).parent / "visa.bpmn").read_bytes()
"""A small visa process with two loops, a message and four eyes."""
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
)
BOOKED = '<message id="m_booked" name="booked"/>'
ANSWERED = (
    '<message id="m_answered" name="answered"><extensionElements>'
    '<zeebe:subscription correlationKey="=partner"/></extensionElements></message>'
)
FAILED = '<error id="e_failed" errorCode="failed"/><error id="e_other" errorCode="other"/>'


def process(*parts: str, lane: str = "caseworker", top: str = BOOKED + ANSWERED + FAILED) -> bytes:
    """A file with one process; every element named in `parts` by id lies in one lane."""
    body = "".join(parts)
    references = "".join(f"<flowNodeRef>{id}</flowNodeRef>" for id in _ids(parts))
    lanes = f'<laneSet id="ls"><lane id="{lane}" name="Lane">{references}</lane></laneSet>' if lane else ""
    return f'{HEAD}{top}<process id="p" isExecutable="true">{lanes}{body}</process></definitions>'.encode()


def _ids(parts: Iterable[str]) -> list[str]:
    return [part.split('id="', 1)[1].split('"', 1)[0] for part in parts if 'id="' in part]


def element(tag: str, id: str, inner: str = "", extensions: str = "", **attributes: str) -> str:
    """One element; extension elements are wrapped."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    wrapped = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return f'<{tag} id="{id}" name="{id}"{given}>{wrapped}{inner}</{tag}>'


def properties(**values: str) -> str:
    """Properties, as an extension element."""
    inner = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in values.items())
    return f"<zeebe:properties>{inner}</zeebe:properties>"


def start(id: str = "start") -> str:
    return element("startEvent", id)


def end(id: str = "end", inner: str = "") -> str:
    return element("endEvent", id, inner)


def terminate(id: str) -> str:
    return end(id, "<terminateEventDefinition/>")


def error_end(id: str, error: str = "e_failed") -> str:
    return end(id, f'<errorEventDefinition errorRef="{error}"/>')


def user(id: str, inner: str = "", **values: str) -> str:
    return element("userTask", id, inner, properties(**values) if values else "")


def service(id: str, inner: str = "", type: str = "casework.issue", tag: str = "serviceTask") -> str:
    return element(tag, id, inner, f'<zeebe:taskDefinition type="{type}"/>')


def rule(id: str, decision: str = "fee", result: str = "fee") -> str:
    called = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="{result}"/>'
    return element("businessRuleTask", id, "", called)


def receive(id: str, message: str = "m_booked", **values: str) -> str:
    return element("receiveTask", id, "", properties(**values) if values else "", messageRef=message)


def timer(id: str, duration: str = "P7D", **clock: str) -> str:
    return element("intermediateCatchEvent", id, _timer(duration), properties(**clock) if clock else "")


def message(id: str, name: str = "m_booked") -> str:
    return element("intermediateCatchEvent", id, f'<messageEventDefinition messageRef="{name}"/>')


def on_timer(id: str, host: str, duration: str = "P7D", cancel: str = "true", **clock: str) -> str:
    given = properties(**clock) if clock else ""
    return element("boundaryEvent", id, _timer(duration), given, attachedToRef=host, cancelActivity=cancel)


def on_message(id: str, host: str, name: str = "m_booked", cancel: str = "true") -> str:
    inner = f'<messageEventDefinition messageRef="{name}"/>'
    return element("boundaryEvent", id, inner, attachedToRef=host, cancelActivity=cancel)


def on_error(id: str, host: str, error: str = "e_failed") -> str:
    reference = f' errorRef="{error}"' if error else ""
    return element("boundaryEvent", id, f"<errorEventDefinition{reference}/>", attachedToRef=host)


def each(over: str, name: str = "item", gives: str = "", into: str = "") -> str:
    """The multi-instance marker."""
    out = f' outputElement="{gives}" outputCollection="{into}"' if into else ""
    loop = f'<zeebe:loopCharacteristics inputCollection="{over}" inputElement="{name}"{out}/>'
    return (
        f"<multiInstanceLoopCharacteristics><extensionElements>{loop}</extensionElements>"
        "</multiInstanceLoopCharacteristics>"
    )


def sub(id: str, *parts: str) -> str:
    return element("subProcess", id, "".join(parts))


def exclusive(id: str, default: str = "") -> str:
    return element("exclusiveGateway", id, **({"default": default} if default else {}))


def parallel(id: str) -> str:
    return element("parallelGateway", id)


def race(id: str) -> str:
    return element("eventBasedGateway", id)


def flow(source: str, target: str, condition: str = "", id: str = "") -> str:
    """A flow, named source-target unless said otherwise."""
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    name = id or f"{source}-{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def path(*ids: str) -> str:
    """Flows from each element to the next."""
    return "".join(flow(*pair) for pair in zip(ids, ids[1:], strict=False))


def _timer(duration: str) -> str:
    tag = "timeDate" if duration[0] in "2" or duration.startswith("=date") else "timeDuration"
    return f"<timerEventDefinition><{tag}>{duration}</{tag}></timerEventDefinition>"
