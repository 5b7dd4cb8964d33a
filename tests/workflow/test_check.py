"""The soundness check finds what it should, and lets sound processes pass."""

import pytest
from django.conf import settings

from consular.workflow import soundness
from consular.workflow.check import Known, check
from consular.workflow.compile import compile
from consular.workflow.publishing import LANES
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path


def codes(*parts: str, known: Known | None = None, lane: str = "caseworker") -> set[tuple[str, str]]:
    """What is found: code and element."""
    return {
        (finding.code, finding.node) for finding in check(compile(bpmn.process(*parts, lane=lane)), known)
    }


BEGIN, END = bpmn.start(), bpmn.end()
A, B, C = bpmn.user("a"), bpmn.user("b"), bpmn.user("c")
SPLIT, JOIN, MERGE = bpmn.parallel("split"), bpmn.parallel("join"), bpmn.exclusive("merge")


def which(default: str = "which-b") -> str:
    return bpmn.exclusive("which", default)


SEEDED = {
    "a choice that leads into a parallel join": (
        (BEGIN, which(), A, B, JOIN, END, path("start", "which", "b", "join", "end"), flow("which", "a", "x"),
         path("a", "join")),
        {("deadlock", "join"), ("dead", "end")},
    ),
    "a parallel split that is never joined": (
        (BEGIN, SPLIT, A, B, MERGE, C, END, path("start", "split", "a", "merge", "c", "end"),
         path("split", "b", "merge")),
        {("doubled", "c"), ("doubled", "end")},
    ),
    "a token left behind in a join": (
        (BEGIN, SPLIT, A, which(), B, JOIN, END, bpmn.end("early"), path("start", "split", "a", "join", "end"),
         path("split", "which", "b", "join"), flow("which", "early", "x")),
        {("left_behind", "join")},
    ),
    "a loop that adds a token each time round": (
        (BEGIN, MERGE, SPLIT, A, B, END, path("start", "merge", "split", "a", "merge"), path("split", "b", "end")),
        {("unbounded", "b")},
    ),
    "a loop nobody leaves": (
        (BEGIN, A, B, path("start", "a", "b", "a")),
        {("endless", "a"), ("endless", "b")},
    ),
    "gateways in a circle": (
        (BEGIN, bpmn.exclusive("g1", "g1-g2"), bpmn.exclusive("g2", "g2-end"), A, END,
         path("start", "g1", "g2", "end"), flow("g2", "g1", "x"), flow("g1", "a", "y"), path("a", "end")),
        {("circle", "g1"), ("circle", "g2")},
    ),
    "a gateway without default": (
        (BEGIN, which(""), A, B, END, path("start", "which"), flow("which", "a", "x"), flow("which", "b", "y"),
         path("a", "end"), path("b", "end")),
        {("no_default", "which")},
    ),
    "a gateway with a flow that has neither condition nor default": (
        (BEGIN, which(), A, B, END, path("start", "which", "a", "end"), path("which", "b", "end")),
        {("no_condition", "which")},
    ),
    "a default with a condition": (
        (BEGIN, which(), A, B, END, path("start", "which", "a", "end").replace(
            'targetRef="a">', 'targetRef="a"><conditionExpression>x</conditionExpression>'),
         flow("which", "b", "y"), path("b", "end")),
        {("no_condition", "which")},
    ),
    "an element nothing leads to": (
        (BEGIN, A, B, END, path("start", "a", "end"), path("b", "end")),
        {("dead", "b")},
    ),
    "an error nobody catches": (
        (BEGIN, bpmn.sub("inner", bpmn.start("in"), A, bpmn.error_end("broken"), path("in", "a", "broken")), END,
         path("start", "inner", "end")),
        {("uncaught", "broken"), ("dead", "end")},
    ),
    "a boundary event for an error that never comes": (
        (BEGIN, bpmn.sub("inner", bpmn.start("in"), bpmn.end("out"), path("in", "out")),
         bpmn.on_error("guard", "inner"), A, END, path("start", "inner", "end"), path("guard", "a", "end")),
        {("dead", "guard"), ("dead", "a")},
    ),
    "a deadlock inside a sub-process": (
        (BEGIN, bpmn.sub("inner", bpmn.start("in"), which(), bpmn.timer("t"), bpmn.timer("u"), JOIN, bpmn.end("out"),
                         path("in", "which", "t", "join", "out").replace('targetRef="t">',
                         'targetRef="t"><conditionExpression>x</conditionExpression>'),
                         flow("which", "u", id="which-b"), path("u", "join")),
         END, path("start", "inner", "end")),
        {("deadlock", "join"), ("dead", "out"), ("dead", "end")},
    ),
    "a timer that interrupts one of two joined paths": (
        (BEGIN, SPLIT, A, B, JOIN, END, bpmn.on_timer("late", "a"), bpmn.end("stop"),
         path("start", "split", "a", "join", "end"), path("split", "b", "join"), path("late", "stop")),
        {("left_behind", "join")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEEDED)
def test_every_seeded_error_is_found(name: str) -> None:
    parts, expected = SEEDED[name]

    assert codes(*parts) >= expected


SOUND = {
    "a loop around parallel paths": (
        BEGIN, MERGE, SPLIT, A, B, JOIN, which("which-end"), END, path("start", "merge", "split", "a", "join",
            "which", "end"),
        path("split", "b", "join"), flow("which", "merge", "more"),
    ),
    "parallel paths that end on their own": (
        BEGIN, SPLIT, A, B, END, bpmn.end("other"), path("start", "split", "a", "end"), path("split", "b", "other"),
    ),
    "a terminate end that takes the other path away": (
        BEGIN, SPLIT, A, B, JOIN, END, bpmn.on_timer("late", "a"), bpmn.terminate("stop"),
        path("start", "split", "a", "join", "end"), path("split", "b", "join"), path("late", "stop"),
    ),
    "a reminder beside a task in a loop": (
        BEGIN, A, bpmn.on_timer("remind", "a", cancel="false"), bpmn.service("mail"), bpmn.end("sent"),
        which("which-end"), END, path("start", "a", "which", "end"), flow("which", "a", "more"),
        path("remind", "mail", "sent"),
    ),
    "an error that is caught": (
        BEGIN, bpmn.service("s"), bpmn.on_error("guard", "s"), A, END, path("start", "s", "end"), path("guard", "a",
            "end"),
    ),
    "the first of two events": (
        BEGIN, bpmn.race("race"), bpmn.timer("t"), bpmn.message("m"), A, END, path("start", "race", "t", "a", "end"),
        path("race", "m", "end"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_sound_processes_pass(name: str) -> None:
    assert codes(*SOUND[name]) == set()


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Known(lanes=frozenset({"decider"})), ("unknown_lane", "a")),
        (Known(services=frozenset({"casework.issue"})), ("unknown_service", "s")),
        (Known(decisions=frozenset()), ("unknown_decision", "d")),
        (Known(forms=frozenset({"other"})), ("unknown_form", "a")),
        (Known(phases=frozenset({"closed"})), ("unknown_phase", "a")),
    ],
)
def test_names_the_product_does_not_know_are_found(known: Known, expected: tuple[str, str]) -> None:
    parts = (
        BEGIN, bpmn.user("a", form="examination", phase="in_review"), bpmn.service("s", type="casework.nothing"),
        bpmn.rule("d"), END, path("start", "a", "s", "d", "end"),
    )  # fmt: skip

    assert codes(*parts) == set()
    assert codes(*parts, known=known) == {expected}


def test_a_task_outside_every_lane_is_found() -> None:
    assert codes(BEGIN, A, END, path("start", "a", "end"), lane="") == {("no_lane", "a")}


def test_any_number_of_parallel_paths_is_no_obstacle() -> None:
    tasks = [f"t{number}" for number in range(100)]
    parts = [BEGIN, SPLIT, JOIN, END, *(bpmn.user(task) + bpmn.user(f"{task}b") for task in tasks)]
    parts += [path("start", "split"), *(path("split", task, f"{task}b", "join") for task in tasks)]

    assert codes(*parts, path("join", "end"), lane="") == {("no_lane", t) for t in tasks} | {
        ("no_lane", f"{t}b") for t in tasks
    }


def test_a_process_with_too_many_situations_is_not_called_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "MOST_MARKINGS", 0)
    monkeypatch.setattr(soundness, "MOST_DRAWN", 0)

    assert ("too_large", "p") in codes(*SOUND["the first of two events"])


def test_findings_name_element_and_line() -> None:
    finding = check(compile(bpmn.process(BEGIN, A, END, path("start", "a", "end"), lane="")))[0]

    assert str(finding) == 'line 1: a "a": lies in no lane: nobody would see the task'


@pytest.mark.parametrize("file", sorted(settings.FORMS_DIR.glob("*/v*/process.bpmn")), ids=str)
def test_every_delivered_process_is_sound(file: object) -> None:
    graph = compile(file.read_bytes())  # type: ignore[attr-defined]

    assert check(graph, Known(lanes=LANES)) == ()
    assert all(node.sla for node in graph.nodes.values() if node.kind == "user")
