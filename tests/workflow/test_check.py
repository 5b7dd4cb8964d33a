"""The soundness check finds what it should, and lets sound processes pass."""

import pytest
from django.conf import settings

from consular.workflow import soundness
from consular.workflow.check import Known, check
from consular.workflow.compile import compile
from consular.workflow.publishing import LANES
from tests.effort import calls
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path
from tests.workflow.large import Large


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


SOUND = {
    "a loop around parallel paths": (
        BEGIN, MERGE, SPLIT, A, B, JOIN, which("which-end"), END, path("start", "merge", "split", "a", "join",
            "which", "end"),
        path("split", "b", "join"), flow("which", "merge", "more"),
    ),
    "a loop around a task and nothing beside it": (
        BEGIN, MERGE, SPLIT, A, JOIN, which("which-end"), END,
        path("start", "merge", "split", "a", "join", "which", "end"), path("split", "join"),
        flow("which", "merge", "more"),
    ),
    "a loop around a sub-process with a task": (
        BEGIN, bpmn.sub("inner", bpmn.start("in"), A, bpmn.end("out"), path("in", "a", "out")), which("which-end"), END,
        path("start", "inner", "which", "end"), flow("which", "inner", "more"),
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


WRITES = '<zeebe:taskDefinition type="casework.nothing"/>'


def test_a_step_that_writes_letters_names_one() -> None:
    known = Known(writing=frozenset({"casework.nothing"}))
    parts = (BEGIN, bpmn.element("serviceTask", "s", "", WRITES), END, path("start", "s", "end"))

    assert codes(*parts, known=known) == {("no_letter", "s")}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Known(lanes=frozenset({"decider"})), ("unknown_lane", "a")),
        (Known(services=frozenset({"casework.issue"})), ("unknown_service", "s")),
        (Known(decisions=frozenset()), ("unknown_decision", "d")),
        (Known(forms=frozenset({"other"})), ("unknown_form", "a")),
        (Known(phases=frozenset({"closed"})), ("unknown_phase", "a")),
        (Known(letters=frozenset({"L01"})), ("unknown_letter", "s")),
        (Known(letters=frozenset({"L99"}), receipts=frozenset({"L03"})), ("unknown_letter", "a")),
        (Known(outcomes=frozenset({"granted"})), ("unknown_outcome", "end")),
        (Known(messages=frozenset({"answered"})), ("unknown_message", "m")),
    ],
)
def test_names_the_product_does_not_know_are_found(known: Known, expected: tuple[str, str]) -> None:
    parts = (
        BEGIN, bpmn.user("a", form="examination", phase="in_review", letter="L98"),
        bpmn.element("serviceTask", "s", "", WRITES + bpmn.properties(letter="L99")), bpmn.rule("d"),
        bpmn.message("m"), bpmn.element("endEvent", "end", "", bpmn.properties(outcome="gratned")),
        path("start", "a", "s", "d", "m", "end"),
    )  # fmt: skip

    assert codes(*parts) == set()
    assert codes(*parts, known=known) == {expected}


FAILS = Known(errors={"casework.issue": frozenset({"failed"})})
NEVER_FAILS = Known(errors={})
NEVER = {("dead", "guard"), ("dead", "a")}
S = bpmn.service("s")
MENDED = (BEGIN, S, A, END, path("start", "s", "end"), path("guard", "a", "end"))
IN_SUB = (
    BEGIN, bpmn.sub("sub", bpmn.start("in"), S, bpmn.end("out"), path("in", "s", "out")), A, END,
    path("start", "sub", "end"), path("guard", "a", "end"),
)  # fmt: skip
REMINDED = (
    BEGIN, A, bpmn.on_timer("late", "a", cancel="false"), S, bpmn.user("b"), bpmn.end("told"), END,
    path("start", "a", "end"), path("late", "s", "told"), path("guard", "b", "told"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("known", "parts", "expected"),
    [
        (FAILS, (*MENDED, bpmn.on_error("guard", "s")), set()),
        (FAILS, (*MENDED, bpmn.on_error("guard", "s", "")), set()),
        (FAILS, (*IN_SUB, bpmn.on_error("guard", "sub")), set()),
        (FAILS, (*REMINDED, bpmn.on_error("guard", "s")), set()),
        (FAILS, (BEGIN, S, END, path("start", "s", "end")), {("uncaught", "s")}),
        (FAILS, (*MENDED, bpmn.on_error("guard", "s", "e_other")), {("uncaught", "s"), *NEVER}),
        (NEVER_FAILS, (*MENDED, bpmn.on_error("guard", "s")), NEVER),
        (NEVER_FAILS, (*IN_SUB, bpmn.on_error("guard", "sub", "")), NEVER),
        (Known(), (*MENDED, bpmn.on_error("guard", "s", "e_other")), set()),
    ],
)  # fmt: skip
def test_the_errors_in_which_a_job_may_end_are_caught_and_no_others_waited_for(
    known: Known, parts: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    assert codes(*parts, known=known) == expected


def test_a_task_outside_every_lane_is_found() -> None:
    assert codes(BEGIN, A, END, path("start", "a", "end"), lane="") == {("no_lane", "a")}


def test_any_number_of_parallel_paths_is_no_obstacle() -> None:
    tasks = [f"t{number}" for number in range(100)]
    parts = [BEGIN, SPLIT, JOIN, END, *(bpmn.user(task) + bpmn.user(f"{task}b") for task in tasks)]
    parts += [path("start", "split"), *(path("split", task, f"{task}b", "join") for task in tasks)]

    assert codes(*parts, path("join", "end"), lane="") == {("no_lane", t) for t in tasks} | {
        ("no_lane", f"{t}b") for t in tasks
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_thousand_elements_are_checked_in_few_steps_each(seed: int) -> None:
    large = Large(3_000, seed)
    graph = compile(large.xml)

    findings: list[object] = []
    effort = calls(lambda: findings.extend(check(graph)))

    assert (len(graph.nodes), findings) == (large.count, [])
    assert effort < 500 * large.count


def test_one_mistake_among_three_thousand_elements_is_found() -> None:
    large = Large(3_000)
    ends = [part for part in large.parts if "parallelGateway" in part]
    wrong = ends[-1].replace("parallelGateway", "exclusiveGateway")
    graph = compile(large.xml.replace(ends[-1].encode(), wrong.encode()))

    assert {finding.code for finding in check(graph)} & {"doubled", "deadlock", "unbounded", "left_behind"}


def wide(branch: str) -> tuple[str, ...]:
    """Forty parallel branches with ends of their own; # stands for the number of the branch."""
    branches = (branch.replace("#", str(number)) for number in range(40))
    return (
        BEGIN,
        SPLIT,
        JOIN,
        END,
        bpmn.terminate("stop"),
        path("start", "split"),
        path("join", "end"),
        *branches,
    )


GUARDED = bpmn.user("t#") + bpmn.on_timer("late#", "t#") + bpmn.user("u#") + path("late#", "u#")
WIDE = {
    "a timer may end everything, a task may be done again": (
        wide(bpmn.exclusive("m#") + GUARDED + bpmn.exclusive("x#", "x#-join") + path("split", "m#", "t#", "x#", "join")
             + flow("x#", "m#", "again") + path("u#", "stop"))
    ),
    "two ends in each branch, nothing is joined": (
        BEGIN, SPLIT, path("start", "split"),
        *wide(GUARDED + bpmn.end("e#") + bpmn.end("f#") + path("split", "t#", "e#") + path("u#", "f#"))[7:],
    ),
    "an error may end the sub-process from any branch": (
        BEGIN, END, bpmn.on_error("bad", "inner"), bpmn.user("repair"), path("start", "inner", "end"),
        path("bad", "repair", "end"),
        bpmn.sub("inner", bpmn.start("in"), SPLIT, JOIN, bpmn.end("out"), path("in", "split"), path("join", "out"),
                 *wide(GUARDED + bpmn.error_end("e#") + path("split", "t#", "join") + path("u#", "e#"))[7:]),
    ),
    "reminders that share one path": (
        *wide(bpmn.user("t#") + bpmn.on_timer("r#", "t#", cancel="false") + path("split", "t#", "join")
              + bpmn.on_timer("late#", "t#") + path("late#", "stop") + path("r#", "mail")),
        bpmn.service("mail"), bpmn.end("sent"), path("mail", "sent"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WIDE)
def test_many_parallel_branches_with_ends_of_their_own_are_no_obstacle(name: str) -> None:
    assert {code for code, _node in codes(*WIDE[name], lane="")} == {"no_lane"}


def test_optional_parallel_paths_one_after_the_other_are_no_obstacle() -> None:
    steps = [
        bpmn.exclusive(f"x{n}", f"x{n}-m{n}") + bpmn.parallel(f"s{n}") + bpmn.service(f"n{n}") + bpmn.end(f"e{n}")
        + bpmn.exclusive(f"m{n}") + bpmn.service(f"t{n}") + path(f"x{n}", f"m{n}", f"t{n}", f"x{n + 1}")
        + flow(f"x{n}", f"s{n}", "inform") + path(f"s{n}", f"n{n}", f"e{n}") + path(f"s{n}", f"m{n}")
        for n in range(40)
    ]  # fmt: skip

    assert codes(BEGIN, *steps, bpmn.exclusive("x40"), END, path("start", "x0"), path("x40", "end")) == set()


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
