"""Two at once, on real connections, each with its negative control."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread, current_thread, main_thread

import pytest
from django.db import connection, transaction

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import rows, store
from consular.workflow.models import Completion, Instance, Token
from consular.workflow.state import Deliver
from tests import factories
from tests.harm import alter, without_lock, without_revision
from tests.meeting import Meeting
from tests.workflow import bpmn

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
XML = bpmn.VISA
WITH_TIMER = bpmn.process(
    bpmn.start(), bpmn.user("work"), bpmn.on_timer("late", "work"), bpmn.end(), bpmn.end("overdue"),
    bpmn.path("start", "work", "end"), bpmn.path("late", "overdue"),
)  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def delhi() -> Mission:
    return factories.mission("DELH")


@pytest.fixture
def clerks(delhi: Mission) -> list[User]:
    roles = (Role.INTAKE_CLERK, Role.CASEWORKER)
    return [factories.official(*roles, mission=delhi), factories.official(*roles, mission=delhi)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do these at the same time, each in its own transaction; what each gave, or the code it was refused with."""
    barrier = Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        barrier.wait()
        try:
            with transaction.atomic():
                results[index] = acts[index]()
        except Refused as refusal:
            results[index] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def completing(token: int, by: User, **variables: object) -> Callable[[], object]:
    return lambda: store.complete(token, by=by, variables=variables, now=NOW).phase


def begun(delhi: Mission, xml: bytes = XML) -> store.Advance:
    with transaction.atomic():
        return store.start(store.publish("p", 1, xml), mission=delhi, variables={"booked": True}, now=NOW)


@pytest.fixture
def both_read_before_either_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold each of two threads between reading and writing until the other one has read too, or waits for the lock."""
    meeting = Meeting()
    write = rows.write

    def late(*arguments: object, **named: object) -> store.Advance:
        if current_thread() is main_thread():  # what is made before the race waits for nobody
            return write(*arguments, **named)  # type: ignore[arg-type]
        meeting.arrive()
        return write(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "write", late)


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_of_two_officers_completing_one_task_exactly_one_does(delhi: Mission, clerks: list[User]) -> None:
    token = begun(delhi).entered[0].token_id

    results = at_once(
        completing(token, clerks[0], complete=True), completing(token, clerks[1], complete=False)
    )

    assert "done" in results
    assert len({"in_review", "your_turn"} & set(results)) == 1
    assert (Token.objects.count(), Completion.objects.count(), Instance.objects.get().revision) == (1, 1, 2)


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_without_the_lock_the_revision_still_refuses_the_slower_one(
    delhi: Mission, clerks: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = begun(delhi).entered[0].token_id
    without_lock(monkeypatch)

    results = at_once(
        completing(token, clerks[0], complete=True), completing(token, clerks[1], complete=False)
    )

    assert "changed" in results
    assert (Token.objects.count(), Instance.objects.get().revision) == (1, 2)


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_without_lock_and_revision_one_case_goes_two_ways(
    delhi: Mission, clerks: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the applicant is asked for more and is called to lodge at the same time.

    The key of the completion is the last safeguard and is switched off too.
    """
    token = begun(delhi).entered[0].token_id
    without_lock(monkeypatch)
    without_revision(monkeypatch)
    alter(monkeypatch, rows, "_WRITE", ("task.id = %(done_token)s::bigint", "false"))

    at_once(completing(token, clerks[0], complete=True), completing(token, clerks[1], complete=False))

    assert sorted(Token.objects.values_list("node", flat=True)) == ["await_answer", "lodge"]


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_task_against_timer_only_one_moves_the_case(delhi: Mission, clerks: list[User]) -> None:
    begun(delhi, WITH_TIMER)
    task, late = Token.objects.get(kind="task"), Token.objects.get(kind="timer")
    after = NOW + timedelta(days=8)

    results = at_once(
        completing(task.pk, clerks[0]), lambda: store.fire_timer(late.pk, now=after) and "fired"
    )

    assert results in (["", None], ["done", "fired"])
    assert not Token.objects.exists()


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_if_who_waited_did_not_read_the_tokens_again_the_case_would_go_both_ways(
    delhi: Mission, clerks: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: instance and tokens come in one statement, and the tokens are older than the lock."""
    begun(delhi, WITH_TIMER)
    task, late = Token.objects.get(kind="task"), Token.objects.get(kind="timer")
    after = NOW + timedelta(days=8)
    alter(monkeypatch, rows, "_LOCK", ("SELECT i.xmin =", "SELECT true OR i.xmin ="))

    results = at_once(
        completing(task.pk, clerks[0]), lambda: store.fire_timer(late.pk, now=after) and "fired"
    )

    assert results == ["", "fired"]


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_a_timer_fires_at_most_once(delhi: Mission) -> None:
    begun(delhi, WITH_TIMER)
    late = Token.objects.get(kind="timer")
    after = NOW + timedelta(days=8)
    fire = lambda: store.fire_timer(late.pk, now=after) and "fired"  # noqa: E731

    assert sorted(map(str, at_once(fire, fire))) == ["None", "fired"]


def test_a_timer_another_worker_holds_is_passed_over(delhi: Mission) -> None:
    begun(delhi, WITH_TIMER)
    after = NOW + timedelta(days=8)
    found: list[object] = []

    def look() -> None:
        found.append(store.due_timers(after))
        connection.close()

    with transaction.atomic():
        Token.objects.select_for_update().get(kind="timer")
        thread = Thread(target=look)
        thread.start()
        thread.join()

    assert found == [()]
    assert [timer.token_id for timer in store.due_timers(after)] == [Token.objects.get(kind="timer").pk]
    assert store.due_timers(NOW) == ()


def test_of_two_claims_at_once_one_wins(delhi: Mission, clerks: list[User]) -> None:
    token = begun(delhi).entered[0].token_id

    results = at_once(*(lambda by=by: store.claim(token, by=by) for by in clerks))

    assert sorted(map(str, results)) == ["None", "claimed"]


WAITING = bpmn.process(
    bpmn.start(), bpmn.receive("wait"), bpmn.on_timer("late", "wait"), bpmn.user("answered"), bpmn.user("deemed"),
    bpmn.end(), bpmn.path("start", "wait", "answered", "end"), bpmn.path("late", "deemed", "end"),
)  # fmt: skip


@pytest.mark.usefixtures("both_read_before_either_writes")
def test_an_answer_against_the_end_of_its_time_only_one_counts(delhi: Mission) -> None:
    instance = begun(delhi, WAITING).instance.pk
    late = Token.objects.get(kind="timer")
    after = NOW + timedelta(days=8)

    results = at_once(
        lambda: store.deliver(instance, Deliver("booked"), now=after) and "answered",
        lambda: store.fire_timer(late.pk, now=after) and "deemed",
    )

    assert results in (["answered", None], [None, "deemed"])
    assert [token.node for token in Token.objects.all()] == [result for result in results if result]


def test_a_transition_that_is_cut_off_leaves_nothing_behind(delhi: Mission, clerks: list[User]) -> None:
    token = begun(delhi).entered[0].token_id

    def cut_off() -> object:
        store.complete(token, by=clerks[0], variables={"complete": True}, now=NOW)
        raise Refused("the connection is gone", code="cut_off")

    assert at_once(cut_off) == ["cut_off"]
    assert (Token.objects.get().node, Completion.objects.count()) == ("check_completeness", 0)
    assert at_once(completing(token, clerks[0], complete=True)) == ["in_review"]
