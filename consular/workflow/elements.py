"""One BPMN element with its extensions becomes one node; whatever the subset does not know is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consular.rules import feel
from consular.rules.problems import SyntaxProblem
from consular.workflow.graph import Allocation, Kind, Loop, Node
from consular.workflow.markup import Element
from consular.workflow.properties import problem as property_problem
from consular.workflow.timing import Ends, Timing

NODES: Mapping[str, Kind] = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "userTask": Kind.USER,
    "serviceTask": Kind.SERVICE,
    "sendTask": Kind.SEND,
    "receiveTask": Kind.RECEIVE,
    "businessRuleTask": Kind.RULE,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "eventBasedGateway": Kind.RACE,
    "subProcess": Kind.SUB,
    "callActivity": Kind.SUB,
    "intermediateCatchEvent": Kind.MESSAGE,
    "boundaryEvent": Kind.ON_MESSAGE,
}
LONGEST_NAME = 200
LOOPING = frozenset({"userTask", "serviceTask", "sendTask", "receiveTask", "subProcess", "callActivity"})
DRAWN_ONLY = frozenset({"documentation", "incoming", "outgoing", "textAnnotation", "association", "group"})

CLOCK = ("days", "ends", "pauses")
"""The properties that say how the clock of a timer event or of a time limit goes."""
EVENTS: Mapping[str, Mapping[str, Kind]] = {
    "startEvent": {},
    "endEvent": {"terminateEventDefinition": Kind.TERMINATE, "errorEventDefinition": Kind.ERROR},
    "intermediateCatchEvent": {"timerEventDefinition": Kind.TIMER, "messageEventDefinition": Kind.MESSAGE},
    "boundaryEvent": {
        "timerEventDefinition": Kind.ON_TIMER,
        "messageEventDefinition": Kind.ON_MESSAGE,
        "errorEventDefinition": Kind.ON_ERROR,
    },
}
_EXTENSIONS: Mapping[str, frozenset[str]] = {
    "userTask": frozenset({"zeebe:userTask"}),
    "serviceTask": frozenset({"zeebe:taskDefinition"}),
    "sendTask": frozenset({"zeebe:taskDefinition"}),
    "businessRuleTask": frozenset({"zeebe:calledDecision"}),
    "callActivity": frozenset({"zeebe:calledElement"}),
}
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "receiveTask": frozenset({"messageRef"}),
    "exclusiveGateway": frozenset({"default"}),
    "boundaryEvent": frozenset({"attachedToRef", "cancelActivity"}),
}
_HARMLESS: Mapping[str, frozenset[str]] = {
    "isForCompensation": frozenset({"false"}),
    "startQuantity": frozenset({"1"}),
    "completionQuantity": frozenset({"1"}),
    "triggeredByEvent": frozenset({"false"}),
    "instantiate": frozenset({"false"}),
    "implementation": frozenset({"##unspecified", "##WebService"}),
    "isInterrupting": frozenset({"true"}),
    "parallelMultiple": frozenset({"false"}),
    "eventGatewayType": frozenset({"Exclusive"}),
    "gatewayDirection": frozenset({"Unspecified", "Converging", "Diverging", "Mixed"}),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its name, and the expression that tells which of several waiters is meant."""

    name: str
    key: feel.Expression | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What elements refer to by id: messages, error codes, and the lanes by the element they hold."""

    messages: Mapping[str, Message] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)


def node(element: Element, parent: str, lane: str, around: Surroundings) -> Node:
    """The node of one flow element (without its flows). Raises NotInSubset."""
    _only_known_attributes(element)
    known = properties(element)
    facts: dict[str, Any] = {
        "id": identity(element),
        "kind": NODES[element.tag],
        "name": label(element),
        "line": element.line,
        "parent": parent,
        "lane": lane,
        "phase": known.get("phase", ""),
        "form": known.get("form", ""),
        "step": known.get("step", ""),
        "letter": known.get("letter", ""),
        "outcome": known.get("outcome", ""),
        "four_eyes_with": known.get("fourEyesWith", ""),
        "allocation": _allocation(element, known),
        "together": known.get("together") == "yes",
        "office": _office(element, known.get("office", "")),
        "deadline": known.get("deadline", ""),
        "sla": timing(element, known["sla"], known) if "sla" in known else None,
    }
    facts |= _event(element, around) if element.tag in EVENTS else _activity(element, around)
    if not facts["sla"] and not facts.get("timing") and any(name in known for name in CLOCK):
        raise element.refuse("days, ends and pauses belong to a timer event or beside sla")
    return Node(**facts)


def _allocation(element: Element, known: Mapping[str, str]) -> Allocation:
    written = known.get("allocation", Allocation.FREE)
    if written not in set(Allocation):
        raise element.refuse(f"allocation is one of {', '.join(sorted(Allocation))}")
    return Allocation(written)


def _office(element: Element, written: str) -> feel.Expression | None:
    """The code of a mission, written out or computed in FEEL behind an equals sign; None where nothing is written."""
    if not written or written.startswith("="):
        return expression(element, written) if written else None
    if not (written.isascii() and written.isalnum()):
        raise element.refuse("office is the code of a mission, or FEEL behind an equals sign")
    return expression(element, f'"{written}"')


def identity(element: Element) -> str:
    """The id of an element; it is stored with tokens and history, so it is short and plain."""
    found = element.get("id")
    if not found or len(found) > 60 or not found.replace("-", "_").replace(".", "_").isidentifier():
        raise element.refuse("needs an id of at most 60 letters, digits, dots, dashes and underscores")
    return found


def label(element: Element) -> str:
    """The name people read, on one line; it is a message to translate."""
    name = " ".join(element.get("name").split())
    if len(name) > LONGEST_NAME:
        raise element.refuse(f"its name is longer than {LONGEST_NAME} characters")
    return name


def properties(element: Element) -> dict[str, str]:
    """The zeebe:properties of an element; other extensions than those of its kind are refused."""
    found: dict[str, str] = {}
    for extension in extensions(element):
        if extension.tag == "zeebe:properties":
            for entry in extension:
                found[entry.get("name")] = entry.get("value").strip()
        elif extension.tag not in _EXTENSIONS.get(element.tag, frozenset()):
            raise extension.refuse("is not supported here")
    for name in found:
        reason = property_problem(name, element.tag)
        if reason:
            raise element.refuse(reason)
    return {name: value for name, value in found.items() if value}


def extensions(element: Element) -> list[Element]:
    """The extension elements of an element."""
    return [child for holder in element.all("extensionElements") for child in holder]


def extension(element: Element, tag: str, attribute: str) -> str:
    """One attribute of one extension element, which must be there."""
    for child in extensions(element):
        if child.tag == tag and child.get(attribute):
            return child.get(attribute)
    raise element.refuse(f"needs {tag} with {attribute}")


def expression(element: Element, text: str) -> feel.Expression:
    """A FEEL expression, with or without the equals sign the modeler writes before it."""
    try:
        return feel.compile(text.strip().removeprefix("="))
    except SyntaxProblem as problem:
        raise element.refuse(f"the expression cannot be read: {problem}") from problem


def timing(element: Element, text: str, known: Mapping[str, str], *, absolute: bool = False) -> Timing:
    """A duration or moment: ISO 8601, or FEEL behind an equals sign; `known` are the properties of the element."""
    text = text.strip()
    for name, allowed in (("days", {"working", "calendar"}), ("ends", set(Ends))):
        if known.get(name, min(allowed)) not in allowed:
            raise element.refuse(f"{name} is one of {', '.join(sorted(allowed))}")
    found = Timing(
        written="" if text.startswith("=") else text,
        computed=expression(element, text) if text.startswith("=") else None,
        absolute=absolute,
        working=known.get("days") == "working",
        ends=Ends(known.get("ends", Ends.MOMENT)),
        pauses=frozenset(known.get("pauses", "").replace(",", " ").split()),
    )
    try:
        found.check()
    except ValueError as problem:
        raise element.refuse(f"the time cannot be read: {text[:40]!r}: {problem}") from problem
    return found


def _only_known_attributes(element: Element) -> None:
    allowed = _ATTRIBUTES.get(element.tag, frozenset())
    for attribute in sorted(element.attributes - allowed - {"id", "name"}):
        if element.get(attribute) not in _HARMLESS.get(attribute, frozenset()):
            raise element.refuse(f"attribute {attribute}={element.get(attribute)!r} is not supported")


def _event(element: Element, around: Surroundings) -> dict[str, Any]:
    """Which event it is, and what it waits for."""
    kinds = EVENTS[element.tag]
    found = [child for child in element if child.tag not in DRAWN_ONLY | {"extensionElements"}]
    for child in found:
        if child.tag not in kinds:
            raise element.refuse(f"{child.tag} is not supported here")
    if not found and element.tag in {"startEvent", "endEvent"}:
        return {}
    if len(found) != 1:
        raise element.refuse("needs exactly one event definition")
    facts: dict[str, Any] = {"kind": kinds[found[0].tag]}
    if element.tag == "boundaryEvent":
        facts["attached_to"] = element.get("attachedToRef")
        facts["interrupting"] = element.get("cancelActivity") != "false"
    return facts | _trigger(element, found[0], around)


def _trigger(element: Element, trigger: Element, around: Surroundings) -> dict[str, Any]:
    if trigger.tag == "timerEventDefinition":
        return {"timing": _timer(element, trigger)}
    if trigger.tag == "messageEventDefinition":
        return _message(element, trigger.get("messageRef"), around)
    if trigger.tag == "errorEventDefinition":
        reference = trigger.get("errorRef")
        if reference and reference not in around.errors:
            raise element.refuse(f"unknown error {reference}")
        if not reference and element.tag == "endEvent":
            raise element.refuse("an error end needs an error")
        return {"error_code": around.errors.get(reference, "")}
    return {}


def _timer(element: Element, trigger: Element) -> Timing:
    parts = trigger.all("timeDuration", "timeDate", "timeCycle")
    if len(parts) != 1 or parts[0].tag == "timeCycle":
        raise element.refuse("a timer needs one timeDuration or timeDate; none that repeats")
    return timing(element, parts[0].text, properties(element), absolute=parts[0].tag == "timeDate")


def _message(element: Element, reference: str, around: Surroundings) -> dict[str, Any]:
    message = around.messages.get(reference)
    if message is None:
        raise element.refuse("needs a message")
    return {"message": message.name, "key": message.key}


def _activity(element: Element, around: Surroundings) -> dict[str, Any]:
    """What a task, gateway or sub-process carries beyond its name."""
    facts: dict[str, Any] = {"loop": _loop(element), "default": element.get("default")}
    if element.tag in {"serviceTask", "sendTask"}:
        facts["service_type"] = extension(element, "zeebe:taskDefinition", "type")
    elif element.tag == "receiveTask":
        facts |= _message(element, element.get("messageRef"), around)
    elif element.tag == "businessRuleTask":
        facts["decision"] = extension(element, "zeebe:calledDecision", "decisionId")
        facts["result"] = extension(element, "zeebe:calledDecision", "resultVariable")
    return facts


def _loop(element: Element) -> Loop | None:
    holders = element.all("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
    if not holders:
        return None
    holder = holders[0]
    if len(holders) > 1 or element.tag not in LOOPING or holder.tag == "standardLoopCharacteristics":
        raise element.refuse(
            "only one parallel multi-instance marker on a task, sub-process or call is supported"
        )
    if holder.get("isSequential") == "true" or holder.all("loopCardinality", "completionCondition"):
        raise holder.refuse("only parallel multi-instance over a list is supported")
    found = next((child for child in extensions(holder) if child.tag == "zeebe:loopCharacteristics"), None)
    if found is None or not found.get("inputCollection"):
        raise element.refuse("a multi-instance marker needs zeebe:loopCharacteristics with inputCollection")
    gives = found.get("outputElement")
    if bool(gives) != bool(found.get("outputCollection")):
        raise element.refuse("outputElement and outputCollection belong together")
    return Loop(
        over=expression(element, found.get("inputCollection")),
        each=found.get("inputElement"),
        gives=expression(element, gives) if gives else None,
        into=found.get("outputCollection"),
    )
