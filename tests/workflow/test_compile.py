"""What compiles, and what is refused with element, id, name and line."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from lxml import etree

from consular.workflow import markup
from consular.workflow.compile import NotInSubset, compile
from consular.workflow.graph import Kind
from consular.workflow.properties import PROPERTIES
from tests import rows
from tests.workflow import attacks, bpmn
from tests.workflow.bpmn import element, end, flow, path, process, properties, start, user

SCHENGEN = bpmn.VISA


def test_the_schengen_process_compiles_with_its_facts() -> None:
    graph = compile(SCHENGEN)

    decide = graph.node("decide")
    assert (decide.kind, decide.lane, decide.form, decide.step) == (
        Kind.USER,
        "decider",
        "decision",
        "approve",
    )
    assert (decide.phase, decide.four_eyes_with, decide.name) == (
        "in_review",
        "examine",
        "Decide on the application",
    )
    examine = graph.node("examine").sla
    assert (graph.id, graph.start, examine and examine.written) == ("schengen_visa", "submitted", "P15D")
    assert graph.node("issue_letter").service_type == "casework.issue"
    assert graph.node("await_answer").message == "applicant.answered"
    assert graph.node("is_complete").default == "complete_yes"
    assert len(graph.nodes) == 15


def test_the_schengen_process_is_drawn_completely() -> None:
    text = SCHENGEN.decode()
    graph = compile(SCHENGEN)

    for node in graph.nodes.values():
        assert f'bpmnElement="{node.id}"' in text
        assert all(f'bpmnElement="{way.id}"' in text for way in node.outgoing)
        assert node.name


def test_a_graph_cannot_be_changed() -> None:
    graph = compile(SCHENGEN)

    with pytest.raises(AttributeError):
        graph.node("decide").lane = "janitor"  # type: ignore[misc]
    with pytest.raises(TypeError):
        graph.nodes["decide"] = graph.node("examine")  # type: ignore[index]


def single(part: str, *more: str, id: str = "x") -> bytes:
    """A process that leads through one element."""
    return process(start(), part, end(), path("start", id, "end"), *more)


LOOP = "<multiInstanceLoopCharacteristics{}>{}</multiInstanceLoopCharacteristics>"
REFUSED = {
    "script task": (single(element("scriptTask", "x")), "scriptTask"),
    "manual task": (single(element("manualTask", "x")), "manualTask"),
    "plain task": (single(element("task", "x")), "task"),
    "complex gateway": (single(element("complexGateway", "x")), "complexGateway"),
    "inclusive gateway": (single(element("inclusiveGateway", "x")), "inclusiveGateway"),
    "throwing event": (single(element("intermediateThrowEvent", "x")), "intermediateThrowEvent"),
    "transaction": (single(element("transaction", "x")), "transaction"),
    "ad-hoc sub-process": (single(element("adHocSubProcess", "x")), "adHocSubProcess"),
    "data object": (single(user("x"), element("dataObject", "data")), "dataObject"),
    "signal event": (
        single(element("intermediateCatchEvent", "x", "<signalEventDefinition/>")), "intermediateCatchEvent",
    ),
    "cyclic timer": (
        single(bpmn.timer("x").replace("timeDuration", "timeCycle")),
        "intermediateCatchEvent",
    ),
    "timer that is none": (single(bpmn.timer("x", "soon")), "intermediateCatchEvent"),
    "event without definition": (single(element("intermediateCatchEvent", "x")), "intermediateCatchEvent"),
    "message that is not declared": (single(bpmn.message("x", "nothing")), "intermediateCatchEvent"),
    "error that is not declared": (
        process(start(), user("u"), bpmn.error_end("x", "nothing"), path("start", "u", "x")), "endEvent",
    ),
    "timer start": (
        process(element("startEvent", "start", "<timerEventDefinition/>"), end(), path("start", "end")), "startEvent",
    ),
    "event sub-process": (
        single(user("x"),
               element("subProcess", "s", start("in") + end("out") + path("in", "out"), triggeredByEvent="true")),
        "subProcess",
    ),
    "compensation": (single(element("userTask", "x", isForCompensation="true")), "userTask"),
    "standard loop": (single(user("x", "<standardLoopCharacteristics/>")), "userTask"),
    "sequential rounds": (
        single(user("x", bpmn.each("=list").replace("Characteristics>", 'Characteristics isSequential="true">', 1))),
        "multiInstanceLoopCharacteristics",
    ),
    "rounds without list": (single(user("x", LOOP.format("", "<loopCardinality>3</loopCardinality>"))),
                            "multiInstanceLoopCharacteristics"),
    "unknown property": (single(user("x", colour="red")), "userTask"),
    "unknown extension": (single(element("userTask", "x", "", "<zeebe:formDefinition/>")), "zeebe:formDefinition"),
    "time limit that is none": (single(user("x", sla="two days")), "userTask"),
    "service without type": (single(element("serviceTask", "x")), "serviceTask"),
    "decision without name": (single(element("businessRuleTask", "x")), "businessRuleTask"),
    "call without version": (
        single(element("callActivity", "x", "", '<zeebe:calledElement processId="p"/>')), "callActivity",
    ),
    "call of an unpublished process": (
        single(element("callActivity", "x", "", '<zeebe:calledElement processId="p"/>' + properties(version="1"))),
        "callActivity",
    ),
    "condition that is no FEEL": (
        process(start(), bpmn.exclusive("g", "g-end"), user("x"), end(), path("start", "g", "end"), path("x", "end"),
                flow("g", "x", "=a + ")),
        "sequenceFlow",
    ),
    "condition behind a task": (
        process(start(), user("x"), end(), path("start", "x"), flow("x", "end", "=true")), "userTask",
    ),
    "two ways out of a task": (
        process(start(), user("x"), end(), end("e2"), path("start", "x", "end"), path("x", "e2")), "userTask",
    ),
    "a task that leads nowhere": (process(start(), user("x"), end(), path("start", "x")), "userTask"),
    "two starts": (process(start(), start("s2"), end(), path("start", "end"), path("s2", "end")), "process"),
    "no start": (process(user("x"), end(), path("x", "end")), "process"),
    "the same id twice": (single(user("x"), user("x")), "userTask"),
    "an id that is no name": (single(user("x y"), id="x y"), "userTask"),
    "an id that is too long": (single(user("x" * 61), id="x" * 61), "userTask"),
    "a flow out of a sub-process": (
        process(start(), bpmn.sub("s", start("in"), user("x"), end("out"), path("in", "x", "out")), end(),
                path("start", "s", "end"), flow("x", "end", id="f")),
        "sequenceFlow",
    ),
    "four eyes with nobody": (single(user("x", fourEyesWith="nobody")), "userTask"),
    "four eyes with oneself": (single(user("x", fourEyesWith="x")), "userTask"),
    "a boundary event on a gateway": (
        single(bpmn.parallel("x"), bpmn.on_timer("late", "x"), path("late", "end")), "boundaryEvent",
    ),
    "an error that does not interrupt": (
        single(bpmn.service("x"), 
               bpmn.on_error("bad", "x").replace("attachedToRef", 'cancelActivity="false" attachedToRef'),
               path("bad", "end")),
        "boundaryEvent",
    ),
    "an error of a person": (single(user("x"), bpmn.on_error("bad", "x"), path("bad", "end")), "boundaryEvent"),
    "a task behind an event-based gateway": (
        process(start(), bpmn.race("x"), bpmn.timer("t"), user("u"), end(), path("start", "x", "t", "end"),
                path("x", "u", "end")),
        "eventBasedGateway",
    ),
    "lanes in lanes": (SCHENGEN.replace(b"</bpmn:lane>", b"<bpmn:childLaneSet/></bpmn:lane>", 1), "lane"),
    "an element in two lanes": (
        SCHENGEN.replace(b"</bpmn:lane>", b"<bpmn:flowNodeRef>submitted</bpmn:flowNodeRef></bpmn:lane>"), "lane",
    ),
}  # fmt: skip


@rows.every("name", REFUSED)
def test_anything_outside_the_subset_is_refused_by_element(name: str) -> None:
    xml, tag = REFUSED[name]

    with pytest.raises(NotInSubset) as raised:
        compile(xml)

    assert raised.value.element == tag


def test_a_refusal_names_element_id_name_and_line() -> None:
    xml = SCHENGEN.replace(
        b'<zeebe:property name="step" value="propose" />', b'<zeebe:property name="colour" value="red" />'
    )
    line = xml[: xml.index(b'<bpmn:userTask id="examine"')].count(b"\n") + 1

    with pytest.raises(NotInSubset) as raised:
        compile(xml)

    assert (
        str(raised.value)
        == f'line {line}: userTask examine "Examine the application": unknown property colour'
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("fourEyes", "unknown property fourEyes: did you mean fourEyesWith?"),
        ("foureyeswith", "unknown property foureyeswith: did you mean fourEyesWith?"),
        ("pahse", "unknown property pahse: did you mean phase?"),
        ("urgency", "unknown property urgency"),
        ("version", "the property version belongs to callActivity"),
        ("outcome", "the property outcome belongs to endEvent"),
    ],
)
def test_a_property_that_is_not_known_there_is_refused_with_the_word_that_was_meant(
    name: str, reason: str
) -> None:
    with pytest.raises(NotInSubset) as raised:
        compile(single(user("x", **{name: "examine"})))

    assert raised.value.reason == reason


def test_the_page_for_process_owners_explains_every_property() -> None:
    page = (settings.BASE_DIR / "docs" / "processes.md").read_text(encoding="utf-8")

    assert {name for name in PROPERTIES if f"| `{name}` |" not in page} == set()


def test_what_the_modeler_adds_for_itself_is_no_obstacle() -> None:
    modeler = SCHENGEN.replace(
        b"<bpmn:definitions ",
        b'<bpmn:definitions xmlns:modeler="http://camunda.org/schema/modeler/1.0" exporter="Camunda Modeler" '
        b'exporterVersion="5.20.0" modeler:executionPlatform="Camunda Cloud" ',
    ).replace(
        b'name="Check completeness">\n      <bpmn:extensionElements>',
        b'name="Check completeness">\n      <bpmn:extensionElements><zeebe:userTask />',
    )
    annotated = modeler.replace(
        b"</bpmn:process>",
        b'<bpmn:textAnnotation id="note"><bpmn:text>Art. 19</bpmn:text></bpmn:textAnnotation></bpmn:process>',
    )  # fmt: skip

    assert annotated.count(b"zeebe:userTask") == 1
    assert compile(annotated).nodes.keys() == compile(SCHENGEN).nodes.keys()


def test_hostile_files_are_refused_fast_small_and_in_one_sentence() -> None:
    """In a process of its own: most of the memory would be the parser's, which Python does not count."""
    program = "import json; from tests.workflow import attacks; "
    program += "print(json.dumps({name: attacks.cost(xml) for name, xml in attacks.ATTACKS.items()}))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    costs: dict[str, tuple[str, float, float]] = json.loads(found.stdout)
    assert {name for name, (_refusal, ms, mb) in costs.items() if ms > 200 or mb > 50} == set()
    assert {name for name, (refusal, _ms, _mb) in costs.items() if refusal == "accepted"} == set()
    assert max(len(refusal) for refusal, _ms, _mb in costs.values()) < 400


def test_without_its_limits_an_attack_would_be_slow_or_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the limits keep away."""
    many = b"<a " + b" ".join(b'a%d="x"' % n for n in range(15_000)) + b"/>"
    monkeypatch.setattr(markup, "MAX_ATTRIBUTES", len(many))

    _refusal, ms, _mb = attacks.cost(many)

    assert ms > 200


def test_without_the_ban_an_entity_would_read_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """The negative control: a careless parser hands out what the attacker asks for."""
    secret = tmp_path / "secret"  # type: ignore[operator]
    secret.write_text("keys")
    xml = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]><d>&x;</d>'.encode()
    careless = etree.XMLParser(resolve_entities=True, load_dtd=True)

    assert etree.fromstring(xml, careless).text == "keys"
    with pytest.raises(NotInSubset, match="document types"):
        compile(xml)
