"""Moving a case and completing its task in the same moment; a run that is killed; a line that is cut."""

import subprocess
import sys
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Case, Event
from consular.core.errors import Refused
from consular.workflow import library, migrating, rows
from consular.workflow.mapping import TokenMapping
from consular.workflow.migrating import Route
from consular.workflow.models import Instance, Token
from tests import factories, stages
from tests.casework import killing
from tests.casework.test_crashes import LOST, CutAt
from tests.casework.test_versions import EXAMINE_TO_ASSESS, second, way
from tests.harm import alter, session_with, without_lock, without_revision
from tests.meeting import Meeting
from tests.processes import ROOT, environment, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


@pytest.fixture
def administrator() -> User:
    return factories.official(Role.ADMINISTRATOR)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Everybody acts at the same time on a connection of their own; what each got, or the code of the refusal."""
    ready, got = Barrier(len(acts)), list[object]([None] * len(acts))

    def act(number: int) -> None:
        ready.wait()
        try:
            got[number] = acts[number]()
        except Refused as refused:
            got[number] = refused.code
        finally:
            connection.close()

    threads = [Thread(target=act, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, whoever has read a case waits until the other one has, too, or waits for the lock."""
    meeting = Meeting()
    load = rows.lock

    def late(**named: int) -> rows.Loaded | None:
        loaded = load(**named)
        meeting.arrive()
        return loaded

    monkeypatch.setattr(rows, "lock", late)


def acts(
    post: stages.Post, administrator: User
) -> tuple[Case, tuple[Callable[[], object], Callable[[], object]]]:
    """A case at examination, and two who want something of it: to move it, and to complete its task."""
    case = stages.at_examination(post)
    second(administrator)
    route, task = way(), stages.open_task(case).pk
    return case, (
        lambda: casework.move_case(case.pk, route, actor=administrator),
        lambda: casework.complete(case.reference, task, stages.granting(), actor=post.caseworker).phase,
    )


def lost(case: Case) -> list[str]:
    """The elements at which a case waits although its process does not have them."""
    graph = library.graph(Instance.objects.get(case=case).definition)
    nodes = Token.objects.filter(instance__case=case).values_list("node", flat=True)
    return [node for node in nodes if node not in graph.nodes]


def test_migration_against_completion_both_count_one_after_the_other(
    post: stages.Post, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, both = acts(post, administrator)
    meet(monkeypatch)

    assert at_once(*both) == [True, "in_review"]

    instance = Instance.objects.get(case=case)
    assert (instance.definition.number, stages.open_task(case).node) == ("1.2", "decide")
    done = [done[0] for done in instance.memory["done"]]
    assert (done[-1], "examine" in done) == ("assess", False)
    assert lost(case) == []


def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody locks anything, and nobody looks whether the instance is still as it was read."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    without_lock(monkeypatch)
    without_revision(monkeypatch)
    alter(monkeypatch, migrating, "_MOVE", ("AND revision = %(revision)s", ""))


def test_without_locks_the_revision_still_refuses_one_of_them(
    post: stages.Post, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, both = acts(post, administrator)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    without_lock(monkeypatch)
    meet(monkeypatch)

    assert "changed" in at_once(*both)
    assert lost(case) == []


def test_without_locks_and_revision_a_case_is_in_the_new_process_and_forgets_who_examined(
    post: stages.Post, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the examination is remembered under a name the new process does not know, or not at all."""
    case, both = acts(post, administrator)
    careless(monkeypatch)
    meet(monkeypatch)

    assert at_once(*both) == [True, "in_review"]

    instance = Instance.objects.get(case=case)
    assert instance.definition.number == "1.2"
    assert "assess" not in [done[0] for done in instance.memory["done"]]


def test_a_run_cut_at_any_statement_leaves_every_case_whole_and_the_next_one_goes_on(
    post: stages.Post, administrator: User
) -> None:
    cases = [stages.at_examination(post), stages.sent(doc_number="G7654321")]
    second(administrator)
    route = casework.route(stages.SERVICE, "1.1", "1.2", EXAMINE_TO_ASSESS)
    number = 0

    while Instance.objects.filter(definition__edition=1).exists():
        number += 1
        run_cut_at(number, route, administrator)
        for case in cases:
            migrated = Event.objects.filter(case=case, kind="migrated").count()
            edition = Instance.objects.get(case=case).definition.edition
            assert (edition, lost(case)) == (1 + migrated, []), f"cut at statement {number}"

    assert number > 6


def run_cut_at(number: int, route: Route, actor: User) -> None:
    try:
        with connection.execute_wrapper(CutAt(number)):
            list(casework.move_all(route, actor=actor))
    except LOST:
        pass
    finally:
        connection.close()


def test_a_run_killed_between_two_cases_leaves_each_whole_and_the_next_one_goes_on(
    post: stages.Post, administrator: User
) -> None:
    cases = [stages.sent(doc_number=f"G765432{number}") for number in range(4)]
    second(administrator)
    words = ["process", "migrate", stages.SERVICE, "1.1", "1.2", "--by", administrator.email]
    command = [sys.executable, "-m", "consular", *words]

    with transaction.atomic():
        Case.objects.select_for_update().get(pk=cases[2].pk)
        run = subprocess.Popen(command, cwd=ROOT, env=environment("memory://"), stdout=subprocess.DEVNULL)
        until(lambda: Event.objects.filter(case=cases[1], kind="migrated").exists())
        until(killing.somebody_waits)
        run.kill()
        run.wait()
    between = [Instance.objects.get(case=case).definition.number for case in cases]
    outcomes = [outcome.code for outcome in casework.move_all(way(), actor=administrator)]

    assert between == ["1.2", "1.2", "1.1", "1.1"]
    assert outcomes == ["moved", "moved"]
    assert Event.objects.filter(kind="migrated").count() == 4


def test_a_case_somebody_holds_is_left_for_the_next_run(
    post: stages.Post, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, free = stages.sent(), stages.sent(doc_number="G7654321")
    second(administrator)
    route = way(TokenMapping())
    ready, done = Barrier(2), Barrier(2)

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM cases_case WHERE id = %s FOR UPDATE", [held.pk])
            ready.wait()
            done.wait()
            cursor.execute("ROLLBACK")
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    ready.wait()
    with session_with("lock_timeout", "100ms"):
        first = [outcome.code for outcome in casework.move_all(route, actor=administrator)]
    done.wait()
    thread.join()

    assert first == ["busy", "moved"]
    assert [outcome.code for outcome in casework.move_all(route, actor=administrator)] == ["moved"]
    assert Instance.objects.get(case=free).definition.number == "1.2"
