"""How refusals name what is refused, and what files may hold although nothing runs it."""

import pytest

from consular.workflow.compile import NotInSubset, compile
from tests.workflow.bpmn import element, user
from tests.workflow.test_compile import LOOP, single


@pytest.mark.parametrize(
    ("xml", "refusal"),
    [
        (
            single(user("x", LOOP.format(' isSequential="true"', ""))),
            'line 1: multiInstanceLoopCharacteristics in userTask x "x": only parallel multi-instance over a list is '
            "supported",
        ),
        (
            single(element("userTask", "x", "", "<zeebe:formDefinition/>")),
            'line 1: zeebe:formDefinition in userTask x "x": is not supported here',
        ),
        (
            single(user("x"), '<sequenceFlow sourceRef="x" targetRef="end"/>'),
            "line 1: sequenceFlow in process p: needs an id of at most 60 letters, digits, dots, dashes and "
            "underscores",
        ),
        (
            single(user("x")).replace(b"</definitions>", b'<process id="q" name="Q"/></definitions>'),
            'line 1: process q "Q": is a second process: leave the pools of others empty',
        ),
        (single(user("x")).decode().encode("utf-16"), "the file is in UTF-16: save it in UTF-8"),
    ],
)
def test_what_has_no_id_is_named_by_where_it_lies(xml: bytes, refusal: str) -> None:
    with pytest.raises(NotInSubset) as raised:
        compile(xml)

    assert str(raised.value) == refusal


def test_what_modelers_leave_behind_is_no_obstacle() -> None:
    """Definitions that nothing uses are shown in no modeler, so nobody could take them away."""
    left = b'<signal id="s" name="Old"/><escalation id="es"/><itemDefinition id="i"/>'
    named = left + b'<category id="c"><categoryValue id="cv" value="Group"/></category><process '
    written = b'<userTask implementation="##unspecified" '
    xml = single(user("x")).replace(b"<process ", named).replace(b"<userTask ", written)

    assert compile(xml).nodes.keys() == {"start", "x", "end"}
