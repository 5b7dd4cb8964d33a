"""Every kind of modelling mistake is found, at its element and its line, before anybody starts the process."""

from consular.workflow.check import Finding, Known, check
from consular.workflow.compile import NotInSubset, compile
from tests import rows
from tests.workflow import bpmn
from tests.workflow.bpmn import element, flow, path, user

KNOWN = Known(
    lanes=frozenset({"caseworker"}),
    services=frozenset({"casework.issue"}),
    decisions=frozenset({"fee"}),
    forms=frozenset({"examination"}),
    phases=frozenset({"in_review", "closed"}),
)
START, END, A, B = bpmn.start(), bpmn.end(), user("a"), user("b")
SPLIT, JOIN, MERGE = bpmn.parallel("split"), bpmn.parallel("join"), bpmn.exclusive("merge")
ONE = (START, A, END, path("start", "a", "end"))


CALL = '<zeebe:calledElement processId="p2"/>'


def which(default: str = "which-b") -> str:
    return bpmn.exclusive("which", default)


def through(part: str, *more: str, id: str = "x") -> tuple[str, ...]:
    """A process that leads through one element."""
    return (START, part, END, path("start", id, "end"), *more)


def two_ways(first: str, second: str) -> str:
    """Flows from a choice into two elements, the second one by default."""
    return flow("which", first, "x") + flow("which", second)


FORKED = (START, SPLIT, A, B, path("start", "split", "a"), path("split", "b"))

Mistake = tuple[tuple[str, ...], str, str]
"""The elements one on each line, the code (or a part of the refusal), and the element it is found at."""

MISTAKES: dict[str, Mistake] = {
    "four eyes before the other task": (
        (START, user("a", fourEyesWith="b"), B, END, path("start", "a", "b", "end")), "four_eyes", "a"),
    "four eyes beside the other task": (
        (START, SPLIT, user("a", fourEyesWith="b"), B, JOIN, END, path("start", "split", "a", "join", "end"),
         path("split", "b", "join")), "four_eyes", "a"),
    "a join behind a choice": (
        (START, which("which-b"), A, B, JOIN, END, path("start", "which"), two_ways("a", "b"), path("a", "join", "end"),
         path("b", "join")), "deadlock", "join"),
    "a join that waits for a path from nowhere": (
        (START, A, B, JOIN, END, path("start", "a", "join", "end"), path("b", "join")), "deadlock", "join"),
    "a join that waits for itself": (
        (START, JOIN, A, which("which-end"), END, path("start", "join", "a", "which", "end"),
         flow("which", "join", "again")), "deadlock", "join"),
    "two joins that wait for each other": (
        (*FORKED, bpmn.parallel("j1"), bpmn.parallel("j2"), user("c"), END, path("a", "j1", "c", "j2", "end"),
         path("b", "j2", "j1")), "deadlock", "j1"),
    "a token left behind at a join": (
        (*FORKED[:4], which("which-join"), JOIN, END, bpmn.end("early"),
         path("start", "split", "a", "which", "join", "end"), path("split", "b", "join"),
         flow("which", "early", "x")), "left_behind", "join"),
    "a timer that takes one of two joined paths away": (
        (*FORKED, JOIN, END, bpmn.on_timer("late", "a"), bpmn.end("stop"), path("a", "join", "end"), path("b", "join"),
         path("late", "stop")), "left_behind", "join"),
    "an error that takes one of two joined paths away": (
        (START, SPLIT, bpmn.service("a"), B, JOIN, END, bpmn.on_error("bad", "a"), bpmn.end("stop"),
         path("start", "split", "a", "join", "end"), path("split", "b", "join"), path("bad", "stop")),
        "left_behind", "join"),
    "parallel paths that meet without a join": (
        (*FORKED, MERGE, user("c"), END, path("a", "merge", "c", "end"), path("b", "merge")), "doubled", "c"),
    "a reminder that leads back into the main path": (
        (START, A, bpmn.on_timer("remind", "a", cancel="false"), B, END, path("start", "a", "b", "end"),
         path("remind", "b")), "doubled", "b"),
    "a loop that adds a token each time round": (
        (START, MERGE, SPLIT, A, B, END, path("start", "merge", "split", "a", "merge"), path("split", "b", "end")),
        "unbounded", "b"),
    "a loop nobody leaves": ((START, A, B, path("start", "a", "b", "a")), "endless", "b"),
    "gateways in a circle": (
        (START, bpmn.exclusive("g1", "g1-g2"), bpmn.exclusive("g2", "g2-end"), A, END, path("start", "g1", "g2", "end"),
         flow("g2", "g1", "x"), flow("g1", "a", "y"), path("a", "end")), "circle", "g1"),
    "a circle through a sub-process that never waits": (
        (START, bpmn.sub("inner", bpmn.start("in"), bpmn.rule("r", "fee"), bpmn.end("out"), path("in", "r", "out")),
         which("which-end"), END, path("start", "inner", "which", "end"), flow("which", "inner", "more")),
        "circle", "inner"),
    "parallel paths in a circle, none of which waits": (
        (START, MERGE, SPLIT, bpmn.rule("r", "fee"), JOIN, which("which-end"), END,
         path("start", "merge", "split", "r", "join", "which", "end"), path("split", "join"),
         flow("which", "merge", "more")), "circle", "join"),
    "an element nothing leads to": ((*ONE, B, path("b", "end")), "dead", "b"),
    "a path behind a loop nobody leaves": (
        (START, A, B, path("start", "a", "b", "a"), user("c"), END, path("c", "end")), "dead", "c"),
    "an event for an error that never comes": (
        (START, bpmn.sub("inner", bpmn.start("in"), bpmn.end("out"), path("in", "out")),
         bpmn.on_error("guard", "inner"), END, path("start", "inner", "end"), path("guard", "end")), "dead", "guard"),
    "an error nobody catches": (
        (START, bpmn.sub("inner", bpmn.start("in") + bpmn.error_end("broken") + path("in", "broken")), END,
         path("start", "inner", "end")), "uncaught", "broken"),
    "an error caught under another name": (
        (START, bpmn.sub("inner", bpmn.start("in") + bpmn.error_end("broken") + path("in", "broken")),
         bpmn.on_error("guard", "inner", "e_other"), END, path("start", "inner", "end"), path("guard", "end")),
        "uncaught", "broken"),
    "a sub-process that never ends": (
        (START, bpmn.sub("inner", bpmn.start("in") + bpmn.timer("t") + path("in", "t", "t2") + bpmn.timer("t2")
                         + path("t2", "t")), END, path("start", "inner", "end")), "endless", "t"),
    "a deadlock inside a sub-process": (
        (START, bpmn.sub("inner", bpmn.start("in"), which("which-u"), bpmn.timer("t"), bpmn.timer("u"), JOIN,
                         bpmn.end("out"), path("in", "which"), two_ways("t", "u"), path("t", "join", "out"),
                         path("u", "join")), END, path("start", "inner", "end")), "deadlock", "join"),
    "a terminate that may come first, and a join that may wait for ever": (
        (START, SPLIT, which("which-b"), B, bpmn.end("early"), A, JOIN, bpmn.terminate("stop"),
         path("start", "split", "a", "join", "stop"), path("split", "which"), flow("which", "early", "x"),
         flow("which", "b"), path("b", "join")), "left_behind", "join"),
    "a terminate in one of two parallel paths, the other one joined": (
        (*FORKED, JOIN, END, bpmn.terminate("stop"), path("a", "stop"), path("b", "join", "end"), user("c"),
         path("c", "join")), "dead", "end"),
    "a choice without default": (
        (START, which(""), A, B, END, path("start", "which"), flow("which", "a", "x"), flow("which", "b", "y"),
         path("a", "end"), path("b", "end")), "no_default", "which"),
    "a way with neither condition nor default": (
        (START, which(), A, B, END, path("start", "which", "a", "end"), path("which", "b", "end")),
        "no_condition", "which"),
    "a default with a condition": (
        (START, which(), A, B, END, path("start", "which"), flow("which", "a", "x"), flow("which", "b", "y"),
         path("a", "end"), path("b", "end")), "no_condition", "which"),
    "an unknown decision": (through(bpmn.rule("x", "fees")), "unknown_decision", "x"),
    "an unknown service step": (through(bpmn.service("x", type="casework.isue")), "unknown_service", "x"),
    "an unknown form": (through(user("x", form="examinations")), "unknown_form", "x"),
    "an unknown phase": (through(user("x", phase="reviewing")), "unknown_phase", "x"),
    "an unknown property": (through(user("x", fourEyes="a")), "did you mean fourEyesWith?", "x"),
    "four eyes with nobody": (through(user("x", fourEyesWith="nobody")), "fourEyesWith names no user task", "x"),
    "four eyes with a service step": (
        (START, bpmn.service("s"), user("x", fourEyesWith="s"), END, path("start", "s", "x", "end")),
        "fourEyesWith names no user task", "x"),
    "four eyes with oneself": (through(user("x", fourEyesWith="x")), "fourEyesWith names the task itself", "x"),
    "a message never defined": (through(bpmn.message("x", "m_never")), "needs a message", "x"),
    "an error never defined": (
        (START, A, bpmn.error_end("x", "e_never"), path("start", "a", "x")), "unknown error e_never", "x"),
    "a boundary event on a gateway": (
        through(bpmn.parallel("x"), bpmn.on_timer("late", "x"), path("late", "end")), "must be attached to", "late"),
    "an error event on a person's task": (
        through(user("x"), bpmn.on_error("bad", "x"), path("bad", "end")), "only service steps", "bad"),
    "a task behind an event-based gateway": (
        (START, bpmn.race("x"), bpmn.timer("t"), A, END, path("start", "x", "t", "end"), path("x", "a", "end")),
        "may only lead to timers", "x"),
    "two starts": ((*ONE, bpmn.start("again"), path("again", "end")), "needs exactly one start event", "p"),
    "no start in a sub-process": (
        (START, bpmn.sub("inner", A, bpmn.end("out"), path("a", "out")), END, path("start", "inner", "end")),
        "needs exactly one start event", "inner"),
    "a task that leads nowhere": ((START, A, B, END, path("start", "a", "end")), "must lead somewhere", "b"),
    "a task with two ways out": (
        (START, A, B, END, path("start", "a", "end"), path("a", "b", "end")), "only a gateway may have several", "a"),
    "a flow to nothing": (
        (*ONE[:3], path("start", "a"), flow("a", "nowhere")), "leads out of its process", "a-nowhere"),
    "an id used twice": ((*ONE, user("a")), "the id is used twice", "a"),
    "a flow with the id of a task": (
        (START, A, END, path("start", "a"), flow("a", "end", id="start")), "the id is used twice", "start"),
    "a condition nobody can read": (
        (START, which("which-end"), A, END, path("start", "which", "end"), flow("which", "a", "x +"), path("a", "end")),
        "the expression cannot be read", "which-a"),
    "a time limit that is none": (through(user("x", sla="two weeks")), "the time cannot be read", "x"),
    "a pause in no phase": (
        through(user("x", sla="P5D", pauses="your_trun")), "pauses names no phase", "x"),
    "a call of nothing": (
        through(element("callActivity", "x", "", CALL + bpmn.properties(version="1"))),
        "is not published", "x"),
    "rounds without a list": (
        through(user("x", "<multiInstanceLoopCharacteristics/>")), "needs zeebe:loopCharacteristics", "x"),
    "an element outside the subset": (through(element("scriptTask", "x")), "is not supported", "x"),
}  # fmt: skip


def drawn(parts: tuple[str, ...], *, lane: str = "caseworker") -> bytes:
    """The process with a line for each part."""
    return bpmn.process(*(f"\n{part}" for part in parts), lane=lane)


def line_of(xml: bytes, id: str) -> int:
    """Where an id stands, for the last time when it does twice."""
    return xml[: xml.rindex(f' id="{id}"'.encode())].count(b"\n") + 1


def found(xml: bytes) -> list[tuple[str, str, int]]:
    """What is wrong with a file: code or reason, element, line."""
    try:
        findings: tuple[Finding, ...] = check(compile(xml), KNOWN)
    except NotInSubset as refused:
        return [(refused.reason, refused.id, refused.line)]
    return [(finding.code, finding.node, finding.line) for finding in findings]


@rows.every("name", MISTAKES)
def test_every_mistake_is_found_at_its_element_and_line(name: str) -> None:
    parts, what, where = MISTAKES[name]
    xml = drawn(parts)

    matching = [(id, line) for reason, id, line in found(xml) if what in reason]

    assert (where, line_of(xml, where)) in matching


def test_a_task_in_an_unknown_lane_and_one_in_none_are_found() -> None:
    assert [item[:2] for item in found(drawn(ONE, lane="janitor"))] == [("unknown_lane", "a")]
    assert [item[:2] for item in found(drawn(ONE, lane=""))] == [("no_lane", "a")]


def test_without_a_mistake_nothing_is_found() -> None:
    """The negative control: the same process, each time before the mistake was made."""
    assert found(drawn(ONE)) == []
    assert found(drawn(through(user("x", sla="P5D", phase="in_review", form="examination")))) == []
    assert found(drawn((*FORKED, JOIN, END, path("a", "join", "end"), path("b", "join")))) == []
    inner = element("subProcess", "s", bpmn.start("s1") + A + bpmn.end("e1") + path("s1", "a", "e1"))
    assert (
        found(drawn((START, inner, user("b", fourEyesWith="a"), END, path("start", "s", "b", "end")))) == []
    )
