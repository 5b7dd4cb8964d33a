"""What a viewer gets of a process file: the drawing and the names, and nothing else."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from lxml import etree

from consular.workflow import drawing as module
from consular.workflow.drawing import drawing
from consular.workflow.markup import NotInSubset
from tests.workflow import bpmn
from tests.workflow.bpmn import path

PUBLISHED = sorted(settings.FORMS_DIR.glob("*/v*/process.bpmn"))
SHAPE = (
    '<di:BPMNShape id="{0}_s" bpmnElement="{0}"><dc:Bounds x="1" y="2" width="3" height="4"/></di:BPMNShape>'
)
NOTE = '<textAnnotation id="note"><text>Watch this nationality</text></textAnnotation>'


def drawn(*ids: str, inner: str = "", parts: tuple[str, ...] = ()) -> bytes:
    """A file with a user task in which some elements are drawn."""
    plain = bpmn.process(
        bpmn.start(), bpmn.user("a", form="secret"), bpmn.end(), path("start", "a", "end"), inner, *parts
    ).decode()
    head = 'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    shapes = "".join(SHAPE.format(id) for id in ids)
    plane = f'<di:BPMNDiagram id="dd"><di:BPMNPlane id="dp" bpmnElement="p">{shapes}</di:BPMNPlane></di:BPMNDiagram>'
    return (
        plain.replace("<definitions", f"<definitions {head}")
        .replace("</definitions>", f"{plane}</definitions>")
        .encode()
    )


def ids(xml: bytes) -> set[str]:
    return {str(element.get("id")) for element in etree.fromstring(xml).iter() if element.get("id")}


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.parent.parent.name)
def test_of_a_published_process_every_shape_is_kept_and_nothing_that_makes_it_run(file: Path) -> None:
    published = file.read_bytes()

    kept = drawing(published)

    text = kept.decode()
    for inner in (
        "zeebe",
        "conditionExpression",
        "timeDuration",
        "correlationKey",
        "Annotation",
        "extensionElements",
    ):
        assert inner not in text
    assert text.count("BPMNShape ") == published.decode().count("BPMNShape ") > 10
    assert text.count("BPMNEdge ") == published.decode().count("BPMNEdge ")
    assert {element.tag for element in etree.fromstring(kept).iter()} <= known_tags()


def known_tags() -> set[str]:
    return {f"{{{module.BPMN}}}{tag}" for tag in module._NAMED | module._PLAIN} | set(module._DRAWN)


def test_notes_of_modellers_stay_behind_with_their_shapes() -> None:
    kept = drawing(drawn("start", "a", "end", "note", inner=NOTE))

    assert b"nationality" not in kept
    assert {"a_s", "start_s"} <= ids(kept)
    assert "note_s" not in ids(kept)


def test_forms_and_attributes_a_later_modeler_may_add_stay_behind() -> None:
    xml = drawn("a").replace(b'<userTask id="a"', b'<userTask id="a" zeebe:hidden="secret"')

    assert b"secret" in xml
    assert b"secret" not in drawing(xml)


def test_names_are_translated_and_ids_are_not() -> None:
    kept = drawing(drawn("a"), str.upper).decode()

    assert re.search(r'<bpmn:userTask id="a" name="A"', kept)
    assert 'sourceRef="start"' in kept


def test_names_stay_text_whatever_is_in_them() -> None:
    kept = drawing(drawn("a"), lambda _name: '<b onclick="x">&')

    assert etree.fromstring(kept).find(f".//{{{module.BPMN}}}userTask").get("name") == '<b onclick="x">&'


def test_where_nothing_is_drawn_there_is_no_drawing() -> None:
    assert drawing(bpmn.VISA) == b"" or b"BPMNShape" in bpmn.VISA
    assert drawing(bpmn.process(bpmn.start(), bpmn.end(), path("start", "end"))) == b""


@pytest.mark.parametrize("attack", [b'<!DOCTYPE x [<!ENTITY e "e">]>', b"<!-- -->" * 40_000 + b"<"])
def test_files_nobody_should_trust_are_refused(attack: bytes) -> None:
    with pytest.raises(NotInSubset):
        drawing(attack + drawn("a"))


def test_without_the_list_of_what_is_known_the_inside_would_be_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everything = module._PLAIN | {"extensionElements", "zeebe:properties", "zeebe:property"}
    monkeypatch.setattr(module, "_PLAIN", everything)
    monkeypatch.setitem(module._ATTRIBUTES, "zeebe:property", {"value"})

    assert b"secret" in drawing(drawn("a"))
