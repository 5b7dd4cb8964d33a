"""What the applicant is told of the way: few parts, each once, the usual way and no more."""

from datetime import timedelta

from consular.workflow import milestones as module
from consular.workflow.compile import compile
from consular.workflow.milestones import milestones
from consular.workflow.step import start
from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path
from tests.workflow.play import NOW
from tests.workflow.walk import Walk


def visa() -> Walk:
    """Check, ask, book or not, examine with four eyes, and hand over; the clock of the examination runs beside."""
    return Walk(
        bpmn.start(), bpmn.user("check", step="check", phase="in_review"), bpmn.exclusive("complete", "yes"),
        bpmn.message("answer").replace('name="answer">', f'name="answer">{_extended(step="answer")}'),
        bpmn.sub("work", bpmn.start("s"), bpmn.user("search"), bpmn.user("examine", step="propose"),
                 bpmn.user("decide", step="approve"), bpmn.exclusive("approved", "no"), bpmn.end("e"),
                 path("s", "search", "examine", "decide", "approved"), flow("approved", "examine", id="no"),
                 flow("approved", "e", "approved = true", id="ok")),
        bpmn.on_timer("clock", "work", cancel="false"), bpmn.user("hurry"), bpmn.end("hurried"),
        bpmn.user("write", phase="decided"), bpmn.user("give", step="hand_over", phase="ready"), bpmn.end(),
        path("start", "check", "complete"), flow("complete", "answer", "complete = false", id="ask"),
        flow("complete", "work", id="yes"), path("answer", "check"), path("work", "write", "give", "end"),
        path("clock", "hurry", "hurried"),
    )  # fmt: skip


def _extended(**values: str) -> str:
    return f"<extensionElements>{bpmn.properties(**values)}</extensionElements>"


def test_at_the_beginning_the_usual_way_lies_ahead() -> None:
    assert visa().milestones() == ["check open", "propose ahead", "decided ahead", "ready ahead"]


def test_a_question_is_told_only_to_who_is_asked() -> None:
    walk = visa().complete("check", complete=False)

    assert walk.milestones() == [
        "answer open",
        "check ahead",
        "propose ahead",
        "decided ahead",
        "ready ahead",
    ]
    walk.deliver("booked").complete("check", complete=True)
    assert walk.milestones()[:2] == ["answer done", "check done"]


def test_while_something_without_a_name_is_open_the_next_part_is_being_worked_towards() -> None:
    walk = visa().complete("check")

    assert walk.open == ["clock", "search"]
    assert walk.milestones() == ["check done", "propose open", "decided ahead", "ready ahead"]


def test_that_a_proposal_was_sent_back_is_no_news_for_outside() -> None:
    walk = visa().complete("check").complete("search").complete("examine")
    before = walk.milestones()

    walk.complete("decide", approved=False)

    assert walk.milestones() == before == ["check done", "propose open", "decided ahead", "ready ahead"]


def test_without_that_rule_the_applicant_would_see_it(monkeypatch) -> None:
    walk = visa().complete("check").complete("search").complete("examine")
    monkeypatch.setattr(module, "TOGETHER", {})
    before = walk.milestones()

    assert walk.complete("decide", approved=False).milestones() != before


def test_a_clock_that_runs_beside_changes_nothing() -> None:
    walk = visa().complete("check").complete("search")
    before = walk.milestones()

    assert walk.fire("clock").milestones() == before


def test_at_the_end_all_is_done_in_the_order_it_was_done() -> None:
    walk = visa().complete("check").complete("search").complete("examine").complete("decide", approved=True)
    walk.complete("write").complete("give")

    assert walk.milestones() == ["check done", "propose done", "decided done", "ready done"]
    moments = [one.at for one in walk.told()]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] > timedelta(hours=1)


def test_a_process_that_names_no_steps_is_told_by_its_phases() -> None:
    walk = Walk(
        bpmn.start(), bpmn.user("a", phase="in_review"), bpmn.user("b", phase="in_review"),
        bpmn.receive("c", phase="your_turn"), bpmn.user("d", phase="ready"), bpmn.end(),
        path("start", "a", "b", "c", "d", "end"),
    )  # fmt: skip

    assert walk.complete("a").milestones() == ["in_review open", "your_turn ahead", "ready ahead"]


def test_of_a_race_the_message_is_told_and_not_the_clock() -> None:
    named = bpmn.message("book").replace('name="book">', f'name="book">{_extended(step="book")}')
    walk = Walk(
        bpmn.start(), bpmn.race("wait"), bpmn.timer("silent"), named, bpmn.user("lapse", phase="decided"),
        bpmn.end("e"), bpmn.user("give", phase="ready"), bpmn.end(),
        path("start", "wait", "silent", "lapse", "e"), path("wait", "book", "give", "end"),
    )  # fmt: skip

    assert walk.milestones() == ["book open", "ready ahead"]


def test_the_schengen_process_is_told_in_few_words() -> None:
    graph = compile(bpmn.VISA)
    state, _effects = start(graph, {}, NOW)

    assert len(milestones(graph, state.tokens, [])) <= 7
