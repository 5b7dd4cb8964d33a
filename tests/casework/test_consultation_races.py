"""Answers that meet the clock, or each other, in the same moment; and what holds when the locks are switched off."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from consular.accounts.models import User
from consular.cases.consultations import ConsultationAnswer
from consular.cases.models import Case, CaseQuerySet
from consular.casework import consultations, worker
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.workflow import rows
from consular.workflow.models import Token
from tests.casework import asking
from tests.casework.asking import FOREIGNERS, SECURITY
from tests.casework.racing import together
from tests.harm import without, without_lock, without_revision

pytestmark = pytest.mark.django_db(transaction=True)


def strike_at(case: Case, due: datetime) -> Callable[[], object]:
    """The worker that finds the silence over."""
    timer = Token.objects.get(instance=case.instance_id, node="silent")
    return lambda: worker.strike(timer.pk, timer.instance_id, now=due)


@pytest.fixture
def in_the_last_second(monkeypatch: pytest.MonkeyPatch) -> tuple[Case, datetime]:
    """A consultation whose silence counts from the next second on."""
    case = asking.consulting(SECURITY)
    due = asking.asked(case).due_at
    assert due is not None
    monkeypatch.setattr(clock, "now", lambda: due - timedelta(seconds=1))
    return case, due


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for anybody, and both have read before either writes."""
    monkeypatch.setattr(CaseQuerySet, "select_for_update", lambda cases, **_: cases)
    without_lock(monkeypatch)
    without_revision(monkeypatch)
    read, write = threading.Barrier(2), rows.write

    def late(*arguments: Any) -> object:
        read.wait(timeout=60)
        return write(*arguments)

    monkeypatch.setattr(rows, "write", late)


def test_an_answer_in_the_last_second_wins_against_the_silence(
    in_the_last_second: tuple[Case, datetime],
) -> None:
    case, due = in_the_last_second
    partner = asking.member("security")

    told = together(lambda: asking.reply(case, "objection", partner), strike_at(case, due))
    jobs.work()

    assert told == ["", ""]
    assert asking.given(case) == [("objection", False, False)]
    assert asking.variables(case)["answers"] == ["objection"]
    assert asking.nodes(case) == ["examine"]


def test_without_locks_and_revision_the_process_hears_both(
    in_the_last_second: tuple[Case, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the case is examined with the objection while its silence is being written down."""
    case, due = in_the_last_second
    partner = asking.member("security")
    without_locks(monkeypatch)

    assert together(lambda: asking.reply(case, "objection", partner), strike_at(case, due)) == ["", ""]

    assert asking.nodes(case) == ["examine", "record"]


def two_finals(case: Case) -> list[str]:
    """Two accounts give final answers at once; what each was told."""

    def act(answer: str, actor: User) -> Callable[[], object]:
        def run() -> None:
            try:
                asking.reply(case, answer, actor)
            except IntegrityError:
                raise Refused("the database refuses", code="database") from None

        return run

    return together(act("consent", asking.member("security")), act("objection", asking.caseworker(case)))


@pytest.fixture
def both_find_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lock on the case, and both have looked for an earlier answer before either writes one."""
    monkeypatch.setattr(CaseQuerySet, "select_for_update", lambda cases, **_: cases)
    looked, judge = threading.Barrier(2), consultations._is_late

    def late(*arguments: Any) -> bool:
        looked.wait(timeout=60)
        return judge(*arguments)

    monkeypatch.setattr(consultations, "_is_late", late)


def test_of_two_answers_in_one_moment_one_is_a_duplicate() -> None:
    case = asking.consulting(SECURITY)

    assert two_finals(case) == ["", "duplicate"]
    assert len(asking.given(case)) == 1
    assert asking.told(case) == ["consulted", "answered", "answer_refused"]


@pytest.mark.usefixtures("both_find_no_answer")
def test_without_the_lock_the_database_still_keeps_one_final_answer() -> None:
    case = asking.consulting(SECURITY)

    assert two_finals(case) == ["", "database"]
    assert len(asking.given(case)) == 1


@pytest.fixture
def no_constraint() -> Iterator[None]:
    """The database takes several final answers, until the test ends."""
    name = "one_final_answer_in_time_and_one_late"
    without(ConsultationAnswer, name)
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_consultationanswer")
    with connection.schema_editor() as editor:
        found = next(one for one in ConsultationAnswer._meta.constraints if one.name == name)
        editor.add_constraint(ConsultationAnswer, found)


@pytest.mark.usefixtures("both_find_no_answer", "no_constraint")
def test_without_lock_and_constraint_a_partner_would_have_consented_and_objected() -> None:
    case = asking.consulting(SECURITY)

    two_finals(case)

    assert {answer for answer, *_ in asking.given(case)} == {"consent", "objection"}


def test_two_partners_that_answer_at_once_are_both_heard() -> None:
    case = asking.consulting(SECURITY, FOREIGNERS)
    officer = asking.caseworker(case)

    partner = asking.member("security")
    told = together(
        lambda: asking.reply(case, "consent", partner),
        lambda: asking.reply(case, "objection", officer, partner="foreigners"),
    )

    assert told == ["", ""]
    assert asking.variables(case)["answers"] == ["consent", "objection"]
    assert asking.nodes(case) == ["examine"]
