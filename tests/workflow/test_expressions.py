"""Misspelt names, functions and times are found before publication: FEEL would take them for null."""

from dataclasses import replace

import pytest

from consular.workflow.check import Known, check
from consular.workflow.compile import compile
from tests import rows
from tests.workflow import bpmn
from tests.workflow.bpmn import element, flow, path, user

BEGIN, END = bpmn.start(), bpmn.end()
KNOWN = Known(variables={"days": "string"}, names=frozenset({"answer"}))
EACH = bpmn.each("=partners", "partner")


def condition(written: str) -> tuple[str, ...]:
    """A choice with one condition, behind a decision that sets `fee`."""
    return (
        BEGIN, bpmn.rule("ask", "fee", "fee"), bpmn.exclusive("which", "which-end"), user("more"), END,
        path("start", "ask", "which", "end"), path("more", "end"), flow("which", "more", written, id="f"),
    )  # fmt: skip


def timed(written: str, tag: str = "timeDuration") -> tuple[str, ...]:
    """One timer."""
    waiting = f"<timerEventDefinition><{tag}>{written}</{tag}></timerEventDefinition>"
    return BEGIN, element("intermediateCatchEvent", "wait", waiting), END, path("start", "wait", "end")


def found(parts: tuple[str, ...], known: Known | None = KNOWN) -> list[tuple[str, str, str]]:
    return [(one.code, one.node, one.reason) for one in check(compile(bpmn.process(*parts)), known)]


MISTAKES = {
    "a function that is misspelt": (
        condition("=cout(answer) &gt; 1"),
        ("unknown_name", "which", "flow f: there is no function cout: did you mean count?"),
    ),
    "a function nobody knows": (
        condition("=is overdue(answer)"),
        ("unknown_name", "which", "flow f: there is no function is overdue"),
    ),
    "an answer that is misspelt": (
        condition('=anwser = "consent"'),
        ("unknown_name", "which", "flow f: nothing sets anwser: did you mean answer?"),
    ),
    "a name in a time": (
        timed("=date(visit)"), ("unknown_name", "wait", "its time: nothing sets visit"),
    ),
    "a list nothing gives": (
        (BEGIN, user("ask", bpmn.each("=helpers")), END, path("start", "ask", "end")),
        ("unknown_name", "ask", "its list: nothing sets helpers"),
    ),
    "a condition that is a number": (
        condition("=1"), ("sorts", "which", "flow f: its condition gives a number: that is never true"),
    ),
    "a condition that is a text": (
        condition("=days"), ("sorts", "which", "flow f: its condition gives a string: that is never true"),
    ),
    "a condition that is a list": (
        condition("=[true]"), ("sorts", "which", "flow f: its condition gives a list or context: that is never true"),
    ),
    "a day that is in no calendar": (
        timed("=date(\"2026-02-30\")", "timeDate"),
        ("no_moment", "wait", "its time gives no moment: a timer needs a duration or a moment"),
    ),
    "a time that is a number": (
        timed("=7"), ("no_moment", "wait", "its time gives no moment: a timer needs a duration or a moment"),
    ),
    "a time behind the calendar's end": (
        timed("P9999Y"), ("no_moment", "wait", "its time gives no moment: year 12025 is out of range"),
    ),
    "rounds that wait for one message": (
        (BEGIN, bpmn.sub("s", bpmn.start("in"), bpmn.receive("r"), bpmn.end("out"), EACH, path("in", "r", "out")), END,
         bpmn.rule("list", "partners", "partners"), path("start", "list", "s", "end")),
        ("no_key", "r", "several rounds wait for the message booked, so it needs a correlationKey"),
    ),
}  # fmt: skip


@rows.every("name", MISTAKES)
def test_what_would_be_null_in_every_case_is_found(name: str) -> None:
    parts, finding = MISTAKES[name]

    assert found(parts) == [finding]


@pytest.mark.parametrize(
    "parts",
    [
        condition("=fee &gt; 50"),
        condition('=answer = "consent" and number(days) &gt; 3'),
        condition("=some each in [1, 2] satisfies each = number(days)"),
        condition("=count(fee[amount &gt; 3]) &gt; 0"),
        condition("=true"),
        timed("=today()", "timeDate"),
        timed('=duration("P" + days + "D")'),
        (
            BEGIN, bpmn.rule("list", "partners", "partners"),
            bpmn.sub("s", bpmn.start("in"), bpmn.receive("r", "m_answered"), bpmn.end("out"), EACH,
                     path("in", "r", "out")),
            END, path("start", "list", "s", "end"),
        ),
    ],
)  # fmt: skip
def test_what_is_set_somewhere_is_no_mistake(parts: tuple[str, ...]) -> None:
    assert found(parts) == []


def test_what_a_decision_reads_is_set_somewhere() -> None:
    asked = replace(
        KNOWN, asked={"fee": frozenset({"on", "answer", "contry"})}, names=frozenset({"answer", "country"})
    )
    said = "nothing sets contry, which the decision fee reads: did you mean country?"

    assert found(condition("=fee &gt; 1"), asked) == [("unknown_name", "ask", said)]
    assert found(condition("=fee &gt; 1"), replace(asked, names=frozenset({"answer", "contry"}))) == []


def test_outside_a_service_only_functions_are_known() -> None:
    assert found(condition("=anything = 1"), None) == []
    assert [code for code, _node, _reason in found(condition("=cout(x) = 1"), None)] == ["unknown_name"]
